"""The explained per diem, as it is answered; the bytes come from the stored calculation."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kit.wire import Amount, Answer, Instant, MoneyOut
from participants.domain.per_diem import LineKind


class Words(Answer):
    """One sentence in Polish and in English."""

    pl: str
    en: str


class Rule(Answer):
    """A rule and the place in the law or document where it stands."""

    id: str
    reference: str


class Deduction(Answer):
    """What was taken off a line, at which share of the full rate."""

    what: str
    percent: int
    amount: Amount
    rule: Rule


class Line(Answer):
    """One amount: base times factor less deductions, rounded half up to the minor unit."""

    kind: LineKind
    number: int
    begins_at: datetime | None
    ends_at: datetime | None
    on: date | None
    base: Amount
    factor: Annotated[str, Field(pattern=r"^\d+/\d+$", examples=["1/2"])]
    deductions: list[Deduction]
    amount: MoneyOut
    rules: list[Rule]
    text: Words


class AppliedRate(Answer):
    """A rate the result rests on, with its source and how well it is attested."""

    rate_set: str
    country: str
    place: str | None
    currency: str
    allowance: Amount
    lodging_limit: Amount | None
    valid_from: date
    source: str
    confidence: str


class PerDiem(Answer):
    """Lines, one total for each currency, the rates used, and what had to be assumed."""

    ruleset: str
    version: str
    lines: list[Line]
    totals: list[MoneyOut]
    rates: list[AppliedRate]
    assumptions: list[Words]


class TripPerDiem(Answer):
    """One revision of a trip's per diem; a revision never changes."""

    trip_id: UUID
    revision: int
    made_at: Instant
    per_diem: PerDiem
