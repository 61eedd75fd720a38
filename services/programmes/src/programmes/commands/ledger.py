"""The ledger of a line: setting money aside, paying, taking payments back, freeing what is left."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from kit.money import Money
from programmes.commands.telling import entry_told
from programmes.domain.budget_line import BudgetLine, LineState
from programmes.domain.errors import BudgetLineClosed
from programmes.domain.ledger import (
    FOLLOWED,
    BookedEntry,
    Booking,
    Entry,
    EntryKind,
    LedgerLine,
    Subject,
    SubjectFollowed,
    Totals,
    must_be_within,
)
from programmes.storage import budget_lines, commitments, ledger, programmes

_PAYING: Final = frozenset({EntryKind.SPENT, EntryKind.SPENDING_REVERSED})
_BINDING: Final = frozenset({EntryKind.RESERVED, EntryKind.COMMITTED})


@dataclass(frozen=True, slots=True)
class Instruction:
    """What is to be booked; `spent_on` is the day of a cost, today if it is left out."""

    kind: EntryKind
    subject: Subject
    money: Money
    spent_on: date | None = None
    reference: str | None = None


async def book_entry(
    unit: Unit, programme_code: str, code: str, asked: Instruction, *, by: Caller
) -> BookedEntry:
    """Move money of a line for a subject, or refuse and write nothing.

    Refused if the line is unknown, closed for new promises, in another currency, has not as much
    free (INV-15), or the subject has not as much where it is taken from. What a trip holds
    follows its facts: only its spending is booked here.
    """
    if asked.subject.service == FOLLOWED and asked.kind not in _PAYING:
        raise SubjectFollowed("the funds of a trip follow its estimates")
    async with unit.begin() as tx:
        await commitments.serialise(tx, asked.subject.id)
        line = await budget_lines.lock(tx, programme_code, code, by=by)
        if asked.kind in _BINDING and line.state is not LineState.OPEN:
            raise BudgetLineClosed(f"the line {line.code} is closed")
        spent_on = await _spent_on(tx, programme_code, asked)
        present = await ledger.stands(tx, line.id, asked.subject)
        entry = _entry(line, present, asked)
        booking = Booking(
            id=uuid7(tx.now),
            kind=entry.kind,
            amount=entry.money.amount,
            by=by.client,
            change=entry.change,
            subject=entry.subject,
            spent_on=spent_on,
            reference=asked.reference,
        )
        await ledger.book(tx, line.id, booking)
        return tx.result(entry_told(tx, line, booking))


async def _spent_on(tx: Tx, programme_code: str, asked: Instruction) -> date | None:
    """Return the day of a cost, which lies in the programme; other entries have none."""
    if asked.kind not in _PAYING:
        return None
    today = home_day(tx.now)
    day = asked.spent_on or today
    must_be_within(day, await programmes.days(tx, programme_code), today)
    return day


def _entry(line: BudgetLine, present: Totals, asked: Instruction) -> Entry:
    account = LedgerLine(line.code, line.currency, line.amount, line.totals, line.tolerated)
    if asked.kind is EntryKind.RESERVED:
        return account.reserve(asked.subject, asked.money)
    moves: dict[EntryKind, Callable[[Subject, Totals, Money], Entry]] = {
        EntryKind.COMMITTED: account.commit,
        EntryKind.SPENT: account.spend,
        EntryKind.SPENDING_REVERSED: account.reverse,
        EntryKind.RELEASED: account.release,
    }
    return moves[asked.kind](asked.subject, present, asked.money)
