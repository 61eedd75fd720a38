"""Where a person is booked on which days, as a participant or as an expert (INV-24)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    text,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kit.auth import Caller
from kit.db.unit import Hot, Tx
from training.domain.expert import AssignmentStatus
from training.domain.fuzzy_date import Precision
from training.domain.nomination import NominationStatus
from training.domain.training_event import EventStatus, TrainingEvent
from training.storage.tables import nomination, training_event
from training.storage.tables_attendance import expert_assignment

_LOCK: Final = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(person, 0)) FROM unnest(:persons) AS p(person)"
).bindparams(bindparam("persons", type_=ARRAY(Text)))
_NOT_HELD: Final = (literal(EventStatus.POSTPONED.value), literal(EventStatus.CANCELLED.value))
_PERSON: Final = bindparam("person", type_=Uuid)
_FIRST: Final = bindparam("first", type_=Date)
_LAST: Final = bindparam("last", type_=Date)
_e = training_event
_x = expert_assignment
_Ids = Select[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Booking:
    """Where somebody is on days that are asked about, and who may see that: an event or an action.

    `action` is the code of a programme and the code of the action there, with a space between.
    """

    event_id: UUID | None
    audience: frozenset[str]
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Busy:
    """Whom to look for on which days, both included, and what counts as being busy.

    `statuses` are those in which a nomination counts. Who works for `action`, a programme and
    the code there, does not do so elsewhere.
    """

    person: UUID
    first: date
    last: date
    statuses: frozenset[NominationStatus]
    action: tuple[str, str | None] = ("", None)


async def lock_persons(tx: Tx, persons: Iterable[UUID]) -> None:
    """Let nobody else book these persons until the transaction ends.

    Two events know nothing of one another, so their locks do not order who books somebody first.
    It is taken after the lock of the event, many at once in one order.
    """
    await tx.sql.execute(_LOCK, {"persons": sorted(str(each) for each in persons)})


async def elsewhere(tx: Tx, event: TrainingEvent, busy: Busy) -> Sequence[Booking]:
    """Return the events in other places on these days at which the person is booked."""
    place = event.plan.place
    where = {"city": place.city, "country": place.country}
    return await _found(tx, _ELSEWHERE, busy, event=event.id, **where)


async def anywhere(tx: Tx, event: TrainingEvent, busy: Busy) -> Sequence[Booking]:
    """Return the other events on these days at which the person is booked.

    An event and a part of it are not two: who teaches at one may teach at the other.
    """
    return await _found(tx, _ANYWHERE, busy, event=event.id, whole=event.plan.part_of)


async def beside_action(tx: Tx, busy: Busy) -> Sequence[Booking]:
    """Return where the person is booked on these days, other than for this action."""
    return await _found(tx, _BESIDE_ACTION, busy)


def shown(bookings: Iterable[Booking], by: Caller) -> Mapping[str, Any]:
    """Return of these bookings what the caller may see, as members of a problem."""
    seen = [each for each in bookings if each.audience & by.audience]
    return {
        "events": sorted(str(each.event_id) for each in seen if each.event_id is not None),
        "actions": sorted(each.action for each in seen if each.action is not None),
    }


async def _found(tx: Tx, statement: Hot, busy: Busy, **where: object) -> Sequence[Booking]:
    programme, action = busy.action
    rows = await tx.hot_rows(
        statement,
        person=busy.person,
        first=busy.first,
        last=busy.last,
        statuses=sorted(status.value for status in busy.statuses),
        programme=programme,
        action=action,
        **where,
    )
    return [Booking(event_id, frozenset(audience), action) for event_id, audience, action in rows]


def _finding(*conditions: ColumnElement[bool]) -> Hot:
    other = and_(
        _e.c.date_precision == Precision.DAY.value, _e.c.status.not_in(_NOT_HELD), *conditions
    )
    return Hot(union(_as_participant().where(other), _as_expert(other)))


def _apart(columns: Any) -> ColumnElement[bool]:  # noqa: ANN401 (columns of two tables)
    action = columns.action_code.is_distinct_from(bindparam("action", type_=Text))
    return or_(columns.programme_code != bindparam("programme"), action)


def _as_participant() -> _Ids:
    n = nomination
    return (
        select(_e.c.id, _e.c.audience, cast(null(), Text))
        .join_from(n, _e, _e.c.id == n.c.event_id)
        .where(
            n.c.participant_id == _PERSON,
            n.c.status == any_(bindparam("statuses", type_=ARRAY(Text))),
            _e.c.starts_on <= _LAST,
            _e.c.ends_on >= _FIRST,
        )
    )


def _as_expert(other: ColumnElement[bool]) -> _Ids:
    action = _x.c.programme_code + " " + _x.c.action_code
    return (
        select(_x.c.event_id, func.coalesce(_e.c.audience, _x.c.audience), action)
        .join_from(_x, _e, _e.c.id == _x.c.event_id, isouter=True)
        .where(
            _x.c.participant_id == _PERSON,
            _x.c.status == AssignmentStatus.ASSIGNED.value,
            func.coalesce(_x.c.first_on, _e.c.starts_on) <= _LAST,
            func.coalesce(_x.c.last_on, _e.c.ends_on) >= _FIRST,
            or_(other, and_(_x.c.action_code.is_not(None), _apart(_x.c))),
        )
    )


_ELSEWHERE: Final = _finding(
    _e.c.id != bindparam("event"),
    or_(
        _e.c.city.is_distinct_from(bindparam("city", type_=Text)),
        _e.c.country.is_distinct_from(bindparam("country", type_=Text)),
    ),
)
_ANYWHERE: Final = _finding(
    _e.c.id != bindparam("event"),
    _e.c.part_of.is_distinct_from(bindparam("event", type_=Uuid)),
    _e.c.id.is_distinct_from(bindparam("whole", type_=Uuid)),
)
_BESIDE_ACTION: Final = _finding(_apart(_e.c))
