"""Indicators: what was to be reached, what was reported and approved, what records add up to."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from kit.errors import DomainError, Kind
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.moves import Moves
from programmes.domain.source import CountBasis, CountQualifier, Source

SMALLEST_CELL: Final = 5
SMALLEST_CELL_TRAFFICKING: Final = 11
"""Counts below these are not shown by attribute (INV-43)."""


class PeriodLocked(DomainError):
    """The period has its approved value."""

    kind = Kind.CONFLICT
    code = "programmes.period_locked"
    title = "The period is closed"
    advice = "Read the approved value of the period; if it is wrong, reopen it for a reason first."


class ValueNotApproved(DomainError):
    """Only what was approved can be taken back."""

    kind = Kind.CONFLICT
    code = "programmes.value_not_approved"
    title = "The value is not approved"
    advice = "Return it in its review instead."


class PeriodNotBegun(DomainError):
    """Nothing was reached yet in a period that lies ahead."""

    kind = Kind.CONFLICT
    code = "programmes.period_not_begun"
    title = "The period has not begun"
    advice = "Report a value once the period has begun."


class NoSuchPeriod(DomainError):
    """The indicator has no period of this code."""

    kind = Kind.NOT_FOUND
    code = "programmes.no_such_period"
    title = "There is no such period"
    advice = "List the periods of the indicator, and use one of their codes."


class NoSuchValue(DomainError):
    """The indicator has no value of this id."""

    kind = Kind.NOT_FOUND
    code = "programmes.no_such_value"
    title = "There is no such value"
    advice = "List the values of the indicator, and use one of their ids."


class ValueInvalid(DomainError):
    """The number cannot be a value of this indicator."""

    kind = Kind.INVALID
    code = "programmes.value_invalid"
    title = "The value is not possible"
    advice = "Send a number of zero or more, of parts that are not more than the whole."


class VictimDataForbidden(DomainError):
    """Of victims there is one number per programme: no parts, no persons (INV-40)."""

    kind = Kind.INVALID
    code = "programmes.victim_data_forbidden"
    title = "This indicator takes one number only"
    advice = "Send the total alone, without any breakdown."


class PeriodInvalid(DomainError):
    """Periods have codes of their own, and end after they begin."""

    kind = Kind.INVALID
    code = "programmes.period_invalid"
    title = "The periods are not possible"
    advice = "Give each period a code of its own, and an end that is not before its beginning."


class ValueState(StrEnum):
    """Where a reported value stands; only an approved one counts."""

    DRAFT = "draft"
    PENDING = "pending"
    RETURNED = "returned"
    APPROVED = "approved"


VALUE_MOVES: Final = Moves(
    "indicator value",
    {
        ValueState.DRAFT: frozenset({ValueState.PENDING}),
        ValueState.PENDING: frozenset({ValueState.RETURNED, ValueState.APPROVED}),
        ValueState.RETURNED: frozenset({ValueState.PENDING}),
        ValueState.APPROVED: frozenset(),
    },
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with how it is meant and what was counted (INV-31)."""

    value: Decimal
    qualifier: CountQualifier
    basis: CountBasis

    def __post_init__(self) -> None:
        """Refuse what is no number, or below zero."""
        if not self.value.is_finite() or self.value < 0:
            raise ValueInvalid(f"{self.value} is no value")


@dataclass(frozen=True, slots=True)
class Period:
    """A time to report on; locked while it has an approved value."""

    code: str
    begins: FuzzyDate
    ends: FuzzyDate
    target: Decimal | None = None
    locked: bool = False

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins."""
        first, last = self.begins.earliest, self.ends.latest
        if first is not None and last is not None and last < first:
            raise PeriodInvalid(f"the period {self.code} would end before it begins")

    def must_have_begun(self, today: date) -> None:
        """Raise PeriodNotBegun if it begins after `today`, however early it may begin."""
        if self.begins.is_after(today):
            raise PeriodNotBegun(f"the period {self.code} had not begun on {today}")


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """What was reported for a period; `parts` break it down, by country for example.

    `reason` is why it was taken back after its approval, if it was.
    """

    id: UUID
    period: str
    measure: Measure
    state: ValueState = ValueState.DRAFT
    parts: tuple[tuple[str, Decimal], ...] = ()
    note: str | None = None
    source: Source | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Reported and computed, side by side; the report to the donor is the reported one (INV-30).

    `same_basis` says whether both count the same thing: if not, the difference proves nothing.
    """

    reported: Measure | None
    computed: Measure | None
    difference: Decimal | None
    same_basis: bool


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured, in which unit, from where to where.

    `aggregate_only` marks a number about victims: it never has parts (INV-40). `computed_from`
    names the records that are counted beside what is reported.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    programme: str
    code: str
    title: str
    unit: str
    basis: CountBasis
    baseline: Decimal | None = None
    target: Decimal | None = None
    aggregate_only: bool = False
    smallest_cell: int = SMALLEST_CELL
    periods: tuple[Period, ...] = ()
    values: tuple[IndicatorValue, ...] = ()
    computed_from: str | None = None
    source: Source | None = None

    def __post_init__(self) -> None:
        """Refuse two periods of one code."""
        codes = [period.code for period in self.periods]
        if len(set(codes)) < len(codes):
            raise PeriodInvalid("a code of a period occurs twice")

    def period(self, code: str) -> Period:
        """Return a period, or raise NoSuchPeriod."""
        for period in self.periods:
            if period.code == code:
                return period
        raise NoSuchPeriod(f"the indicator {self.code} has no period of this code")

    def value(self, value_id: UUID) -> IndicatorValue:
        """Return a value, or raise NoSuchValue."""
        for value in self.values:
            if value.id == value_id:
                return value
        raise NoSuchValue(f"the indicator {self.code} has no value of this id")

    def reported(self, value: IndicatorValue) -> "Indicator":
        """Return the indicator with one more draft value, or raise why it does not take it."""
        self._open(value.period)
        if self.aggregate_only and value.parts:
            raise VictimDataForbidden(f"{self.code} is one number for the programme")
        _check_parts(value)
        draft = replace(value, state=ValueState.DRAFT)
        return self._with(values=(*self.values, draft))

    def with_value_moved(self, value_id: UUID, to: ValueState) -> "Indicator":
        """Return the indicator with a value in another state; approval locks its period.

        Raises NoSuchValue, PeriodLocked or IllegalMove.
        """
        value = self.value(value_id)
        VALUE_MOVES.check(value.state, to)
        self._open(value.period)
        return self._having(replace(value, state=to), locked=to is ValueState.APPROVED)

    def with_value_reopened(self, value_id: UUID, reason: str) -> "Indicator":
        """Return the indicator with an approved value returned; its period is open again.

        Raises NoSuchValue or ValueNotApproved.
        """
        value = self.value(value_id)
        if value.state is not ValueState.APPROVED:
            raise ValueNotApproved(f"the value is {value.state}")
        returned = replace(value, state=ValueState.RETURNED, reason=reason)
        return self._having(returned, locked=False)

    def approved_measure(self, period: str) -> Measure | None:
        """Return the number that counts for a period; a value not approved counts nothing."""
        for value in self.values:
            if value.period == period and value.state is ValueState.APPROVED:
                return value.measure
        return None

    def compared(self, period: str, computed: Measure | None) -> Comparison:
        """Put the approved value beside what the records of the services add up to."""
        reported = self.approved_measure(period)
        if reported is None or computed is None:
            return Comparison(reported, computed, None, same_basis=False)
        known = CountBasis.UNKNOWN not in {reported.basis, computed.basis}
        return Comparison(
            reported,
            computed,
            computed.value - reported.value,
            same_basis=known and reported.basis is computed.basis,
        )

    def _open(self, period: str) -> None:
        if self.period(period).locked:
            raise PeriodLocked(f"the period {period} has an approved value")

    def _having(self, changed: IndicatorValue, *, locked: bool) -> "Indicator":
        values = tuple(changed if v.id == changed.id else v for v in self.values)
        periods = tuple(
            replace(p, locked=locked) if p.code == changed.period else p for p in self.periods
        )
        return replace(self._with(values=values), periods=periods)

    def _with(self, *, values: tuple[IndicatorValue, ...]) -> "Indicator":
        return replace(self, version=self.version + 1, values=values)


def _check_parts(value: IndicatorValue) -> None:
    names = [name for name, _ in value.parts]
    numbers = [number for _, number in value.parts]
    if len(set(names)) < len(names):
        raise ValueInvalid("a part is named twice")
    if any(not number.is_finite() or number < 0 for number in numbers):
        raise ValueInvalid("a part is below zero")
    if sum(numbers, Decimal(0)) > value.measure.value:
        raise ValueInvalid("the parts are more than the whole")


def shown_parts(value: IndicatorValue, smallest: int) -> tuple[tuple[str, Decimal | None], ...]:
    """Return the parts with those below `smallest` hidden, and no way to compute them (INV-43).

    If only one part is hidden the whole gives it away: then the next smallest is hidden too.
    """
    hidden = {name for name, number in value.parts if number < smallest}
    rest = sorted((number, name) for name, number in value.parts if name not in hidden)
    whole = sum((number for _, number in value.parts), Decimal(0)) == value.measure.value
    if len(hidden) == 1 and rest and whole:
        hidden.add(rest[0][1])
    return tuple((name, None if name in hidden else number) for name, number in value.parts)
