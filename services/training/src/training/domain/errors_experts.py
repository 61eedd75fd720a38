"""Refusals about experts: who teaches or interprets, when, and who pays."""

from kit.errors import DomainError, Kind


class NoSuchAssignment(DomainError):
    """No assignment of an expert has this id, or the caller may not know of it."""

    kind = Kind.NOT_FOUND
    code = "training.no_such_assignment"
    title = "There is no such assignment of an expert"
    advice = "Check the id; list the assignments you may see at /api/v1/expert-assignments."


class AssignmentInvalid(DomainError):
    """An assignment about nothing, of nobody, or whose days contradict one another."""

    kind = Kind.INVALID
    code = "training.assignment_invalid"
    title = "The assignment contradicts itself"
    advice = "Correct what `detail` names."


class AssignmentOutsideEvent(DomainError):
    """An expert is at an event on its days (INV-21)."""

    kind = Kind.CONFLICT
    code = "training.assignment_outside_event"
    title = "The expert's days are not days of the event"
    advice = "Compare `first_on` and `last_on` with the dates of the event, or leave them out."


class AssignmentExists(DomainError):
    """An expert has a role at an event, or for an action, once."""

    kind = Kind.CONFLICT
    code = "training.assignment_exists"
    title = "This expert has this role there already"
    advice = "Change the days of the existing assignment, or withdraw it first."


class ExpertDoubleBooked(DomainError):
    """The expert is busy elsewhere on these days: teaching, or as a participant (INV-24)."""

    kind = Kind.CONFLICT
    code = "training.expert_double_booked"
    title = "The expert is booked elsewhere on these days"
    advice = "Choose other days than `events` and `actions` have, or send `overlap_reason`."


class AssignmentStepNotAllowed(DomainError):
    """What was withdrawn, or ended with its event, stays so."""

    kind = Kind.CONFLICT
    code = "training.assignment_step_not_allowed"
    title = "The assignment is over"
    advice = "Assign the expert anew."
