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
    advice = "Read the trip; `facts.state` of this problem is the state it is in."


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
