"""What the participants service refuses, each with a stable code."""

from kit.errors import DomainError, Kind


class NoSuchPerson(DomainError):
    """The person does not exist, or the caller may not see them: both answers are the same."""

    kind = Kind.NOT_FOUND
    code = "participants.no_such_person"
    title = "There is no such person"
    advice = "Compare the id with the list of persons; you see those of your own organisation."


class NoSuchTrip(DomainError):
    """The trip does not exist, or the caller may not see it: both answers are the same."""

    kind = Kind.NOT_FOUND
    code = "participants.no_such_trip"
    title = "There is no such trip"
    advice = "Compare the id with the list of trips; you see those of your own organisation."


class NoEstimate(DomainError):
    """The trip has no calculation yet; its state says what it waits for."""

    kind = Kind.NOT_FOUND
    code = "participants.no_estimate"
    title = "The trip has no per-diem calculation yet"
    advice = "Read the trip: `state` and `reason` say what it waits for."


class NoSuchRateSet(DomainError):
    """No rate set has this code."""

    kind = Kind.NOT_FOUND
    code = "participants.no_such_rate_set"
    title = "There is no such rate set"
    advice = "Compare the code with the list of rate sets."


class NoSuchRuleset(DomainError):
    """The named per-diem rules are not among those that can be computed."""

    kind = Kind.INVALID
    code = "participants.no_such_ruleset"
    title = "There is no such ruleset"
    advice = "Use one of the rulesets named in `detail`."


class TripFactsRefused(DomainError):
    """The facts of a trip contradict one another or the ruleset; every violation is listed."""

    kind = Kind.INVALID
    code = "participants.trip_facts_refused"
    title = "The per diem cannot be computed from these facts"
    advice = "Correct every field listed in `errors` and send the request again."


class TripCannotMove(DomainError):
    """The trip is in a state from which this step is not allowed."""

    kind = Kind.CONFLICT
    code = "participants.trip_cannot_move"
    title = "The trip cannot take this step in its present state"
    advice = "Read the trip; `state` of this problem is the state it is in."


class TripOverlaps(DomainError):
    """The same person already travels at that time on another trip."""

    kind = Kind.CONFLICT
    code = "participants.trip_overlaps"
    title = "The person already has a trip at that time"
    advice = "Cancel the other trip first, or choose other times."


class TripExists(DomainError):
    """A trip was already opened for this nomination."""

    kind = Kind.CONFLICT
    code = "participants.trip_exists"
    title = "The nomination already has a trip"
    advice = "Use the trip that exists."


class TripEndsBeforeItStarts(DomainError):
    """The return is not after the departure."""

    kind = Kind.INVALID
    code = "participants.trip_ends_before_it_starts"
    title = "The trip ends before it starts"
    advice = "Send a return that is later than the departure."


class PersonExists(DomainError):
    """The id or the public reference is taken by another person."""

    kind = Kind.CONFLICT
    code = "participants.person_exists"
    title = "The person is already registered"
    advice = "Use the person that exists."


class PersonInvalid(DomainError):
    """The role is not one a registered person can have."""

    kind = Kind.INVALID
    code = "participants.person_invalid"
    title = "The person cannot be registered like this"
    advice = "Correct the fields listed in `errors`."


class VictimDataForbidden(DomainError):
    """Victims are never recorded as persons (INV-40): only counts exist, at programme level."""

    kind = Kind.INVALID
    code = "participants.victim_data_forbidden"
    title = "Victims are not recorded in Entente"
    advice = "Do not send data about victims; programmes hold aggregate counts only."


class RateSetImmutable(DomainError):
    """A published rate set never changes (INV-37): a correction is a new version."""

    kind = Kind.CONFLICT
    code = "participants.rate_set_immutable"
    title = "A published rate set cannot be changed"
    advice = "Publish the correction under a new code."


class IdentityInvalid(DomainError):
    """What is said of a person contradicts a rule; every violation is listed, no value."""

    kind = Kind.INVALID
    code = "participants.identity_invalid"
    title = "The personal data cannot be kept like this"
    advice = "Correct every field listed in `errors` and send the request again."


class PersonClosed(DomainError):
    """The record was erased or merged into another one; nothing can be added to it."""

    kind = Kind.CONFLICT
    code = "participants.person_closed"
    title = "The record of the person is closed"
    advice = "Use the record named in `merged_into`, if there is one."


class NotKept(DomainError):
    """Nothing of this kind, or under this id, is kept of the person."""

    kind = Kind.NOT_FOUND
    code = "participants.not_kept"
    title = "This is not kept of the person"
    advice = "Read what is kept: the identity with its documents and account, the affiliations."


class AffiliationOverlaps(DomainError):
    """The person serves somewhere else on some of these days."""

    kind = Kind.CONFLICT
    code = "participants.affiliation_overlaps"
    title = "The person serves somewhere else at that time"
    advice = "Begin on the day another ends or later; correct or withdraw one that is wrong."


class AffiliationEndsBeforeItStarts(DomainError):
    """The last day of an affiliation is before its first."""

    kind = Kind.INVALID
    code = "participants.affiliation_ends_before_it_starts"
    title = "The affiliation ends before it starts"
    advice = "Send a `valid_to` that is later than `valid_from`."


class ErasureBlocked(DomainError):
    """The person cannot be erased: a legal hold, money not settled yet, or a trip ahead."""

    kind = Kind.CONFLICT
    code = "participants.erasure_blocked"
    title = "The person cannot be erased now"
    advice = (
        "Lift the legal hold, settle and pay what is open, or release the seat or cancel the trip "
        "that is not over; `reason` says which."
    )


class NoSuchCertificate(DomainError):
    """No erasure has this certificate, or the caller may not see it."""

    kind = Kind.NOT_FOUND
    code = "participants.no_such_certificate"
    title = "There is no such erasure certificate"
    advice = "Compare the id with the answer of the erasure."


class NoSuchProposal(DomainError):
    """No possible duplicate has this id, or the caller may not see it."""

    kind = Kind.NOT_FOUND
    code = "participants.no_such_proposal"
    title = "There is no such possible duplicate"
    advice = "Compare the id with the list of possible duplicates."


class ProposalDecided(DomainError):
    """Somebody has decided about this possible duplicate."""

    kind = Kind.CONFLICT
    code = "participants.proposal_decided"
    title = "The possible duplicate is decided already"
    advice = "Read the pair again: undo a merge, or reopen the decision that they are two people."


class NotHeldApart(DomainError):
    """Nobody decided that the two records are two people, so there is nothing to reopen."""

    kind = Kind.CONFLICT
    code = "participants.not_held_apart"
    title = "The two records are not held apart"
    advice = "Decide about a pair that is proposed; undo a merge."


class NoSuchClaim(DomainError):
    """The claim does not exist, or the caller may not see it: both answers are the same."""

    kind = Kind.NOT_FOUND
    code = "participants.no_such_claim"
    title = "There is no such claim"
    advice = "Compare the id with the list of claims; you see those of your own organisation."


class NoSuchAdvance(DomainError):
    """The advance does not exist, or the caller may not see it."""

    kind = Kind.NOT_FOUND
    code = "participants.no_such_advance"
    title = "There is no such advance"
    advice = "Compare the id with the answer by which the advance was asked for."


class NoSuchSettlement(DomainError):
    """The settlement does not exist, or the caller may not see it."""

    kind = Kind.NOT_FOUND
    code = "participants.no_such_settlement"
    title = "There is no such settlement"
    advice = "Compare the id with the list of settlements, with the `claim_id` of the claim."


class NoSuchPaymentFile(DomainError):
    """The payment file does not exist, or the caller may not see it."""

    kind = Kind.NOT_FOUND
    code = "participants.no_such_payment_file"
    title = "There is no such payment file"
    advice = "Compare the id with the answer by which the file was made."


class ClaimInvalid(DomainError):
    """The amounts or days of a claim, or of its check, break a rule; every violation is listed."""

    kind = Kind.INVALID
    code = "participants.claim_invalid"
    title = "The claim cannot be accepted like this"
    advice = "Correct every field listed in `errors` and send the request again."


class ClaimCannotMove(DomainError):
    """The claim or its trip is in a state from which this step is not allowed."""

    kind = Kind.CONFLICT
    code = "participants.claim_cannot_move"
    title = "This step is not possible in the present state"
    advice = "Read the claim and its trip; `state` is the state that stands in the way."


class ClaimExists(DomainError):
    """The trip has a claim that was neither rejected nor withdrawn."""

    kind = Kind.CONFLICT
    code = "participants.claim_exists"
    title = "The trip already has a claim"
    advice = "Use the claim that exists, or withdraw it if it is a draft."


class ParkedResolved(DomainError):
    """What the check of this claim had parked is decided already."""

    kind = Kind.CONFLICT
    code = "participants.parked_resolved"
    title = "What was parked is decided already"
    advice = "Read the claims of the trip: one of them names this claim in `resolves`."


class DayAlreadyPaid(DomainError):
    """The same person has an allowance for one of these days with another claim (INV-39)."""

    kind = Kind.CONFLICT
    code = "participants.day_already_paid"
    title = "A day of the claim has an allowance already"
    advice = "Leave out the days that another claim of the same person covers."


class FourEyes(DomainError):
    """One person would take two steps that take two people."""

    kind = Kind.CONFLICT
    code = "participants.four_eyes"
    title = "Somebody else has to take this step"
    advice = (
        "Ask a colleague; where there is none and where the operation takes `override`, send that "
        "with the reason."
    )


class AdvanceExists(DomainError):
    """The trip has an advance."""

    kind = Kind.CONFLICT
    code = "participants.advance_exists"
    title = "The trip already has an advance"
    advice = "Use the advance that exists."


class PaymentCannotMove(DomainError):
    """The advance, settlement or claim is in a state from which this step is not allowed."""

    kind = Kind.CONFLICT
    code = "participants.payment_cannot_move"
    title = "This step of the payment is not possible now"
    advice = "Read `detail`, then the record; `state` is the state it is in."


class SettlementExists(DomainError):
    """The claim is settled."""

    kind = Kind.CONFLICT
    code = "participants.settlement_exists"
    title = "The claim is settled already"
    advice = "Use the settlement that exists: list settlements with this `claim_id`."


class NoSuchSettlementJob(DomainError):
    """The job does not exist, or the caller may not see it: both answers are the same."""

    kind = Kind.NOT_FOUND
    code = "participants.no_such_settlement_job"
    title = "There is no such settlement job"
    advice = "Compare the id with the answer by which the job was asked for."


class NothingToPay(DomainError):
    """No settlement of this payer and currency waits for its payment with an account known."""

    kind = Kind.CONFLICT
    code = "participants.nothing_to_pay"
    title = "There is nothing to pay"
    advice = "Settle claims first, and keep the accounts of those who are paid."


class MergeStands(DomainError):
    """A merge is undone only while both records are as it left them."""

    kind = Kind.CONFLICT
    code = "participants.merge_stands"
    title = "The merge cannot be undone"
    advice = "See `reason`: not_merged, merged_again (undo the later merge first) or erased."


class MergeInvalid(DomainError):
    """The record that stays is not one of the two."""

    kind = Kind.INVALID
    code = "participants.merge_invalid"
    title = "The merge does not say which record stays"
    advice = "Send `survivor`: the id of one of the two records of the proposal."
