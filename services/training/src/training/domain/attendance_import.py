"""Many records of presence at once: who each is about, and in which order they can be stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from training.domain.presence import Claim


@dataclass(frozen=True, slots=True)
class SentPresence:
    """A record of presence as it was sent in, about a participant or a sender's external id.

    `line` is the line of a CSV file that it ends on.
    """

    index: int
    claim: Claim
    participant_id: UUID | None
    organisation: str | None
    external_id: str | None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Attributed:
    """A record whose participant is known."""

    sent: SentPresence
    participant_id: UUID

    @property
    def place(self) -> tuple[UUID, int]:
        """Whose presence at which session it is."""
        return self.participant_id, self.sent.claim.session


def storable(records: Iterable[Attributed]) -> tuple[list[Attributed], list[Attributed]]:
    """Return the records that can be judged now, and those that wait until these are stored.

    Whoever leaves was there: a scan at leaving ends the stay that a scan at coming began, which
    must be on record by then. What follows at the same session waits with it.
    """
    now: list[Attributed] = []
    later: list[Attributed] = []
    begun: set[tuple[UUID, int]] = set()
    waiting: set[tuple[UUID, int]] = set()
    for each in records:
        if each.place in waiting or (each.sent.claim.stay.only_leaves and each.place in begun):
            waiting.add(each.place)
            later.append(each)
            continue
        begun.add(each.place)
        now.append(each)
    return now, later


def named(sent: Sequence[SentPresence]) -> list[tuple[str, str]]:
    """Return the external ids that are named, each with the organisation that uses it."""
    return sorted(
        {
            (each.organisation, each.external_id)
            for each in sent
            if each.organisation is not None and each.external_id is not None
        }
    )
