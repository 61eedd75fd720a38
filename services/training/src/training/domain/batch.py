"""Many items at once: what each is told, and what a later version of an item may change."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from kit.errors import DomainError
from training.domain.errors_batch import ItemConflict
from training.domain.nomination import Candidate, Nomination, NominationStatus
from training.domain.training_event import EventPlan


class Mode(StrEnum):
    """Whether one bad item stops all, or only itself."""

    ATOMIC = "atomic"
    PARTIAL = "partial"


class Outcome(StrEnum):
    """What became of an item."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    STALE = "stale"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Sent:
    """A nominee as the sending ministry knows it; `source_version` counts its changes there.

    `line` is the line of a CSV file that it ends on.
    """

    index: int
    external_id: str
    event_id: UUID
    candidate: Candidate
    source_version: int | None
    line: int | None = None

    @property
    def digest(self) -> bytes:
        """A hash of what was sent: the same again changes nothing."""
        who = self.candidate
        parts = (who.unit_code, who.role, who.overlap_reason, self.source_version)
        text = f"{self.event_id} {who.participant_id} {parts!r}"
        return hashlib.sha256(text.encode()).digest()


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why an item is refused: the place in the request, a stable code, and words.

    `reason` is one of a closed list, where the code has one.
    """

    pointer: str
    code: str
    detail: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ItemReport:
    """What became of one item; `id` is that of the record, if there is one.

    `reference` is by what the sender knows it: its external id, or the nonce of a presence.
    `nomination_status` is where a nomination stands: what is unchanged here may be withdrawn.
    """

    index: int
    reference: str | None
    status: Outcome
    id: UUID | int | None
    errors: tuple[Flaw, ...] = ()
    line: int | None = None
    nomination_status: NominationStatus | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of all items, in their order."""

    items: tuple[ItemReport, ...]

    @property
    def stats(self) -> dict[str, int]:
        """How many items had which outcome."""
        found = Counter(each.status for each in self.items)
        return {outcome.value: found[outcome] for outcome in Outcome}

    @property
    def flawless(self) -> bool:
        """Whether no item is refused."""
        return all(each.status is not Outcome.REFUSED for each in self.items)

    def without_effect(self) -> "Report":
        """Return the same where nothing was kept: what would have been created is no record."""
        return Report(tuple(map(_unmade, self.items)))


def _unmade(item: ItemReport) -> ItemReport:
    if item.status is not Outcome.CREATED:
        return item
    return replace(item, id=None, nomination_status=None)


def compared(known: Nomination, sent: Sent) -> Outcome:
    """Return what an item that is on record changes, or raise ItemConflict.

    What the host decided stays: only unit and role of what is merely submitted follow the sender.
    """
    if known.source_digest == sent.digest:
        return Outcome.UNCHANGED
    before, now = known.source_version, sent.source_version
    if before is not None and now is not None and now < before:
        return Outcome.STALE
    if before is not None and now == before:
        raise ItemConflict("this version was sent before with other content")
    if (known.event_id, known.participant_id) != (sent.event_id, sent.candidate.participant_id):
        raise ItemConflict("the external id names another nominee")
    if known.status is not NominationStatus.SUBMITTED:
        raise ItemConflict(f"it is `{known.status.value}` here, which the sender cannot change")
    return Outcome.UPDATED


def followed(known: Nomination, sent: Sent) -> Nomination:
    """Return a nomination with what its sender changed.

    Sent without a version it keeps the one it has, or what is older still could undo this. A
    reason for an overlap is put right, never taken back.
    """
    now, version = sent.candidate, sent.source_version
    return replace(
        known,
        source_version=known.source_version if version is None else version,
        source_digest=sent.digest,
        unit_code=now.unit_code,
        role=now.role,
        overlap_reason=now.overlap_reason or known.overlap_reason,
    )


def refused(
    index: int,
    reference: str | None,
    refusal: DomainError,
    line: int | None,
    known: Nomination | None = None,
) -> ItemReport:
    """Return the report on an item that a rule refuses; `known` is what is on record of it."""
    reason = refusal.facts.get("reason")
    named = reason if isinstance(reason, str) else None
    flaw = Flaw(f"/items/{index}", refusal.code, refusal.detail, named)
    record, status = (known.id, known.status) if known else (None, None)
    return ItemReport(index, reference, Outcome.REFUSED, record, (flaw,), line, status)


def apart_at_once(one: EventPlan, other: EventPlan) -> bool:
    """Whether two events share a day, as far as both are known exactly, in different places."""
    if not (one.dates.exact and other.dates.exact):
        return False
    same_place = (one.place.city, one.place.country) == (other.place.city, other.place.country)
    return not same_place and one.dates.may_touch(other.dates.earliest, other.dates.latest)


def twice(items: Sequence[Sent]) -> set[int]:
    """Return the indexes of items whose external id came earlier in the same request."""
    seen: set[str] = set()
    again: set[int] = set()
    for each in items:
        if each.external_id in seen:
            again.add(each.index)
        seen.add(each.external_id)
    return again
