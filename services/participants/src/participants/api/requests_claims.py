"""Bodies of requests about claims and payments, and the domain values they stand for."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

from kit.personal import impersonal
from kit.wire import CLEAN, WHOLE, Amount, Code, Currency, Day, Flag, MoneyIn, Ref, Request
from participants.api.requests_people import AccountNumber, BankCode
from participants.commands.claims import Asked as AskedFor
from participants.commands.payment_files import Payer
from participants.domain.claim import (
    ClaimItem,
    Decision,
    ItemKind,
    OverrideReason,
    ReasonCode,
    ReopenReason,
)
from participants.domain.spelling import normal_number

_FIRST: Final = date(1990, 1, 1)
_LAST: Final = date(2100, 12, 31)
_MOST: Final = 500
ClaimDay = Annotated[Day, Field(ge=_FIRST, le=_LAST)]
Asked = Annotated[Amount, Field(ge=0, lt=10**12)]


class ItemIn(Request):
    """One amount that is asked, for one day."""

    day: ClaimDay
    kind: ItemKind
    amount: Asked


class ClaimedItems(Request):
    """What a trip cost, in the currency in which its money is committed.

    Without `items`, what its per diem was computed at, day by day.
    """

    currency: Currency | None = None
    items: Annotated[tuple[ItemIn, ...], Field(min_length=1, max_length=_MOST)] | None = None

    def asked(self) -> AskedFor:
        """Return the items, numbered from one, or None for what was computed."""
        if self.items is None:
            return AskedFor(items=None, currency=self.currency)
        items = [
            ClaimItem(number=number, day=item.day, kind=item.kind, declared=item.amount)
            for number, item in enumerate(self.items, start=1)
        ]
        return AskedFor(items=items, currency=self.currency)


class NewClaim(ClaimedItems):
    """A claim for a trip; a `draft` binds nobody until it is submitted."""

    trip_id: Ref
    draft: Flag = False


class Taking(Request):
    """Why one person may do what takes two; leave out otherwise."""

    override: OverrideReason | None = None


class DecidedItem(Request):
    """What becomes of one item; the three amounts add up to what was declared."""

    number: Annotated[int, Field(ge=1, le=_MOST), WHOLE]
    certified: Asked
    deducted: Asked = Decimal("0.00")
    parked: Asked = Decimal("0.00")
    reason: ReasonCode | None = None


class ClaimDecision(Request):
    """What becomes of each item of a claim."""

    items: Annotated[tuple[DecidedItem, ...], Field(min_length=1, max_length=_MOST)]

    def decisions(self) -> list[Decision]:
        """Return the domain values."""
        return [Decision(**dict(item)) for item in self.items]


class Resolution(ClaimDecision):
    """What becomes of each amount that a check had parked; every item needs a reason."""

    override: OverrideReason | None = None


class Reopening(Request):
    """Why the decision about a claim is taken back."""

    reason: ReopenReason
    override: OverrideReason | None = None


class NewAdvance(Request):
    """Money asked for before a trip."""

    trip_id: Ref
    amount: MoneyIn


class NewSettlement(Request):
    """Which claim is settled, and which organisation pays it."""

    claim_id: Ref
    payer: Code
    override: OverrideReason | None = None


class NewSettlementJob(Request):
    """Whose certified claims are settled, and which organisation pays them."""

    programme_code: Code
    payer: Code
    override: OverrideReason | None = None


class Paid(Request):
    """The day on which money moved."""

    paid_on: ClaimDay


class PaidSomehow(Paid):
    """The day on which money moved; `in_cash` where no payment file did it."""

    in_cash: Flag = False


class PayerIn(Request):
    """The organisation that pays and its account."""

    code: Code
    name: Annotated[
        str, StringConstraints(min_length=1, max_length=70), CLEAN, AfterValidator(impersonal)
    ]
    iban: AccountNumber
    bic: BankCode | None = None


class NewPaymentFile(Request):
    """Whose settlements are gathered, in which currency, and when the bank carries them out."""

    payer: PayerIn
    currency: Currency
    executes_on: ClaimDay

    def paying(self) -> Payer:
        """Return the payer, with the account number as it is kept."""
        bic = None if self.payer.bic is None else self.payer.bic.upper()
        iban = normal_number(self.payer.iban)
        return Payer(code=self.payer.code, name=self.payer.name, iban=iban, bic=bic)
