"""A job that settles the certified claims of a programme: cut off, it goes on where it was."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from participants.domain.claim import OverrideReason


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementJob:
    """What somebody asked to be settled, and how far it is.

    `asked_by` authorises each settlement, so the four eyes of each claim hold for them; `marks`
    are what they may see. `after` is the last claim decided: a job that was cut off goes on there.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    programme_code: str
    payer: str
    override: OverrideReason | None
    asked_by: str
    marks: frozenset[str]
    asked_at: datetime
    state: JobState = JobState.QUEUED
    after: UUID | None = None
    settled: int = 0
    left_out: int = 0
    ended_at: datetime | None = None

    def gone_on(self, after: UUID, *, settled: int, left_out: int) -> Self:
        """Return the job with one more batch done."""
        return replace(
            self,
            version=self.version + 1,
            state=JobState.RUNNING,
            after=after,
            settled=self.settled + settled,
            left_out=self.left_out + left_out,
        )

    def ended(self, at: datetime) -> Self:
        """Return the job that found nothing more to do."""
        return replace(self, version=self.version + 1, state=JobState.DONE, ended_at=at)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A claim that a job did not settle, with the code and the sentence of the refusal."""

    claim_id: UUID
    code: str
    detail: str
