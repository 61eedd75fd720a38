"""Which refusal a violated constraint stands for, so that a lost race reads like the rule."""

from typing import Final

from kit.errors import DomainError
from training.domain.errors import (
    AttendanceInvalid,
    DatesInvalid,
    EventFull,
    NominationExists,
    NotConfirmed,
    PlanInvalid,
    ReferenceTaken,
    SessionInvalid,
    SessionNumberTaken,
    SubjectRequired,
    UnknownProgramme,
)
from training.domain.errors_evidence import CertificateExists, ScoreExists, ScoreInvalid
from training.domain.errors_experts import AssignmentExists, AssignmentInvalid
from training.domain.errors_seats import QuotaFull

CONSTRAINTS: Final[dict[str, type[DomainError]]] = {
    "seats_within_capacity": EventFull,
    "seats_within_quota": QuotaFull,
    "session_times_ordered": SessionInvalid,
    "session_times_whole": SessionInvalid,
    "minutes_of_a_session": SessionInvalid,
    "presence_minutes_of_a_day": AttendanceInvalid,
    "presence_times_ordered": AttendanceInvalid,
    "certificate_exists": CertificateExists,
    "test_score_exists": ScoreExists,
    "points_within_test": ScoreInvalid,
    "nomination_exists": NominationExists,
    "attendance_recorded_once": NotConfirmed,
    "assignment_reference_taken": ReferenceTaken,
    "expert_assigned_once": AssignmentExists,
    "expert_assigned_to_action_once": AssignmentExists,
    "assignment_has_one_subject": AssignmentInvalid,
    "assignment_names_someone": AssignmentInvalid,
    "assignment_dates_ordered": AssignmentInvalid,
    "assignment_days_positive": AssignmentInvalid,
    "minutes_of_a_day": AttendanceInvalid,
    "event_reference_taken": ReferenceTaken,
    "series_reference_taken": ReferenceTaken,
    "report_reference_taken": ReferenceTaken,
    "session_number_taken": SessionNumberTaken,
    "event_dates_ordered": DatesInvalid,
    "series_dates_ordered": DatesInvalid,
    "event_travel_ordered": PlanInvalid,
    "report_has_one_subject": SubjectRequired,
    "training_event_programme_code_fkey": UnknownProgramme,
    "event_series_programme_code_fkey": UnknownProgramme,
}
