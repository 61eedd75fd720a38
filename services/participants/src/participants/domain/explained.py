"""What a per-diem calculation answers: lines, each with its amount, its rules and its words."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import Final, NamedTuple

from kit.money import Money
from participants.domain.choices import Choice
from participants.domain.moments import Known, Moment, local
from participants.domain.phrases import Said, Words, joined
from participants.domain.rates import Rate

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with the place in the law or document where it stands, in English and in Polish."""

    id: str
    reference: str
    reference_pl: str


def rule_of(act: str, name: str, section: str, more: str = "") -> Rule:
    """Return a rule of a Polish act: `7(2)` is s.7(2) in English and § 7 ust. 2 in Polish."""
    number, _, paragraph = section.rstrip(")").partition("(")
    polish = f"{act} § {number}" + (f" ust. {paragraph.replace(')-(', '-')}" if paragraph else "")
    return Rule(name, f"{act} s.{section}{more}", polish)


@dataclass(frozen=True, slots=True)
class Deduction:
    """What was taken off a line. `amount` is what was really deducted, never below zero left."""

    what: str
    percent: int
    amount: Decimal
    rule: Rule


class LineKind(StrEnum):
    """What a line pays for."""

    SUBSISTENCE = "subsistence"
    LODGING = "lodging"
    LOCAL_TRANSPORT = "local_transport"
    TRANSFER = "transfer"
    TRAVEL = "travel"
    FEE = "fee"
    ALLOWANCE = "allowance"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worth:
    """What a line pays and why, wherever it stands: many lines of many trips share one.

    Base times factor less deductions, rounded half up once. `country` is where it was earned,
    null where the ruleset pays for one country only. `opening` says which line it is; what is
    `said` of all of them follows.
    """

    kind: LineKind
    base: Decimal
    factor: Fraction
    deductions: tuple[Deduction, ...] = ()
    amount: Money
    rules: tuple[Rule, ...]
    opening: tuple["Opening", ...] = ()
    said: tuple[Said, ...] = ()
    country: str | None = None


class Line(NamedTuple):
    """One amount with its explanation: what it is worth, and where in the trip it stands.

    `seconds` is the length of the period it pays for, as the programme counts time.
    """

    worth: Worth
    number: int
    begins: Moment | Known | None = None
    ends: Moment | Known | None = None
    on: date | None = None
    seconds: int = 0

    @property
    def kind(self) -> LineKind:
        """What it pays for."""
        return self.worth.kind

    @property
    def base(self) -> Decimal:
        """The rate it starts from."""
        return self.worth.base

    @property
    def factor(self) -> Fraction:
        """The part of the base that is due."""
        return self.worth.factor

    @property
    def deductions(self) -> tuple[Deduction, ...]:
        """What was taken off."""
        return self.worth.deductions

    @property
    def amount(self) -> Money:
        """What is due."""
        return self.worth.amount

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules it rests on."""
        return self.worth.rules

    @property
    def country(self) -> str | None:
        """Where it was earned."""
        return self.worth.country

    @property
    def begins_at(self) -> datetime | None:
        """When the period it pays for begins."""
        return None if self.begins is None else local(self.begins)

    @property
    def ends_at(self) -> datetime | None:
        """When the period it pays for ends."""
        return None if self.ends is None else local(self.ends)

    @property
    def text(self) -> Words:
        """The explanation in the newest wording."""
        return joined(self.said)

    @property
    def said(self) -> tuple[Said, ...]:
        """The sentences of the explanation."""
        return (*[opening(self) for opening in self.worth.opening], *self.worth.said)


Opening = Callable[[Line], Said]
_When = Moment | Known | None
_Members = tuple[Worth, int, _When, _When, date | None, int]
# The same as Line(...), at half the price: results of long trips have many lines.
line_of: Final[Callable[[_Members], Line]] = partial(tuple.__new__, Line)


@dataclass(frozen=True, slots=True)
class Result:
    """The answer: lines, one total per currency (never added across), and what it rests on.

    `choices` are those of the programme that applied; `remarks` what a clerk should know before
    signing, such as a rate that is weakly attested.
    """

    ruleset: str
    version: str
    lines: tuple[Line, ...]
    totals: tuple[Money, ...]
    rates: tuple[Rate, ...]
    assumptions: tuple[Said, ...]
    choices: tuple[Choice, ...] = ()
    remarks: tuple[Said, ...] = ()


def totals(lines: tuple[Line, ...], currency: str) -> tuple[Money, ...]:
    """Add the rounded lines, one total per currency; `currency` stands for no lines at all."""
    sums: defaultdict[str, list[Decimal]] = defaultdict(list)
    for money in [line.worth.amount for line in lines]:
        sums[money.currency].append(money.amount)
    return tuple([Money.rounded(sum(sums[code], _NOTHING), code) for code in sorted(sums)]) or (
        Money.zero(currency),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Due:
    """The part of a rate that is due, and the rule that says so."""

    factor: Fraction
    rule: Rule


def share(base: Decimal, factor: Fraction) -> Decimal:
    """Return base times factor, not rounded."""
    return base * factor.numerator / factor.denominator
