"""Refusals about calendars, certificates, questionnaires and test scores."""

from kit.errors import DomainError, Kind


class NoSuchProgramme(DomainError):
    """No programme has this code, or the caller may not know of it."""

    kind = Kind.NOT_FOUND
    code = "training.no_such_programme"
    title = "There is no such programme"
    advice = "Check the code; list the programmes you may see at /api/v1/programmes."


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
    advice = "Check the id; list the certificates of an event at /api/v1/events/{id}/certificates."


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


class AttendanceCertified(DomainError):
    """Attendance that a valid certificate states is not taken back behind it."""

    kind = Kind.CONFLICT
    code = "training.attendance_certified"
    title = "Valid certificates state the attendance that this takes back"
    advice = "Revoke those in `certificates` first, at /api/v1/certificates/{id}/revocation."


class NameNotPrintable(DomainError):
    """The name has letters that the fonts of the document do not have."""

    kind = Kind.INVALID
    code = "training.name_not_printable"
    title = "The name cannot be printed"
    advice = "Write it in Latin, Greek, Cyrillic, Armenian or Georgian letters."


class PersonalDataInText(DomainError):
    """A free text seems to hold an e-mail address, a phone, a passport number or a PESEL."""

    kind = Kind.INVALID
    code = "training.pii_in_free_text"
    title = "Free text must not hold personal data"
    advice = "Say it without naming or numbering anybody; `found` tells what was seen."


class NoSuchQuestionnaire(DomainError):
    """No questionnaire has this id, or the caller may not know of it."""

    kind = Kind.NOT_FOUND
    code = "training.no_such_questionnaire"
    title = "There is no such questionnaire"
    advice = "Check the id; list those of an event at /api/v1/events/{id}/questionnaires."


class QuestionnaireInvalid(DomainError):
    """Questions that contradict themselves."""

    kind = Kind.INVALID
    code = "training.questionnaire_invalid"
    title = "The questions contradict themselves"
    advice = "Correct what `detail` names."


class QuestionnaireClosed(DomainError):
    """A closed questionnaire takes no answers and stays closed."""

    kind = Kind.CONFLICT
    code = "training.questionnaire_closed"
    title = "The questionnaire is closed"
    advice = "Nothing more is answered here; where another was asked instead, use its token."


class TokenNotValid(DomainError):
    """The token was never given out, was replaced, or has been used: nobody can tell which."""

    kind = Kind.CONFLICT
    code = "training.token_not_valid"
    title = "This token opens no questionnaire"
    advice = "If you have answered already, your answer counts. Otherwise ask for a new token."


class AnswersInvalid(DomainError):
    """An answer that its question does not allow, or a question without one."""

    kind = Kind.INVALID
    code = "training.answers_invalid"
    title = "The answers do not fit the questions"
    advice = "Answer every scale and choice as its question says; `question` names the first."


class ScoreExists(DomainError):
    """One score per participant before the event, and one after it."""

    kind = Kind.CONFLICT
    code = "training.test_score_exists"
    title = "This test score is already recorded"
    advice = "Send `reason` to put a recorded score right; otherwise nothing is recorded twice."


class ScoreInvalid(DomainError):
    """More points than the test has, or a test without points."""

    kind = Kind.INVALID
    code = "training.test_score_invalid"
    title = "The test score cannot be right"
    advice = "Send points between 0 and `out_of`."


class ScoreTooLate(DomainError):
    """Scores are recorded while the event takes place and until it is reported."""

    kind = Kind.CONFLICT
    code = "training.test_score_not_now"
    title = "The training event takes no test scores now"
    advice = "See the state of the event in `event_status`."
