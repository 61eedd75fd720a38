"""Answers about claims and payments; persons appear under their ids alone."""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from kit.reply import etag
from kit.wire import Amount, Answer, Instant, MoneyOut
from participants.domain import claim as claims
from participants.domain import settlement as payments
from participants.domain import settlement_job as jobs
from participants.domain.settlement import PaymentFile as Gathered


class ClaimItem(Answer):
    """One amount; the last four are null until it was checked."""

    number: int
    day: date
    kind: claims.ItemKind
    declared: Amount
    certified: Amount | None
    deducted: Amount | None
    parked: Amount | None
    reason: claims.ReasonCode | None

    @classmethod
    def of(cls, item: claims.ClaimItem) -> Self:
        """Return the wire form."""
        return cls(
            number=item.number,
            day=item.day,
            kind=item.kind,
            declared=item.declared,
            certified=item.certified,
            deducted=item.deducted,
            parked=item.parked,
            reason=item.reason,
        )


class Claim(Answer):
    """A claim: `certified + deducted + parked` is `declared` once it is checked.

    One that `resolves` another decides what that one's check had parked. `reopened_for` and
    `reopened_by` tell of the last time that its decision was taken back.
    """

    id: UUID
    etag: str
    trip_id: UUID
    person_id: UUID
    programme_code: str
    budget_line_code: str | None
    revision: int
    state: claims.ClaimState
    currency: str
    declared: Amount
    certified: Amount | None
    deducted: Amount | None
    parked: Amount | None
    declared_by: str
    checked_by: str | None
    override: claims.OverrideReason | None
    resolves: UUID | None
    reopened_by: str | None
    reopened_for: claims.ReopenReason | None
    synthetic: bool
    items: Sequence[ClaimItem]

    @classmethod
    def of(cls, claim: claims.Claim) -> Self:
        """Return the wire form."""
        names = set(cls.model_fields) - {"etag", "items"}
        plain = {name: getattr(claim, name) for name in names}
        items = [ClaimItem.of(item) for item in claim.items]
        return cls(etag=etag(claim.version), items=items, **plain)


class Advance(Answer):
    """Money given before a trip; `cleared` of it is accounted for.

    `due_on` is the last day on which the traveller accounts for it, null where no rule says so
    (Poland: 14 days after the return). It is `overdue` on the day of this answer or not.
    `returned_on` is when what was not spent of it was given back.
    """

    id: UUID
    etag: str
    trip_id: UUID
    person_id: UUID
    state: payments.AdvanceState
    amount: MoneyOut
    cleared: Amount
    asked_by: str
    approved_by: str | None
    paid_on: date | None
    returned_on: date | None
    due_on: date | None
    overdue: bool

    @classmethod
    def of(cls, advance: payments.Advance, today: date) -> Self:
        """Return the wire form on a day."""
        return cls(
            id=advance.id,
            etag=etag(advance.version),
            trip_id=advance.trip_id,
            person_id=advance.person_id,
            state=advance.state,
            amount=MoneyOut.of(advance.amount),
            cleared=advance.cleared,
            asked_by=advance.asked_by,
            approved_by=advance.approved_by,
            paid_on=advance.paid_on,
            returned_on=advance.returned_on,
            due_on=advance.due_on,
            overdue=advance.overdue(today),
        )


class Settlement(Answer):
    """What a claim comes to: `certified + to_return = advanced + payable`."""

    id: UUID
    etag: str
    claim_id: UUID
    trip_id: UUID
    person_id: UUID
    programme_code: str
    budget_line_code: str | None
    payer: str
    state: payments.SettlementState
    currency: str
    certified: Amount
    advanced: Amount
    payable: Amount
    to_return: Amount
    authorised_by: str
    override: claims.OverrideReason | None
    payment_file_id: UUID | None
    paid_on: date | None
    in_cash: bool

    @classmethod
    def of(cls, settlement: payments.Settlement) -> Self:
        """Return the wire form."""
        names = set(cls.model_fields) - {"etag"}
        plain = {name: getattr(settlement, name) for name in names}
        return cls(etag=etag(settlement.version), **plain)


class PaymentFile(Answer):
    """Settlements paid together; the XML is fetched at `/document`.

    `payments` and `total` are those of what is in it: less once the bank did not carry some out.
    """

    id: UUID
    etag: str
    payer: str
    payer_name: str
    currency: str
    payments: int
    total: Amount
    executes_on: date
    made_by: str
    made_at: Instant
    paid_on: date | None

    @classmethod
    def of(cls, file: Gathered) -> Self:
        """Return the wire form."""
        names = set(cls.model_fields) - {"etag"}
        return cls(etag=etag(file.version), **{name: getattr(file, name) for name in names})


class LeftOut(Answer):
    """A claim that a job did not settle; `code` is that of the refusal."""

    claim_id: UUID
    code: str
    detail: str


class SettlementJob(Answer):
    """How far a job is that settles the certified claims of a programme."""

    id: UUID
    etag: str
    programme_code: str
    payer: str
    override: claims.OverrideReason | None
    state: jobs.JobState
    settled: int
    left_out: int
    claims_left_out: Sequence[LeftOut]
    asked_by: str
    asked_at: Instant
    ended_at: Instant | None

    @classmethod
    def of(cls, job: jobs.SettlementJob, refused: Sequence[jobs.LeftOut]) -> Self:
        """Return the wire form with the first claims left out."""
        names = set(cls.model_fields) - {"etag", "claims_left_out"}
        shown = [LeftOut(claim_id=r.claim_id, code=r.code, detail=r.detail) for r in refused]
        plain = {name: getattr(job, name) for name in names}
        return cls(etag=etag(job.version), claims_left_out=shown, **plain)
