"""Answer models of /v1: reach."""

from typing import Final, Self
from uuid import UUID

from kit.wire import Answer
from training.api.wire import ShownSource
from training.domain import reach
from training.domain.figures import Basis, Qualifier
from training.domain.reach import BASIS, SMALLEST, SMALLEST_OF_TRAFFICKING, Measure, ReachRow

_M: Final = Measure


class ReachFigure(Answer):
    """A figure as counted; null where those it speaks of are too few to be shown."""

    figure: Measure
    value: int | None
    basis: Basis


class ReachReported(Answer):
    """A figure as a source prints it; `figure` is what it may be compared with."""

    figure: Measure
    kind: str
    value: int
    qualifier: Qualifier
    basis: Basis
    of: str | None
    source: ShownSource


class ReachCompared(Answer):
    """One figure both ways; `difference` is computed minus published."""

    figure: Measure
    kind: str
    published: int
    computed: int
    difference: int
    basis_published: Basis
    basis_computed: Basis


class PeopleOfCountry(Answer):
    """People whom organisations of a country sent."""

    country: str
    persons: int
    attendances: int
    institutions: int
    units: int


class HeldIn(Answer):
    """What was held in a voivodeship, and who was there; people null where all are left out."""

    voivodeship: str
    events: int
    places: int
    persons: int | None
    attendances: int | None

    @classmethod
    def of(cls, row: ReachRow) -> Self:
        """Return the wire form."""
        events, places = _number(row, _M.EVENTS), _number(row, _M.PLACES)
        persons, attendances = _people(row)
        return cls(
            voivodeship=row.key,
            events=events,
            places=places,
            persons=persons,
            attendances=attendances,
        )


class HeldAs(Answer):
    """What was held of a kind of events, and who was there; people null where all are left out."""

    kind: str
    events: int
    places: int
    persons: int | None
    attendances: int | None

    @classmethod
    def of(cls, row: ReachRow) -> Self:
        """Return the wire form."""
        events, places = _number(row, _M.EVENTS), _number(row, _M.PLACES)
        persons, attendances = _people(row)
        return cls(
            kind=row.key, events=events, places=places, persons=persons, attendances=attendances
        )


class SmallestShown(Answer):
    """How many people at least a number speaks of, in general and of trafficking (INV-43)."""

    usually: int
    trafficking: int


class Reach(Answer):
    """How many were reached. Every number about people is made of what single events show.

    `left_out` events had people, but too few: they are in no number about people.
    `attendances_without_country` were of countries that an event does not show by themselves.
    """

    event_id: UUID | None
    series_id: UUID | None
    programme_code: str | None
    computed: list[ReachFigure]
    reported: list[ReachReported]
    compared: list[ReachCompared]
    by_country: list[PeopleOfCountry]
    by_voivodeship: list[HeldIn]
    by_kind: list[HeldAs]
    left_out: int
    attendances_without_country: int
    smallest_shown: SmallestShown
    synthetic: bool

    @classmethod
    def of(
        cls,
        found: reach.Reach,
        *,
        event_id: UUID | None = None,
        series_id: UUID | None = None,
        programme_code: str | None = None,
    ) -> Self:
        """Return the wire form of the reach of one of the three."""
        return cls(
            event_id=event_id,
            series_id=series_id,
            programme_code=programme_code,
            computed=[
                ReachFigure(figure=each.measure, value=each.value, basis=BASIS[each.measure])
                for each in found.computed
            ],
            reported=[_reported(each) for each in found.reported],
            compared=[_compared(each) for each in found.compared],
            by_country=[_of_country(row) for row in found.by_country],
            by_voivodeship=[HeldIn.of(row) for row in found.by_voivodeship],
            by_kind=[HeldAs.of(row) for row in found.by_kind],
            left_out=found.left_out,
            attendances_without_country=found.without_country,
            smallest_shown=SmallestShown(usually=SMALLEST, trafficking=SMALLEST_OF_TRAFFICKING),
            synthetic=found.synthetic,
        )


def _reported(each: reach.Reported) -> ReachReported:
    figure = each.figure
    return ReachReported(
        figure=each.measure,
        kind=each.kind,
        value=figure.count.value,
        qualifier=figure.count.qualifier,
        basis=figure.count.basis,
        of=figure.of,
        source=ShownSource.of(figure.source),
    )


def _compared(each: reach.ReachCompared) -> ReachCompared:
    count = each.reported.figure.count
    return ReachCompared(
        figure=each.reported.measure,
        kind=each.reported.kind,
        published=count.value,
        computed=each.computed,
        difference=each.difference,
        basis_published=count.basis,
        basis_computed=BASIS[each.reported.measure],
    )


def _of_country(row: ReachRow) -> PeopleOfCountry:
    return PeopleOfCountry(
        country=row.key,
        persons=_number(row, _M.PERSONS),
        attendances=_number(row, _M.ATTENDANCES),
        institutions=_number(row, _M.INSTITUTIONS),
        units=_number(row, _M.UNITS),
    )


def _number(row: ReachRow, measure: Measure) -> int:
    return row.numbers.get(measure, 0)


def _people(row: ReachRow) -> tuple[int | None, int | None]:
    if _M.LEFT_OUT in row.numbers and _M.PERSONS not in row.numbers:
        return None, None
    return _number(row, _M.PERSONS), _number(row, _M.ATTENDANCES)
