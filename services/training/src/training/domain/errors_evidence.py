"""Refusals about calendars, certificates, questionnaires and test scores."""

from kit.errors import DomainError, Kind


class NoSuchProgramme(DomainError):
    """No programme has this code, or the caller may not know of it."""

    kind = Kind.NOT_FOUND
    code = "training.no_such_programme"
    title = "There is no such programme"
    advice = "Check the code; list the programmes you may see at /v1/programmes."


class EventWithoutDays(DomainError):
    """The dates are not known closely enough for a calendar to show them."""

    kind = Kind.CONFLICT
    code = "training.event_without_days"
    title = "The days of this training event are not known"
    advice = "Read the event: `dates` says what is known. A calendar needs days, or a month."
