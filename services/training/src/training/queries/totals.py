"""What programmes add up to: published figures and figures computed from individual records.

One statement answers it. Whoever sees an event sees what its nominations add up to, though not
the nominations: figures name nobody.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    bindparam,
    cast,
    distinct,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy import false as no
from sqlalchemy.dialects.postgresql import JSONB

from kit.auth import Caller
from kit.db.unit import Hot, Unit
from kit.db.visible import visible_to
from training.domain.event_kind import EventKind
from training.domain.figures import Basis
from training.domain.nomination import PRESENT
from training.domain.totals import ComputedFigure, ProgrammeTotals, PublishedFigure, figure_name
from training.domain.training_event import HELD
from training.storage.parts import Stored, count_of, sources_of
from training.storage.tables import event_series, headcount_report, nomination, training_event

_BASIS: Final = {
    "held": Basis.EVENTS,
    "places": Basis.PLACES,
    "participants": Basis.PERSONS,
    "units": Basis.UNITS,
}
_HELD: Final = sorted(status.value for status in HELD)
_PRESENT: Final = sorted(status.value for status in PRESENT)
_event = training_event.c
_Figures = Select[Any]


def _published(table: Any, measure: str, count: Any, of: Any, sources: Any) -> _Figures:  # noqa: ANN401 (columns of several tables)
    return select(
        table.c.programme_code,
        table.c.kind,
        literal(measure).label("measure"),
        count.label("count"),
        cast(null(), BigInteger).label("value"),
        cast(of, Text).label("of"),
        sources.label("sources"),
        no().label("synthetic"),
    ).where(count.is_not(None), visible_to(table.c.audience))


def _computed(measure: str, value: ColumnElement[int]) -> _Figures:
    return (
        select(
            _event.programme_code,
            _event.kind,
            literal(measure).label("measure"),
            cast(null(), JSONB).label("count"),
            value.label("value"),
            cast(null(), Text).label("of"),
            cast(null(), JSONB).label("sources"),
            func.bool_or(_event.synthetic).label("synthetic"),
        )
        .where(visible_to(_event.audience))
        .group_by(_event.programme_code, _event.kind)
        .having(value > 0)
    )


def _figures() -> list[_Figures]:
    series, report = event_series, headcount_report
    cited = func.jsonb_build_array(report.c.source)
    places = func.count(distinct(tuple_(_event.country, _event.city)))
    persons = func.count(distinct(nomination.c.participant_id))
    units = func.count(distinct(nomination.c.unit_code))
    return [
        _published(series, "planned", series.c.planned_count, null(), series.c.sources),
        _published(series, "held", series.c.held_count, null(), series.c.sources),
        _published(series, "places", series.c.distinct_places, null(), series.c.sources),
        _published(report, "participants", report.c.participants, report.c.participants_of, cited),
        _published(report, "units", report.c.units, report.c.units_of, cited),
        _computed("held", func.count()).where(_is_one_of(_event.status, _HELD)),
        _computed("places", places).where(
            _is_one_of(_event.status, _HELD), _event.city.is_not(None)
        ),
        *(
            _computed(measure, value)
            .join_from(training_event, nomination, nomination.c.event_id == _event.id)
            .where(_is_one_of(nomination.c.status, _PRESENT))
            for measure, value in (("participants", persons), ("units", units))
        ),
    ]


def _is_one_of(column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Return `column IN (…)` in a form that a Hot statement can compile before its parameters."""
    return or_(*(column == value for value in values))


def _of_programme(figures: _Figures) -> _Figures:
    code = figures.selected_columns[0]
    return figures.where(code == bindparam("code", type_=Text))


_PROGRAMME: Final = Hot(union_all(*(_of_programme(each) for each in _figures())))
_PORTFOLIO: Final = Hot(union_all(*_figures()))


async def programme_totals(unit: Unit, code: str, *, by: Caller) -> ProgrammeTotals:
    """Return the figures of a programme; none for one without records, or unknown."""
    async with unit.read() as read:
        rows = await read.hot_rows(_PROGRAMME, code=code, marks=sorted(by.audience))
    return _totals(code, rows)


async def portfolio_totals(unit: Unit, *, by: Caller) -> list[ProgrammeTotals]:
    """Return the figures of every programme with records the caller may see, by code."""
    async with unit.read() as read:
        rows = await read.hot_rows(_PORTFOLIO, marks=sorted(by.audience))
    by_code: dict[str, list[Stored]] = {}
    for row in rows:
        by_code.setdefault(row["programme_code"], []).append(row)
    return [_totals(code, found) for code, found in sorted(by_code.items())]


def _totals(code: str, rows: Iterable[Stored]) -> ProgrammeTotals:
    ordered = sorted(rows, key=lambda row: (row["kind"], row["measure"]))
    published = tuple(_published_of(row) for row in ordered if row["count"] is not None)
    computed = tuple(_computed_of(row) for row in ordered if row["value"] is not None)
    return ProgrammeTotals(code, published, computed)


def _published_of(row: Stored) -> PublishedFigure:
    count = count_of(row["count"])
    assert count is not None  # noqa: S101 (only rows with a count are published)
    figure = figure_name(EventKind(row["kind"]), row["measure"])
    return PublishedFigure(figure, count, row["of"], sources_of(row["sources"])[0])


def _computed_of(row: Stored) -> ComputedFigure:
    figure = figure_name(EventKind(row["kind"]), row["measure"])
    return ComputedFigure(figure, row["value"], _BASIS[row["measure"]], row["synthetic"])
