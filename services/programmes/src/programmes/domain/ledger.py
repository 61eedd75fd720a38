"""The ledger of a budget line: reserved, committed, spent, released; entries are only added.

Every entry says by how much each total changes, so that the totals of a line are the sum of its
entries, and maintained totals can be proved equal to them. Money is in one place at a time: a
commitment takes the reservation it follows, spending takes the commitment.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from kit.errors import DomainError, Kind
from kit.money import CurrenciesDiffer, Money
from programmes.domain.errors import BudgetExceeded


class AmountNotPositive(DomainError):
    """An entry moves some money; what moves it back is an entry of another kind."""

    kind = Kind.INVALID
    code = "programmes.amount_not_positive"
    title = "The amount must be above zero"
    advice = "Send an amount above zero, and the kind of entry you mean."


class LedgerExceeded(DomainError):
    """More would be taken than stands where it is taken from."""

    kind = Kind.CONFLICT
    code = "programmes.ledger_exceeded"
    title = "There is not this much to take"
    advice = "Take at most `available`, or commit the difference first."


class SubjectFollowed(DomainError):
    """What a trip holds follows its estimates; only its spending is recorded by hand."""

    kind = Kind.CONFLICT
    code = "programmes.subject_followed"
    title = "The money of this subject follows another service"
    advice = "Change or cancel the trip; its funds follow."


class OutsideProgramme(DomainError):
    """Money is spent while the programme runs."""

    kind = Kind.INVALID
    code = "programmes.outside_programme"
    title = "The day is outside the programme"
    advice = "Give a day from the start to the end of the programme, not in the future."


class EntryKind(StrEnum):
    """What an entry does; `allotted` changes the amount of the line itself."""

    ALLOTTED = "allotted"
    RESERVED = "reserved"
    COMMITTED = "committed"
    SPENT = "spent"
    RELEASED = "released"
    SPENDING_REVERSED = "spending_reversed"


@dataclass(frozen=True, slots=True)
class Totals:
    """Where money stands, or by how much an entry changes that. Amounts in one currency."""

    reserved: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)

    @property
    def bound(self) -> Decimal:
        """What is not free: reserved, committed or spent."""
        return self.reserved + self.committed + self.spent

    def __add__(self, other: "Totals") -> "Totals":
        """Return both together."""
        return Totals(
            self.reserved + other.reserved,
            self.committed + other.committed,
            self.spent + other.spent,
        )


FOLLOWED: Final = "participants"
"""The service whose trips get their money by its facts."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the money is for: a record of some service, such as a trip."""

    service: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger: what was done for a subject, and by how much totals change."""

    line: str
    subject: Subject
    kind: EntryKind
    money: Money
    change: Totals


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line with its maintained totals. `tolerance` may be bound above the amount (INV-15)."""

    code: str
    currency: str
    amount: Decimal
    totals: Totals = Totals()
    tolerance: Decimal = Decimal(0)

    @property
    def remaining(self) -> Decimal:
        """What is neither reserved nor committed nor spent; below zero within the tolerance."""
        return self.amount - self.totals.bound

    def after(self, entry: Entry) -> "LedgerLine":
        """Return the line after an entry."""
        return replace(self, totals=self.totals + entry.change)

    def reserve(self, subject: Subject, money: Money) -> Entry:
        """Set money aside before anything is decided."""
        self._demand(money, more=money.amount)
        return self._entry(subject, EntryKind.RESERVED, money, Totals(reserved=money.amount))

    def commit(self, subject: Subject, stands: Totals, money: Money) -> Entry:
        """Promise money: first what is reserved for the subject, then what is free.

        `stands` is where the money of this subject stands on this line.
        """
        kept = min(stands.reserved, money.amount)
        self._demand(money, more=money.amount - kept)
        change = Totals(reserved=-kept, committed=money.amount)
        return self._entry(subject, EntryKind.COMMITTED, money, change)

    def spend(self, subject: Subject, stands: Totals, money: Money) -> Entry:
        """Pay what is committed to the subject; a higher cost is committed first."""
        self._take(money, stands.committed)
        change = Totals(committed=-money.amount, spent=money.amount)
        return self._entry(subject, EntryKind.SPENT, money, change)

    def reverse(self, subject: Subject, stands: Totals, money: Money) -> Entry:
        """Take spending back: paid in error or returned, it is committed again."""
        self._take(money, stands.spent)
        change = Totals(committed=money.amount, spent=-money.amount)
        return self._entry(subject, EntryKind.SPENDING_REVERSED, money, change)

    def release(self, subject: Subject, stands: Totals, money: Money | None = None) -> Entry:
        """Free what is reserved or committed: all of it, or `money`, the reservation first."""
        open_ = stands.reserved + stands.committed
        money = Money(open_, self.currency) if money is None else money
        self._take(money, open_)
        reserved = min(stands.reserved, money.amount)
        change = Totals(reserved=-reserved, committed=reserved - money.amount)
        return self._entry(subject, EntryKind.RELEASED, money, change)

    def _entry(self, subject: Subject, kind: EntryKind, money: Money, change: Totals) -> Entry:
        return Entry(self.code, subject, kind, money, change)

    def _check(self, money: Money) -> None:
        if money.currency != self.currency:
            raise CurrenciesDiffer(f"the line {self.code} is in {self.currency}")
        if money.amount <= 0:
            raise AmountNotPositive(f"{money.amount} {money.currency}")

    def _demand(self, money: Money, *, more: Decimal) -> None:
        """Refuse to bind more than is free (INV-15)."""
        self._check(money)
        free = self.remaining + self.tolerance
        if more > free:
            raise BudgetExceeded(
                f"the line {self.code} has {free} {self.currency} left", available=self._json(free)
            )

    def _take(self, money: Money, stands: Decimal) -> None:
        self._check(money)
        if money.amount > stands:
            raise LedgerExceeded(
                f"{stands} {self.currency} stand there", available=self._json(stands)
            )

    def _json(self, amount: Decimal) -> dict[str, str]:
        return {"amount": f"{amount:f}", "currency": self.currency}


def totals(entries: Iterable[Entry]) -> Totals:
    """Return the sum of entries: of a line, of a subject, or of both."""
    return sum((entry.change for entry in entries), Totals())


@dataclass(frozen=True, slots=True)
class Booking:
    """An entry as it is written: `allotted` and `released` say what else changes by it.

    `spent_on` is the day the cost arose; `reference` names a paper; `by` is who booked it.
    """

    id: UUID
    kind: EntryKind
    amount: Decimal
    by: str
    change: Totals = Totals()
    allotted: Decimal = Decimal(0)
    subject: Subject | None = None
    spent_on: date | None = None
    reference: str | None = None

    @property
    def released(self) -> Decimal:
        """What became free again."""
        return self.amount if self.kind is EntryKind.RELEASED else Decimal(0)


@dataclass(frozen=True, slots=True)
class BookedEntry:
    """A booking with the line it changed; entries never change, so that they have one version."""

    id: UUID
    version: int
    audience: frozenset[str]
    programme: str
    line: str
    currency: str
    at: datetime
    booking: Booking


def must_be_within(day: date, days: tuple[date | None, date | None], today: date) -> None:
    """Raise OutsideProgramme unless `day` is past and lies in the programme, open if unknown."""
    first, last = days[0], min(days[1] or today, today)
    if day > last or (first and day < first):
        raise OutsideProgramme(f"{day} is not between {first or 'unknown'} and {last}")
