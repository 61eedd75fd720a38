"""A synthetic individual level for NO-COMP: invented records that add up to published figures.

The source counts 22 trainings in 21 places, 89 field offices and 495 officers, and names none of
them. Nothing made here is a record of anything that happened: towns are real, but which of them
saw a training, when, and who came, comes from a seeded generator. Everything carries
`synthetic`. Participants are numbered 1 to 495 and known by ids that the participants service
derives by the same rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from training.domain.attendance import DayPresence
from training.domain.event_kind import EventKind
from training.domain.fuzzy_date import on_days
from training.domain.nomination import Candidate
from training.domain.training_event import EventPlan, Place, PlacePrecision, Travel

PROGRAMME: Final = "NO-COMP"
OFFICERS: Final = 495
UNITS: Final = 89
TRAININGS: Final = 22
NAMESPACE: Final = UUID("5c2b7f0e-8f0a-5b7c-9a59-3f6f0d1f5a11")
_SEED: Final = 495
_ZONE: Final = "Europe/Warsaw"
_FIRST_DAY: Final = date(2016, 2, 2)
_EVERY: Final = timedelta(days=14)
_CAPACITY: Final = 24
_DAY_MINUTES: Final = 360
_TOWNS: Final = {
    "Białystok": "PL-20",
    "Braniewo": "PL-28",
    "Chełm": "PL-06",
    "Gdańsk": "PL-22",
    "Gołdap": "PL-28",
    "Hrubieszów": "PL-06",
    "Kętrzyn": "PL-28",
    "Koszalin": "PL-32",
    "Krosno Odrzańskie": "PL-08",
    "Kuźnica": "PL-20",
    "Lubań": "PL-02",
    "Medyka": "PL-18",
    "Nowy Sącz": "PL-12",
    "Przemyśl": "PL-18",
    "Racibórz": "PL-24",
    "Sejny": "PL-20",
    "Szczecin": "PL-32",
    "Świnoujście": "PL-32",
    "Terespol": "PL-06",
    "Ustka": "PL-22",
    "Warszawa": "PL-14",
}
"""Towns with their voivodeships (ISO 3166-2)."""


@dataclass(frozen=True, slots=True)
class SyntheticTraining:
    """One training: its plan, who is nominated, and when each was present."""

    plan: EventPlan
    candidates: tuple[Candidate, ...]
    presence: dict[UUID, tuple[DayPresence, ...]]


def participant_id(number: int) -> UUID:
    """Return the id of officer `number` (1 to 495), the same in every service."""
    return uuid5(NAMESPACE, f"entente:synthetic:no-comp:officer:{number}")


def unit_code(number: int) -> str:
    """Return the field office of officer `number`; 495 officers cover all 89."""
    return f"SYN-FO-{(number - 1) % UNITS + 1:02d}"


def trainings(series_id: UUID | None = None) -> list[SyntheticTraining]:
    """Return the 22 trainings; the same at every call."""
    chance = Random(_SEED)  # noqa: S311 (spreads invented records; hides nothing)
    officers = list(range(1, OFFICERS + 1))
    chance.shuffle(officers)
    towns = [*_TOWNS, "Warszawa"]
    chance.shuffle(towns)
    return [
        _training(index, town, officers[index::TRAININGS], chance, series_id)
        for index, town in enumerate(towns)
    ]


def _training(
    index: int, town: str, officers: Sequence[int], chance: Random, series_id: UUID | None
) -> SyntheticTraining:
    plan = _plan(index, town, chance, series_id)
    days = [_FIRST_DAY + index * _EVERY, _FIRST_DAY + index * _EVERY + timedelta(days=1)]
    candidates = tuple(Candidate(participant_id(n), unit_code(n)) for n in sorted(officers))
    presence = {each.participant_id: _presence(days, chance) for each in candidates}
    return SyntheticTraining(plan, candidates, presence)


def _plan(index: int, town: str, chance: Random, series_id: UUID | None) -> EventPlan:
    first = _FIRST_DAY + index * _EVERY
    last = first + timedelta(days=1)
    leaves = time(6 + chance.randrange(4), 0)
    returns = time(17 + chance.randrange(4), 30)
    zone = ZoneInfo(_ZONE)
    return EventPlan(
        reference=f"SYN-NO-COMP-{index + 1:02d}",
        programme_code=PROGRAMME,
        kind=EventKind.TRAINING,
        title=f"Synthetic training {index + 1}: identification of victims of trafficking",
        dates=on_days(first, last),
        zone=_ZONE,
        place=Place(town, "PL", None, PlacePrecision.CITY, _TOWNS[town]),
        topic="trafficking-in-human-beings",
        capacity=_CAPACITY,
        host="PL-BGHQ",
        series_id=series_id,
        travel=Travel(datetime.combine(first, leaves, zone), datetime.combine(last, returns, zone)),
        mandatory_minutes=2 * _DAY_MINUTES,
        note="Synthetic: made by a generator so that computed figures can be compared.",
        synthetic=True,
    )


def _presence(days: Sequence[date], chance: Random) -> tuple[DayPresence, ...]:
    """Nearly everybody stays to the end, a few leave early, nobody stays away."""
    missed = chance.choices([0, 90, 240], weights=[90, 7, 3])[0]
    return (DayPresence(days[0], _DAY_MINUTES), DayPresence(days[1], _DAY_MINUTES - missed))
