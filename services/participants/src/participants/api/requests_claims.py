"""Bodies of requests about claims and payments, and the domain values they stand for."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from kit.errors import InvalidInput
from kit.wire import CLEAN, WHOLE, Amount, Code, Currency, Day, MoneyIn, Ref, Request
from participants.api.requests_people import AccountNumber, BankCode
from participants.commands.settlements import Payer
from participants.domain.claim import ClaimItem, Decision, ItemKind, OverrideReason, ReasonCode
from participants.domain.identity import account_violations
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


class NewClaim(Request):
    """What a trip cost, in one currency."""

    trip_id: Ref
    currency: Currency
    items: Annotated[tuple[ItemIn, ...], Field(min_length=1, max_length=_MOST)]

    def claimed(self) -> list[ClaimItem]:
        """Return the items, numbered from one."""
        return [
            ClaimItem(number=number, day=item.day, kind=item.kind, declared=item.amount)
            for number, item in enumerate(self.items, start=1)
        ]


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


class NewAdvance(Request):
    """Money asked for before a trip."""

    trip_id: Ref
    amount: MoneyIn


class NewSettlement(Request):
    """Which claim is settled, and which organisation pays it."""

    claim_id: Ref
    payer: Code
    override: OverrideReason | None = None


class Paid(Request):
    """The day on which money moved."""

    paid_on: ClaimDay


class PayerIn(Request):
    """The organisation that pays and its account."""

    code: Code
    name: Annotated[str, StringConstraints(min_length=1, max_length=70), CLEAN]
    iban: AccountNumber
    bic: BankCode | None = None


class NewPaymentFile(Request):
    """Whose settlements are gathered, in which currency, and when the bank carries them out."""

    payer: PayerIn
    currency: Currency
    executes_on: ClaimDay

    def paying(self) -> Payer:
        """Return the payer; raises InvalidInput where the account number cannot be right."""
        iban = normal_number(self.payer.iban)
        bic = None if self.payer.bic is None else self.payer.bic.upper()
        found = list(account_violations(iban, bic, "/payer"))
        if found:
            raise InvalidInput("the account of the payer cannot be right", errors=found)
        return Payer(code=self.payer.code, name=self.payer.name, iban=iban, bic=bic)
