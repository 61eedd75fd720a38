"""What of a programme is told to the world, in the terms of IATI 2.03.

The read model holds no person, no trip and no single payment, so that none can be exported.
Spending is told per quarter, and only for as many payments together as a count needs to be shown.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Final

from kit.errors import DomainError, Kind
from kit.money import Money
from programmes.domain.financing import total_of
from programmes.domain.fuzzy_date import FuzzyDate, Precision
from programmes.domain.indicator import SMALLEST_CELL, Measure
from programmes.domain.organisation import OrganisationType
from programmes.domain.partner import PartnerRole
from programmes.domain.programme import Identifier, ProgrammeStatus, RelationType

_MONTHS_OF_QUARTER: Final = 3
_QUARTERS: Final = 4


class NotExportable(DomainError):
    """IATI demands something of an activity that is not known of this programme."""

    kind = Kind.CONFLICT
    code = "programmes.iati_incomplete"
    title = "The programme cannot be exported as an IATI activity"
    advice = "Supply what `missing` names; nothing is invented for the export."


STATUS_CODES: Final = {
    ProgrammeStatus.APPROVED: "1",
    ProgrammeStatus.CONTRACTED: "2",
    ProgrammeStatus.ACTIVE: "2",
    ProgrammeStatus.COMPLETED: "3",
    ProgrammeStatus.CLOSED: "4",
    ProgrammeStatus.CANCELLED: "5",
    ProgrammeStatus.SUSPENDED: "6",
}
"""Code list ActivityStatus; a draft is told to nobody."""

ROLE_CODES: Final = {
    PartnerRole.DONOR: "1",
    PartnerRole.LEAD: "2",
    PartnerRole.COORDINATOR: "3",
    PartnerRole.COORDINATION_UNIT: "3",
    PartnerRole.FINANCIAL_MANAGER: "3",
    PartnerRole.JUNIOR_LEAD: "4",
    PartnerRole.CONSORTIUM_PARTNER: "4",
    PartnerRole.IMPLEMENTING: "4",
}
"""Code list OrganisationRole; who benefits, supports or is patron has no role there."""

ORGANISATION_CODES: Final = {
    OrganisationType.MINISTRY: "10",
    OrganisationType.MINISTRY_UNIT: "10",
    OrganisationType.POLICE: "10",
    OrganisationType.BORDER_GUARD: "10",
    OrganisationType.GOVERNMENT: "10",
    OrganisationType.AGENCY: "15",
    OrganisationType.INTERNATIONAL_ORG: "40",
    OrganisationType.EU_INSTITUTION: "40",
    OrganisationType.FOUNDATION: "60",
    OrganisationType.NGO: "22",
    OrganisationType.VOIVODESHIP_OFFICE: "10",
    OrganisationType.UNIVERSITY: "80",
}
"""Code list OrganisationType; a type without a counterpart is left out."""

_RELATIVE_CODES: Final = {
    RelationType.CHILD: ("1", "2"),
    RelationType.UNDER_INITIATIVE: ("1", "2"),
    RelationType.SIBLING: ("3", "3"),
    RelationType.CO_FUNDED: ("4", "4"),
    RelationType.THIRD_PARTY: ("5", "5"),
}
_BEGUN: Final = {
    ProgrammeStatus.ACTIVE,
    ProgrammeStatus.SUSPENDED,
    ProgrammeStatus.COMPLETED,
    ProgrammeStatus.CLOSED,
}
_OVER: Final = {ProgrammeStatus.COMPLETED, ProgrammeStatus.CLOSED}


class SpendingKind(StrEnum):
    """Code list TransactionType: promised, given to somebody, or spent on goods and services."""

    COMMITMENT = "2"
    DISBURSEMENT = "3"
    EXPENDITURE = "4"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who reports: its identifier in the world's register, its code of type, its name."""

    ref: str
    type_code: str
    name: str


@dataclass(frozen=True, slots=True)
class Participant:
    """An organisation, or a country that takes part, in one role; `ref` if it has one."""

    name: str
    role: PartnerRole
    type: OrganisationType | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Relative:
    """Another programme: it is our parent, say, or, `inverse`, we are its."""

    code: str
    relation: RelationType
    inverse: bool = False

    @property
    def type_code(self) -> str | None:
        """Code list RelatedActivityType; None for a relation it does not have."""
        codes = _RELATIVE_CODES.get(self.relation)
        return codes[self.inverse] if codes else None


@dataclass(frozen=True, slots=True)
class BudgetItem:
    """The effective budget, once: a revision takes the place of the original."""

    revised: bool
    begins: date
    ends: date
    money: Money
    valued_on: date


@dataclass(frozen=True, slots=True)
class Spending:
    """What one subject was promised or cost in a quarter; only sums of several leave the service.

    Money taken back is below zero.
    """

    kind: SpendingKind
    on: date
    money: Money


@dataclass(frozen=True, slots=True)
class SpentSum:
    """What several payments come to, told as of the last day of a quarter."""

    kind: SpendingKind
    on: date
    money: Money


@dataclass(frozen=True, slots=True)
class ResultPeriod:
    """A period of an indicator with its target and its approved value."""

    begins: FuzzyDate
    ends: FuzzyDate
    target: Decimal | None
    actual: Measure | None


@dataclass(frozen=True, slots=True)
class Result:
    """An indicator; `baseline` is a year and the value then, `smallest` the least count told."""

    title: str
    baseline: tuple[int, Decimal] | None
    periods: tuple[ResultPeriod, ...]
    smallest: int = SMALLEST_CELL

    def shown(self, value: Decimal | None) -> bool:
        """Say whether a count is large enough to be told."""
        return value is not None and value >= self.smallest


@dataclass(frozen=True, slots=True)
class Evidence:
    """A day somebody states that bounds a start, or an end, that nobody states.

    `words` say what that day is, such as "the contract was signed".
    """

    on: FuzzyDate
    words: str
    of_end: bool = False


@dataclass(frozen=True, slots=True)
class Activity:
    """A programme as the export sees it. `smallest` is the least number of subjects in a sum.

    `evidence` stands in for dates that no source states, the best first.
    """

    publisher: Publisher
    code: str
    title: str
    description: str | None
    status: ProgrammeStatus
    start: FuzzyDate
    end: FuzzyDate
    updated: datetime
    language: str = "en"
    smallest: int = SMALLEST_CELL
    identifiers: tuple[Identifier, ...] = ()
    participants: tuple[Participant, ...] = ()
    recipients: tuple[str, ...] = ()
    relatives: tuple[Relative, ...] = ()
    budgets: tuple[BudgetItem, ...] = ()
    spending: tuple[Spending, ...] = ()
    results: tuple[Result, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def identifier(self, code: str | None = None) -> str:
        """Return the identifier of this activity, or of another one of the same publisher."""
        return f"{self.publisher.ref}-{code or self.code}"

    def demand(self) -> None:
        """Raise NotExportable with everything that is missing."""
        missing = [name for name, there in self._needs().items() if not there]
        if missing:
            raise NotExportable(f"{self.code} lacks {', '.join(missing)}", missing=missing)

    def _needs(self) -> dict[str, bool]:
        return {
            "status": self.status in STATUS_CODES,
            "participating organisation": any(p.role in ROLE_CODES for p in self.participants),
            "start or end": any(self.dates()),
        }

    def dates(self) -> Iterator[tuple[str, date, str | None]]:
        """Yield code, day and words of start and end: what is vague has its outermost day.

        The standard demands a day. Where none is stated, one that is stated of something else
        bounds it: it is told as planned, never as actual, and the words say what day it is.
        """
        begun = self.status in _BEGUN and self.start.earliest is not None
        over = self.status in _OVER and self.end.latest is not None
        start = self._known(self.start, of_end=False)
        if start and start.on.earliest:
            yield "2" if begun else "1", start.on.earliest, start.words or None
        end = self._known(self.end, of_end=True)
        if end and end.on.latest:
            yield "4" if over else "3", end.on.latest, end.words or None

    def _known(self, stated: FuzzyDate, *, of_end: bool) -> Evidence | None:
        if stated.earliest:
            return Evidence(stated, words_of(stated) or "", of_end)
        name = "end" if of_end else "start"
        for each in self.evidence:
            if each.of_end is of_end and each.on.earliest:
                when = words_of(each.on)
                said = f"{name} not stated; {each.words}" + (f", {when}" if when else "")
                return replace(each, words=said)
        return None

    def spent(self) -> list[SpentSum]:
        """Return spending in quarters that are over, each sum of at least `smallest` payments.

        A quarter with fewer waits and is told with those after it. Nothing told before changes by
        that, so that no single payment shows in the difference of two exports.
        """
        today = self.updated.date()
        over = [each for each in self.spending if quarter_end(each.on) <= today]
        over.sort(key=lambda each: (*_account(each), quarter_end(each.on)))
        return [
            summed
            for _, group in groupby(over, _account)
            for summed in _sums(list(group), self.smallest)
        ]

    def result_days(self, period: ResultPeriod) -> tuple[date, date] | None:
        """Return the days of a period: its own, or those of the programme, or None."""
        start, end = self._known(self.start, of_end=False), self._known(self.end, of_end=True)
        first = period.begins.earliest or (start and start.on.earliest)
        last = period.ends.latest or (end and end.on.latest)
        return (first, last) if first and last and first <= last else None


def words_of(day: FuzzyDate) -> str | None:
    """Return what a vague date is called; None for a day."""
    return None if day.precision is Precision.DAY else day.text or day.edtf


def quarter_end(day: date) -> date:
    """Return the last day of the calendar quarter of a day."""
    quarter = (day.month - 1) // _MONTHS_OF_QUARTER + 1
    if quarter == _QUARTERS:
        return date(day.year, 12, 31)
    return date(day.year, quarter * _MONTHS_OF_QUARTER + 1, 1) - timedelta(days=1)


def _account(spending: Spending) -> tuple[str, str]:
    return spending.kind, spending.money.currency


def _sums(account: Sequence[Spending], smallest: int) -> Iterator[SpentSum]:
    """Yield sums of whole quarters, each of at least `smallest` payments."""
    waiting: list[Spending] = []
    for _, quarter in groupby(account, lambda each: quarter_end(each.on)):
        waiting += quarter
        if len(waiting) >= smallest:
            yield _sum(waiting)
            waiting = []


def _sum(group: Sequence[Spending]) -> SpentSum:
    last = max(each.on for each in group)
    money = total_of([each.money for each in group], group[0].money.currency)
    return SpentSum(group[0].kind, quarter_end(last), money)


def told_participants(participants: Iterable[Participant]) -> list[Participant]:
    """Return the participants that have a role in IATI, each role once."""
    seen: dict[tuple[str, str], Participant] = {}
    for each in participants:
        if each.role in ROLE_CODES:
            seen.setdefault((each.name, ROLE_CODES[each.role]), each)
    return list(seen.values())
