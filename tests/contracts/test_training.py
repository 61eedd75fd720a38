"""The training contract: client and fake answer alike, facts keep their shape."""

import json
from importlib import resources
from uuid import uuid4

import make_training as make
import pytest

from contracts.training.client import TrainingClient
from contracts.training.facts import FACTS
from contracts.training.fake import FakeTraining
from contracts.training.models import Event
from kit.errors import Kind
from kit.http import RemoteError
from kit.testing.cluster import Schema
from training.main import SERVICE

SNAPSHOT = resources.files("contracts.training") / "facts.schema.json"


@pytest.fixture(scope="session")
def schema():
    return Schema("training", "training", SERVICE.constraints)


@pytest.fixture(scope="session")
def app():
    return SERVICE.app()


@pytest.fixture
async def real(unit, client, signed):
    """The real application over the database of the test."""
    client.headers.update(signed(make.OFFICER))
    opened = await make.opened(unit, capacity=1)
    return TrainingClient(client), opened.id


@pytest.fixture
def fake():
    """The fake with the same event."""
    event = Event(
        id=uuid4(), reference="STUDY-TOUR-1", programme_code="EAP-PCP", kind="study_tour",
        title="Study tour", status="nominations_open", capacity=1, taken=0, synthetic=False,
    )  # fmt: skip
    training = FakeTraining("PL-MOI")
    training.events[event.id] = event
    return training, event.id


@pytest.fixture(params=["real", "fake"])
def asked(request, real, fake):
    """A training service with one open event of one seat, and the id of that event."""
    return {"real": real, "fake": fake}[request.param]


async def seated(training, event_id, decision):
    made = await training.nominate(event_id, uuid4(), key=str(uuid4()))
    await training.decide(made.id, "endorsement", key=str(uuid4()))
    return await training.decide(made.id, decision, key=str(uuid4()))


async def refused(call):
    with pytest.raises(RemoteError) as found:
        await call
    return found.value.refused_as, found.value.refusal


async def test_event_when_read_then_has_what_readers_rely_on(asked):
    training, event_id = asked
    event = await training.event(event_id)
    assert (event.reference, event.status) == ("STUDY-TOUR-1", "nominations_open")
    assert (event.capacity, event.taken, event.synthetic) == (1, 0, False)
    assert await refused(training.event(uuid4())) == (Kind.NOT_FOUND, "training.no_such_event")


async def test_seat_when_confirmed_then_is_taken_once(asked):
    training, event_id = asked
    confirmed = await seated(training, event_id, "confirmation")
    assert (confirmed.status, confirmed.organisation) == ("confirmed", "PL-MOI")
    assert (await training.event(event_id)).taken == 1
    again = training.decide(confirmed.id, "confirmation", key=str(uuid4()))
    assert await refused(again) == (Kind.CONFLICT, "training.already_decided")


async def test_seat_when_none_is_free_then_is_refused_or_waited_for(asked):
    training, event_id = asked
    accepted = await seated(training, event_id, "acceptance")
    waiting = await seated(training, event_id, "acceptance")
    assert (waiting.status, waiting.rank) == ("waitlisted", 1)
    assert await refused(seated(training, event_id, "confirmation")) == (
        Kind.CONFLICT,
        "training.event_full",
    )
    final = await training.decide(accepted.id, "confirmation", key=str(uuid4()))
    assert final.status == "confirmed"
    assert (await training.event(event_id)).taken == 1


async def test_nomination_when_repeated_then_is_answered_or_refused(asked):
    training, event_id = asked
    participant, key = uuid4(), str(uuid4())
    made = await training.nominate(event_id, participant, key=key)
    assert await training.nominate(event_id, participant, key=key) == made
    other = training.nominate(event_id, participant, key=str(uuid4()))
    assert await refused(other) == (Kind.CONFLICT, "training.nomination_exists")


async def test_decision_when_it_cannot_be_then_is_refused(asked):
    training, event_id = asked
    made = await training.nominate(event_id, uuid4(), key=str(uuid4()))
    early = training.decide(made.id, "acceptance", key=str(uuid4()))
    assert await refused(early) == (Kind.CONFLICT, "training.not_endorsed")
    await training.decide(made.id, "endorsement", key=str(uuid4()))
    twice = training.decide(made.id, "endorsement", key=str(uuid4()))
    assert await refused(twice) == (Kind.CONFLICT, "training.nomination_step_not_allowed")
    unknown = training.decide(uuid4(), "acceptance", key=str(uuid4()))
    assert await refused(unknown) == (Kind.NOT_FOUND, "training.no_such_nomination")


async def test_totals_when_nothing_is_on_record_then_are_empty(asked):
    training, _ = asked
    totals = await training.programme_totals("NO-SUCH")
    assert (totals.programme_code, totals.published, totals.computed) == ("NO-SUCH", [], [])
    assert await training.portfolio_totals() == {}


def test_facts_when_compared_with_the_snapshot_then_have_the_shape_followers_know():
    shapes = {fact.type: fact.model_json_schema() for fact in FACTS}
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == shapes
