"""The roll of an event: who may be present, what is on record of each, what a claim changes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from training.domain.errors_seats import ParticipantErased
from training.domain.nomination import Nomination
from training.domain.presence import (
    PROVABLE,
    Claim,
    Presence,
    Refusal,
    Stay,
    attended_minutes,
    counted,
    effective,
    occupies,
    open_stay,
    overlaps,
    refuse,
)
from training.domain.session import Session
from training.domain.training_event import EventPlan


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim that stands: what is to be recorded of whom at which session."""

    nomination: Nomination
    session: Session
    claim: Claim
    stay: Stay
    minutes: int
    corrects: int | None = None
    reason: str | None = None


@dataclass(slots=True)
class Roll:
    """What is known of an event, `plan`, while claims are judged one after another, `now`."""

    plan: EventPlan
    now: datetime
    sessions: dict[int, Session]
    nominations: dict[UUID, Nomination]
    erased: AbstractSet[UUID] = frozenset()
    _records: dict[tuple[UUID, UUID], list[Presence]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _stays: dict[tuple[UUID, UUID], list[Stay]] = field(default_factory=lambda: defaultdict(list))
    _nonces: dict[tuple[UUID, str], UUID] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        sessions: Iterable[Session],
        nominations: Iterable[Nomination],
        records: Sequence[Presence],
        *,
        plan: EventPlan,
        now: datetime,
        erased: AbstractSet[UUID] = frozenset(),
    ) -> "Roll":
        """Make the roll from what is on record."""
        roll = cls(
            plan,
            now,
            {each.plan.number: each for each in sessions},
            {each.participant_id: each for each in nominations},
            erased,
        )
        for each in records:
            roll._records[each.nomination_id, each.session_id].append(each)
            roll._nonces[each.session_id, each.nonce] = each.nomination_id
        for place, found in roll._records.items():
            roll._stays[place] = [
                each.stay for each in effective(found) if occupies(each.stay, each.minutes)
            ]
        return roll

    def judge(self, participant_id: UUID, claim: Claim) -> Entry | None:
        """Return what is to be recorded, None if it is on record.

        Raises AttendanceRefused, and ParticipantErased for somebody of whom nothing is added.
        """
        session = self.sessions.get(claim.session)
        if session is None:
            raise refuse(Refusal.UNKNOWN_SESSION, "the event has no session of this number")
        nomination = self._present(participant_id)
        known = self._nonces.get((session.id, claim.nonce))
        if known is not None:
            return self._repeated(known, nomination)
        if participant_id in self.erased:
            raise ParticipantErased("nobody is to be found under this id any more")
        entry = self._entry(nomination, session, claim)
        self._nonces[session.id, claim.nonce] = nomination.id
        return entry

    def minutes_of(self, nomination: Nomination) -> int:
        """Return the minutes of a nomination on record at mandatory sessions."""
        sessions = {each.id: each for each in self.sessions.values()}
        records = [
            each
            for session_id in sessions
            for each in self._records.get((nomination.id, session_id), ())
        ]
        return attended_minutes(records, sessions)

    def came(self, nomination: Nomination) -> bool:
        """Whether a stay of a nomination at a mandatory session has begun, ended or not."""
        held = (each for each in self.sessions.values() if each.plan.mandatory)
        return any(self._stays.get((nomination.id, each.id)) for each in held)

    def _present(self, participant_id: UUID) -> Nomination:
        nomination = self.nominations.get(participant_id)
        if nomination is None:
            raise refuse(Refusal.NOT_NOMINATED, "the participant is not nominated for this event")
        if nomination.status not in PROVABLE:
            raise refuse(Refusal.NOT_SEATED, f"the nomination is `{nomination.status.value}`")
        return nomination

    @staticmethod
    def _repeated(known: UUID, nomination: Nomination) -> None:
        if known != nomination.id:
            raise refuse(Refusal.NONCE_REUSED, "the nonce names the presence of somebody else")

    def _entry(self, nomination: Nomination, session: Session, claim: Claim) -> Entry:
        place = nomination.id, session.id
        if claim.stay.only_leaves:
            begun = open_stay(self._records[place])
            stay = Stay(begun.stay.came_at, claim.stay.left_at)
            minutes = counted(stay, session, self.plan.begins_at, now=self.now)
            return Entry(
                nomination, session, claim, stay, minutes, begun.id, "left, as scanned at the door"
            )
        minutes = counted(claim.stay, session, self.plan.begins_at, now=self.now)
        if any(overlaps(claim.stay, other) for other in self._stays[place]):
            raise refuse(Refusal.OVERLAPPING_STAY, "a stay at the same time is on record")
        if occupies(claim.stay, minutes):
            self._stays[place].append(claim.stay)
        return Entry(nomination, session, claim, claim.stay, minutes)
