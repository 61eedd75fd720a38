"""Claims of travellers as money sees them: certified, so committed; paid, so spent.

A claim is checked and paid by the service of participants. What it certifies replaces what was
set aside for the trip by its estimate; what the line cannot take waits, with the reason, until
there is money or an officer names another line.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from kit.errors import DomainError, Kind
from kit.money import Money
from programmes.domain.budget_line import RefusalReason


class NoSuchClaim(DomainError):
    """The programme has no claim of this id, or none you may see."""

    kind = Kind.NOT_FOUND
    code = "programmes.no_such_claim"
    title = "There is no such claim"
    advice = "List the claims of the programme."


class ClaimNotWaiting(DomainError):
    """The money of the claim is on its line already."""

    kind = Kind.CONFLICT
    code = "programmes.claim_not_waiting"
    title = "The claim does not wait for money"
    advice = "Book only claims that wait; list them with state=waiting."


class ClaimState(StrEnum):
    """Where the money of a claim stands: committed, paid and booked, or not on any line yet.

    What was certified of a claim that is reopened stays committed until it is certified again.
    """

    COVERED = "covered"
    SPENT = "spent"
    WAITING = "waiting"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Payment:
    """What was paid of a claim, by which settlement, on which day."""

    settlement_id: UUID
    amount: Decimal
    paid_on: date


@dataclass(frozen=True, slots=True)
class Claim:
    """What a checked claim may spend of a line.

    `parked` is not decided yet and is kept: a claim that `resolves` this one decides it, with an
    amount of its own. `available` is what the line had when it did not take the claim.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    trip_id: UUID
    programme: str
    line: str | None
    revision: int
    certified: Money
    parked: Decimal = Decimal(0)
    resolves: UUID | None = None
    line_id: UUID | None = None
    state: ClaimState = ClaimState.WAITING
    reason: RefusalReason | None = None
    available: Money | None = None
    payment: Payment | None = None

    @property
    def asks(self) -> bool:
        """Whether it asks for any money: a rejected claim frees what the trip has."""
        return bool(self.certified.amount or self.parked)

    @property
    def owed(self) -> Decimal:
        """What is certified and not spent yet."""
        return Decimal(0) if self.state is ClaimState.SPENT else self.certified.amount

    def paid(self, payment: Payment) -> "Claim":
        """Return the claim that was paid; what was paid is what was certified."""
        certified = Money(payment.amount, self.certified.currency)
        return replace(self, version=self.version + 1, certified=certified, payment=payment)

    def on_line(self, line_id: UUID | None, code: str | None) -> "Claim":
        """Return the claim whose money is committed on a line, or spent there if it is paid."""
        state = ClaimState.COVERED if self.payment is None else ClaimState.SPENT
        return replace(self, line_id=line_id, line=code, state=state, reason=None, available=None)

    def waiting(self, reason: RefusalReason, available: Money | None) -> "Claim":
        """Return the claim whose line did not take it."""
        return replace(self, state=ClaimState.WAITING, reason=reason, available=available)

    def reopened(self) -> "Claim":
        """Return the claim whose certification was taken back; it waits for no money meanwhile."""
        state = ClaimState.REOPENED
        changed = replace(self, version=self.version + 1, state=state)
        return replace(changed, reason=None, available=None)

    def certified_as(self, again: "Claim") -> "Claim":
        """Return the next version, as it was certified again; it stays on its line."""
        version, audience = self.version + 1, self.audience
        return replace(again, version=version, audience=audience, line=self.line)

    def must_wait(self) -> None:
        """Raise ClaimNotWaiting unless it waits for money."""
        if self.state is not ClaimState.WAITING:
            raise ClaimNotWaiting(f"the claim is {self.state}")

    def again(self) -> "Claim":
        """Return the next version, to be booked again."""
        return replace(self, version=self.version + 1)


def due(claims: Iterable[Claim], line_id: UUID) -> Decimal:
    """Return what the claims of one trip that are on a line still need of it.

    What was parked is needed until another claim of the trip has resolved it.
    """
    known = [each for each in claims if each.state is not ClaimState.WAITING]
    resolved = {each.resolves for each in known}
    here = [each for each in known if each.line_id == line_id]
    owed = (each.owed + (0 if each.id in resolved else each.parked) for each in here)
    return sum(owed, Decimal(0))
