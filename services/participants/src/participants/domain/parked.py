"""What a check had parked, decided later: a claim of its own that resolves the earlier one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final
from uuid import UUID

from kit.errors import Violation
from participants.domain.claim import (
    SETTLEABLE,
    Claim,
    ClaimItem,
    ClaimState,
    Decision,
    OverrideReason,
    decision_faults,
    must_differ,
    outcome,
)
from participants.domain.errors import ClaimCannotMove, ClaimInvalid

_CHECKED: Final = SETTLEABLE | {ClaimState.PAID}
_NOTHING: Final = Decimal(0)


def resolving(
    claim_id: UUID,
    former: Claim,
    decisions: Sequence[Decision],
    *,
    revision: int,
    by: str,
    override: OverrideReason | None,
) -> Claim:
    """Return the claim that certifies or deducts every amount parked in `former`.

    The former claim stays as it was decided. Somebody else decides than who declared or parked,
    and says why, also for what is certified. Refused: ClaimCannotMove where nothing is parked,
    ClaimInvalid, FourEyes.
    """
    if former.state not in _CHECKED or not former.parked:
        raise ClaimCannotMove("nothing is parked in the claim", state=str(former.state))
    must_differ(by, {former.declared_by, former.checked_by or ""}, override)
    asked = replace(
        former,
        id=claim_id,
        version=1,
        revision=revision,
        state=ClaimState.UNDER_CHECK,
        checked_by=by,
        override=override,
        resolves=former.id,
        items=tuple(_parked(item) for item in former.items if item.parked),
    )
    found = list(_faults(asked, decisions))
    if found:
        raise ClaimInvalid("the decision does not settle what is parked", errors=found)
    made = asked.with_decisions(decisions)
    return replace(made, state=outcome(made))


def _parked(item: ClaimItem) -> ClaimItem:
    amount = item.parked or _NOTHING
    return ClaimItem(number=item.number, day=item.day, kind=item.kind, declared=amount)


def _faults(asked: Claim, decisions: Sequence[Decision]) -> Iterator[Violation]:
    yield from decision_faults(asked, decisions)
    for index, decision in enumerate(decisions):
        if decision.parked:
            yield Violation(f"/items/{index}/parked", "parked_again", "must be decided now")
        if decision.reason is None:
            yield Violation(f"/items/{index}/reason", "reason_missing", "say why")
