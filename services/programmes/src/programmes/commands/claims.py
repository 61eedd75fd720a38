"""Spending of trips: certified claims are committed, paid ones spent, the rest of a trip is freed.

Facts about claims are never refused: what a line cannot take waits, is told, and is booked when
the line has more money or an officer names another line.
"""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from contracts.programmes import facts
from kit.auth import Caller
from kit.db.unit import Tx, Unit
from kit.errors import StaleVersion
from kit.ids import uuid7
from kit.money import CurrenciesDiffer, Money
from programmes.commands.telling import entry_told
from programmes.domain.budget_line import BudgetLine, CommitmentState, RefusalReason, refusal
from programmes.domain.claim import Claim, ClaimState, due
from programmes.domain.errors import BudgetExceeded, BudgetLineClosed, NoSuchBudgetLine
from programmes.domain.ledger import FOLLOWED, Booking, EntryKind, Subject, Totals
from programmes.storage import budget_lines, claims, commitments, ledger


async def certify_claim(unit: Unit, certified: Claim) -> Claim:
    """Commit what a claim certifies in place of the trip's estimate, or let it wait and tell why.

    A claim is certified once; hearing of it again changes nothing, unless it was reopened.
    """
    async with unit.begin() as tx:
        await commitments.serialise(tx, certified.trip_id)
        known = await claims.find(tx, certified.id)
        if known is not None and known.state is ClaimState.REOPENED:
            again = await _booked(tx, known.certified_as(certified))
            await claims.save(tx, again)
            return tx.result(again)
        if known is not None:
            return tx.result(known)
        booked = await _booked(tx, certified)
        await claims.add(tx, booked)
        return tx.result(booked)


async def reopen_claim(unit: Unit, claim_id: UUID, trip_id: UUID) -> Claim | None:
    """Take back that a claim was certified; its trip keeps the money until it is decided again.

    A claim that is not known, or paid, or reopened already, changes nothing.
    """
    async with unit.begin() as tx:
        await commitments.serialise(tx, trip_id)
        known = await claims.find(tx, claim_id)
        if known is None or known.payment is not None or known.state is ClaimState.REOPENED:
            return tx.result(known)
        reopened = known.reopened()
        await claims.save(tx, reopened)
        return tx.result(reopened)


async def pay_claim(unit: Unit, paid: Claim) -> Claim:
    """Spend what was paid of a claim, and free what its trip no longer needs.

    `paid` is the claim as its settlement tells of it; what was certified before is kept. A claim
    is paid once; one that waits for money still waits, paid as it is.
    """
    async with unit.begin() as tx:
        await commitments.serialise(tx, paid.trip_id)
        known = await claims.find(tx, paid.id)
        if known is None:
            booked = await _booked(tx, paid)
            await claims.add(tx, booked)
            return tx.result(booked)
        if known.payment is not None or paid.payment is None:
            return tx.result(known)
        booked = await _booked(tx, known.paid(paid.payment))
        await claims.save(tx, booked)
        return tx.result(booked)


async def book_claim(
    unit: Unit, code: str, claim_id: UUID, line: str, *, expected: int, by: Caller
) -> Claim:
    """Book a claim that waits on a line an officer names.

    Refused if the claim is unknown, changed meanwhile or does not wait, or if the line is
    unknown, closed, in another currency or has not as much left.
    """
    async with unit.begin() as tx:
        await commitments.serialise(tx, await claims.trip_of(tx, code, claim_id, by=by))
        waiting = await claims.find(tx, claim_id)
        if waiting is None or waiting.version != expected:
            raise StaleVersion("the claim is at another version")
        waiting.must_wait()
        booked = await _attempt(tx, replace(waiting.again(), line=line))
        if booked.reason is not None:
            raise _refused(booked.reason, booked)
        await claims.save(tx, booked)
        return tx.result(booked)


async def book_waiting(tx: Tx, line: BudgetLine) -> None:
    """Book what waits for money of a line that has more now, oldest first.

    A trip somebody else is busy with is left to them: they wait for the line, and find the money.
    """
    for claim in await claims.waiting_for(tx, line.programme, line.code):
        if await commitments.try_serialise(tx, claim.trip_id):
            booked = await _attempt(tx, claim.again())
            if booked.reason is None:
                await claims.save(tx, booked)


async def _booked(tx: Tx, claim: Claim) -> Claim:
    booked = await _attempt(tx, claim)
    if booked.reason is not None:
        tx.tell(_waits(booked, booked.reason), about=booked)
    return booked


async def _attempt(tx: Tx, claim: Claim) -> Claim:
    """Return the claim booked on its line, with the trip's other money freed; or waiting."""
    others = [each for each in await claims.of_trip(tx, claim.trip_id) if each.id != claim.id]
    if not claim.asks:
        freed = claim.on_line(None, claim.line)
        await _free(tx, [*others, freed])
        return freed
    line = await budget_lines.find(tx, claim.programme, claim.line, locked=True)
    if line is None:
        return claim.waiting(RefusalReason.NO_SUCH_LINE, None)
    covered = replace(claim, state=ClaimState.COVERED, line_id=line.id)
    if not await _cover(tx, line, due([*others, covered], line.id), claim):
        return claim.waiting(refusal(line, claim.certified), Money(line.available, line.currency))
    booked = claim.on_line(line.id, line.code)
    if booked.payment is not None:
        await _move(tx, line, claim, EntryKind.SPENT, booked.payment.amount)
    await _free(tx, [*others, booked])
    return booked


async def _cover(tx: Tx, line: BudgetLine, needed: Decimal, claim: Claim) -> bool:
    """Commit what the trip's claims need of the line above what it holds there already."""
    if line.currency != claim.certified.currency:
        return False
    more = needed - (await ledger.stands(tx, line.id, _trip(claim))).committed
    if more <= 0:
        return True
    booking = _booking(tx, claim, EntryKind.COMMITTED, more)
    taken = await budget_lines.take(tx, line.id, booking, line.currency)
    if taken:
        entry_told(tx, line, booking)
    return taken


async def _free(tx: Tx, trip_claims: list[Claim]) -> None:
    """Release what a trip has committed on any line and none of its claims needs."""
    claim = trip_claims[-1]
    held = await commitments.held(tx, claim.trip_id)
    where = {each.line_id for each in trip_claims} | {held.line_id if held else None}
    left = Decimal(0)
    for line_id in sorted(each for each in where if each is not None):
        kept = due(trip_claims, line_id)
        left += kept
        over = (await ledger.stands(tx, line_id, _trip(claim))).committed - kept
        line = await budget_lines.by_id(tx, line_id)
        await _move(tx, line, claim, EntryKind.RELEASED, over)
    if held is not None and not left:
        spent = any(each.state is ClaimState.SPENT for each in trip_claims)
        ended = CommitmentState.SPENT if spent else CommitmentState.RELEASED
        await commitments.save(tx, held.moved_to(ended))


async def _move(tx: Tx, line: BudgetLine, claim: Claim, kind: EntryKind, amount: Decimal) -> None:
    if amount > 0:
        booking = _booking(tx, claim, kind, amount)
        await ledger.book(tx, line.id, booking)
        entry_told(tx, line, booking)


def _booking(tx: Tx, claim: Claim, kind: EntryKind, amount: Decimal) -> Booking:
    changes = {
        EntryKind.COMMITTED: Totals(committed=amount),
        EntryKind.SPENT: Totals(committed=-amount, spent=amount),
        EntryKind.RELEASED: Totals(committed=-amount),
    }
    paid = claim.payment if kind is EntryKind.SPENT else None
    return Booking(
        id=uuid7(tx.now),
        kind=kind,
        amount=amount,
        by=FOLLOWED,
        change=changes[kind],
        subject=_trip(claim),
        spent_on=None if paid is None else paid.paid_on,
        reference=f"claim {claim.id}",
    )


def _trip(claim: Claim) -> Subject:
    return Subject(FOLLOWED, claim.trip_id)


def _waits(claim: Claim, reason: RefusalReason) -> facts.SpendingWaits:
    paid, available = claim.payment, claim.available
    return facts.SpendingWaits(
        claim_id=claim.id,
        trip_id=claim.trip_id,
        programme_code=claim.programme,
        budget_line_code=claim.line,
        reason=reason,
        amount=_money(claim.certified),
        available=available and _money(available),
        paid_on=paid and paid.paid_on,
    )


def _money(money: Money) -> facts.Money:
    return facts.Money(amount=money.amount, currency=money.currency)


def _refused(reason: RefusalReason, claim: Claim) -> Exception:
    """Return the refusal an officer reads where a fact would have waited."""
    left = claim.available
    if reason is RefusalReason.NO_SUCH_LINE or left is None:
        return NoSuchBudgetLine("the programme has no budget line of this code")
    if reason is RefusalReason.LINE_CLOSED:
        return BudgetLineClosed(f"the line {claim.line} is closed")
    if reason is RefusalReason.CURRENCY_DIFFERS:
        return CurrenciesDiffer(f"the line {claim.line} is in {left.currency}")
    available = {"amount": f"{left.amount:f}", "currency": left.currency}
    return BudgetExceeded(
        f"the line {claim.line} has {left.amount} {left.currency} left", available=available
    )
