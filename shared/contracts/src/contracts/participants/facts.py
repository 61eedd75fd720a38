"""What the participants service tells: who is known, who travels, what it costs.

Persons appear as opaque ids and codes of organisations; no fact carries personal data. Amounts are
decimal strings of whole minor units with their ISO 4217 currency.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, PlainSerializer

from kit.facts import Fact

Amount = Annotated[Decimal, PlainSerializer(lambda value: format(value, "f"), return_type=str)]


class Money(BaseModel):
    """An amount with its currency."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    amount: Amount
    currency: str


class PersonRegistered(Fact):
    """A person is known under a pseudonym; `origin` is registration or seat."""

    type: ClassVar[str] = "participants.person_registered.v1"
    entity: ClassVar[str] = "person"

    person_id: UUID
    public_ref: str
    role: str
    organisation: str
    country: str
    unit_code: str | None
    origin: str
    synthetic: bool


class PersonAmended(Fact):
    """Something about a person was written. `what` names the kind, never a value."""

    type: ClassVar[str] = "participants.person_amended.v1"
    entity: ClassVar[str] = "person"

    person_id: UUID
    public_ref: str
    what: str


class PersonErased(Fact):
    """Who a person is was destroyed; the pseudonym and the accounts stay.

    It is told of each of their records: the one that stands, and those that were merged into it.
    """

    type: ClassVar[str] = "participants.person_erased.v1"
    entity: ClassVar[str] = "person"

    person_id: UUID
    public_ref: str


class PersonMerged(Fact):
    """Two records were one person: what was about `person_id` is about `into` from now on.

    The trips and accounts that went along, and `into`, are told again as they stand.
    """

    type: ClassVar[str] = "participants.person_merged.v1"
    entity: ClassVar[str] = "person"

    person_id: UUID
    into: UUID


class PersonMergeUndone(Fact):
    """Two records were two people after all: `person_id` stands for itself again, not for `was`.

    The trips and accounts that went back, and `was`, are told again as they stand.
    Records that were merged into `person_id` before are told as merged once more afterwards.
    """

    type: ClassVar[str] = "participants.person_merge_undone.v1"
    entity: ClassVar[str] = "person"

    person_id: UUID
    was: UUID


class ClaimCertified(Fact):
    """A claim was checked: `amount` is what may be spent of its budget line, and no more.

    `state` is certified, part_certified or rejected; `amount` is zero for the last. `parked` is
    what is not decided yet: a later claim that `resolves` this one decides it, with an amount of
    its own, in addition to this one's. Null was told before these two existed.
    """

    type: ClassVar[str] = "participants.claim_certified.v1"
    entity: ClassVar[str] = "claim"

    claim_id: UUID
    trip_id: UUID
    programme_code: str
    budget_line_code: str | None
    revision: int
    state: str
    amount: Money
    synthetic: bool
    parked: Money | None = None
    resolves: UUID | None = None


class ClaimMoved(Fact):
    """A claim was drafted, submitted, withdrawn, taken to check or paid.

    ClaimCertified tells its check.
    """

    type: ClassVar[str] = "participants.claim_moved.v1"
    entity: ClassVar[str] = "claim"

    claim_id: UUID
    trip_id: UUID
    programme_code: str
    revision: int
    state: str
    resolves: UUID | None


class ClaimReopened(Fact):
    """The decision about a claim that is not paid was taken back; it will be checked again.

    What its last ClaimCertified said holds no more. `reason` and `override` are codes.
    """

    type: ClassVar[str] = "participants.claim_reopened.v1"
    entity: ClassVar[str] = "claim"

    claim_id: UUID
    trip_id: UUID
    programme_code: str
    revision: int
    reason: str
    override: str | None
    resolves: UUID | None


class AdvanceMoved(Fact):
    """Money before a trip was asked for, approved, paid out, refused or accounted for.

    `cleared` of it is counted in a settlement or was given back.
    """

    type: ClassVar[str] = "participants.advance_moved.v1"
    entity: ClassVar[str] = "advance"

    advance_id: UUID
    trip_id: UUID
    state: str
    amount: Money
    cleared: Money


class SettlementMoved(Fact):
    """What a certified claim comes to was authorised (settled) or put in a payment file.

    It is `withdrawn` where the claim was reopened, `settled` again where a bank did not pay it.
    `payable` is what is still owed once the advance is counted. SettlementPaid tells the end.
    """

    type: ClassVar[str] = "participants.settlement_moved.v1"
    entity: ClassVar[str] = "settlement"

    settlement_id: UUID
    claim_id: UUID
    trip_id: UUID
    programme_code: str
    budget_line_code: str | None
    state: str
    amount: Money
    payable: Money


class SettlementJobMoved(Fact):
    """A job that settles the certified claims of a programme is queued, done or failed."""

    type: ClassVar[str] = "participants.settlement_job_moved.v1"
    entity: ClassVar[str] = "settlement_job"

    job_id: UUID
    programme_code: str
    state: str
    settled: int
    left_out: int


class PaymentFileMade(Fact):
    """Settlements of one payer and currency were gathered to be paid.

    Told again with what is left in the file where a bank did not carry some of them out.
    """

    type: ClassVar[str] = "participants.payment_file_made.v1"
    entity: ClassVar[str] = "payment_file"

    payment_file_id: UUID
    payer: str
    payments: int
    total: Money


class SettlementPaid(Fact):
    """A certified claim is paid: `amount` was spent, `advanced` of it before the trip."""

    type: ClassVar[str] = "participants.settlement_paid.v1"
    entity: ClassVar[str] = "settlement"

    settlement_id: UUID
    claim_id: UUID
    trip_id: UUID
    programme_code: str
    budget_line_code: str | None
    amount: Money
    advanced: Money
    paid_on: date


class TripOpened(Fact):
    """A person will travel; days are civil days at the destination, null while unknown."""

    type: ClassVar[str] = "participants.trip_opened.v1"
    entity: ClassVar[str] = "trip"

    trip_id: UUID
    nomination_id: UUID | None
    event_id: UUID | None
    participant_id: UUID
    programme_code: str
    organisation: str
    country: str
    destination_country: str | None
    starts_on: date | None
    ends_on: date | None
    synthetic: bool


class TripWaits(Fact):
    """A trip has no estimate yet. `state` is needs_facts, needs_ruleset, needs_rate, overlapping.

    `reason` is a stable code; the sentence for officers is read with the trip.
    """

    type: ClassVar[str] = "participants.trip_waits.v1"
    entity: ClassVar[str] = "trip"

    trip_id: UUID
    programme_code: str
    state: str
    reason: str


class PerDiemEstimated(Fact):
    """A trip's per diem was computed, and its funds are asked for.

    A higher `revision` replaces what an earlier one asked for. `budget_line_code` is null where
    neither the event nor the programme names a line.
    """

    type: ClassVar[str] = "participants.per_diem_estimated.v1"
    entity: ClassVar[str] = "trip"

    trip_id: UUID
    nomination_id: UUID | None
    programme_code: str
    budget_line_code: str | None
    amount: Money
    ruleset: str
    revision: int
    synthetic: bool


class TripFunded(Fact):
    """The funds of a trip's latest estimate are committed."""

    type: ClassVar[str] = "participants.trip_funded.v1"
    entity: ClassVar[str] = "trip"

    trip_id: UUID
    programme_code: str
    budget_line_code: str | None
    revision: int
    amount: Money


class TripNeedsFunds(Fact):
    """The budget line could not give a trip's funds; `available` is what it could give."""

    type: ClassVar[str] = "participants.trip_needs_funds.v1"
    entity: ClassVar[str] = "trip"

    trip_id: UUID
    programme_code: str
    budget_line_code: str | None
    revision: int
    reason: str
    available: Money | None


class TripMoved(Fact):
    """After a trip: its costs were claimed, returned, verified or settled (`state`).

    Also told, in whatever state, of a trip that went to another record of its person.
    """

    type: ClassVar[str] = "participants.trip_moved.v1"
    entity: ClassVar[str] = "trip"

    trip_id: UUID
    programme_code: str
    state: str


class TripCancelled(Fact):
    """A trip will not take place; what was committed for it is free again."""

    type: ClassVar[str] = "participants.trip_cancelled.v1"
    entity: ClassVar[str] = "trip"

    trip_id: UUID
    programme_code: str
    budget_line_code: str | None
    reason: str


class RateSetRegistered(Fact):
    """A set of per-diem rates is on record; once published it never changes."""

    type: ClassVar[str] = "participants.rate_set_registered.v1"
    entity: ClassVar[str] = "rate_set"

    code: str
    scheme: str
    status: str
    effective_from: date | None
    checksum: str


FACTS: Final[tuple[type[Fact], ...]] = (
    PersonRegistered,
    PersonAmended,
    PersonErased,
    PersonMerged,
    PersonMergeUndone,
    ClaimCertified,
    ClaimMoved,
    ClaimReopened,
    AdvanceMoved,
    SettlementMoved,
    SettlementJobMoved,
    SettlementPaid,
    PaymentFileMade,
    TripOpened,
    TripWaits,
    PerDiemEstimated,
    TripFunded,
    TripNeedsFunds,
    TripMoved,
    TripCancelled,
    RateSetRegistered,
)
"""Every fact the participants service tells."""
