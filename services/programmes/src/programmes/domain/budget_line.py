"""Budget lines: how much may be spent on something, and how much is committed already."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from kit.auth import STAFF
from kit.money import CurrenciesDiffer, Money, half_up
from programmes.domain.errors import BudgetExceeded, BudgetLineClosed
from programmes.domain.financing import HUNDRED, must_fit
from programmes.domain.ledger import Totals

_NOTHING: Final = Decimal("0.00")


class LineState(StrEnum):
    """Whether the line takes commitments."""

    OPEN = "open"
    CLOSED = "closed"


class CommitmentState(StrEnum):
    """Where money asked for stands: a new revision replaces the former one.

    It is spent once a claim of the trip is paid and none needs more.
    """

    COMMITTED = "committed"
    REFUSED = "refused"
    REPLACED = "replaced"
    RELEASED = "released"
    SPENT = "spent"


class RefusalReason(StrEnum):
    """Why money was not committed; each is a state somebody can act on."""

    BUDGET_EXCEEDED = "budget_exceeded"
    CURRENCY_DIFFERS = "currency_differs"
    NO_SUCH_LINE = "no_such_line"
    LINE_CLOSED = "line_closed"


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """Money for one purpose in one currency.

    Never more is bound than `amount` and `tolerance` percent of it (INV-15), which the contract
    allows; without such a clause it is zero. `category` is its heading. Money is reserved, then
    committed, then spent; `released` adds up what became free again. `approved` is what the
    budget in effect gave it, None for a line opened without one. `synthetic` marks a line that
    no source states.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    programme: str
    code: str
    title: str
    category: str
    amount: Decimal
    committed: Decimal
    currency: str
    state: LineState
    synthetic: bool
    reserved: Decimal = _NOTHING
    spent: Decimal = _NOTHING
    released: Decimal = _NOTHING
    approved: Decimal | None = None
    tolerance: Decimal = _NOTHING

    @property
    def totals(self) -> Totals:
        """Where its money stands."""
        return Totals(self.reserved, self.committed, self.spent)

    @property
    def available(self) -> Decimal:
        """What can still be committed, the tolerance included."""
        return self.amount + self.tolerated - self.totals.bound

    @property
    def tolerated(self) -> Decimal:
        """How much may be bound above the amount, in the currency of the line."""
        return half_up(self.amount * self.tolerance / HUNDRED, self.currency)

    def commit(self, money: Money) -> "BudgetLine":
        """Return the line with `money` committed, or raise why it cannot be.

        BudgetLineClosed, CurrenciesDiffer or BudgetExceeded with what is `available`.
        """
        if self.state is not LineState.OPEN:
            raise BudgetLineClosed(f"the line {self.code} is closed")
        if money.currency != self.currency:
            raise CurrenciesDiffer(f"the line {self.code} is in {self.currency}")
        if money.amount > self.available:
            raise BudgetExceeded(
                f"the line {self.code} has {self.available} {self.currency} left",
                available={"amount": str(self.available), "currency": self.currency},
            )
        return self._with(committed=self.committed + money.amount)

    def release(self, money: Money) -> "BudgetLine":
        """Return the line with `money` free again; never below nothing committed."""
        if money.currency != self.currency:
            raise CurrenciesDiffer(f"the line {self.code} is in {self.currency}")
        return self._with(committed=max(Decimal(0), self.committed - money.amount))

    def _with(self, *, committed: Decimal) -> "BudgetLine":
        return replace(self, version=self.version + 1, committed=committed)

    def raised(self, by: Money) -> "BudgetLine":
        """Return the line with more money.

        Raises BudgetLineClosed, CurrenciesDiffer, or AmountTooLarge.
        """
        if self.state is not LineState.OPEN:
            raise BudgetLineClosed(f"the line {self.code} is closed")
        if by.currency != self.currency:
            raise CurrenciesDiffer(f"the line {self.code} is in {self.currency}")
        raised = must_fit(Money(self.amount + by.amount, self.currency))
        return replace(self, version=self.version + 1, amount=raised.amount)


@dataclass(frozen=True, slots=True)
class FundsRequest:
    """Money asked for a trip: the newest revision of its estimate counts."""

    trip_id: UUID
    revision: int
    programme: str
    line: str | None
    money: Money


@dataclass(frozen=True, slots=True)
class Commitment:
    """What became of one request; refused requests are kept, so that nobody has to guess."""

    id: UUID
    version: int
    audience: frozenset[str]
    request: FundsRequest
    line_id: UUID | None
    state: CommitmentState
    reason: RefusalReason | None
    available: Money | None

    def moved_to(self, state: CommitmentState) -> "Commitment":
        """Return the next version in another state."""
        return replace(self, version=self.version + 1, state=state)


COMMITMENT_AUDIENCE: Final = frozenset({STAFF})
"""Whose trip costs how much is for the office that pays; the sender reads it with the trip."""


def refusal(line: BudgetLine | None, money: Money) -> RefusalReason:
    """Return why `line` did not take the money."""
    if line is None:
        return RefusalReason.NO_SUCH_LINE
    if line.state is not LineState.OPEN:
        return RefusalReason.LINE_CLOSED
    if line.currency != money.currency:
        return RefusalReason.CURRENCY_DIFFERS
    return RefusalReason.BUDGET_EXCEEDED
