"""Participation of countries: suspended by a decision, readmitted to a part of the scope.

Rows are only ever added. Their order is `seq`, because a date may be unknown: the source tells
that Belarus was suspended, and not when.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from kit.errors import DomainError, Kind
from programmes.domain.fuzzy_date import FuzzyDate, Precision
from programmes.domain.moves import IllegalMove, Moves, Way
from programmes.domain.source import Source


class ScopeMisplaced(DomainError):
    """A partial readmission says what it readmits to; no other status has a scope."""

    kind = Kind.INVALID
    code = "programmes.scope_misplaced"
    title = "The scope does not fit the status"
    advice = "Name at least one component in `components_in` for readmitted_partial, else no scope."


class ParticipationOutOfOrder(DomainError):
    """A new status cannot begin before the status it follows."""

    kind = Kind.CONFLICT
    code = "programmes.participation_out_of_order"
    title = "The status would begin before the one it follows"
    advice = "Give a date not before the latest row, or XXXX if it is not known."


class Participation(StrEnum):
    """How a country takes part in a programme."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    READMITTED_PARTIAL = "readmitted_partial"
    WITHDRAWN = "withdrawn"


PARTICIPATION_MOVES: Final = Moves(
    "participation",
    {
        Participation.ACTIVE: frozenset({Participation.SUSPENDED, Participation.WITHDRAWN}),
        Participation.SUSPENDED: frozenset(
            {Participation.READMITTED_PARTIAL, Participation.WITHDRAWN}
        ),
        Participation.READMITTED_PARTIAL: frozenset(
            {Participation.ACTIVE, Participation.WITHDRAWN}
        ),
        Participation.WITHDRAWN: frozenset(),
    },
)


class Certainty(StrEnum):
    """How sure it is that the row in question was valid on the day asked for."""

    EXACT = "exact"
    MONTH_PRECISION = "month_precision"
    QUARTER_PRECISION = "quarter_precision"
    YEAR_PRECISION = "year_precision"
    APPROXIMATE = "approximate"
    DATE_UNKNOWN = "date_unknown"


_CERTAINTY: Final = {
    Precision.DAY: Certainty.EXACT,
    Precision.MONTH: Certainty.MONTH_PRECISION,
    Precision.QUARTER: Certainty.QUARTER_PRECISION,
    Precision.YEAR: Certainty.YEAR_PRECISION,
    Precision.APPROX: Certainty.APPROXIMATE,
    Precision.UNKNOWN: Certainty.DATE_UNKNOWN,
}


class Refusal(StrEnum):
    """Why a country cannot take part; the codes are those clients act on."""

    SUSPENDED = "participation_suspended"
    SCOPE = "participation_scope"
    WITHDRAWN = "participation_withdrawn"
    NOT_BEGUN = "participation_not_begun"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a partial readmission opens: these components, without these topics and kinds."""

    components_in: frozenset[str]
    topics_out: frozenset[str] = frozenset()
    kinds_out: frozenset[str] = frozenset()

    def admits(self, component: str | None, topic: str | None, kind: str | None) -> bool:
        """Say whether it is inside; a component not named is outside, a topic not named is not."""
        shut = topic in self.topics_out or kind in self.kinds_out
        return component in self.components_in and not shut


@dataclass(frozen=True, slots=True)
class ParticipationStatus:
    """One row: from a date on, by somebody's decision, a country has a status.

    `decision_id` is the decision of a governance body behind the row, if one is recorded.
    """

    id: UUID
    programme: str
    country: str
    seq: int
    status: Participation
    valid_from: FuzzyDate
    decided_by: str | None
    decision_text: str | None
    decision_id: UUID | None = None
    scope: Scope | None = None
    source: Source | None = None

    def __post_init__(self) -> None:
        """Refuse a partial readmission that opens nothing, and a scope anywhere else."""
        partial = self.status is Participation.READMITTED_PARTIAL
        if partial != (self.scope is not None and bool(self.scope.components_in)):
            raise ScopeMisplaced(f"{self.status} with the scope {self.scope}")
        if not partial and self.scope is not None:
            raise ScopeMisplaced(f"{self.status} has no scope")

    @property
    def rule(self) -> str:
        """The name under which answers cite this row."""
        return f"PS-{self.seq}"

    def certainty_on(self, day: date) -> Certainty:
        """Say how sure it is that the row has begun by the end of `day`."""
        if self.valid_from.latest is not None and self.valid_from.latest <= day:
            return Certainty.EXACT
        return _CERTAINTY[self.valid_from.precision]


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a country may take part in something on a day; what is absent is not narrowed."""

    country: str
    on: date
    component: str | None = None
    topic: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer, with the rule that fired and the decision behind it (INV-05).

    `rule` is PS-0 where no row limits the country.
    """

    allowed: bool
    refusal: Refusal | None
    rule: str
    certainty: Certainty
    row: ParticipationStatus | None

    @property
    def decision_text(self) -> str | None:
        """The decision, word for word."""
        return self.row.decision_text if self.row else None

    @property
    def decision_id(self) -> UUID | None:
        """The decision a refused nomination cites: the governance decision, or else the row."""
        return (self.row.decision_id or self.row.id) if self.row else None

    @property
    def date_text(self) -> str | None:
        """When the row began: as published, or in EDTF."""
        return (self.row.valid_from.text or self.row.valid_from.edtf) if self.row else None


def history(rows: Iterable[ParticipationStatus], country: str) -> list[ParticipationStatus]:
    """Return the rows of one country in the order in which they were decided."""
    return sorted((row for row in rows if row.country == country), key=lambda row: row.seq)


def status_on(
    rows: Iterable[ParticipationStatus], country: str, day: date
) -> ParticipationStatus | None:
    """Return the row that holds on `day` (INV-03): of those begun or undated, the highest seq."""
    begun = [row for row in history(rows, country) if _may_have_begun(row, day)]
    return begun[-1] if begun else None


def _may_have_begun(row: ParticipationStatus, day: date) -> bool:
    return row.valid_from.earliest is None or row.valid_from.earliest <= day


def eligibility(rows: Iterable[ParticipationStatus], question: Question) -> Eligibility:
    """Answer whether the country may take part (INV-04)."""
    own = history(rows, question.country)
    if not own:
        return Eligibility(True, None, "PS-0", Certainty.EXACT, None)
    row = status_on(own, question.country, question.on)
    if row is None:
        first = own[0]
        return Eligibility(False, Refusal.NOT_BEGUN, first.rule, Certainty.EXACT, first)
    refusal = _refusal(row, question)
    return Eligibility(refusal is None, refusal, row.rule, row.certainty_on(question.on), row)


def _refusal(row: ParticipationStatus, question: Question) -> Refusal | None:
    if row.status is Participation.SUSPENDED:
        return Refusal.SUSPENDED
    if row.status is Participation.WITHDRAWN:
        return Refusal.WITHDRAWN
    if row.scope is None or row.scope.admits(question.component, question.topic, question.kind):
        return None
    return Refusal.SCOPE


def next_ways(
    rows: Iterable[ParticipationStatus], country: str
) -> tuple[Participation | None, tuple[Way[Participation], ...]]:
    """Return how a country takes part by its last row, and where a decision may lead from there.

    A country without a row begins as active.
    """
    own = history(rows, country)
    if own:
        return own[-1].status, PARTICIPATION_MOVES.ways(own[-1].status)
    first = Participation.ACTIVE
    return None, tuple(
        Way(each, None if each is first else f"participation: it begins as {first}")
        for each in Participation
    )


def append(
    rows: Sequence[ParticipationStatus], newcomer: ParticipationStatus
) -> tuple[ParticipationStatus, ...]:
    """Return the history of a country with one more row, or raise why it cannot follow.

    `rows` are those of the newcomer's programme and country. Raises IllegalMove for a status that
    does not follow or a `seq` that is not the next, ParticipationOutOfOrder for a date before a
    known one.
    """
    own = history(rows, newcomer.country)
    if newcomer.seq != len(own) + 1:
        present, ways = next_ways(own, newcomer.country)
        allowed = sorted(way.to for way in ways if way.why_not is None)
        raise IllegalMove(
            f"the next row of {newcomer.country} has seq {len(own) + 1}; a decision makes it",
            present=present or "none",
            allowed=allowed,
        )
    if own:
        PARTICIPATION_MOVES.check(own[-1].status, newcomer.status)
    elif newcomer.status is not Participation.ACTIVE:
        raise IllegalMove("the first row is active", allowed=[Participation.ACTIVE])
    known = [row.valid_from.earliest for row in own if row.valid_from.earliest]
    latest = newcomer.valid_from.latest
    if known and latest is not None and latest < max(known):
        raise ParticipationOutOfOrder(f"{newcomer.valid_from.edtf} is before {max(known)}")
    return (*own, newcomer)
