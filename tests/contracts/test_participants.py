"""The participants contract: client and fake answer alike, facts keep their shape."""

import json
from decimal import Decimal
from importlib import resources
from uuid import uuid4

import people_and_trips as make
import pytest

from contracts.participants.client import ParticipantsClient
from contracts.participants.facts import FACTS
from contracts.participants.fake import FakeParticipants
from contracts.participants.models import Line, Money, PerDiem, Words
from kit.errors import Kind
from kit.http import RemoteError
from kit.testing.cluster import Schema
from participants.commands.rates import register_rate_sets
from participants.load import rate_sets, rates
from participants.main import SERVICE

SNAPSHOT = resources.files("contracts.participants") / "facts.schema.json"
SIMULATION = {
    "ruleset": "PL_DOMESTIC",
    "country": "PL",
    "departs_at": "2026-03-02T08:00:00+01:00",
    "returns_at": "2026-03-02T21:00:00+01:00",
}


@pytest.fixture(scope="session")
def schema():
    return Schema("participants", "participants", SERVICE.constraints)


@pytest.fixture(scope="session")
def app():
    return SERVICE.app()


@pytest.fixture
async def real(unit, client, signed):
    """The real application over the database of the test."""
    client.headers.update(signed(make.OFFICER))
    await register_rate_sets(unit, list(rate_sets()), list(rates()))
    return ParticipantsClient(client)


@pytest.fixture
def fake():
    """The fake with the per diem of the simulation."""
    participants = FakeParticipants()
    amount = Money(amount=Decimal("45.00"), currency="PLN")
    words = Words(pl="Doba 1", en="Period 1")
    line = Line(kind="subsistence", number=1, amount=amount, text=words)
    participants.per_diem = PerDiem(
        ruleset="PL_DOMESTIC", version="Dz.U. 2013", lines=[line], totals=[amount], assumptions=[]
    )
    return participants


@pytest.fixture(params=["real", "fake"])
def asked(request, real, fake):
    return {"real": real, "fake": fake}[request.param]


def key():
    return str(uuid4())


def trip(person_id, **fields):
    known = {
        "person_id": str(person_id),
        "programme_code": "EAP-PCP",
        "destination": {"country": "FR"},
        "first_day": "2026-05-04",
        "last_day": "2026-05-06",
    }
    return known | fields


async def refused(call):
    with pytest.raises(RemoteError) as found:
        await call
    return found.value.refused_as, found.value.refusal


async def test_person_when_registered_then_is_known_once_under_a_pseudonym(asked):
    again = key()
    person = await asked.register_person("MD-MIA", "MD", key=again)
    assert (person.organisation, person.role, person.synthetic) == ("MD-MIA", "participant", False)
    assert person.public_ref.startswith("P-")
    assert await asked.register_person("MD-MIA", "MD", key=again) == person
    assert await asked.person(person.id) == person
    assert await refused(asked.person(uuid4())) == (
        Kind.NOT_FOUND,
        "participants.no_such_person",
    )


async def test_trip_when_opened_then_waits_and_blocks_its_time(asked):
    person = await asked.register_person("MD-MIA", "MD", key=key())
    opened = await asked.open_trip(trip(person.id), key=key())
    assert (opened.state, opened.reason.code) == ("needs_ruleset", "programme_unknown")
    assert (opened.revision, opened.estimate, opened.etag) == (0, None, '"v2"')
    assert await asked.trip(opened.id) == opened
    assert await refused(asked.open_trip(trip(person.id), key=key())) == (
        Kind.CONFLICT,
        "participants.trip_overlaps",
    )
    assert await refused(asked.open_trip(trip(uuid4()), key=key())) == (
        Kind.NOT_FOUND,
        "participants.no_such_person",
    )
    backwards = trip(person.id, first_day="2026-06-09")
    assert await refused(asked.open_trip(backwards, key=key())) == (
        Kind.INVALID,
        "participants.trip_ends_before_it_starts",
    )
    assert await refused(asked.trip(uuid4())) == (Kind.NOT_FOUND, "participants.no_such_trip")


async def test_trip_when_cancelled_then_frees_its_time_and_stays(asked):
    person = await asked.register_person("MD-MIA", "MD", key=key())
    opened = await asked.open_trip(trip(person.id), key=key())
    early = asked.cancel_trip(opened.id, "duplicate", etag='"v1"', key=key())
    assert await refused(early) == (Kind.STALE, "kit.stale_version")
    ended = await asked.cancel_trip(opened.id, "duplicate", etag=opened.etag, key=key())
    assert (ended.state, ended.reason.code) == ("cancelled", "duplicate")
    twice = asked.cancel_trip(opened.id, "duplicate", etag=ended.etag, key=key())
    assert await refused(twice) == (Kind.CONFLICT, "participants.trip_cannot_move")
    assert (await asked.open_trip(trip(person.id), key=key())).id != opened.id


async def test_totals_when_trips_are_opened_then_count_them_by_state(asked):
    empty = await asked.programme_totals("EAP-PCP")
    assert (empty.trips.by_state, empty.per_diem, empty.synthetic) == ({}, [], False)
    assert await asked.portfolio_totals() == {}
    person = await asked.register_person("MD-MIA", "MD", key=key())
    await asked.open_trip(trip(person.id), key=key())
    totals = await asked.programme_totals("EAP-PCP")
    assert totals.trips.by_state == {"needs_ruleset": 1}
    assert await asked.portfolio_totals() == {"EAP-PCP": totals}


async def test_simulation_when_asked_then_lines_and_totals_in_two_languages(asked):
    found = await asked.simulate(SIMULATION)
    assert [line.amount.amount for line in found.lines] == [Decimal("45.00")]
    assert (found.totals[0].currency, found.lines[0].text.pl[:4]) == ("PLN", "Doba")
    unknown = asked.simulate(SIMULATION | {"ruleset": "PL_MARS"})
    assert await refused(unknown) == (Kind.INVALID, "participants.no_such_ruleset")


def test_facts_when_compared_with_the_snapshot_then_have_the_shape_followers_know():
    shapes = {fact.type: fact.model_json_schema() for fact in FACTS}
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == shapes
