"""Transfers and local transport abroad: section 17 of Dz.U. 2013 poz. 167."""

import pytest
from domain.abroad import codes, going, settled, stay

from participants.domain.abroad import NoTransport, Transfers
from participants.domain.per_diem import LocalTransport


def test_transfers_when_both_ways_or_one_then_a_diet_or_half():
    stays = (
        stay("DE", place="Berlin", transfers=Transfers.BOTH),
        stay("FR", "2024-06-12T08:00", place="Lyon", transfers=Transfers.ONE),
        stay("DE", "2024-06-13T08:00", place="Bonn", overnight=False, transfers=Transfers.BOTH),
    )
    trip = going("2024-06-10T08:00", "2024-06-14T08:00", place="Berlin", stays=stays)
    found = [
        (str(n.amount.amount), n.amount.currency)
        for n in settled(trip).lines
        if n.kind == "transfer"
    ]
    assert found == [("49.00", "EUR"), ("27.50", "EUR"), ("0.00", "EUR")]


@pytest.mark.parametrize(
    ("places", "ways", "found"),
    [
        (("Vienna", "VIENNA"), ("both", "both"), [1]),
        (("Vienna", "Vienna"), ("both", "one"), [1]),
        (("Vienna", "Vienna"), ("one", "one"), []),
        (("Vienna", "Graz", "Vienna"), ("one", "both", "both"), [2]),
        (("Vienna", "Graz"), ("both", "both"), []),
        ((None, None), ("both", "both"), []),
        (("Vienna", "Vienna"), (None, "both"), []),
        (("Vienna", "Vienna", "Vienna"), ("one", "one", "one"), [2]),
    ],
)
def test_transfers_when_more_than_one_diet_for_a_town_then_the_later_stay_is_named(
    places, ways, found
):
    begins = (None, "2024-06-11T08:00", "2024-06-12T08:00")
    stays = tuple(
        stay("AT", since, place=place, transfers=way and Transfers(way))
        for since, place, way in zip(begins, places, ways, strict=False)
    )
    trip = going("2024-06-10T08:00", "2024-06-14T08:00", country="AT", stays=stays)
    wrong = [(f"/abroad/stays/{index}/transfers", "transfers_paid_twice") for index in found]
    assert codes(trip) == wrong


def test_stay_when_it_names_no_town_then_it_is_in_the_one_the_trip_names():
    both = Transfers.BOTH
    trip = going("2024-06-10T08:00", "2024-06-12T08:00", stays=(stay("DE", transfers=both),))
    assert trip.abroad.placed("DE", "Berlin").stays == (stay("DE", place="Berlin", transfers=both),)
    named = (stay("DE", place="BERLIN"), stay("DE", "2024-06-11T08:00"), stay("FR"))
    trip = going("2024-06-10T08:00", "2024-06-12T08:00", stays=named)
    assert [s.place for s in trip.abroad.placed("DE", "Berlin").stays] == ["Berlin", None, None]
    assert trip.abroad.placed("DE", None) == trip.abroad


def test_local_transport_when_days_are_started_then_a_tenth_for_each():
    lump = LocalTransport.LUMP_SUM
    trip = going("2024-06-10T08:00", "2024-06-12T08:01", local_transport=lump)
    (line,) = (n for n in settled(trip).lines if n.kind == "local_transport")
    assert (str(line.amount.amount), str(line.factor)) == ("14.70", "3/10")


@pytest.mark.parametrize("reason", list(NoTransport))
def test_transport_when_section_17_4_excludes_it_then_nothing_and_the_reason(reason):
    trip = going(
        "2024-06-10T08:00",
        "2024-06-12T08:01",
        local_transport=LocalTransport.LUMP_SUM,
        no_transport=reason,
        stays=(stay("DE", transfers=Transfers.BOTH),),
    )
    (line,) = (n for n in settled(trip).lines if n.kind in {"local_transport", "transfer"})
    assert (str(line.amount.amount), line.rules[0].id) == ("0.00", "PL-FOR-NO-TRANSPORT")
