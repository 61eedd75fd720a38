"""What a training event can be."""

from enum import StrEnum
from typing import Final


class EventKind(StrEnum):
    """The kinds of training events that the programmes know."""

    STUDY_VISIT = "study_visit"
    STUDY_TOUR = "study_tour"
    EXCHANGE = "exchange"
    WORKSHOP = "workshop"
    TRAINING = "training"
    ADVANCED_TRAINING = "advanced_training"
    ON_THE_SPOT_TRAINING = "on_the_spot_training"
    OPERATIONAL_MEETING = "operational_meeting"
    INCEPTION_VISIT = "inception_visit"
    SEMINAR = "seminar"
    CONFERENCE = "conference"
    PROMOTIONAL_EVENT = "promotional_event"
    CAMPAIGN = "campaign"
    LECTURE = "lecture"
    SCREENING = "screening"
    STEERING_COMMITTEE = "steering_committee"
    E_LEARNING_SESSION = "e_learning_session"


LABELS: Final[dict[EventKind, tuple[str, str]]] = {
    EventKind.STUDY_VISIT: ("study visit", "wizyta studyjna"),
    EventKind.STUDY_TOUR: ("study tour", "wyjazd studyjny"),
    EventKind.EXCHANGE: ("exchange", "wymiana"),
    EventKind.WORKSHOP: ("workshop", "warsztaty"),
    EventKind.TRAINING: ("training", "szkolenie"),
    EventKind.ADVANCED_TRAINING: ("advanced training", "szkolenie zaawansowane"),
    EventKind.ON_THE_SPOT_TRAINING: ("on-the-spot training", "szkolenie na miejscu"),
    EventKind.OPERATIONAL_MEETING: ("operational meeting", "spotkanie operacyjne"),
    EventKind.INCEPTION_VISIT: ("inception visit", "wizyta wstępna"),
    EventKind.SEMINAR: ("seminar", "seminarium"),
    EventKind.CONFERENCE: ("conference", "konferencja"),
    EventKind.PROMOTIONAL_EVENT: ("promotional event", "wydarzenie promocyjne"),
    EventKind.CAMPAIGN: ("campaign", "kampania"),
    EventKind.LECTURE: ("lecture", "wykład"),
    EventKind.SCREENING: ("film screening", "pokaz filmu"),
    EventKind.STEERING_COMMITTEE: ("steering committee", "komitet sterujący"),
    EventKind.E_LEARNING_SESSION: ("e-learning session", "sesja e-learningowa"),
}
"""The English and the Polish name of each kind."""
