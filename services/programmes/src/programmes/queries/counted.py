"""What the records of training add up to, figure by figure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, distinct, false, func, or_, select, true, tuple_

from kit.db.unit import Unit
from programmes.domain.action_plan import Delivered
from programmes.domain.counted import DROPPED, HELD, TRAININGS, Computed
from programmes.domain.indicator import Indicator, Measure
from programmes.domain.source import CountBasis, CountQualifier
from programmes.storage.tables_counted import (
    told_event,
    told_expert,
    told_headcount,
    told_seat,
    told_series,
)

_e, _s, _h, _x = told_event.c, told_seat.c, told_headcount.c, told_expert.c
_ANY: Final = "event"
_Rows = Select[*tuple[Any, ...]]
_Row = Row[*tuple[Any, ...]]
_PLACE: Final = distinct(tuple_(_e.country, _e.city))
_EXPERT: Final = distinct(func.coalesce(_x.participant_id, _x.assignment_id))


@dataclass(frozen=True, slots=True)
class Window:
    """The days in which events are counted, both included; open where a day is absent."""

    first: date | None = None
    last: date | None = None

    def holds(self) -> ColumnElement[bool]:
        """Return the condition that an event ended in these days; one without a day did not."""
        ended = func.coalesce(_e.ends_on, _e.starts_on)
        conditions = [
            *([] if self.first is None else [ended >= self.first]),
            *([] if self.last is None else [ended <= self.last]),
        ]
        return true() if not conditions else func.coalesce(conditions[0] & conditions[-1], false())

    def leaves_out(self) -> ColumnElement[bool]:
        """Return the condition that nobody knows whether an event ended in these days."""
        if self.first is None and self.last is None:
            return false()
        return _e.ends_on.is_(None) & _e.starts_on.is_(None)


ALL_DAYS: Final = Window()


async def measures(unit: Unit, code: str, window: Window = ALL_DAYS) -> dict[str, Computed]:
    """Return what is counted for a programme in some days, by the name of the figure.

    Real records count; where a figure has only synthetic ones, those do, and it says so.
    """
    counted = _e.status.in_(HELD) & window.holds()
    statements = (
        _events(code, counted, _e.status.in_(HELD) & window.leaves_out()),
        _seats(code, counted),
        _experts(code, counted),
        _headcounts(code, window),
    )
    async with unit.read() as read:
        rows = [row for each in statements for row in await read.rows(each)]
    found: dict[str, Computed] = {}
    for row in sorted(rows, key=lambda row: row.synthetic):
        for figure, measure in _figures(row):
            found.setdefault(figure, Computed(measure, row.synthetic))
    return found


async def in_periods(
    unit: Unit, code: str, indicators: Iterable[Indicator]
) -> dict[str, dict[str, Mapping[str, Computed]]]:
    """Return what is counted in each period of each indicator, by their codes.

    Indicators with the same periods share what is counted.
    """
    known: dict[Window, Mapping[str, Computed]] = {}
    found: dict[str, dict[str, Mapping[str, Computed]]] = {}
    for each in indicators:
        found[each.code] = {}
        for period in each.periods if each.computed_from else ():
            window = Window(period.begins.earliest, period.ends.latest)
            if window not in known:
                known[window] = await measures(unit, code, window)
            found[each.code][period.code] = known[window]
    return found


def _by_kind(chosen: _Rows, kind: ColumnElement[str]) -> _Rows:
    """Group by kind, and all kinds together under no name; real and synthetic apart."""
    grouped = func.grouping_sets(tuple_(kind, _e.synthetic), tuple_(_e.synthetic))
    return chosen.group_by(grouped)


def _events(code: str, counted: ColumnElement[bool], unknown: ColumnElement[bool]) -> _Rows:
    def of(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(condition)

    silent = of(counted & _e.participants.is_(None))
    chosen = select(
        _e.kind,
        _e.synthetic,
        of(counted).label("held"),
        of(unknown).label("undated"),
        func.count(_PLACE).filter(counted & _e.city.is_not(None)).label("places"),
        of(counted & _e.city.is_(None)).label("placeless"),
        func.sum(_e.participants).filter(counted).label("taking_part"),
        silent.label("silent"),
        func.sum(_e.expert_days).filter(counted).label("expert_days"),
        of(counted & _e.expert_days.is_(None)).label("dayless"),
    ).where(_e.programme_code == code)
    return _by_kind(chosen, _e.kind)


def _seats(code: str, counted: ColumnElement[bool]) -> _Rows:
    unit_of = distinct(tuple_(_s.organisation, _s.unit_code))
    chosen = (
        select(
            _e.kind,
            _e.synthetic,
            func.count(distinct(_s.participant_id)).label("persons"),
            func.count().label("attendances"),
            func.count(unit_of).filter(_s.unit_code.is_not(None)).label("units"),
        )
        .join_from(told_event, told_seat, _s.event_id == _e.event_id)
        .where(_e.programme_code == code, counted, _s.present)
    )
    return _by_kind(chosen, _e.kind)


def _experts(code: str, counted: ColumnElement[bool]) -> _Rows:
    chosen = (
        select(_e.kind, _e.synthetic, func.count(_EXPERT).label("experts"))
        .join_from(told_event, told_expert, _x.event_id == _e.event_id)
        .where(_e.programme_code == code, counted, _x.assigned)
    )
    return _by_kind(chosen, _e.kind)


def _headcounts(code: str, window: Window) -> _Rows:
    """Head counts of series have no day, so that they count only where no days are asked for."""
    kind = func.coalesce(_e.kind, told_series.c.kind)
    synthetic = func.coalesce(_e.synthetic, false())
    joined = told_headcount.outerjoin(told_event, _e.event_id == _h.event_id).outerjoin(
        told_series, told_series.c.series_id == _h.series_id
    )
    grouped = func.grouping_sets(tuple_(kind, synthetic), tuple_(synthetic))
    return (
        select(
            kind.label("kind"),
            synthetic.label("synthetic"),
            func.sum(_h.participants).label("headcount"),
            func.min(_h.basis).label("basis"),
            (func.count(distinct(_h.basis)) > 1).label("mixed"),
        )
        .select_from(joined)
        .where(_h.programme_code == code, kind.is_not(None), window.holds())
        .group_by(grouped)
    )


def _figures(row: _Row) -> Iterator[tuple[str, Measure]]:
    kind = row.kind or _ANY
    values = row._mapping  # noqa: SLF001 (public; named so to keep columns apart)
    if "held" in values:
        yield from _of_events(kind, row)
    elif "persons" in values:
        yield f"{kind}_persons", _measure(row.persons, CountBasis.PERSONS)
        yield f"{kind}_attendances", _measure(row.attendances, CountBasis.ATTENDANCES)
        yield f"{kind}_units", _measure(row.units, CountBasis.UNITS)
    elif "experts" in values:
        yield f"{kind}_experts", _measure(row.experts, CountBasis.PERSONS)
    else:
        basis = CountBasis.UNKNOWN if row.mixed else CountBasis(row.basis)
        yield f"{kind}_headcount", _measure(row.headcount, basis)


def _of_events(kind: str, row: _Row) -> Iterator[tuple[str, Measure]]:
    yield f"{kind}s_held", _measure(row.held, CountBasis.EVENTS, some_unknown=row.undated)
    told = (
        ("places", row.places or None, row.placeless, CountBasis.PLACES),
        ("participants", row.taking_part, row.silent, CountBasis.ATTENDANCES),
        ("expert_days", row.expert_days, row.dayless, CountBasis.DAYS),
    )
    for name, value, unknown, basis in told:
        if value is not None or not row.held:
            measure = _measure(value or 0, basis, some_unknown=unknown + row.undated)
            yield f"{kind}_{name}", measure


def _measure(value: Decimal | int, basis: CountBasis, *, some_unknown: int = 0) -> Measure:
    qualifier = CountQualifier.OVER if some_unknown else CountQualifier.EXACT
    return Measure(Decimal(value), qualifier, basis)


async def delivered(unit: Unit, code: str, country: str) -> Mapping[str, Delivered]:
    """Return what events delivered of each action of a country's plan, by the name of the action.

    An action that no event names is not there. Real events count; where an action has only
    synthetic ones, those do.
    """
    held = _e.status.in_(HELD)
    experts = (
        select(_e.action_code, _e.synthetic, func.count(_EXPERT).label("experts"))
        .join_from(told_event, told_expert, _x.event_id == _e.event_id)
        .where(_e.programme_code == code, held, _x.assigned)
        .group_by(_e.action_code, _e.synthetic)
        .subquery()
    )
    waiting = ~or_(held, _e.status == DROPPED)
    chosen = (
        select(
            _e.action_code,
            _e.synthetic,
            func.count().filter(held).label("held"),
            func.count().filter(waiting).label("to_come"),
            func.count().filter(held & _e.kind.in_(TRAININGS)).label("trainings"),
            func.sum(_e.participants).filter(held).label("participants"),
            func.count(_PLACE).filter(held & _e.city.is_not(None)).label("places"),
            func.max(experts.c.experts).label("experts"),
            func.sum(_e.expert_days).filter(held).label("days"),
        )
        .outerjoin(
            experts,
            (experts.c.action_code == _e.action_code) & (experts.c.synthetic == _e.synthetic),
        )
        .where(_e.programme_code == code, _e.action_code.startswith(f"{country}-"))
        .group_by(_e.action_code, _e.synthetic)
        .order_by(_e.action_code, _e.synthetic)
    )
    found: dict[str, Delivered] = {}
    async with unit.read() as read:
        for row in await read.rows(chosen):
            found.setdefault(row.action_code, _delivered(row))
    return found


def _delivered(row: _Row) -> Delivered:
    """Return what an action delivered; nothing held delivered nothing, which is known."""
    unknown = None if row.held else 0
    return Delivered(
        events=row.held,
        events_to_come=row.to_come,
        trainings=row.trainings,
        participants=unknown if row.participants is None else row.participants,
        places=row.places or unknown,
        ste_count=unknown if row.experts is None else row.experts,
        ste_days=(None if row.held else Decimal(0)) if row.days is None else row.days,
        synthetic=row.synthetic,
    )
