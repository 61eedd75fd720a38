"""A nomination: the way of one participant from a sending organisation to a seat."""

from collections.abc import Mapping
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
    EVENT_CANCELLED = "event_cancelled"


_S = NominationStatus
OUTCOMES: Final = frozenset({_S.ATTENDED, _S.PARTIALLY_ATTENDED, _S.NO_SHOW})
PRESENT: Final = frozenset({_S.ATTENDED, _S.PARTIALLY_ATTENDED})
"""Who was there, wholly or in part: what computed figures count."""
SEATED: Final = frozenset({_S.ACCEPTED, _S.CONFIRMED})
"""Who holds a seat that can still be freed."""
UNDONE: Final = frozenset({_S.WITHDRAWN, _S.EVENT_CANCELLED})
"""What no longer counts as a nomination: the same participant may be nominated again."""
_ENDS: Final = frozenset({_S.WITHDRAWN, _S.EVENT_CANCELLED})
STEPS: Final[dict[NominationStatus, frozenset[NominationStatus]]] = {
    _S.SUBMITTED: frozenset({_S.ENDORSED}) | _ENDS,
    _S.ENDORSED: frozenset({_S.ACCEPTED, _S.WAITLISTED, _S.CONFIRMED}) | _ENDS,
    _S.WAITLISTED: frozenset({_S.ACCEPTED}) | _ENDS,
    _S.ACCEPTED: frozenset({_S.CONFIRMED}) | _ENDS,
    _S.CONFIRMED: OUTCOMES | _ENDS,
    _S.ATTENDED: frozenset({_S.PARTIALLY_ATTENDED, _S.NO_SHOW}),
    _S.PARTIALLY_ATTENDED: frozenset({_S.ATTENDED, _S.NO_SHOW}),
    _S.NO_SHOW: frozenset({_S.ATTENDED, _S.PARTIALLY_ATTENDED}),
    _S.WITHDRAWN: frozenset(),
    _S.EVENT_CANCELLED: frozenset(),
}


class Origin(StrEnum):
    """How a nomination came about."""

    NOMINATION = "nomination"
    BATCH = "batch"
    REPLACEMENT = "replacement"
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

    def wait(self, rank: int) -> "Nomination":
        """Put it on the waiting list at `rank`: wanted by the host, but no seat is free."""
        self._must_wait_for_host()
        return replace(self._step(_S.WAITLISTED), rank=rank)

    def confirm(self) -> "Nomination":
        """Make the seat final: the person will travel."""
        if self.status is not _S.ACCEPTED:
            self._must_wait_for_host()
        return self._step(_S.CONFIRMED)

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

    def reassess(self, outcome: NominationStatus) -> "Nomination":
        """Presence was corrected, or came in late: how it ended may change."""
        return self if outcome is self.status else self._step(outcome)

    @property
    def seated(self) -> bool:
        """Whether it holds a seat that can still be freed."""
        return self.status in SEATED

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
