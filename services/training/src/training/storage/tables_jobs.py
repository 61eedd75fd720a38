"""The table of jobs: work that takes longer than a request."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Column,
    DateTime,
    Index,
    LargeBinary,
    Named,
    Table,
    Text,
    TypedColumns,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from training.storage.tables import metadata

# Constants, not parameters: a statement that is planned once for all values must find the index.
UNFINISHED: Final = text("state IN ('queued', 'running')")


class JobColumns(TypedColumns):
    """A job: what is to be done for whom, how far it is, and its report once it is done.

    A worker that takes it up counts `attempt` and holds it until `held_until`; whoever writes an
    effect names the attempt, so that a worker thought dead cannot write beside its successor.
    `digest` is a hash of the request: the same again, while it is unfinished, is the same job.
    """

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    client: Named[str] = Column(Text)
    subject: Named[str] = Column(Text)
    kind: Named[str] = Column(Text)
    state: Named[str] = Column(Text)
    done: Named[int]
    total: Named[int]
    request: Named[dict[str, Any]] = Column(JSONB)
    digest: Named[bytes] = Column(LargeBinary)
    report: Named[dict[str, Any] | None] = Column(JSONB(none_as_null=True))
    problem: Named[dict[str, Any] | None] = Column(JSONB(none_as_null=True))
    attempt: Named[int] = Column(server_default="0")
    held_until: Named[datetime | None] = Column(DateTime(timezone=True))
    created_at: Named[datetime] = Column(DateTime(timezone=True))
    finished_at: Named[datetime | None] = Column(DateTime(timezone=True))


job: Final = Table(
    "job",
    metadata,
    JobColumns,
    Index("job_by_client", "client", "id"),
    Index("job_sent_once", "client", "subject", "digest", unique=True, postgresql_where=UNFINISHED),
    Index("job_unfinished", "id", postgresql_where=UNFINISHED),
)
