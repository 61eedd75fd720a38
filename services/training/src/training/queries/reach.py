"""Reading reach: the counters of one scope, and what sources report of the same.

However many were there, a scope has as many counters as countries, voivodeships and kinds.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select

from kit.auth import Caller
from kit.db.unit import Read, Unit
from kit.db.visible import visible
from training.domain.errors import NoSuchEvent, NoSuchSeries
from training.domain.errors_evidence import NoSuchProgramme
from training.domain.figures import Count, Source
from training.domain.programme import STAFF
from training.domain.reach import Measure, Reach, ReachRow, Reported, measures_of
from training.domain.totals import PublishedFigure
from training.storage import evidence
from training.storage.parts import count_of, sources_of
from training.storage.tables import event_series, headcount_report, programme, training_event
from training.storage.tables_reach import reach_cell

_Table = dict[str, dict[str, dict[Measure, int]]]
_STATED: Final = (Measure.EVENTS, Measure.PLACES)
"""What a series states of itself: how many were held, in how many places."""


async def of_event(unit: Unit, event_id: UUID, *, by: Caller) -> Reach:
    """Return the reach of an event, or raise NoSuchEvent where the caller may not see it."""
    t, report = training_event, headcount_report
    async with unit.read() as read:
        seen = select(t.c.id).where(t.c.id == event_id, visible(t.c.audience, by))
        if await read.first(seen) is None:
            raise NoSuchEvent("there is no such training event")
        reported = await _headcounts(read, report.c.event_id == event_id, by=by)
        return await _reach(read, f"event:{event_id}", reported)


async def of_series(unit: Unit, series_id: UUID, *, by: Caller) -> Reach:
    """Return the reach of a series, or raise NoSuchSeries where the caller may not see it."""
    t, report = event_series, headcount_report
    async with unit.read() as read:
        seen = select(t.c.id).where(t.c.id == series_id, visible(t.c.audience, by))
        if await read.first(seen) is None:
            raise NoSuchSeries("there is no such event series")
        reported = [
            *await _series_counts(read, t.c.id == series_id, by=by),
            *await _headcounts(read, report.c.series_id == series_id, by=by),
        ]
        return await _reach(read, f"series:{series_id}", reported)


async def of_programme(unit: Unit, code: str, *, by: Caller) -> Reach:
    """Return the reach of a programme, or raise NoSuchProgramme if the caller cannot see one."""
    async with unit.read() as read:
        seen = select(programme.c.code).where(programme.c.code == code)
        if STAFF not in by.audience:
            seen = seen.where(visible(programme.c.marks, by))
        if await read.first(seen) is None:
            raise NoSuchProgramme("there is no such programme here")
        reported = [
            *await _series_counts(read, event_series.c.programme_code == code, by=by),
            *await _headcounts(read, headcount_report.c.programme_code == code, by=by),
        ]
        return await _reach(read, f"programme:{code}", reported)


async def _reach(read: Read, scope: str, reported: Sequence[Reported]) -> Reach:
    t = reach_cell
    rows = await read.rows(
        select(t.c.dimension, t.c.key, t.c.measure, t.c.value)
        .where(t.c.scope == scope, t.c.value > 0)
        .order_by(t.c.dimension, t.c.key)
    )
    table: _Table = defaultdict(lambda: defaultdict(dict))
    for dimension, key, measure, value in rows:
        table[dimension][key][Measure(measure)] = value
    return Reach(
        numbers=table[""][""],
        by_country=_rows(table, "country"),
        by_voivodeship=_rows(table, "voivodeship"),
        by_kind=_rows(table, "kind"),
        reported=tuple(reported),
    )


def _rows(table: _Table, dimension: str) -> tuple[ReachRow, ...]:
    return tuple(ReachRow(key, numbers) for key, numbers in table[dimension].items())


async def _series_counts(
    read: Read, condition: ColumnElement[bool], *, by: Caller
) -> list[Reported]:
    t = event_series
    rows = await read.rows(
        select(t.c.kind, t.c.sources, t.c.held_count, t.c.distinct_places)
        .where(condition, visible(t.c.audience, by))
        .order_by(t.c.id)
    )
    return [
        _reported(kind, measure, count, None, sources_of(sources)[0])
        for kind, sources, *counts in rows
        for measure, stored in zip(_STATED, counts, strict=True)
        if sources and (count := count_of(stored)) is not None
    ]


async def _headcounts(read: Read, condition: ColumnElement[bool], *, by: Caller) -> list[Reported]:
    t = headcount_report
    rows = await read.rows(
        select(*t.c).where(condition, visible(t.c.audience, by)).order_by(t.c.id)
    )
    found: list[Reported] = []
    for row in rows:
        report = evidence.report_of(row._mapping)  # noqa: SLF001 (public; keeps columns apart)
        count, kind = report.count, report.kind.value
        for measure in measures_of(count.participants.basis):
            of = count.participants_of
            found.append(_reported(kind, measure, count.participants, of, count.source))
        if count.units is not None:
            found.append(_reported(kind, Measure.UNITS, count.units, count.units_of, count.source))
    return found


def _reported(
    kind: str, measure: Measure, count: Count, of: str | None, source: Source
) -> Reported:
    return Reported(kind, measure, PublishedFigure(measure.value, count, of, source))
