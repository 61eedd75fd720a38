"""Presence at sessions: what a scan, a signed list or an import says, and why it is refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from training.domain.errors import AttendanceRefused
from training.domain.nomination import OUTCOMES, NominationStatus
from training.domain.session import Session

_MINUTE_S: Final = 60
_DAY: Final = timedelta(days=1)
CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""How far ahead the clock of a scanner may be: while it is offline, nothing sets it right."""
PROVABLE: Final = OUTCOMES | {NominationStatus.CONFIRMED}
"""States of a nomination whose presence is recorded (INV-26)."""


class PresenceSource(StrEnum):
    """How it is known that somebody was there."""

    SCAN = "scan"
    LIST = "list"
    IMPORT = "import"
    WALK_IN = "walk_in"


class Refusal(StrEnum):
    """Every reason for which a record of presence is refused; the list is closed."""

    UNKNOWN_SESSION = "unknown_session"
    NOT_NOMINATED = "not_nominated"
    NOT_SEATED = "not_seated"
    NO_MINUTES = "no_minutes"
    LEFT_BEFORE_COMING = "left_before_coming"
    NOT_YET = "not_yet"
    OUTSIDE_SESSION = "outside_session"
    TOO_MANY_MINUTES = "too_many_minutes"
    MINUTES_AND_TIMES = "minutes_and_times"
    NOT_THERE = "not_there"
    OVERLAPPING_STAY = "overlapping_stay"
    NONCE_REUSED = "nonce_reused"
    ALREADY_CORRECTED = "already_corrected"
    EVENT_FULL = "event_full"
    PROGRAMME_CLOSED = "programme_closed"


REFUSALS: Final[dict[Refusal, tuple[str, str]]] = {
    Refusal.UNKNOWN_SESSION: ("no such session", "nie ma takiej sesji"),
    Refusal.NOT_NOMINATED: ("not nominated", "brak zgłoszenia"),
    Refusal.NOT_SEATED: ("seat not confirmed", "miejsce niepotwierdzone"),
    Refusal.NO_MINUTES: ("session without minutes", "sesja bez liczby minut"),
    Refusal.LEFT_BEFORE_COMING: ("left before coming", "wyjście przed wejściem"),
    Refusal.NOT_YET: ("lies in the future", "jeszcze nie nastąpiło"),
    Refusal.OUTSIDE_SESSION: ("outside the session", "poza czasem sesji"),
    Refusal.TOO_MANY_MINUTES: ("more minutes than the session", "więcej minut niż trwa sesja"),
    Refusal.MINUTES_AND_TIMES: ("minutes beside times", "minuty obok godzin"),
    Refusal.NOT_THERE: ("no stay to end", "brak rozpoczętej obecności"),
    Refusal.OVERLAPPING_STAY: ("overlapping stay", "nakładająca się obecność"),
    Refusal.NONCE_REUSED: ("nonce of another record", "identyfikator innego wpisu"),
    Refusal.ALREADY_CORRECTED: ("already corrected", "wpis już skorygowany"),
    Refusal.EVENT_FULL: ("no seat for a walk-in", "brak miejsca dla osoby niezgłoszonej"),
    Refusal.PROGRAMME_CLOSED: ("programme not running", "program nie jest prowadzony"),
}
"""The English and the Polish name of each reason."""


@dataclass(frozen=True, slots=True)
class Stay:
    """What is claimed: from when to when, or how many minutes. Instants in UTC.

    Coming alone is a scan at the door, leaving alone the scan that ends it. Minutes alone are a
    line of a signed list; a line that names nothing means the whole session.
    """

    came_at: datetime | None = None
    left_at: datetime | None = None
    minutes: int | None = None

    @property
    def only_leaves(self) -> bool:
        """Whether it ends a stay that began before."""
        return self.came_at is None and self.left_at is not None

    @property
    def is_open(self) -> bool:
        """Whether the person came and has not left."""
        return self.came_at is not None and self.left_at is None


@dataclass(frozen=True, slots=True)
class Claim:
    """One record that is sent in; the same `nonce` at the same session is the same record.

    `session` is the number of the session. `departed_from` is the place of departure that a
    signed list shows as evidence for travel.
    """

    session: int
    nonce: str
    source: PresenceSource
    stay: Stay
    departed_from: str | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """A record of presence; one that `corrects` another stands in its place."""

    id: int
    nomination_id: UUID
    session_id: UUID
    nonce: str
    stay: Stay
    minutes: int
    source: PresenceSource
    departed_from: str | None
    corrects: int | None
    reason: str | None
    recorded_at: datetime
    recorded_by: str


def effective(records: Iterable[Presence]) -> list[Presence]:
    """Return the records that no other record corrects."""
    records = list(records)
    corrected = {each.corrects for each in records}
    return [each for each in records if each.id not in corrected]


def refuse(reason: Refusal, detail: str) -> AttendanceRefused:
    """Return the refusal that names its reason."""
    return AttendanceRefused(detail, reason=reason.value)


def measured(stay: Stay, session: Session) -> int:
    """Return the minutes of a stay that count: those within the session, never more than it has.

    Raises AttendanceRefused where the stay cannot be.
    """
    whole = session.plan.counted_minutes
    if whole is None:
        raise refuse(Refusal.NO_MINUTES, "the session states neither times nor minutes")
    if stay.minutes is not None and (stay.came_at or stay.left_at):
        raise refuse(Refusal.MINUTES_AND_TIMES, "times say how many minutes it was")
    if stay.minutes is not None and stay.minutes > whole:
        raise refuse(Refusal.TOO_MANY_MINUTES, f"the session has {whole} minutes")
    _must_come_in_time(stay, session)
    if stay.came_at is None or stay.left_at is None:
        return _without_both_ends(stay, whole)
    _must_be_ordered(stay.came_at, stay.left_at)
    return min(whole, _inside(stay.came_at, stay.left_at, session))


def counted(stay: Stay, session: Session, begins_at: datetime | None, *, now: datetime) -> int:
    """Return the minutes of a stay that count and have passed `now`.

    Minutes without times have passed once so many can have, since the session began, or
    `begins_at` where it states no times. Raises AttendanceRefused.
    """
    times = [each for each in (stay.came_at, stay.left_at) if each is not None]
    for each in times:
        must_have_passed(each, now)
    minutes = measured(stay, session)
    begins_at = session.plan.starts_at or begins_at
    if not times and begins_at is not None:
        must_have_passed(begins_at + timedelta(minutes=minutes), now)
    return minutes


def must_have_passed(instant: datetime, now: datetime) -> None:
    """Raise AttendanceRefused for what nobody can know yet."""
    if instant > now + CLOCK_TOLERANCE:
        raise refuse(Refusal.NOT_YET, "the stay lies in the future")


def _without_both_ends(stay: Stay, whole: int) -> int:
    if stay.is_open:
        return 0
    return whole if stay.minutes is None else stay.minutes


def _must_come_in_time(stay: Stay, session: Session) -> None:
    """Refuse a coming after the end, or so long before that it is of another day."""
    starts_at, ends_at = session.plan.starts_at, session.plan.ends_at
    if stay.came_at is None:
        return
    late = ends_at is not None and stay.came_at > ends_at
    other_day = (starts_at or stay.left_at or stay.came_at) - stay.came_at > _DAY
    if late or other_day:
        raise refuse(Refusal.OUTSIDE_SESSION, "nobody comes to the session at that time")


def _must_be_ordered(came_at: datetime, left_at: datetime) -> None:
    if left_at < came_at:
        raise refuse(Refusal.LEFT_BEFORE_COMING, "the end of the stay lies before its beginning")


def _inside(came_at: datetime, left_at: datetime, session: Session) -> int:
    starts_at, ends_at = session.plan.starts_at, session.plan.ends_at
    if starts_at is None or ends_at is None:
        return int((left_at - came_at).total_seconds()) // _MINUTE_S
    seconds = (min(left_at, ends_at) - max(came_at, starts_at)).total_seconds()
    if seconds < 0:
        raise refuse(Refusal.OUTSIDE_SESSION, "the stay does not touch the session")
    return int(seconds) // _MINUTE_S


def occupies(stay: Stay, minutes: int) -> bool:
    """Whether a stay leaves no room for another: a record corrected to nothing says of none."""
    return stay.is_open or minutes > 0


def in_place_of(wrong: Presence, stay: Stay) -> Stay:
    """Return the stay that corrects another; leaving alone ends the one that began."""
    if not stay.only_leaves:
        return stay
    if wrong.stay.came_at is None:
        raise refuse(Refusal.NOT_THERE, "the record does not say when the stay began")
    return replace(stay, came_at=wrong.stay.came_at)


def overlaps(one: Stay, other: Stay) -> bool:
    """Whether two stays share time; stays without times share all of the session."""
    if one.came_at is None or other.came_at is None:
        return True
    return not (_before(one, other.came_at) or _before(other, one.came_at))


def _before(stay: Stay, instant: datetime) -> bool:
    return stay.left_at is not None and stay.left_at <= instant


def attended_minutes(records: Iterable[Presence], sessions: Mapping[UUID, Session]) -> int:
    """Return the minutes at mandatory sessions, of each no more than it has."""
    sums: dict[UUID, int] = {}
    for each in effective(records):
        sums[each.session_id] = sums.get(each.session_id, 0) + each.minutes
    return sum(
        min(minutes, sessions[session_id].plan.counted_minutes or 0)
        for session_id, minutes in sums.items()
        if sessions[session_id].plan.mandatory
    )


def open_stay(records: Sequence[Presence]) -> Presence:
    """Return the stay that has begun and not ended, or refuse: whoever leaves was there."""
    found = next((each for each in effective(records) if each.stay.is_open), None)
    if found is None:
        raise refuse(Refusal.NOT_THERE, "no stay at this session has begun and not ended")
    return found
