"""The facts this service tells, made from its records."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from contracts.participants import facts
from kit.money import Money
from participants.domain.claim import Claim
from participants.domain.person import Person
from participants.domain.rates import RateSet
from participants.domain.settlement import Advance, PaymentFile, Settlement
from participants.domain.settlement_job import SettlementJob
from participants.domain.trip import Trip


def _money(amount: Money) -> facts.Money:
    return facts.Money(amount=amount.amount, currency=amount.currency)


def _amount(amount: Decimal | None, currency: str) -> facts.Money:
    return _money(Money.rounded(amount or Decimal(0), currency))


def _paid_by(trip: Trip) -> dict[str, Any]:
    return {
        "trip_id": trip.id,
        "programme_code": trip.programme_code,
        "budget_line_code": trip.budget_line_code,
    }


def person_registered(person: Person) -> facts.PersonRegistered:
    """Say that a person is known."""
    return facts.PersonRegistered(
        person_id=person.id,
        public_ref=person.public_ref,
        role=person.role.value,
        organisation=person.organisation,
        country=person.country,
        unit_code=person.unit_code,
        origin=person.origin.value,
        synthetic=person.synthetic,
    )


def person_amended(person: Person, what: str) -> facts.PersonAmended:
    """Say that something about a person was written; what it says stays here."""
    return facts.PersonAmended(person_id=person.id, public_ref=person.public_ref, what=what)


def person_erased(person: Person) -> facts.PersonErased:
    """Say that nobody knows any more who a person is."""
    return facts.PersonErased(person_id=person.id, public_ref=person.public_ref)


def person_merged(person: Person, into: UUID) -> facts.PersonMerged:
    """Say that a record was another person's, which stays."""
    return facts.PersonMerged(person_id=person.id, into=into)


def person_merge_undone(person: Person, was: UUID) -> facts.PersonMergeUndone:
    """Say that a record was another person after all."""
    return facts.PersonMergeUndone(person_id=person.id, was=was)


def trip_opened(trip: Trip) -> facts.TripOpened:
    """Say that a person will travel."""
    return facts.TripOpened(
        trip_id=trip.id,
        nomination_id=trip.nomination_id,
        event_id=trip.event_id,
        participant_id=trip.person_id,
        programme_code=trip.programme_code,
        organisation=trip.organisation,
        country=trip.country,
        destination_country=trip.journey.country,
        starts_on=trip.journey.first_day,
        ends_on=trip.journey.last_day,
        synthetic=trip.synthetic,
    )


def trip_waits(trip: Trip) -> facts.TripWaits:
    """Say what a trip without an estimate waits for."""
    return facts.TripWaits(
        trip_id=trip.id,
        programme_code=trip.programme_code,
        state=trip.state.value,
        reason=_reason(trip),
    )


def per_diem_estimated(trip: Trip, amount: Money) -> facts.PerDiemEstimated:
    """Ask for the funds of a trip's newest calculation."""
    return facts.PerDiemEstimated(
        **_paid_by(trip),
        nomination_id=trip.nomination_id,
        amount=_money(amount),
        ruleset=trip.ruleset or "",
        revision=trip.revision,
        synthetic=trip.synthetic,
    )


def trip_funded(trip: Trip, amount: Money) -> facts.TripFunded:
    """Say that a trip's funds are committed."""
    return facts.TripFunded(
        **_paid_by(trip),
        revision=trip.revision,
        amount=_money(amount),
    )


def trip_needs_funds(trip: Trip) -> facts.TripNeedsFunds:
    """Say that a trip's budget line could not give the funds."""
    return facts.TripNeedsFunds(
        **_paid_by(trip),
        revision=trip.revision,
        reason=_reason(trip),
        available=None if trip.available is None else _money(trip.available),
    )


def trip_moved(trip: Trip) -> facts.TripMoved:
    """Say where a trip stands after it took place."""
    return facts.TripMoved(
        trip_id=trip.id, programme_code=trip.programme_code, state=trip.state.value
    )


def trip_cancelled(trip: Trip) -> facts.TripCancelled:
    """Say that a trip will not take place."""
    return facts.TripCancelled(
        **_paid_by(trip),
        reason=_reason(trip),
    )


def rate_set_registered(edition: RateSet, digest: str) -> facts.RateSetRegistered:
    """Say that a set of rates is on record."""
    return facts.RateSetRegistered(
        code=edition.code,
        scheme=edition.scheme,
        status=edition.status.value,
        effective_from=edition.effective_from,
        checksum=digest,
    )


def _reason(trip: Trip) -> str:
    return "" if trip.reason is None else trip.reason.code


def claim_certified(claim: Claim) -> facts.ClaimCertified:
    """Say what of a checked claim may be spent."""
    return facts.ClaimCertified(
        claim_id=claim.id,
        trip_id=claim.trip_id,
        programme_code=claim.programme_code,
        budget_line_code=claim.budget_line_code,
        revision=claim.revision,
        state=claim.state.value,
        amount=_amount(claim.certified, claim.currency),
        synthetic=claim.synthetic,
        parked=_amount(claim.parked, claim.currency),
        resolves=claim.resolves,
    )


def claim_moved(claim: Claim) -> facts.ClaimMoved:
    """Say that a claim was drafted, submitted, withdrawn, taken to check or paid."""
    return facts.ClaimMoved(
        claim_id=claim.id,
        trip_id=claim.trip_id,
        programme_code=claim.programme_code,
        revision=claim.revision,
        state=claim.state.value,
        resolves=claim.resolves,
    )


def claim_reopened(claim: Claim) -> facts.ClaimReopened:
    """Say that the decision about a claim was taken back."""
    return facts.ClaimReopened(
        claim_id=claim.id,
        trip_id=claim.trip_id,
        programme_code=claim.programme_code,
        revision=claim.revision,
        reason="" if claim.reopened_for is None else claim.reopened_for.value,
        override=None if claim.override is None else claim.override.value,
        resolves=claim.resolves,
    )


def advance_moved(advance: Advance) -> facts.AdvanceMoved:
    """Say where money given before a trip stands."""
    return facts.AdvanceMoved(
        advance_id=advance.id,
        trip_id=advance.trip_id,
        state=advance.state.value,
        amount=_money(advance.amount),
        cleared=_amount(advance.cleared, advance.amount.currency),
    )


def settlement_moved(settlement: Settlement) -> facts.SettlementMoved:
    """Say that a settlement was authorised, put in a payment file or taken out of it."""
    return facts.SettlementMoved(
        settlement_id=settlement.id,
        claim_id=settlement.claim_id,
        trip_id=settlement.trip_id,
        programme_code=settlement.programme_code,
        budget_line_code=settlement.budget_line_code,
        state=settlement.state.value,
        amount=_amount(settlement.certified, settlement.currency),
        payable=_amount(settlement.payable, settlement.currency),
    )


def settlement_job_moved(job: SettlementJob) -> facts.SettlementJobMoved:
    """Say that a job is queued or done."""
    return facts.SettlementJobMoved(
        job_id=job.id,
        programme_code=job.programme_code,
        state=job.state.value,
        settled=job.settled,
        left_out=job.left_out,
    )


def payment_file_made(file: PaymentFile) -> facts.PaymentFileMade:
    """Say which settlements are gathered to be paid."""
    return facts.PaymentFileMade(
        payment_file_id=file.id,
        payer=file.payer,
        payments=file.payments,
        total=_amount(file.total, file.currency),
    )


def settlement_paid(settlement: Settlement, on: date) -> facts.SettlementPaid:
    """Say that a certified claim is paid, so that its spending can be booked."""
    currency = settlement.currency
    return facts.SettlementPaid(
        settlement_id=settlement.id,
        claim_id=settlement.claim_id,
        trip_id=settlement.trip_id,
        programme_code=settlement.programme_code,
        budget_line_code=settlement.budget_line_code,
        amount=facts.Money(amount=settlement.certified, currency=currency),
        advanced=facts.Money(amount=settlement.advanced, currency=currency),
        paid_on=on,
    )
