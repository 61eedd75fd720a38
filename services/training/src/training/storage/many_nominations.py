"""Many nominations at once as rows: read and written in one statement each."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    column,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kit.db.unit import Tx
from training.domain.fuzzy_date import Precision
from training.domain.nomination import UNDONE, Nomination
from training.storage.nominations import from_row, values_of
from training.storage.tables import nomination as t
from training.storage.tables import training_event

_ALIKE: Final = ("audience", "organisation")
_UNDONE: Final = sorted(status.value for status in UNDONE)


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


async def standing_pairs(
    tx: Tx, event_ids: Sequence[UUID], participants: Sequence[UUID]
) -> set[tuple[UUID, UUID]]:
    """Return which participants have a standing nomination for which of these events."""
    statement = select(t.c.event_id, t.c.participant_id).where(
        _among(t.c.event_id, event_ids),
        _among(t.c.participant_id, participants),
        t.c.status.not_in(_UNDONE),
    )
    rows = (await tx.sql.execute(statement)).all()
    return {(event_id, participant_id) for event_id, participant_id in rows}


async def overlapping_pairs(
    tx: Tx, event_ids: Sequence[UUID], participants: Sequence[UUID]
) -> set[tuple[UUID, UUID]]:
    """Return which participants are nominated elsewhere at the time of which of these events."""
    asked, other = training_event.alias("asked"), training_event.alias("other")
    elsewhere = or_(
        other.c.city.is_distinct_from(asked.c.city),
        other.c.country.is_distinct_from(asked.c.country),
    )
    exact = Precision.DAY.value
    statement = (
        select(asked.c.id, t.c.participant_id)
        .select_from(t)
        .join(other, other.c.id == t.c.event_id)
        .join(
            asked, (asked.c.starts_on <= other.c.ends_on) & (asked.c.ends_on >= other.c.starts_on)
        )
        .where(
            _among(t.c.participant_id, participants),
            _among(asked.c.id, event_ids),
            t.c.status.not_in(_UNDONE),
            asked.c.id != other.c.id,
            asked.c.date_precision == exact,
            other.c.date_precision == exact,
            elsewhere,
        )
    )
    rows = (await tx.sql.execute(statement)).all()
    return {(event_id, participant_id) for event_id, participant_id in rows}


async def add_all(tx: Tx, new: Sequence[Nomination]) -> None:
    """Store new nominations of one organisation in one statement."""
    if not new:
        return
    rows = [_record(values_of(each)) for each in new]
    names = [name for name in rows[0] if name not in _ALIKE]
    types = {name: Text() if name == "eligibility" else t.c[name].type for name in names}
    given = (
        func.unnest(
            *(
                bindparam(name, [row[name] for row in rows], type_=ARRAY(types[name]))
                for name in names
            )
        )
        .table_valued(*(column(name, types[name]) for name in names), name="given")
        .render_derived()
    )
    alike = [bindparam(name, rows[0][name], type_=t.c[name].type) for name in _ALIKE]
    shown = [cast(given.c[name], t.c[name].type) for name in names]
    await tx.sql.execute(
        insert(t).from_select([*names, *_ALIKE], select(*shown, *alike).select_from(given))
    )


async def save_sent(tx: Tx, changed: Sequence[Nomination]) -> list[Nomination]:
    """Store what a sender changed of nominations, each as its next version."""
    saved = [replace(each, version=each.version + 1) for each in changed]
    for each in saved:
        names = ("version", "unit_code", "role", "source_version", "source_digest")
        values = {name: values_of(each)[name] for name in names}
        await tx.sql.execute(update(t).where(t.c.id == each.id).values(values))
    return saved


def _among(column: ColumnElement[UUID], ids: Sequence[UUID]) -> ColumnElement[bool]:
    return column == any_(bindparam(None, list(ids), type_=ARRAY(Uuid)))


def _record(values: dict[str, Any]) -> dict[str, Any]:
    eligibility = values["eligibility"]
    return values | {"eligibility": None if eligibility is None else json.dumps(eligibility)}
