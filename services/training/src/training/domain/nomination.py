"""A nomination: the way of one participant from a sending organisation to a seat."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from training.domain.errors import (
    AlreadyDecided,
    NominationStepNotAllowed,
    NotConfirmed,
    NotEndorsed,
    NotYourNomination,
)
from training.domain.training_event import HELD, OPEN_TO_CHANGE, EventStatus


class NominationStatus(StrEnum):
    """Where a nomination stands."""

    SUBMITTED = "submitted"
    ENDORSED = "endorsed"
    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    PARTIALLY_ATTENDED = "partially_attended"
    NO_SHOW = "no_show"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REPLACED = "replaced"
    EVENT_CANCELLED = "event_cancelled"


_S = NominationStatus
OUTCOMES: Final = frozenset({_S.ATTENDED, _S.PARTIALLY_ATTENDED, _S.NO_SHOW})
PRESENT: Final = frozenset({_S.ATTENDED, _S.PARTIALLY_ATTENDED})
"""Who was there, wholly or in part: what computed figures count."""
SEATED: Final = frozenset({_S.ACCEPTED, _S.CONFIRMED})
"""Who holds a seat that can still be freed."""
UNDONE: Final = frozenset({_S.WITHDRAWN, _S.EVENT_CANCELLED, _S.REJECTED, _S.EXPIRED, _S.REPLACED})
"""What no longer counts as a nomination: the same participant may be nominated again."""
STANDING: Final = frozenset(_S) - UNDONE
"""What counts as a nomination."""
_UNDECIDED: Final = frozenset({_S.SUBMITTED, _S.ENDORSED, _S.WAITLISTED, _S.ACCEPTED})
PERSON_ERASED: Final = "person_erased"
"""The reason of what ended because who the participant is was erased."""
_ENDS: Final = frozenset({_S.WITHDRAWN, _S.EVENT_CANCELLED})
STEPS: Final[dict[NominationStatus, frozenset[NominationStatus]]] = {
    _S.SUBMITTED: frozenset({_S.ENDORSED}) | _ENDS,
    _S.ENDORSED: frozenset({_S.ACCEPTED, _S.WAITLISTED, _S.CONFIRMED, _S.REJECTED}) | _ENDS,
    _S.WAITLISTED: frozenset({_S.ACCEPTED, _S.REJECTED, _S.EXPIRED}) | _ENDS,
    _S.ACCEPTED: frozenset({_S.CONFIRMED, _S.REJECTED, _S.REPLACED}) | _ENDS,
    _S.CONFIRMED: OUTCOMES | _ENDS | {_S.REJECTED, _S.REPLACED},
    _S.ATTENDED: frozenset({_S.PARTIALLY_ATTENDED, _S.NO_SHOW}),
    _S.PARTIALLY_ATTENDED: frozenset({_S.ATTENDED, _S.NO_SHOW}),
    _S.NO_SHOW: frozenset({_S.ATTENDED, _S.PARTIALLY_ATTENDED}),
    _S.WITHDRAWN: frozenset(),
    _S.REJECTED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.REPLACED: frozenset(),
    _S.EVENT_CANCELLED: frozenset(),
}


class Origin(StrEnum):
    """How a nomination came about."""

    NOMINATION = "nomination"
    BATCH = "batch"
    REPLACEMENT = "replacement"
    POSTPONEMENT = "postponement"
    WALK_IN = "walk_in"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who is nominated: an opaque id of the participants service, never a name.

    `unit_code` is the field office that sends the person; it is a code, not a person.
    """

    participant_id: UUID
    unit_code: str | None = None
    role: str = "participant"
    overlap_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Nomination:
    """A nomination on record. `rank` orders the waiting list of the event, from 1.

    `replaces` is the nomination whose seat it took over. `external_id`, `source_version` and
    `source_digest` are those of the sending organisation. `eligibility` is the decision on the
    participation of its country that applied, `overlap_reason` why it may overlap another event.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    event_id: UUID
    participant_id: UUID
    organisation: str
    country: str
    unit_code: str | None
    status: NominationStatus
    rank: int | None
    reason: str | None
    synthetic: bool
    role: str = "participant"
    origin: Origin = Origin.NOMINATION
    replaces: UUID | None = None
    external_id: str | None = None
    source_version: int | None = None
    source_digest: bytes | None = None
    eligibility: Mapping[str, Any] | None = None
    overlap_reason: str | None = None

    def endorse(self, *, organisation: str) -> "Nomination":
        """Stand behind it, which only the nominating organisation can."""
        self.must_be_of(organisation)
        return self._step(_S.ENDORSED)

    def accept(self) -> "Nomination":
        """Give it a seat, from the waiting list or straight away."""
        if self.status is not _S.WAITLISTED:
            self._must_wait_for_host()
        return replace(self._step(_S.ACCEPTED), rank=None)

    def wait(self) -> "Nomination":
        """Put it on the waiting list: wanted by the host, but no seat is free.

        Its rank is the next one of the list, which is known when it is stored.
        """
        self._must_wait_for_host()
        return self._step(_S.WAITLISTED)

    def confirm(self, *, overlap_reason: str | None = None) -> "Nomination":
        """Make the seat final: the person will travel; a reason on record is kept."""
        if self.status is not _S.ACCEPTED:
            self._must_wait_for_host()
        confirmed = self._step(_S.CONFIRMED)
        return replace(confirmed, overlap_reason=self.overlap_reason or overlap_reason)

    def withdraw(self, reason: str | None) -> "Nomination":
        """End it; what was decided before stays on record."""
        return replace(self._step(_S.WITHDRAWN), rank=None, reason=reason)

    def lose_event(self, reason: str | None) -> "Nomination":
        """End it because the event was cancelled."""
        return replace(self._step(_S.EVENT_CANCELLED), rank=None, reason=reason)

    def attend(self, outcome: NominationStatus) -> "Nomination":
        """Presence decides how it ends."""
        if self.status is not _S.CONFIRMED or outcome not in OUTCOMES:
            raise NotConfirmed(f"the nomination is `{self.status.value}`", status=self.status.value)
        return self._step(outcome)

    def reject(self, reason: str) -> "Nomination":
        """Decline it, or take its seat back, as host, saying why."""
        if self.status is _S.SUBMITTED:
            raise NotEndorsed("the nominating organisation has not endorsed it")
        return replace(self._step(_S.REJECTED), rank=None, reason=reason)

    def expire(self) -> "Nomination":
        """End the wait: the event begins, and no seat became free."""
        return replace(self._step(_S.EXPIRED), rank=None, reason="the event began")

    def hand_over(self, reason: str) -> "Nomination":
        """End it because another nomination takes over its seat."""
        return replace(self._step(_S.REPLACED), reason=reason)

    def reassess(self, outcome: NominationStatus) -> "Nomination":
        """Presence was corrected, or came in late: how it ended may change."""
        return self if outcome is self.status else self._step(outcome)

    def is_awaited(self, event: EventStatus) -> bool:
        """Whether somebody is still to come, or to be decided on, at an event in this state.

        How a confirmed seat ends at an event that has begun, presence decides.
        """
        if self.status is _S.CONFIRMED:
            return event in OPEN_TO_CHANGE
        return self.status in _UNDECIDED and event not in HELD

    @property
    def leaves_while(self) -> frozenset[EventStatus]:
        """The states of its event in which it may be withdrawn.

        Of a final seat at an event that has begun, presence tells how it ended.
        """
        if self.status is _S.CONFIRMED:
            return OPEN_TO_CHANGE
        return OPEN_TO_CHANGE | {EventStatus.IN_PROGRESS}

    @property
    def declined_while(self) -> frozenset[EventStatus]:
        """The states of its event in which the host may decline it, or take its seat back.

        A walk-in is the host's own doing, and seen to be a mistake while the event is under way.
        """
        if self.origin is Origin.WALK_IN:
            return OPEN_TO_CHANGE | {EventStatus.IN_PROGRESS}
        return OPEN_TO_CHANGE

    @property
    def occupies_seat(self) -> bool:
        """Whether a seat is taken by it, or was until the event was over."""
        return self.status in SEATED | OUTCOMES

    @property
    def seated(self) -> bool:
        """Whether it holds a seat that can still be freed."""
        return self.status in SEATED

    def is_of(self, candidate: Candidate) -> bool:
        """Whether it nominates just this: who, from which unit, in which role."""
        mine = self.participant_id, self.unit_code, self.role
        return mine == (candidate.participant_id, candidate.unit_code, candidate.role)

    def must_be_of(self, organisation: str) -> None:
        """Raise NotYourNomination for any organisation but the one that nominates."""
        if organisation != self.organisation:
            raise NotYourNomination(
                "another organisation nominated this participant", organisation=self.organisation
            )

    def _must_wait_for_host(self) -> None:
        if self.status is _S.SUBMITTED:
            raise NotEndorsed("the nominating organisation has not endorsed it")
        if self.status is not _S.ENDORSED and self.status not in UNDONE:
            raise AlreadyDecided(f"it is already `{self.status.value}`", status=self.status.value)

    def _step(self, to: NominationStatus) -> "Nomination":
        if to not in STEPS[self.status]:
            raise NominationStepNotAllowed(
                f"from `{self.status.value}` there is no step to `{to.value}`",
                status=self.status.value,
            )
        return replace(self, status=to)


def chained(found: Nomination, linked: Iterable[Nomination]) -> list[Nomination]:
    """Return the nominations that had one seat one after another, `found` among them."""
    linked = list(linked)
    by_id = {each.id: each for each in linked}
    successors = {each.replaces: each for each in linked}
    chain = [found]
    while (before := chain[0].replaces) in by_id:
        chain.insert(0, by_id[before])
    while chain[-1].id in successors:
        chain.append(successors[chain[-1].id])
    return chain
