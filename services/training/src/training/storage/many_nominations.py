"""Many nominations at once as rows: read in one statement each, and copied in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    Uuid,
    all_,
    and_,
    any_,
    bindparam,
    column,
    func,
    or_,
    select,
    text,
    true,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kit.auth import Caller
from kit.db.unit import Hot, Tx
from kit.db.visible import visible
from training.domain.fuzzy_date import Precision
from training.domain.nomination import UNDONE, Nomination
from training.domain.training_event import EventStatus, TrainingEvent
from training.storage import training_events
from training.storage.nominations import from_row, values_of
from training.storage.tables import nomination as t
from training.storage.tables import training_event
from training.storage.tables_attendance import expert_assignment

_UNDONE: Final = sorted(status.value for status in UNDONE)
_ASSIGNED: Final = "assigned"
_NOT_HELD: Final = [EventStatus.POSTPONED.value, EventStatus.CANCELLED.value]
_ALONE: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:organisation, 5))")
Pairs = set[tuple[UUID, UUID]]


async def lock_senders(tx: Tx, organisation: str) -> None:
    """Let no other batch of this organisation store anything until the transaction ends.

    The same batch sent twice at once is then stored once and found unchanged once.
    """
    await tx.sql.execute(_ALONE, {"organisation": organisation})


async def lock_events(
    tx: Tx, event_ids: Sequence[UUID], *, by: Caller
) -> Mapping[UUID, TrainingEvent]:
    """Lock and return those of the events that the caller may see."""
    e, ids = training_event, bindparam("events", list(event_ids), type_=ARRAY(Uuid))
    statement = (
        select(*e.c)
        .where(e.c.id == any_(ids), visible(e.c.audience, by))
        .order_by(e.c.id)
        .with_for_update()
    )
    rows = (await tx.sql.execute(statement)).mappings()
    return {row["id"]: training_events.from_row(row) for row in rows}


async def by_external_ids(
    tx: Tx, organisation: str, external_ids: Sequence[str]
) -> dict[str, Nomination]:
    """Lock and return what an organisation sent before under these external ids."""
    ids = bindparam("ids", list(external_ids), type_=ARRAY(Text))
    statement = (
        select(*t.c)
        .where(t.c.organisation == organisation, t.c.external_id == any_(ids))
        .with_for_update()
    )
    rows = (await tx.sql.execute(statement)).mappings()
    return {row["external_id"]: from_row(row) for row in rows}


async def people_by_external_ids(
    tx: Tx, event_id: UUID, named: Sequence[tuple[str, str]]
) -> Mapping[tuple[str | None, str | None], UUID]:
    """Return who is nominated for an event under which external id of which organisation."""
    if not named:
        return {}
    ids = bindparam("ids", sorted({external_id for _, external_id in named}), type_=ARRAY(Text))
    statement = select(t.c.organisation, t.c.external_id, t.c.participant_id).where(
        t.c.event_id == event_id, t.c.external_id == any_(ids), t.c.status.not_in(_UNDONE)
    )
    rows = (await tx.sql.execute(statement)).all()
    return {(organisation, external_id): who for organisation, external_id, who in rows}


async def standing_pairs(tx: Tx, events: Sequence[UUID], people: Sequence[UUID]) -> Pairs:
    """Return which of these pairs of an event and a participant have a standing nomination."""
    rows = await tx.hot_rows(_STANDING, events=events, people=people)
    return {(event_id, participant_id) for event_id, participant_id in rows}


async def overlapping_pairs(tx: Tx, event_ids: Sequence[UUID], people: Sequence[UUID]) -> Pairs:
    """Return which participants are booked elsewhere at the time of which of these events.

    Somebody is booked by a standing nomination, and as an expert of another event or action.
    """
    rows = await tx.hot_rows(_OVERLAPPING, events=event_ids, people=people)
    return {(event_id, participant_id) for event_id, participant_id in rows}


def _standing() -> Select[UUID, UUID]:
    """Look each pair up: joined freely, all nominations of an event may be read for a few."""
    arrays = (bindparam(name, type_=ARRAY(Uuid)) for name in ("events", "people"))
    given = (
        func.unnest(*arrays)
        .table_valued(column("event_id", Uuid), column("participant_id", Uuid), name="given")
        .render_derived()
    )
    same = (t.c.event_id == given.c.event_id, t.c.participant_id == given.c.participant_id)
    found = select(t.c.id).where(*same, _stands()).limit(1).lateral("found")
    event_id: ColumnElement[UUID] = given.c.event_id
    who: ColumnElement[UUID] = given.c.participant_id
    return select(event_id, who).join(found, true())


def _overlapping() -> CompoundSelect[UUID, UUID]:
    asked, other = training_event.alias("asked"), training_event.alias("other")
    x = expert_assignment
    first = func.coalesce(x.c.first_on, other.c.starts_on)
    last = func.coalesce(x.c.last_on, other.c.ends_on)
    nominated = (
        select(asked.c.id, t.c.participant_id)
        .join_from(t, other, other.c.id == t.c.event_id)
        .join(
            asked, (asked.c.starts_on <= other.c.ends_on) & (asked.c.ends_on >= other.c.starts_on)
        )
        .where(_among(t.c.participant_id, "people"), _stands())
    )
    assigned = (
        select(asked.c.id, x.c.participant_id)
        .join_from(x, other, other.c.id == x.c.event_id)
        .join(asked, (asked.c.starts_on <= last) & (asked.c.ends_on >= first))
        .where(_among(x.c.participant_id, "people"), x.c.status == _ASSIGNED)
    )
    away = [_among(asked.c.id, "events"), *_apart(asked, other)]
    return union(nominated.where(*away), assigned.where(*away), _for_actions(asked))


def _for_actions(asked: Any) -> Select[UUID, UUID]:  # noqa: ANN401 (an alias)
    x = expert_assignment.c
    same = and_(x.programme_code == asked.c.programme_code, x.action_code == asked.c.action_code)
    return select(asked.c.id, x.participant_id).where(
        asked.c.starts_on <= x.last_on,
        asked.c.ends_on >= x.first_on,
        asked.c.date_precision == Precision.DAY.value,
        _among(asked.c.id, "events"),
        _among(x.participant_id, "people"),
        x.status == _ASSIGNED,
        x.action_code.is_not(None),
        same.is_not(True),
    )


def _stands() -> ColumnElement[bool]:
    return t.c.status != all_(bindparam("undone", _UNDONE, type_=ARRAY(Text)))


def _apart(asked: Any, other: Any) -> list[ColumnElement[bool]]:  # noqa: ANN401 (aliases)
    exact = Precision.DAY.value
    return [
        asked.c.id != other.c.id,
        asked.c.date_precision == exact,
        other.c.date_precision == exact,
        other.c.status != all_(bindparam("not_held", _NOT_HELD, type_=ARRAY(Text))),
        or_(
            other.c.city.is_distinct_from(asked.c.city),
            other.c.country.is_distinct_from(asked.c.country),
        ),
    ]


async def add_all(tx: Tx, new: Sequence[Nomination]) -> None:
    """Store new nominations."""
    if new:
        await tx.copy(t, [_record(values_of(each)) for each in new])


async def save_sent(tx: Tx, changed: Sequence[Nomination]) -> list[Nomination]:
    """Store what a sender changed of nominations, each as its next version."""
    saved = [replace(each, version=each.version + 1) for each in changed]
    sent = ("unit_code", "role", "overlap_reason", "source_version", "source_digest")
    names = ("version", *sent)
    rows = [{"of": each.id} | {name: values_of(each)[name] for name in names} for each in saved]
    if rows:
        changing = update(t).where(t.c.id == bindparam("of"))
        await tx.sql.execute(changing.values({name: bindparam(name) for name in names}), rows)
    return saved


def _among(column: ColumnElement[Any], ids: str) -> ColumnElement[bool]:
    return column == any_(bindparam(ids, type_=ARRAY(Uuid)))


def _record(values: dict[str, Any]) -> dict[str, Any]:
    if values["eligibility"] is not None:
        values["eligibility"] = json.dumps(values["eligibility"])
    return values


_STANDING: Final = Hot(_standing())
_OVERLAPPING: Final = Hot(_overlapping())
