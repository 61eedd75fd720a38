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


class NoSuchCertificate(DomainError):
    """No certificate has this id, or the caller may not know of it."""

    kind = Kind.NOT_FOUND
    code = "training.no_such_certificate"
    title = "There is no such certificate"
    advice = "Check the id; list the certificates of an event at /v1/events/{id}/certificates."


class NotAttended(DomainError):
    """Only who attended by the rule of the event gets a certificate."""

    kind = Kind.CONFLICT
    code = "training.not_attended"
    title = "A certificate needs attendance"
    advice = "Record attendance first; partial attendance and no-show are not certified."


class CertificateExists(DomainError):
    """One valid certificate per nomination."""

    kind = Kind.CONFLICT
    code = "training.certificate_exists"
    title = "This attendance is already certified"
    advice = "Use the existing certificate, or revoke it first."


class CertificateRevoked(DomainError):
    """A revoked certificate is never valid again and is not printed."""

    kind = Kind.CONFLICT
    code = "training.certificate_revoked"
    title = "The certificate is revoked"
    advice = "Issue a new certificate if the attendance stands."


class NameNotPrintable(DomainError):
    """The name has letters that the fonts of the document do not have."""

    kind = Kind.INVALID
    code = "training.name_not_printable"
    title = "The name cannot be printed"
    advice = "Write it in Latin, Greek, Cyrillic, Armenian or Georgian letters."
