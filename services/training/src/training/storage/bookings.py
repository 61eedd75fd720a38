"""Where a person is booked on which days, as a participant or as an expert (INV-24)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    bindparam,
    func,
    or_,
    select,
    text,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kit.db.unit import Tx
from training.domain.expert import AssignmentStatus
from training.domain.fuzzy_date import Precision
from training.domain.nomination import NominationStatus
from training.domain.training_event import EventStatus, TrainingEvent
from training.storage.tables import nomination, training_event
from training.storage.tables_attendance import expert_assignment

_LOCK: Final = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(person, 0)) FROM unnest(:persons) AS p(person)"
).bindparams(bindparam("persons", type_=ARRAY(Text)))
_NOT_HELD: Final = (EventStatus.POSTPONED.value, EventStatus.CANCELLED.value)
_e = training_event
_Ids = Select[UUID, list[str]]


@dataclass(frozen=True, slots=True)
class Booking:
    """An event at which somebody is on days that are asked about, and who may see that event."""

    event_id: UUID
    audience: frozenset[str]


@dataclass(frozen=True, slots=True)
class Busy:
    """Whom to look for on which days, both included, and what counts as being busy.

    `statuses` are those in which a nomination counts.
    """

    person: UUID
    first: date
    last: date
    statuses: frozenset[NominationStatus]


async def lock_persons(tx: Tx, persons: Iterable[UUID]) -> None:
    """Let nobody else book these persons until the transaction ends.

    Two events know nothing of one another, so their locks do not order who books somebody first.
    It is taken after the lock of the event, many at once in one order.
    """
    await tx.sql.execute(_LOCK, {"persons": sorted(str(each) for each in persons)})


async def elsewhere(tx: Tx, event: TrainingEvent, busy: Busy) -> Sequence[Booking]:
    """Return the events in other places on these days at which the person is booked."""
    place = event.plan.place
    away = or_(_e.c.city.is_distinct_from(place.city), _e.c.country.is_distinct_from(place.country))
    return await _found(tx, event, busy, away)


async def anywhere(tx: Tx, event: TrainingEvent, busy: Busy) -> Sequence[Booking]:
    """Return the other events on these days at which the person is booked.

    An event and a part of it are not two: who teaches at one may teach at the other.
    """
    apart = _e.c.part_of.is_distinct_from(event.id), _e.c.id.is_distinct_from(event.plan.part_of)
    return await _found(tx, event, busy, *apart)


async def _found(
    tx: Tx, event: TrainingEvent, busy: Busy, *conditions: ColumnElement[bool]
) -> Sequence[Booking]:
    other = (
        _e.c.id != event.id,
        _e.c.date_precision == Precision.DAY.value,
        _e.c.status.not_in(_NOT_HELD),
        *conditions,
    )
    statement = union(_as_participant(busy).where(*other), _as_expert(busy).where(*other))
    rows: Sequence[Any] = (await tx.sql.execute(statement)).all()
    return [Booking(event_id, frozenset(audience)) for event_id, audience in rows]


def _as_participant(busy: Busy) -> _Ids:
    n = nomination
    return (
        select(_e.c.id, _e.c.audience)
        .join_from(n, _e, _e.c.id == n.c.event_id)
        .where(
            n.c.participant_id == busy.person,
            n.c.status.in_(sorted(status.value for status in busy.statuses)),
            _e.c.starts_on <= busy.last,
            _e.c.ends_on >= busy.first,
        )
    )


def _as_expert(busy: Busy) -> _Ids:
    x = expert_assignment
    return (
        select(_e.c.id, _e.c.audience)
        .join_from(x, _e, _e.c.id == x.c.event_id)
        .where(
            x.c.participant_id == busy.person,
            x.c.status == AssignmentStatus.ASSIGNED.value,
            func.coalesce(x.c.first_on, _e.c.starts_on) <= busy.last,
            func.coalesce(x.c.last_on, _e.c.ends_on) >= busy.first,
        )
    )
