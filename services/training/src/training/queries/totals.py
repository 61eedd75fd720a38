"""What programmes add up to: published figures and figures computed from individual records.

One statement answers it, from the counters of reach: as fast with a million who were there as
with ten. Whoever sees a programme sees what it adds up to, though not the nominations: figures
name nobody.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy import false as no
from sqlalchemy.dialects.postgresql import JSONB

from kit.auth import Caller
from kit.db.rows import ByName
from kit.db.unit import Hot, Unit
from kit.db.visible import visible_to
from training.domain.event_kind import EventKind
from training.domain.figures import Basis
from training.domain.programme import STAFF
from training.domain.reach import Measure
from training.domain.totals import ComputedFigure, ProgrammeTotals, PublishedFigure, figure_name
from training.storage.parts import count_of, sources_of
from training.storage.tables import event_series, headcount_report, programme
from training.storage.tables_reach import reach_cell

_BASIS: Final = {
    "held": Basis.EVENTS,
    "places": Basis.PLACES,
    "participants": Basis.PERSONS,
    "units": Basis.UNITS,
}
_COUNTED: Final = {
    Measure.EVENTS: "held",
    Measure.PLACES: "places",
    Measure.PERSONS: "participants",
    Measure.UNITS: "units",
}
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


def _computed() -> _Figures:
    """Take what reach has counted of each kind: it leaves out what would tell of single persons."""
    cell, other = reach_cell.c, reach_cell.alias("other").c
    of_kind = (other.scope == cell.scope) & (other.dimension == "kind") & (other.key == cell.key)
    synthetic = of_kind & (other.measure == Measure.SYNTHETIC.value) & (other.value > 0)
    measures = {measure.value: name for measure, name in _COUNTED.items()}
    return (
        select(
            programme.c.code.label("programme_code"),
            cell.key.label("kind"),
            case(measures, value=cell.measure).label("measure"),
            cast(null(), JSONB).label("count"),
            cell.value.label("value"),
            cast(null(), Text).label("of"),
            cast(null(), JSONB).label("sources"),
            exists().where(synthetic).label("synthetic"),
        )
        .join_from(programme, reach_cell, cell.scope == literal("programme:") + programme.c.code)
        .where(
            cell.dimension == "kind",
            _is_one_of(cell.measure, sorted(measures)),
            cell.value > 0,
            visible_to(func.array_append(programme.c.marks, STAFF)),
        )
    )


def _figures() -> list[_Figures]:
    series, report = event_series, headcount_report
    cited = func.jsonb_build_array(report.c.source)
    return [
        _published(series, "planned", series.c.planned_count, null(), series.c.sources),
        _published(series, "held", series.c.held_count, null(), series.c.sources),
        _published(series, "places", series.c.distinct_places, null(), series.c.sources),
        _published(report, "participants", report.c.participants, report.c.participants_of, cited),
        _published(report, "units", report.c.units, report.c.units_of, cited),
        _computed(),
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
    by_code: dict[str, list[ByName]] = {}
    for row in rows:
        by_code.setdefault(row["programme_code"], []).append(row)
    return [_totals(code, found) for code, found in sorted(by_code.items())]


def _totals(code: str, rows: Iterable[ByName]) -> ProgrammeTotals:
    ordered = sorted(rows, key=lambda row: (row["kind"], row["measure"]))
    published = tuple(_published_of(row) for row in ordered if row["count"] is not None)
    computed = tuple(_computed_of(row) for row in ordered if row["value"] is not None)
    return ProgrammeTotals(code, published, computed)


def _published_of(row: ByName) -> PublishedFigure:
    count = count_of(row["count"])
    assert count is not None  # noqa: S101 (only rows with a count are published)
    figure = figure_name(EventKind(row["kind"]), row["measure"])
    return PublishedFigure(figure, count, row["of"], sources_of(row["sources"])[0])


def _computed_of(row: ByName) -> ComputedFigure:
    figure = figure_name(EventKind(row["kind"]), row["measure"])
    return ComputedFigure(figure, row["value"], _BASIS[row["measure"]], row["synthetic"])
