"""Small makers of what tests need, with a default for everything that does not matter."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from kit.auth import SEES_ALL, Caller
from training.commands import events, nominations, programmes
from training.domain.event_kind import EventKind
from training.domain.figures import Source
from training.domain.fuzzy_date import on_days
from training.domain.nomination import Candidate, Nomination, NominationStatus
from training.domain.programme import Programme
from training.domain.training_event import (
    EventPlan,
    EventStatus,
    Place,
    PlacePrecision,
    TrainingEvent,
    Travel,
)
from training.storage import nominations as stored

READING = frozenset({"training:read", "training:nominate", "changes:read"})
OFFICER = Caller("demo-officer", "officer-1", "PL-MOI", "PL", READING | {"training:host", SEES_ALL})
MOLDOVA = Caller("demo-ministry-md", "md-1", "MD-MIA", "MD", READING)
GEORGIA = Caller("demo-ministry-ge", "ge-1", "GE-MIA", "GE", READING)
SOURCE = Source("mswia-eu-projects", "a paragraph", "its words")
AFTERWARDS = datetime(2026, 5, 6, 19, 0, tzinfo=UTC)
"""The evening of the last day of `plan()`."""
FORWARD = (
    EventStatus.ANNOUNCED,
    EventStatus.NOMINATIONS_OPEN,
    EventStatus.NOMINATIONS_CLOSED,
    EventStatus.CONFIRMED,
    EventStatus.IN_PROGRESS,
    EventStatus.COMPLETED,
    EventStatus.REPORTED,
)


def plan(**changes) -> EventPlan:
    return replace(
        EventPlan(
            reference="STUDY-TOUR-1",
            programme_code="EAP-PCP",
            kind=EventKind.STUDY_TOUR,
            title="Study tour",
            dates=on_days(date(2026, 5, 4), date(2026, 5, 6)),
            place=Place("Warszawa", "PL", None, PlacePrecision.CITY),
            capacity=2,
            host="PL-MOI",
            travel=Travel(
                datetime(2026, 5, 4, 5, 0, tzinfo=UTC), datetime(2026, 5, 6, 18, 0, tzinfo=UTC)
            ),
            mandatory_minutes=600,
        ),
        **changes,
    )


def event(status=EventStatus.DRAFT, *, taken=0, **changes) -> TrainingEvent:
    return TrainingEvent(uuid4(), 1, frozenset({"staff"}), plan(**changes), status, taken, None)


def nomination(status=NominationStatus.SUBMITTED, **changes) -> Nomination:
    waiting = status is NominationStatus.WAITLISTED
    made = Nomination(
        id=uuid4(),
        version=1,
        audience=frozenset({"staff", "org:MD-MIA"}),
        event_id=uuid4(),
        participant_id=uuid4(),
        organisation="MD-MIA",
        country="MD",
        unit_code=None,
        status=status,
        rank=1 if waiting else None,
        reason=None,
        synthetic=False,
    )
    return replace(made, **changes)


async def known_programme(unit, code="EAP-PCP", *, marks=("org:MD-MIA",), status="active", seq=1):
    copy = Programme(code, f"Programme {code}", status, frozenset(marks), seq)
    await programmes.copy_programme(unit, copy)


async def planned(unit, *, by=OFFICER, **changes) -> TrainingEvent:
    return await events.create_event(unit, plan(**changes), by=by)


async def moved(unit, event, to, *, by=OFFICER) -> TrainingEvent:
    """Move an event forward, step by step, until it is `to`; time passes until its last evening."""
    while event.status is not to:
        following = FORWARD[FORWARD.index(event.status) + 1] if event.status in FORWARD else None
        step = following or EventStatus.ANNOUNCED
        if step is EventStatus.IN_PROGRESS:
            let_pass(unit, event)
        event = await events.move_event(unit, event.id, to=step, expected=event.version, by=by)
    return event


def let_pass(unit, event):
    """Let time pass until the evening of the last day of an event."""
    evening = event.plan.midnight(event.plan.dates.latest) + timedelta(hours=21)
    unit.clock.move(max(evening - unit.clock.now(), timedelta()))


async def opened(unit, *, known=True, **changes) -> TrainingEvent:
    """Plan an event that takes nominations."""
    if known:
        await known_programme(unit)
    return await moved(unit, await planned(unit, **changes), EventStatus.NOMINATIONS_OPEN)


async def submitted(unit, event_id: UUID, *, by=MOLDOVA, participant=None) -> Nomination:
    candidate = Candidate(participant or uuid4(), "UNIT-1")
    return await nominations.submit_nomination(unit, event_id, candidate, by=by)


async def endorsed(unit, event_id: UUID, *, by=MOLDOVA) -> Nomination:
    made = await submitted(unit, event_id, by=by)
    return await nominations.endorse(unit, made.id, by=by)


async def many_endorsed(unit, event_id: UUID, number: int) -> list[Nomination]:
    """Put many endorsed nominations on record at once, for tests of what comes after."""
    made = [nomination(NominationStatus.ENDORSED, event_id=event_id) for _ in range(number)]
    async with unit.begin() as tx:
        await stored.add(tx, *made)
    return made
