"""The explained per diem, as it is answered; the bytes come from the stored calculation."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kit.wire import Amount, Answer, Instant, MoneyOut
from participants.api.wire import CountryRate
from participants.domain.explained import LineKind
from participants.domain.trip import TripState


class Words(Answer):
    """One sentence in Polish and in English."""

    pl: str
    en: str


class Rule(Answer):
    """A rule and the place in the law or document where it stands, in English and in Polish.

    Calculations made by earlier editions of a ruleset have no `reference_pl`.
    """

    id: str
    reference: str
    reference_pl: str


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
    country: str | None


class AppliedRate(CountryRate):
    """A rate the result rests on, the set it stands in, and its further numbers by name."""

    rate_set: str
    parts: list[tuple[str, Amount]]


class Choice(Answer):
    """A choice of the programme that applied."""

    name: str
    value: str | None


class PerDiem(Answer):
    """Lines, one total for each currency, the rates used, and what had to be assumed.

    `choices` of the programme applied; `remarks` tell of weakly attested rates. Calculations made
    by the first edition of a ruleset have neither, nor `country` and `parts`.
    """

    ruleset: str
    version: str
    lines: list[Line]
    totals: list[MoneyOut]
    rates: list[AppliedRate]
    assumptions: list[Words]
    choices: list[Choice]
    remarks: list[Words]


class TripPerDiem(Answer):
    """One revision of a trip's per diem; what a revision computed never changes.

    `current` is false for a revision that a later one replaced, and while the trip waits for facts,
    rules, a rate or another trip to end: what it comes to now is not computed, `reason` of the trip
    says why.
    """

    trip_id: UUID
    revision: int
    made_at: Instant
    current: bool
    trip_state: TripState
    per_diem: PerDiem
