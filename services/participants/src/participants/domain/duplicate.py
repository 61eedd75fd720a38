"""Two records that may be one person: a proposal that waits for somebody's decision."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self
from uuid import UUID

from kit.errors import StaleVersion
from participants.domain.errors import MergeStands, NotHeldApart, ProposalDecided


class Verdict(StrEnum):
    """What somebody decided about two records."""

    SAME_PERSON = "same_person"
    DIFFERENT_PEOPLE = "different_people"


class ProposalState(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    DISMISSED = "dismissed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A pair of records; `grounds` says what is alike: spelling, sound, born, document."""

    id: UUID
    version: int
    audience: frozenset[str]
    one: UUID
    other: UUID
    grounds: tuple[str, ...]
    state: ProposalState
    decided_by: str | None

    def must_be_at(self, version: int) -> None:
        """Raise StaleVersion unless this is the version the caller decided on."""
        if self.version != version:
            raise StaleVersion("the proposal has changed since you read it")

    def undone(self, by: str) -> Self:
        """Return the proposal of two people who were merged by mistake, or raise MergeStands."""
        if self.state is not ProposalState.MERGED:
            raise MergeStands("the two records are not merged", reason="not_merged")
        return replace(self, state=ProposalState.DISMISSED, decided_by=by, version=self.version + 1)

    def undecided(self) -> Self:
        """Return the proposal as nobody has decided about it, or raise NotHeldApart."""
        if self.state is not ProposalState.DISMISSED:
            raise NotHeldApart("nobody held the two apart", state=str(self.state))
        return replace(
            self, state=ProposalState.PROPOSED, decided_by=None, version=self.version + 1
        )

    def ruled(self, state: ProposalState, by: str) -> Self:
        """Return the proposal with its decision, or raise ProposalDecided."""
        if self.state is not ProposalState.PROPOSED:
            raise ProposalDecided("somebody decided before", state=str(self.state))
        return replace(self, state=state, decided_by=by, version=self.version + 1)
