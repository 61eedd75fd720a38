"""Brings the service's own data in: what the sources state, and the synthetic level of NO-COMP.

Everything goes through the commands and is known again by its reference, so that loading a
second time writes nothing. Programmes come from the feed of their owner; until the worker has
followed it so far, loading waits.
"""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from kit.auth import SEES_ALL, Caller
from kit.db.unit import Unit
from kit.errors import StaleVersion, Unavailable
from training.api.wire import NewEvent
from training.api.wire_experts import NewAssignment
from training.api.wire_nominations import NewHeadcount
from training.api.wire_presence import NewSession
from training.api.wire_series import NewSeries
from training.commands import events, evidence, experts, nominations, sessions
from training.commands.reaching import count_missing
from training.config import Config
from training.domain import synthetic
from training.domain.errors import NotConfirmed
from training.domain.synthetic import SyntheticTraining
from training.domain.training_event import EventStatus, TrainingEvent
from training.queries import records
from training.queries.events import event as read_event

_DATA: Final = Path(__file__).parent / "data"
_POLL_S: Final = 0.2
_PATIENCE: Final = 900
LOADER: Final = Caller(
    client="service:training",
    subject="load",
    organisation="PL-BGHQ",
    country="PL",
    scopes=frozenset({SEES_ALL}),
)
"""Who loads: the synthetic officers are nominated by the headquarters of the Border Guard."""


class PublishedEvent(BaseModel):
    """An event as a data file states it; other events are named by reference."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: EventStatus
    plan: NewEvent
    follow_up_of: str | None = None
    part_of: str | None = None


class PublishedHeadcount(BaseModel):
    """A head count as a data file states it; the series is named by reference."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    series: str
    report: dict[str, Any]


class PublishedSession(BaseModel):
    """A session as a data file states it; the event is named by reference."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    event: str
    session: NewSession


class PublishedExpert(BaseModel):
    """Who teaches as a data file states it; the event or the series is named by reference."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    assignment: NewAssignment
    event: str | None = None
    series: str | None = None


_EXPERTS: Final = TypeAdapter(list[PublishedExpert])
_SESSIONS: Final = TypeAdapter(list[PublishedSession])
_SERIES: Final = TypeAdapter(list[NewSeries])
_EVENTS: Final = TypeAdapter(list[PublishedEvent])
_HEADCOUNTS: Final = TypeAdapter(list[PublishedHeadcount])


async def load(unit: Unit, _config: Config) -> None:
    """Load everything that is not on record yet; a line per step goes to standard output."""
    series = _SERIES.validate_json((_DATA / "series.json").read_bytes())
    published = _EVENTS.validate_json((_DATA / "events.json").read_bytes())
    codes = {new.programme_code for new in series} | {new.plan.programme_code for new in published}
    await _await_programmes(unit, codes)
    await _load_series(unit, series)
    await _load_events(unit, published)
    await _load_sessions(unit)
    await _load_experts(unit)
    await _load_headcounts(unit)
    await _load_synthetic(unit)
    _say(f"reach: {await count_missing(unit)} events counted that were not")


async def _await_programmes(unit: Unit, codes: set[str]) -> None:
    for _ in range(_PATIENCE):
        missing = await records.unknown_programmes(unit, codes)
        if not missing:
            return
        await asyncio.sleep(_POLL_S)
    raise Unavailable(f"no fact has told of {', '.join(sorted(missing))}: does the worker run?")


async def _load_series(unit: Unit, series: list[NewSeries]) -> None:
    known = await records.series_ids(unit)
    due = [new for new in series if new.reference not in known]
    for new in due:
        await events.create_series(unit, new.plan(), by=LOADER)
    _say(f"series: {len(due)} new, {len(known)} known")


async def _load_events(unit: Unit, published: list[PublishedEvent]) -> None:
    known = await records.events_by_reference(unit)
    due = [new for new in published if new.plan.reference not in known]
    for new in due:
        others = {
            name: known[reference].id
            for name, reference in (("follow_up_of", new.follow_up_of), ("part_of", new.part_of))
            if reference is not None
        }
        plan = new.plan.model_copy(update=others).plan()
        event = await events.record_event(unit, plan, status=new.status, by=LOADER)
        known[plan.reference] = event
    _say(f"events of the sources: {len(due)} new, {len(published) - len(due)} known")


async def _load_sessions(unit: Unit) -> None:
    events_known = await records.events_by_reference(unit)
    known = await records.session_numbers(unit)
    found = _SESSIONS.validate_json((_DATA / "sessions.json").read_bytes())
    due = [
        (event_id, new.session.plan(new.session.number))
        for new in found
        if ((event_id := events_known[new.event].id), new.session.number) not in known
    ]
    for event_id, plan in due:
        await sessions.add_session(unit, event_id, plan, by=LOADER)
    _say(f"sessions of the sources: {len(due)} new, {len(found) - len(due)} known")


async def _load_experts(unit: Unit) -> None:
    series = await records.series_ids(unit)
    events_known = await records.events_by_reference(unit)
    known = await records.assignment_references(unit)
    found = _EXPERTS.validate_json((_DATA / "experts.json").read_bytes())
    due = [new for new in found if new.assignment.reference not in known]
    for new in due:
        subject = {
            "event_id": events_known[new.event].id if new.event else None,
            "series_id": series[new.series] if new.series else None,
        }
        plan = new.assignment.model_copy(update=subject).plan()
        await experts.assign_expert(unit, plan, by=LOADER)
    _say(f"experts of the sources: {len(due)} new, {len(found) - len(due)} known")


async def _load_headcounts(unit: Unit) -> None:
    series = await records.series_ids(unit)
    known = await records.report_references(unit)
    found = _HEADCOUNTS.validate_json((_DATA / "headcounts.json").read_bytes())
    due = [new for new in found if new.report["reference"] not in known]
    for new in due:
        report = {**new.report, "series_id": series[new.series]}
        count = NewHeadcount.model_validate(report).headcount()
        await evidence.report_headcount(unit, count, by=LOADER)
    _say(f"head counts: {len(due)} new, {len(known)} known")


async def _load_synthetic(unit: Unit) -> None:
    series_id = (await records.series_ids(unit))["NO-COMP-TRAININGS"]
    known = await records.events_by_reference(unit)
    trainings = synthetic.trainings(series_id)
    for number, training in enumerate(trainings, start=1):
        event = known.get(training.plan.reference)
        if event is None:
            event = await events.create_event(unit, training.plan, by=LOADER)
        if event.status is not EventStatus.REPORTED:
            await _hold(unit, event, training)
            _say(f"synthetic trainings: {number} of {len(trainings)}")


async def _hold(unit: Unit, event: TrainingEvent, training: SyntheticTraining) -> None:
    """Take a training from where it stands to its report, as host and as nominator."""
    forward = list(EventStatus)
    for status in forward[forward.index(event.status) + 1 : forward.index(EventStatus.CANCELLED)]:
        if status is EventStatus.NOMINATIONS_CLOSED and event.taken == 0:
            await nominations.admit(unit, event.id, list(training.candidates), by=LOADER)
            event = await read_event(unit, event.id, by=LOADER)
        if status is EventStatus.COMPLETED:
            with suppress(NotConfirmed):  # a load that was cut off may have recorded it
                await evidence.record_attendance_list(unit, event.id, training.presence, by=LOADER)
        event = await _move(unit, event, to=status)


async def _move(unit: Unit, event: TrainingEvent, *, to: EventStatus) -> TrainingEvent:
    """Take the next step; the worker may meanwhile have changed who sees the event."""
    while True:
        with suppress(StaleVersion):
            return await events.move_event(unit, event.id, to=to, expected=event.version, by=LOADER)
        event = await read_event(unit, event.id, by=LOADER)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
