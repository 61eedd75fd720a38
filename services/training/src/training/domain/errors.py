"""Every refusal of the training service: its kind, its stable code, and what the caller can do."""

from kit.errors import DomainError, Kind


class NoSuchEvent(DomainError):
    """No training event has this id, or the caller may not know of it."""

    kind = Kind.NOT_FOUND
    code = "training.no_such_event"
    title = "There is no such training event"
    advice = "Check the id; list the events you may see at /api/v1/events."


class NoSuchSeries(DomainError):
    """No event series has this id, or the caller may not know of it."""

    kind = Kind.NOT_FOUND
    code = "training.no_such_series"
    title = "There is no such event series"
    advice = "Check the id; list the series you may see at /api/v1/event-series."


class NoSuchNomination(DomainError):
    """No nomination has this id, or the caller may not know of it."""

    kind = Kind.NOT_FOUND
    code = "training.no_such_nomination"
    title = "There is no such nomination"
    advice = "Check the id; you see the nominations of your own organisation."


class UnknownProgramme(DomainError):
    """The programme is not known here (yet), or the caller may not know of it."""

    kind = Kind.CONFLICT
    code = "training.unknown_programme"
    title = "The programme is not known to the training service"
    advice = "Check the programme code; a programme made just now is known within seconds."


class ProgrammeNotRunning(DomainError):
    """Nobody is nominated while the programme is suspended or after it was closed or cancelled."""

    kind = Kind.CONFLICT
    code = "training.programme_not_running"
    title = "The programme takes no nominations now"
    advice = "Nominate again when the programme runs; its status is in `programme_status`."


class ReferenceTaken(DomainError):
    """References name one thing for ever, so a second thing needs another one."""

    kind = Kind.CONFLICT
    code = "training.reference_taken"
    title = "This reference already names something else"
    advice = "Choose another reference, or read what the existing one names."


class EventOutsideProgramme(DomainError):
    """An event takes place while its programme runs (INV-20)."""

    kind = Kind.CONFLICT
    code = "training.event_outside_programme"
    title = "The event does not take place within the dates of the programme"
    advice = "Compare `dates` with `programme_from` and `programme_to`, both included."


class EventFull(DomainError):
    """Every seat is taken (INV-22)."""

    kind = Kind.CONFLICT
    code = "training.event_full"
    title = "Every seat of this training event is taken"
    advice = "Accept the nomination instead: it joins the waiting list and moves up by itself."


class NoSeatsOffered(DomainError):
    """The capacity is not known, so there is no seat to give."""

    kind = Kind.CONFLICT
    code = "training.no_seats_offered"
    title = "This training event offers no seats"
    advice = "Only events with a stated capacity take nominations."


class EventNotReady(DomainError):
    """Something must be known before the event may take this step."""

    kind = Kind.CONFLICT
    code = "training.event_not_ready"
    title = "Something is still missing for this step"
    advice = "Complete what `missing` lists, then ask for the step again."


class EventNotProven(DomainError):
    """An event is reported only on evidence: attendance, or a head-count report."""

    kind = Kind.CONFLICT
    code = "training.event_not_proven"
    title = "There is no evidence that the event took place"
    advice = "Record attendance or file a head-count report first."


class EventNotYet(DomainError):
    """Nobody can tell of days to come that they were held, or what they proved."""

    kind = Kind.CONFLICT
    code = "training.event_not_yet"
    title = "The days of the training event are still to come"
    advice = "Wait until the day in `possible_from`, in the zone in `zone`, or correct the dates."


class EventStepNotAllowed(DomainError):
    """The state machine of training events has no such step."""

    kind = Kind.CONFLICT
    code = "training.event_step_not_allowed"
    title = "The training event cannot take this step"
    advice = "Take one of the steps listed in `allowed`."


class EventSettled(DomainError):
    """What people were told, travel on, or were measured by does not change under them."""

    kind = Kind.CONFLICT
    code = "training.event_settled"
    title = "This part of the event is settled"
    advice = "Postpone the event to change `members` before it begins; afterwards they stay."


class CapacityBelowTaken(DomainError):
    """More seats are taken, or set aside, than there would be (INV-22)."""

    kind = Kind.CONFLICT
    code = "training.capacity_below_taken"
    title = "More seats are given away than there would be"
    advice = "Keep at least `taken` seats and what the quotas set aside, or free some first."


class NominationsClosed(DomainError):
    """The event does not take this step of a nomination in its present state."""

    kind = Kind.CONFLICT
    code = "training.nominations_closed"
    title = "The training event does not take this step of a nomination now"
    advice = "See the state of the event in `event_status`."


class NominationExists(DomainError):
    """One active nomination per person and event (INV-23)."""

    kind = Kind.CONFLICT
    code = "training.nomination_exists"
    title = "This participant is already nominated for this event"
    advice = "Use the existing nomination, or withdraw it first."


class NotEndorsed(DomainError):
    """The host decides only on what the nominating organisation has endorsed."""

    kind = Kind.CONFLICT
    code = "training.not_endorsed"
    title = "The nomination is not endorsed"
    advice = "The nominating organisation must endorse it first."


class AlreadyDecided(DomainError):
    """The host has already decided on this nomination."""

    kind = Kind.CONFLICT
    code = "training.already_decided"
    title = "This nomination is already decided"
    advice = "Read the nomination: its status tells the decision."


class NominationStepNotAllowed(DomainError):
    """The state machine of nominations has no such step."""

    kind = Kind.CONFLICT
    code = "training.nomination_step_not_allowed"
    title = "The nomination cannot take this step"
    advice = "Read the nomination: its status tells what is possible."


class NotYourNomination(DomainError):
    """Only the organisation that nominates can stand behind a nomination."""

    kind = Kind.FORBIDDEN
    code = "training.not_your_nomination"
    title = "Only the nominating organisation may do this"
    advice = "Ask the organisation named in `organisation`."


class NotConfirmed(DomainError):
    """Attendance belongs to confirmed nominations only (INV-26)."""

    kind = Kind.CONFLICT
    code = "training.not_nominated"
    title = "Attendance is recorded for confirmed nominations only"
    advice = (
        "Confirm the seat first. Recorded attendance is put right with a `reason`, or at sessions."
    )


class AttendanceInvalid(DomainError):
    """A day outside the event, a day twice, or more minutes than a day has."""

    kind = Kind.INVALID
    code = "training.attendance_invalid"
    title = "These attendance days cannot be right"
    advice = "Send each day of the event at most once, with 0 to 1440 minutes."


class MandatoryMinutesUnknown(DomainError):
    """Without mandatory minutes nobody can say who attended."""

    kind = Kind.CONFLICT
    code = "training.mandatory_minutes_unknown"
    title = "The event states no mandatory minutes"
    advice = "File a head-count report instead."


class ReasonRequired(DomainError):
    """Who cancels says why."""

    kind = Kind.INVALID
    code = "training.reason_required"
    title = "A reason is required"
    advice = "Send `reason` with a short text free of personal data."


class DatesInvalid(DomainError):
    """A fuzzy date that contradicts itself (INV-21)."""

    kind = Kind.INVALID
    code = "training.dates_invalid"
    title = "The dates contradict themselves"
    advice = "Send both ends in order, or precision `unknown` with neither."


class PlanInvalid(DomainError):
    """A plan whose parts contradict one another."""

    kind = Kind.INVALID
    code = "training.plan_invalid"
    title = "The plan of the event contradicts itself"
    advice = "Correct what `detail` names."


class CountInconsistent(DomainError):
    """More places than events, or more units than persons (INV-32)."""

    kind = Kind.INVALID
    code = "training.count_inconsistent"
    title = "The counts contradict one another"
    advice = "There are never more places than events nor more units than persons."


class NoSuchReport(DomainError):
    """No head-count report has this id, or the caller may not know of it."""

    kind = Kind.NOT_FOUND
    code = "training.no_such_report"
    title = "There is no such head-count report"
    advice = "Check the id; list the reports you may see at /api/v1/headcount-reports."


class SubjectRequired(DomainError):
    """A head count is of one event or of one series."""

    kind = Kind.INVALID
    code = "training.report_subject"
    title = "A head-count report is about one event or one series"
    advice = "Send exactly one of `event_id` and `series_id`."


class SessionInvalid(DomainError):
    """A session whose times or minutes contradict one another (INV-21)."""

    kind = Kind.INVALID
    code = "training.session_invalid"
    title = "The session contradicts itself"
    advice = "Send both ends in order, and no more minutes than lie between them."


class SessionOutsideEvent(DomainError):
    """A session lies within its event (INV-21)."""

    kind = Kind.CONFLICT
    code = "training.session_outside_event"
    title = "The session is not on the days of the event"
    advice = "Compare the times with the dates of the event, in the zone in `zone`."


class SessionNumberTaken(DomainError):
    """Each session of an event has a number of its own."""

    kind = Kind.CONFLICT
    code = "training.session_number_taken"
    title = "The event already has a session of this number"
    advice = "List the sessions of the event and take a number that is free."


class NoSuchSession(DomainError):
    """No session of the event has this number."""

    kind = Kind.NOT_FOUND
    code = "training.no_such_session"
    title = "There is no such session"
    advice = "List the sessions of the event at /api/v1/events/{event_id}/sessions."


class SessionAttended(DomainError):
    """Who is on record at a session was measured by it as it is."""

    kind = Kind.CONFLICT
    code = "training.session_attended"
    title = "Somebody is on record at this session"
    advice = "Keep its times and send no more minutes; it may still be shorter or not mandatory."


class EventOver(DomainError):
    """What attendance was measured by does not change afterwards."""

    kind = Kind.CONFLICT
    code = "training.event_over"
    title = "The event is over or was called off"
    advice = "See the state of the event in `event_status`: what it was measured by stays."


class NoSuchPresence(DomainError):
    """No record of presence has this number, or the caller may not know of it."""

    kind = Kind.NOT_FOUND
    code = "training.no_such_presence"
    title = "There is no such record of presence"
    advice = "List the records of the event at /api/v1/events/{event_id}/attendance."


class AttendanceRefused(DomainError):
    """A record of presence that cannot be accepted; `reason` is one of a closed list."""

    kind = Kind.CONFLICT
    code = "training.attendance_refused"
    title = "The record of presence is refused"
    advice = "See `reason`; its meaning is listed at /api/v1/codelists/attendance-refusals."
