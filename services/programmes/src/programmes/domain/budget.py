"""Versions of a budget: drafted by one, approved by another, replaced but never added to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from kit.errors import DomainError, Kind
from kit.money import CurrenciesDiffer, Money, minor_digits
from programmes.domain.costing import CostLine, PricedLine, priced
from programmes.domain.errors import BudgetExceeded, NoSuchBudgetLine
from programmes.domain.financing import (
    HUNDRED,
    AmountNegative,
    FundingSource,
    check_sources,
    total_of,
)
from programmes.domain.moves import Moves, Way

TRANSFER_LIMIT: Final = Decimal("25.00")
"""Percent of a heading that may be moved in or out without an amendment of the contract."""


SAME_PERSON: Final = "the budget was drafted by the same person"


class BudgetSum(DomainError):
    """The total of a budget is the sum of its lines (INV-12)."""

    kind = Kind.INVALID
    code = "programmes.budget_sum"
    title = "The lines do not add up to the total"
    advice = "Correct the total or the lines: their sum is named in `sum`."


class FourEyes(DomainError):
    """Who drafted it cannot approve it."""

    kind = Kind.CONFLICT
    code = "programmes.four_eyes"
    title = "Somebody else has to approve this"
    advice = "Ask another officer to approve it."


class NoSuchBudget(DomainError):
    """The programme has no version of this number."""

    kind = Kind.NOT_FOUND
    code = "programmes.no_such_budget"
    title = "There is no such version of the budget"
    advice = "List the budgets of the programme, and use one of their numbers."


class NoApprovedBudget(DomainError):
    """Money is transferred within a budget somebody has approved."""

    kind = Kind.CONFLICT
    code = "programmes.no_approved_budget"
    title = "The programme has no approved budget"
    advice = "Draft a budget and have it approved first."


class EffectiveTooEarly(DomainError):
    """A version takes effect after the version it replaces."""

    kind = Kind.CONFLICT
    code = "programmes.effective_too_early"
    title = "The budget would take effect before the one it replaces"
    advice = "Choose a day not before `earliest`."


class AmendmentRequired(DomainError):
    """The transfer changes a heading by more than the contract lets partners do alone."""

    kind = Kind.CONFLICT
    code = "programmes.amendment_required"
    title = "The transfer needs an amendment of the contract"
    advice = "Transfer at most `available`, or draft a new version of the budget."


class TransferToItself(DomainError):
    """Money moves from one line to another line."""

    kind = Kind.INVALID
    code = "programmes.transfer_to_itself"
    title = "The transfer moves nothing"
    advice = "Name two different lines and an amount above zero."


class BudgetStatus(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


BUDGET_MOVES: Final = Moves(
    "budget",
    {
        BudgetStatus.DRAFT: frozenset({BudgetStatus.APPROVED}),
        BudgetStatus.APPROVED: frozenset({BudgetStatus.SUPERSEDED}),
        BudgetStatus.SUPERSEDED: frozenset(),
    },
)


def budget_ways(
    present: BudgetStatus, *, drafted_by: str, by: str
) -> tuple[Way[BudgetStatus], ...]:
    """Return every other status with the reason why `by` cannot bring it about, if so."""
    return tuple(_way(way, same=by == drafted_by) for way in BUDGET_MOVES.ways(present))


def _way(way: Way[BudgetStatus], *, same: bool) -> Way[BudgetStatus]:
    if way.why_not is not None:
        return way
    if way.to is BudgetStatus.SUPERSEDED:
        return Way(way.to, "budget: a version is superseded by the approval of the next one")
    return Way(way.to, SAME_PERSON if same else None, needs="effective_from")


@dataclass(frozen=True, slots=True)
class BudgetVersion:
    """One version of a programme's budget; `total` is declared and checked against the lines.

    `effective_from` is the day on which an approved version takes effect; `transfer_limit` is the
    percent of a heading that its contract lets move without an amendment, `line_tolerance` the
    percent of a line that it lets be bound above the line (INV-15).
    """

    id: UUID
    version: int
    audience: frozenset[str]
    programme: str
    number: int
    status: BudgetStatus
    total: Money
    lines: tuple[CostLine, ...]
    sources: tuple[FundingSource, ...]
    drafted_by: str
    approved_by: str | None = None
    effective_from: date | None = None
    transfer_limit: Decimal = TRANSFER_LIMIT
    line_tolerance: Decimal = Decimal(0)

    @property
    def priced(self) -> tuple[PricedLine, ...]:
        """The lines with their amounts."""
        return priced(self.lines, self.total.currency)

    def must_add_up(self) -> None:
        """Raise BudgetSum or CofinancingSum if the budget does not add up."""
        adds = total_of([each.amount for each in self.priced], self.total.currency)
        if adds != self.total:
            raise BudgetSum(
                f"the lines add up to {adds.amount}, not to {self.total.amount}",
                sum=str(adds.amount),
            )
        check_sources(self.sources, self.total)

    def approved(
        self, by: str, effective_from: date, *, replaces: "BudgetVersion | None"
    ) -> "BudgetVersion":
        """Return the approved version; `replaces` is the version approved until now, if any.

        Raises IllegalMove, FourEyes, EffectiveTooEarly, BudgetSum or CofinancingSum.
        """
        BUDGET_MOVES.check(self.status, BudgetStatus.APPROVED)
        if by == self.drafted_by:
            raise FourEyes(SAME_PERSON)
        former = replaces.effective_from if replaces else None
        if former is not None and effective_from < former:
            raise EffectiveTooEarly(
                f"{effective_from} is before {former}", earliest=former.isoformat()
            )
        self.must_add_up()
        return replace(
            self,
            version=self.version + 1,
            status=BudgetStatus.APPROVED,
            approved_by=by,
            effective_from=effective_from,
        )

    def superseded(self) -> "BudgetVersion":
        """Return the version that another one has replaced."""
        BUDGET_MOVES.check(self.status, BudgetStatus.SUPERSEDED)
        return replace(self, version=self.version + 1, status=BudgetStatus.SUPERSEDED)


def effective(versions: Iterable[BudgetVersion], on: date) -> BudgetVersion | None:
    """Return the one version in effect on a day (INV-13): the highest number approved for it."""
    begun = [each for each in versions if each.effective_from and each.effective_from <= on]
    return max(begun, key=lambda each: each.number, default=None)


@dataclass(frozen=True, slots=True)
class AllottedLine:
    """A line in use: what was approved for it, what it holds now, what of that is bound."""

    code: str
    heading: str
    approved: Decimal
    amount: Decimal
    bound: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Allotment:
    """The lines of the effective budget as transfers have changed them. One currency."""

    currency: str
    lines: tuple[AllottedLine, ...]

    def line(self, code: str) -> AllottedLine:
        """Return a line, or raise NoSuchBudgetLine."""
        for line in self.lines:
            if line.code == code:
                return line
        raise NoSuchBudgetLine("the budget has no line of this code")

    def shifted(self, heading: str) -> Decimal:
        """Return by how much transfers have changed a heading since approval; minus is less."""
        own = [line for line in self.lines if line.heading == heading]
        return sum((line.amount - line.approved for line in own), Decimal(0))

    def room(self, heading: str, limit: Decimal, *, inward: bool) -> Decimal:
        """Return how much more may be moved into, or out of, a heading without an amendment."""
        own = [line.approved for line in self.lines if line.heading == heading]
        allowed = sum(own, Decimal(0)) * limit / HUNDRED
        moved = self.shifted(heading)
        cent = Decimal(1).scaleb(-minor_digits(self.currency))
        room = (allowed - moved if inward else allowed + moved).quantize(cent, ROUND_DOWN)
        return max(Decimal(0), room)

    def transfer(
        self, giver: str, taker: str, money: Money, *, limit: Decimal = TRANSFER_LIMIT
    ) -> "Allotment":
        """Return the lines after `money` has moved from the line `giver` to the line `taker`.

        Inside a heading money moves freely. Between headings, what all transfers together change
        a heading by, in or out, stays within `limit` percent of what was approved for it.
        Raises TransferToItself, AmountNegative, CurrenciesDiffer, NoSuchBudgetLine, BudgetExceeded
        for money the line has not or has bound, AmendmentRequired above the limit.
        """
        self._check_request(giver, taker, money)
        source, target = self.line(giver), self.line(taker)
        if money.amount > (free := source.amount - source.bound):
            raise BudgetExceeded(
                f"the line {giver} has {free} {self.currency} left", available=self._json(free)
            )
        if source.heading != target.heading:
            self._check_limit(source, target, money, limit)
        changes = {giver: -money.amount, taker: money.amount}
        lines = tuple(
            replace(line, amount=line.amount + changes.get(line.code, 0)) for line in self.lines
        )
        return replace(self, lines=lines)

    def _check_request(self, giver: str, taker: str, money: Money) -> None:
        if money.amount < 0:
            raise AmountNegative("a transfer moves money one way")
        if giver == taker or not money.amount:
            raise TransferToItself(f"{money.amount} from {giver} to {taker}")
        if money.currency != self.currency:
            raise CurrenciesDiffer(f"the budget is in {self.currency}")

    def _check_limit(
        self, source: AllottedLine, target: AllottedLine, money: Money, limit: Decimal
    ) -> None:
        out = self.room(source.heading, limit, inward=False)
        into = self.room(target.heading, limit, inward=True)
        if money.amount > (room := min(out, into)):
            heading = source.heading if out < into else target.heading
            raise AmendmentRequired(
                f"{limit} % of the heading {heading} leaves {room} {self.currency} to move",
                heading=heading,
                limit=str(limit),
                available=self._json(room),
            )

    def _json(self, amount: Decimal) -> dict[str, str]:
        return {"amount": f"{amount:f}", "currency": self.currency}
