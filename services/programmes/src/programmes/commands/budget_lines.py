"""Money: opening and raising budget lines, committing and releasing funds for trips."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final
from uuid import UUID

from contracts.programmes import facts
from kit.auth import Caller
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from kit.money import Money
from programmes.commands.claims import book_waiting
from programmes.commands.telling import line_opened, line_raised, save_and_tell
from programmes.domain.budget_line import (
    COMMITMENT_AUDIENCE,
    BudgetLine,
    Commitment,
    CommitmentState,
    FundsRequest,
    refusal,
)
from programmes.domain.financing import not_negative
from programmes.domain.ledger import FOLLOWED, Booking, EntryKind, Subject, Totals
from programmes.domain.programme import Programme
from programmes.storage import budget_lines, claims, commitments, ledger, partners, programmes

PER_DIEM: Final = "per_diem"


async def open_budget_line(
    unit: Unit, code: str, make: Callable[[UUID, Programme], BudgetLine], *, by: Caller
) -> BudgetLine:
    """Open a line for commitments; the first of category per_diem pays the per diems.

    Refused if the programme is unknown, is over or has a line of this code.
    """
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        programme.must_bind_money()
        line = make(uuid7(tx.now), programme)
        await budget_lines.add(tx, programme.id, line, by=by.client)
        tx.tell(line_opened(line), about=line)
        await book_waiting(tx, line)
        if line.category == PER_DIEM and programme.per_diem_line is None:
            present = await partners.of(tx, programme)
            await save_and_tell(tx, programme, present, programme.paying_from(line.code))
        return tx.result(line)


async def raise_budget_line(
    unit: Unit, programme_code: str, code: str, more: Money, *, by: Caller
) -> BudgetLine:
    """Give a line more money; who waits for funds hears of it.

    Refused if the line is unknown, closed or in another currency, or the amount is below zero.
    """
    not_negative(more)
    async with unit.begin() as tx:
        raised = (await budget_lines.lock(tx, programme_code, code, by=by)).raised(more)
        booked = Booking(
            uuid7(tx.now), EntryKind.ALLOTTED, more.amount, by.client, allotted=more.amount
        )
        await ledger.book(tx, raised.id, booked)
        tx.tell(line_raised(raised, more), about=raised)
        await book_waiting(tx, raised)
        return tx.result(raised)


async def commit_funds(unit: Unit, request: FundsRequest) -> Commitment:
    """Set money aside for a trip in place of what an earlier revision had, or say why not.

    A refusal is an outcome that is told, not an error; what an earlier revision had then stays.
    The same revision, or one older than the newest known, changes nothing; nor does an estimate
    once a claim of the trip was certified.
    """
    async with unit.begin() as tx:
        await commitments.serialise(tx, request.trip_id)
        newest = await commitments.newest(tx, request.trip_id)
        if newest is not None and await _outrun(tx, newest, request):
            return tx.result(newest)
        line = await budget_lines.find(tx, request.programme, request.line)
        former = await commitments.held(tx, request.trip_id)
        if line is not None and await _exchanged(tx, line, request, former):
            return tx.result(await _committed(tx, line, request, former))
        # Locked from here on, a raise of the line is told after the refusal, never before it.
        line = await budget_lines.find(tx, request.programme, request.line, locked=True)
        if line is not None and await _exchanged(tx, line, request, former):
            return tx.result(await _committed(tx, line, request, former))
        return tx.result(await _refused(tx, line, request, former))


async def _outrun(tx: Tx, newest: Commitment, request: FundsRequest) -> bool:
    """Say whether the request comes too late: a newer one, or a claim of the trip, counts."""
    return newest.request.revision >= request.revision or await claims.lead(tx, request.trip_id)


async def release_funds(unit: Unit, trip_id: UUID) -> Commitment | None:
    """Free what a trip holds; a trip that holds nothing changes nothing."""
    async with unit.begin() as tx:
        await commitments.serialise(tx, trip_id)
        held = await commitments.held(tx, trip_id)
        if held is None or held.line_id is None or held.request.line is None:
            return tx.result(None)
        released = held.moved_to(CommitmentState.RELEASED)
        freed = await _give_back(tx, held.line_id, trip_id)
        await commitments.save(tx, released)
        tx.tell(
            facts.FundsReleased(
                trip_id=trip_id,
                revision=held.request.revision,
                programme_code=held.request.programme,
                budget_line_code=held.request.line,
                amount=_told(Money(freed, held.request.money.currency)),
            ),
            about=released,
        )
        return tx.result(released)


async def _exchanged(
    tx: Tx, line: BudgetLine, request: FundsRequest, former: Commitment | None
) -> bool:
    """Take the new amount and free the former; nothing moves if the line does not have it."""
    money = request.money
    more = money.amount
    if former is not None and former.line_id == line.id:
        stands = await ledger.stands(tx, line.id, _trip(request.trip_id))
        more = max(more - former.request.money.amount, -stands.committed)
    booked = _moved(tx, request.trip_id, more)
    taken = await budget_lines.take(tx, line.id, booked, money.currency)
    if taken and former is not None and former.line_id not in {None, line.id}:
        await _give_back(tx, former.line_id, request.trip_id)
    return taken


async def _give_back(tx: Tx, line_id: UUID, trip_id: UUID) -> Decimal:
    """Free what a trip has committed and not spent, on a closed line too; return how much."""
    freed = (await ledger.stands(tx, line_id, _trip(trip_id))).committed
    await ledger.book(tx, line_id, _moved(tx, trip_id, -freed, EntryKind.RELEASED))
    return freed


def _moved(tx: Tx, trip_id: UUID, more: Decimal, kind: EntryKind | None = None) -> Booking:
    kind = kind or (EntryKind.RELEASED if more < 0 else EntryKind.COMMITTED)
    change = Totals(committed=more)
    return Booking(uuid7(tx.now), kind, abs(more), FOLLOWED, change, subject=_trip(trip_id))


def _trip(trip_id: UUID) -> Subject:
    return Subject(FOLLOWED, trip_id)


async def _committed(
    tx: Tx, line: BudgetLine, request: FundsRequest, former: Commitment | None
) -> Commitment:
    if former is not None:
        await commitments.save(tx, former.moved_to(CommitmentState.REPLACED))
    made = Commitment(
        id=uuid7(tx.now),
        version=1,
        audience=COMMITMENT_AUDIENCE,
        request=request,
        line_id=line.id,
        state=CommitmentState.COMMITTED,
        reason=None,
        available=None,
    )
    await commitments.add(tx, made)
    tx.tell(
        facts.FundsCommitted(
            trip_id=request.trip_id,
            revision=request.revision,
            programme_code=request.programme,
            budget_line_code=line.code,
            amount=_told(request.money),
        ),
        about=made,
    )
    return made


async def _refused(
    tx: Tx, line: BudgetLine | None, request: FundsRequest, former: Commitment | None
) -> Commitment:
    available = None if line is None else Money(_for_this_trip(line, former), line.currency)
    made = Commitment(
        id=uuid7(tx.now),
        version=1,
        audience=COMMITMENT_AUDIENCE,
        request=request,
        line_id=None if line is None else line.id,
        state=CommitmentState.REFUSED,
        reason=refusal(line, request.money),
        available=available,
    )
    await commitments.add(tx, made)
    tx.tell(
        facts.FundsRefused(
            trip_id=request.trip_id,
            revision=request.revision,
            programme_code=request.programme,
            budget_line_code=request.line,
            reason=refusal(line, request.money),
            available=available and _told(available),
        ),
        about=made,
    )
    return made


def _for_this_trip(line: BudgetLine, former: Commitment | None) -> Decimal:
    """Return what the line could give to a trip that frees what it holds there."""
    own = former is not None and former.line_id == line.id
    return line.available + (former.request.money.amount if own and former else Decimal(0))


def _told(money: Money) -> facts.Money:
    return facts.Money(amount=money.amount, currency=money.currency)
