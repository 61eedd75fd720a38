"""Every table of the service in one metadata: what revisions are compared with."""

from training.storage.tables import metadata
from training.storage.tables_attendance import (
    attendance_correction,
    event_session,
    expert_assignment,
    session_presence,
)
from training.storage.tables_calendar import calendar_subscription
from training.storage.tables_evaluation import (
    evaluation_answer,
    evaluation_ticket,
    questionnaire,
    test_score,
)
from training.storage.tables_evidence import certificate
from training.storage.tables_jobs import job
from training.storage.tables_reach import (
    person_alias,
    reach_cell,
    reach_event,
    reach_person,
    reach_seen,
)
from training.storage.tables_seats import erased_participant, participation, seat_quota

__all__ = [
    "attendance_correction",
    "calendar_subscription",
    "certificate",
    "erased_participant",
    "evaluation_answer",
    "evaluation_ticket",
    "event_session",
    "expert_assignment",
    "job",
    "metadata",
    "participation",
    "person_alias",
    "questionnaire",
    "reach_cell",
    "reach_event",
    "reach_person",
    "reach_seen",
    "seat_quota",
    "session_presence",
    "test_score",
]
