"""A claim: what a traveller asks for after a trip, and what the check makes of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from kit.errors import StaleVersion, Violation
from kit.money import half_up, minor_digits
from participants.domain.errors import ClaimCannotMove, ClaimInvalid, FourEyes

_NOTHING: Final = Decimal(0)


class ClaimState(StrEnum):
    """Where a claim stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_CHECK = "under_check"
    CERTIFIED = "certified"
    PART_CERTIFIED = "part_certified"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    PAID = "paid"


VOID: Final = frozenset({ClaimState.REJECTED, ClaimState.WITHDRAWN})
"""Nothing follows from such a claim: its trip can have another one."""
SETTLEABLE: Final = frozenset({ClaimState.CERTIFIED, ClaimState.PART_CERTIFIED})
_UNBOUND: Final = frozenset({ClaimState.DRAFT, ClaimState.WITHDRAWN})
_DECIDED: Final = SETTLEABLE | {ClaimState.REJECTED}
_MOVES: Final[dict[ClaimState, frozenset[ClaimState]]] = {
    ClaimState.DRAFT: frozenset({ClaimState.DRAFT, ClaimState.SUBMITTED, ClaimState.WITHDRAWN}),
    ClaimState.SUBMITTED: frozenset({ClaimState.UNDER_CHECK}),
    ClaimState.UNDER_CHECK: _DECIDED | {ClaimState.UNDER_CHECK},
    ClaimState.CERTIFIED: frozenset({ClaimState.PAID, ClaimState.SUBMITTED}),
    ClaimState.PART_CERTIFIED: frozenset({ClaimState.PAID, ClaimState.SUBMITTED}),
    ClaimState.REJECTED: frozenset(),
    ClaimState.WITHDRAWN: frozenset(),
    ClaimState.PAID: frozenset(),
}


class ItemKind(StrEnum):
    """What an amount is for."""

    SUBSISTENCE = "subsistence"
    LODGING = "lodging"
    LOCAL_TRANSPORT = "local_transport"
    TRANSFER = "transfer"
    TRAVEL = "travel"
    BAGGAGE = "baggage"
    MEDICAL = "medical"
    OTHER = "other"


class ReasonCode(StrEnum):
    """Why an amount is not certified: deducted for good, or parked until something is known.

    The last two say why an amount that was parked is certified after all.
    """

    NOT_DOCUMENTED = "not_documented"
    NOT_ELIGIBLE = "not_eligible"
    OVER_LIMIT = "over_limit"
    PROVIDED_FREE = "provided_free"
    ARITHMETIC = "arithmetic"
    AWAITS_DOCUMENT = "awaits_document"
    DOCUMENT_RECEIVED = "document_received"
    FACTS_CONFIRMED = "facts_confirmed"


class ReopenReason(StrEnum):
    """Why a decision about a claim is taken back; a closed list, so no personal data is written."""

    CHECKED_WRONGLY = "checked_wrongly"
    DOCUMENT_FOUND = "document_found"
    TRAVELLER_OBJECTS = "traveller_objects"
    AUDIT_FINDING = "audit_finding"


class OverrideReason(StrEnum):
    """Why one person did what takes two; a closed list, so that no personal data is written."""

    ONLY_OFFICER_AVAILABLE = "only_officer_available"
    URGENT_PAYMENT = "urgent_payment"
    COURT_ORDER = "court_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimItem:
    """One amount; `certified + deducted + parked` is what was declared, once it is checked."""

    number: int
    day: date
    kind: ItemKind
    declared: Decimal
    certified: Decimal | None = None
    deducted: Decimal | None = None
    parked: Decimal | None = None
    reason: ReasonCode | None = None

    def unchecked(self) -> Self:
        """Return the amount as it was declared."""
        return replace(self, certified=None, deducted=None, parked=None, reason=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the check makes of one item."""

    number: int
    certified: Decimal
    deducted: Decimal = _NOTHING
    parked: Decimal = _NOTHING
    reason: ReasonCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is asked for a trip. `declared_by` and `checked_by` are subjects of tokens.

    A claim that `resolves` another decides what that one's check had parked, and nothing else.
    `reopened_for` and `reopened_by` tell of the last time that its decision was taken back.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    trip_id: UUID
    person_id: UUID
    programme_code: str
    budget_line_code: str | None
    revision: int
    currency: str
    declared_by: str
    synthetic: bool
    state: ClaimState = ClaimState.SUBMITTED
    checked_by: str | None = None
    override: OverrideReason | None = None
    resolves: UUID | None = None
    reopened_by: str | None = None
    reopened_for: ReopenReason | None = None
    items: tuple[ClaimItem, ...] = field(default=())

    @property
    def declared(self) -> Decimal:
        """The sum of what is asked."""
        return self._sum([item.declared for item in self.items])

    @property
    def certified(self) -> Decimal | None:
        """The sum of what the check found right; None before."""
        return self._checked([item.certified for item in self.items])

    @property
    def deducted(self) -> Decimal | None:
        """The sum of what will not be paid; None before the check."""
        return self._checked([item.deducted for item in self.items])

    @property
    def parked(self) -> Decimal | None:
        """The sum of what waits for something; None before the check."""
        return self._checked([item.parked for item in self.items])

    @property
    def days(self) -> tuple[date, date] | None:
        """The days with an allowance, the last excluded; None where none is asked.

        A draft takes no day; a claim that resolves another leaves the days with that one.
        """
        if self.state in _UNBOUND or self.resolves is not None:
            return None
        days = [item.day for item in self.items if item.kind is ItemKind.SUBSISTENCE]
        return (min(days), max(days) + timedelta(days=1)) if days else None

    def must_be_at(self, version: int) -> None:
        """Raise StaleVersion unless this is the version the caller decided on."""
        if self.version != version:
            raise StaleVersion("the claim has changed since you read it")

    def drafted(self, items: Sequence[ClaimItem], currency: str, by: str) -> Self:
        """Return the draft with other items, declared by who wrote them."""
        draft = replace(self._next(ClaimState.DRAFT), currency=currency, declared_by=by)
        return replace(draft, items=tuple(items))

    def submitted(self, by: str) -> Self:
        """Return the draft that somebody stands behind from now on."""
        return replace(self._next(ClaimState.SUBMITTED), declared_by=by)

    def given_up(self) -> Self:
        """Return the draft that nobody will submit; it stays on record."""
        return self._next(ClaimState.WITHDRAWN)

    def under_check(self, by: str, override: OverrideReason | None) -> Self:
        """Return the claim with somebody checking it who did not declare it.

        A colleague may take over from whoever is checking it.
        """
        must_differ(by, {self.declared_by}, override)
        return replace(self._next(ClaimState.UNDER_CHECK), checked_by=by, override=override)

    def decided(self, decisions: Sequence[Decision], by: str) -> Self:
        """Return the checked claim; only who took it to check decides."""
        if self.state is ClaimState.UNDER_CHECK and by != self.checked_by:
            raise FourEyes("somebody else is checking this claim: take it to check first")
        found = list(decision_faults(self, decisions))
        if found:
            raise ClaimInvalid("the decision does not add up", errors=found)
        checked = self.with_decisions(decisions)
        return replace(self._next(outcome(checked)), items=checked.items)

    def with_decisions(self, decisions: Sequence[Decision]) -> Self:
        """Return the claim with what was decided about each item, in the same state."""
        made = {decision.number: decision for decision in decisions}
        items = tuple(self._with(item, made[item.number]) for item in self.items)
        return replace(self, items=items)

    def _with(self, item: ClaimItem, decision: Decision) -> ClaimItem:
        return replace(
            item,
            certified=half_up(decision.certified, self.currency),
            deducted=half_up(decision.deducted, self.currency),
            parked=half_up(decision.parked, self.currency),
            reason=decision.reason,
        )

    def reopened(self, reason: ReopenReason, by: str, override: OverrideReason | None) -> Self:
        """Return the claim as it was submitted, to be checked again.

        Who declared or checked it does not take the decision back alone. What is paid stays paid.
        """
        if self.state not in SETTLEABLE:
            raise ClaimCannotMove(
                f"a claim that is {self.state} cannot be reopened", state=str(self.state)
            )
        must_differ(by, {self.declared_by, self.checked_by or ""}, override)
        return replace(
            self._next(ClaimState.SUBMITTED),
            checked_by=None,
            override=override,
            reopened_by=by,
            reopened_for=reason,
            items=tuple(item.unchecked() for item in self.items),
        )

    def paid_off(self) -> Self:
        """Return the claim that is paid."""
        return self._next(ClaimState.PAID)

    def _checked(self, amounts: Sequence[Decimal | None]) -> Decimal | None:
        known = [amount for amount in amounts if amount is not None]
        return self._sum(known) if len(known) == len(amounts) else None

    def _sum(self, amounts: Sequence[Decimal]) -> Decimal:
        return half_up(sum(amounts, _NOTHING), self.currency)

    def _next(self, state: ClaimState) -> Self:
        if state not in _MOVES[self.state]:
            raise ClaimCannotMove(
                f"a claim that is {self.state} cannot become {state}", state=str(self.state)
            )
        return replace(self, state=state, version=self.version + 1)


def must_differ(subject: str, others: set[str], override: OverrideReason | None) -> None:
    """Raise FourEyes if one person does what takes two, unless there is a documented reason."""
    if subject in others and override is None:
        raise FourEyes("you took an earlier step of this yourself")


def decision_faults(claim: Claim, decisions: Sequence[Decision]) -> Iterator[Violation]:
    """List what is wrong with a decision: items left out, sums, reasons, decimals."""
    items = {item.number: item for item in claim.items}
    numbers = [decision.number for decision in decisions]
    if sorted(numbers) != sorted(items):
        yield Violation("/items", "items_incomplete", "must decide each item once")
    for index, decision in enumerate(decisions):
        item = items.get(decision.number)
        if item is not None:
            yield from _scale_faults(f"/items/{index}", decision, claim.currency)
            yield from _decision_faults(f"/items/{index}", item, decision)


def _scale_faults(at: str, decision: Decision, currency: str) -> Iterator[Violation]:
    for name in ("certified", "deducted", "parked"):
        if too_fine(getattr(decision, name), currency):
            yield Violation(f"{at}/{name}", "money_scale", f"has too many decimals for {currency}")


def too_fine(amount: Decimal, currency: str) -> bool:
    """Tell whether an amount has more decimals than its currency has minor units."""
    exponent = amount.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent > minor_digits(currency)


def _decision_faults(at: str, item: ClaimItem, decision: Decision) -> Iterator[Violation]:
    taken = decision.deducted + decision.parked
    if min(decision.certified, decision.deducted, decision.parked) < 0:
        yield Violation(at, "amount_negative", "no amount can be negative")
    if decision.certified > item.declared:
        yield Violation(f"{at}/certified", "certified_above_declared", "is more than was declared")
    elif decision.certified + taken != item.declared:
        yield Violation(at, "item_sum", "the three amounts must add up to what was declared")
    if taken and decision.reason is None:
        yield Violation(f"{at}/reason", "reason_missing", "what is not certified needs a reason")


def outcome(claim: Claim) -> ClaimState:
    """Return the state that the decisions about its items lead to."""
    if claim.certified == claim.declared:
        return ClaimState.CERTIFIED
    return ClaimState.PART_CERTIFIED if claim.certified or claim.parked else ClaimState.REJECTED
