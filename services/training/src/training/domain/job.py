"""Jobs: requests with many items that are worked on after they were answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from training.domain.batch import ItemReport, Mode, Report

AT_MOST_NOW: Final = 500
"""More items than these are always a job."""
ATTEMPTS: Final = 3
"""So often a job is taken up; whoever held it before was interrupted."""
HELD_FOR: Final = timedelta(seconds=20)
"""A worker that says nothing of its job for so long is taken for dead."""


class JobKind(StrEnum):
    """What a job does."""

    NOMINATIONS = "nominations"
    ATTENDANCE = "attendance"


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


FINISHED: Final = frozenset({JobState.SUCCEEDED, JobState.FAILED})


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done with which items; those in `flawed` were refused when they were read.

    `event_id` is the event whose attendance is imported.
    """

    kind: JobKind
    mode: Mode
    validate_only: bool
    items: Sequence[Any]
    flawed: Sequence[ItemReport]
    event_id: UUID | None = None

    @property
    def number(self) -> int:
        """How many items were sent."""
        return len(self.items) + len(self.flawed)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a job failed: a stable code and words."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its owner sees it: `done` of `total` items are judged.

    What is stored is final only when it is finished; an atomic job stores all items or none.
    `stats` say how many items had which outcome; `reports`, where they were read, say which.
    """

    id: UUID
    version: int
    kind: JobKind
    state: JobState
    mode: Mode
    validate_only: bool
    event_id: UUID | None
    done: int
    total: int
    reports: tuple[ItemReport, ...]
    stats: Mapping[str, int] | None
    problem: Problem | None
    created_at: datetime
    finished_at: datetime | None

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in FINISHED

    @property
    def report(self) -> Report:
        """What became of the items judged so far, in the order of the request."""
        return Report(tuple(sorted(self.reports, key=lambda each: each.index)))

    @property
    def stored(self) -> bool:
        """Whether anything of it was stored."""
        if self.validate_only:
            return False
        return self.state is JobState.SUCCEEDED or (
            self.mode is Mode.PARTIAL and self.stats is not None
        )
