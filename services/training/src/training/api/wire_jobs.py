"""Answer models of /v1: jobs."""

from typing import Self
from uuid import UUID

from kit.reply import etag
from kit.wire import Answer, Instant
from training.domain import job
from training.domain.batch import Mode
from training.domain.job import JobKind, JobState


class Progress(Answer):
    """How many of the items are judged."""

    done: int
    total: int


class JobProblem(Answer):
    """Why a job failed: a code of the catalogue of problems, and words."""

    code: str
    detail: str


class Job(Answer):
    """A request that is worked on. It is finished when `finished_at` is known.

    `stored` says whether anything of it is stored: of an atomic job all of it, or nothing.
    `report_url` is where the report on each item is, once there is one.
    """

    id: UUID
    etag: str
    kind: JobKind
    state: JobState
    mode: Mode
    validate_only: bool
    event_id: UUID | None
    progress: Progress
    stats: dict[str, int] | None
    stored: bool
    error: JobProblem | None
    report_url: str | None
    created_at: Instant
    finished_at: Instant | None

    @classmethod
    def of(cls, found: job.Job) -> Self:
        """Return the wire form."""
        problem = found.problem
        return cls(
            id=found.id,
            etag=etag(found.version),
            kind=found.kind,
            state=found.state,
            mode=found.mode,
            validate_only=found.validate_only,
            event_id=found.event_id,
            progress=Progress(done=found.done, total=found.total),
            stats=dict(found.stats) if found.finished and found.stats else None,
            stored=found.stored,
            error=JobProblem(code=problem.code, detail=problem.detail) if problem else None,
            report_url=f"/api/v1/jobs/{found.id}/report" if found.finished else None,
            created_at=found.created_at,
            finished_at=found.finished_at,
        )
