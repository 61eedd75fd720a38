"""Refusals about quotas, eligibility, overlapping events and replacement."""

from kit.errors import DomainError, Kind


class QuotaFull(DomainError):
    """Every seat set aside for this country, organisation, unit or role is taken (INV-22)."""

    kind = Kind.CONFLICT
    code = "training.quota_full"
    title = "The quota is exhausted"
    advice = "Accept the nomination instead: it waits until a seat of its quota is free."


class QuotasInvalid(DomainError):
    """Quotas that name a key twice, or set aside more seats than there are."""

    kind = Kind.INVALID
    code = "training.quotas_invalid"
    title = "The quotas cannot be right"
    advice = "Name each key once; the seats of a dimension add up to the capacity at most."


class QuotaBelowTaken(DomainError):
    """More seats are taken already than the quota would allow."""

    kind = Kind.CONFLICT
    code = "training.quota_below_taken"
    title = "More seats are taken than the new quotas allow"
    advice = "Raise the quota in `key`, or free seats first."


class ParticipationSuspended(DomainError):
    """The country does not take part in the programme on the day of the event (INV-04)."""

    kind = Kind.CONFLICT
    code = "training.participation_suspended"
    title = "The country's participation is suspended"
    advice = "The decision that applies is in `decision`."


class ParticipationScope(DomainError):
    """The country takes part again, but not in what this event is about (INV-04)."""

    kind = Kind.CONFLICT
    code = "training.participation_scope"
    title = "The country's participation does not extend to this event"
    advice = "The decision that applies, and its scope, are in `decision`."


class ParticipantErased(DomainError):
    """Who the participant is was erased: the id stands for nobody."""

    kind = Kind.CONFLICT
    code = "training.participant_erased"
    title = "The participant was erased"
    advice = "Register the person anew and use the new id, if they are to take part again."


class EventsOverlap(DomainError):
    """The participant is nominated for another event elsewhere at that time (INV-24)."""

    kind = Kind.CONFLICT
    code = "training.overlap"
    title = "The participant is nominated elsewhere at that time"
    advice = "Send `overlap_reason` if both are meant, free of personal data."
