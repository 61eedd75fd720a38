"""The states of a trip: legal moves only, half-open times, and pseudonymous persons."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from domain.trips import domestic_book

from kit.days import home_day
from kit.errors import Kind
from kit.money import Money
from participants.domain.errors import (
    PersonInvalid,
    TripCannotMove,
    TripEndsBeforeItStarts,
    VictimDataForbidden,
)
from participants.domain.estimate import CannotEstimate, ProgrammePin, estimate
from participants.domain.person import PersonRole, public_ref, registered, role_of
from participants.domain.trip import Journey, Reason, TripState, opened

ID = UUID(int=1)
TODAY = date(2015, 3, 3)
AMOUNT = Money(Decimal("90.00"), "PLN")
WHY = Reason("why", "Because.")


def journey(**fields):
    known = {
        "country": "PL",
        "city": "Lublin",
        "first_day": date(2015, 3, 2),
        "last_day": date(2015, 3, 3),
        "departs_at": None,
        "returns_at": None,
    }
    return Journey(**(known | fields))


def trip(**fields):
    return opened(
        ID,
        person_id=ID,
        programme_code="NO-COMP",
        organisation="PL-BGHQ",
        country="PL",
        journey=journey(**fields),
    )


def pin(**fields):
    known = {
        "code": "NO-COMP",
        "sequence": 1,
        "status": "active",
        "domestic": "PL_DOMESTIC",
        "abroad": None,
        "budget_line_code": None,
    }
    return ProgrammePin(**(known | fields))


def estimated():
    return trip().estimated(AMOUNT, ruleset="PL_DOMESTIC", budget_line_code="TRAINING")


def test_trip_when_estimated_then_counts_revision_and_version():
    again = estimated().estimated(AMOUNT, ruleset="PL_DOMESTIC", budget_line_code="TRAINING")
    assert (again.version, again.revision, again.state) == (3, 2, TripState.ESTIMATED)


def test_trip_when_cancelled_then_nothing_more_happens_to_it():
    ended = estimated().cancelled(WHY)
    assert ended.audience == {"staff", "org:PL-BGHQ"}
    for move in (ended.funded, lambda: ended.cancelled(WHY)):
        with pytest.raises(TripCannotMove) as caught:
            move()
        assert caught.value.facts == {"state": "cancelled"}


def test_trip_when_never_estimated_then_cannot_be_funded():
    with pytest.raises(TripCannotMove):
        trip().funded()


def test_trip_when_funds_were_refused_then_only_a_new_estimate_or_the_end_follows():
    without = estimated().without_funds(WHY, Money.zero("PLN"))
    assert without.available == Money.zero("PLN")
    with pytest.raises(TripCannotMove):
        without.funded()
    again = without.estimated(AMOUNT, ruleset="PL_DOMESTIC", budget_line_code="TRAINING")
    assert again.available is None
    assert again.funded().state is TripState.FUNDED


def test_journey_when_hours_are_unknown_then_takes_whole_days_half_open():
    begin, end = journey().during
    assert (begin.isoformat(), end.isoformat()) == (
        "2015-03-02T00:00:00+01:00",
        "2015-03-04T00:00:00+01:00",
    )


def test_journey_when_it_ends_before_it_starts_then_refused():
    with pytest.raises(TripEndsBeforeItStarts):
        journey(
            departs_at=datetime(2015, 3, 3, 8, tzinfo=UTC),
            returns_at=datetime(2015, 3, 3, 8, tzinfo=UTC),
        )


def test_estimate_when_hours_are_unknown_then_whole_days_are_assumed_and_said():
    result = estimate(trip(), pin(), domestic_book()).result
    assert result.totals == (Money(Decimal("60.00"), "PLN"),)
    assert [words.en.split(":")[0] for words in result.assumptions] == [
        "Times of departure and return are not known",
        "Meals and nights are not known yet",
    ]


@pytest.mark.parametrize(
    ("fields", "programme", "state", "code"),
    [
        ({"country": None}, pin(), "needs_facts", "destination_unknown"),
        ({"first_day": None}, pin(), "needs_facts", "dates_unknown"),
        ({}, None, "needs_ruleset", "programme_unknown"),
        ({}, pin(domestic=None), "needs_ruleset", "no_ruleset_pinned"),
        ({"country": "MD"}, pin(), "needs_ruleset", "no_ruleset_pinned"),
        ({"country": "MD"}, pin(abroad="PL_MARS"), "needs_ruleset", "ruleset_not_supported"),
        ({"country": "MD"}, pin(abroad="PL_DOMESTIC"), "needs_ruleset", "country_not_covered"),
        ({"country": "MD"}, pin(abroad="EU_EXTERNAL"), "needs_rate", "no_contract_date"),
    ],
)
def test_estimate_when_something_is_missing_then_says_what_the_trip_waits_for(
    fields, programme, state, code
):
    with pytest.raises(CannotEstimate) as caught:
        estimate(trip(**fields), programme, domestic_book())
    assert (caught.value.state, caught.value.reason.code) == (state, code)
    assert caught.value.reason.text.endswith(".")


def test_person_when_registered_then_is_seen_by_staff_and_the_sender_only():
    person = registered(ID, organisation="MD-MIA", country="MD", unit_code=None)
    assert person.audience == {"staff", "org:MD-MIA"}
    assert person.public_ref == public_ref(ID) != public_ref(UUID(int=2))
    assert len(person.public_ref) == 18


def test_role_when_victim_then_can_never_be_recorded():
    with pytest.raises(VictimDataForbidden) as caught:
        role_of("victim")
    assert caught.value.kind is Kind.INVALID
    assert "victim" not in set(PersonRole)
    with pytest.raises(PersonInvalid):
        role_of("king")
    assert role_of("expert") is PersonRole.EXPERT


@pytest.mark.parametrize(
    ("state", "last_day", "ahead"),
    [
        (TripState.FUNDED, TODAY, True),
        (TripState.OVERLAPPING, TODAY, True),
        (TripState.CLAIMED, TODAY, True),
        (TripState.FUNDED, date(2015, 3, 2), False),
        (TripState.CANCELLED, TODAY, False),
        (TripState.NEEDS_FACTS, None, True),
        (TripState.CANCELLED, None, False),
        (TripState.SETTLED, None, False),
    ],
)
def test_trip_when_asked_on_a_day_then_ahead_until_its_last_day_is_past(state, last_day, ahead):
    asked = replace(trip(last_day=last_day), state=state)
    assert asked.is_ahead(TODAY) is ahead


def test_day_when_asked_of_an_instant_then_that_of_warsaw():
    assert home_day(datetime(2015, 3, 2, 23, 30, tzinfo=UTC)) == TODAY
