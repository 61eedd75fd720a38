"""Settlement jobs as rows."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Text, cast, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from kit.db.unit import Hot, Read, Tx
from participants.domain.claim import SETTLEABLE, Claim, OverrideReason
from participants.domain.settlement_job import JobState, LeftOut, SettlementJob
from participants.storage.claims import with_items
from participants.storage.settlements import LIVE
from participants.storage.tables_claims import claim as c
from participants.storage.tables_claims import left_out, settlement
from participants.storage.tables_claims import settlement_job as t

_OPEN: Final = t.c.state.in_([literal(JobState.QUEUED.value), literal(JobState.RUNNING.value)])
_ANY_OPEN: Final = Hot(select(t.c.id).where(_OPEN).limit(1))


async def add(tx: Tx, job: SettlementJob) -> None:
    """Store a new job."""
    await tx.sql.execute(insert(t).values(_values(job)))


async def save(tx: Tx, job: SettlementJob, refused: Sequence[LeftOut] = ()) -> None:
    """Store how far a locked job is, and what it left out."""
    await tx.sql.execute(update(t).where(t.c.id == job.id).values(_values(job)))
    if refused:
        rows = [
            {"job_id": job.id, "claim_id": r.claim_id, "code": r.code, "detail": r.detail}
            for r in refused
        ]
        await tx.sql.execute(insert(left_out), rows)


async def any_open(read: Read) -> bool:
    """Tell whether a job has something to do."""
    return await read.hot(_ANY_OPEN) is not None


async def take(tx: Tx) -> SettlementJob | None:
    """Lock and return the oldest open job that nobody works on, or None."""
    free = select(*t.c).where(_OPEN).order_by(t.c.id).limit(1).with_for_update(skip_locked=True)
    row = (await tx.sql.execute(free)).mappings().first()
    return None if row is None else from_row(row)


async def lock_due(tx: Tx, job: SettlementJob, most: int) -> Sequence[Claim]:
    """Lock the next certified claims of a job's programme that have no settlement, by id.

    Somebody may settle one while this waits for its lock: `settled_among` says which.
    """
    due = (
        select(*c.c)
        .outerjoin(settlement, (settlement.c.claim_id == c.c.id) & LIVE)
        .where(
            c.c.programme_code == job.programme_code,
            c.c.state.in_(sorted(SETTLEABLE)),
            settlement.c.id.is_(None),
            c.c.audience.bool_op("&&")(cast(sorted(job.marks), ARRAY(Text))),
        )
        .order_by(c.c.id)
        .limit(most)
        .with_for_update(of=c)
    )
    if job.after is not None:
        due = due.where(c.c.id > job.after)
    return await with_items(tx, (await tx.sql.execute(due)).mappings().all())


async def settled_among(tx: Tx, locked: Sequence[Claim]) -> frozenset[UUID]:
    """Return which of some locked claims have a settlement by now."""
    among = settlement.c.claim_id.in_([claim.id for claim in locked]) & LIVE
    return frozenset((await tx.sql.execute(select(settlement.c.claim_id).where(among))).scalars())


def _values(job: SettlementJob) -> dict[str, Any]:
    plain = {column.name: getattr(job, column.name) for column in t.c}
    return plain | {
        "audience": sorted(job.audience),
        "marks": sorted(job.marks),
        "state": job.state.value,
        "override": None if job.override is None else job.override.value,
    }


def from_row(row: RowMapping) -> SettlementJob:
    """Return the job of a row with every column."""
    override = row["override"]
    return SettlementJob(
        **{
            **row,
            "audience": frozenset(row["audience"]),
            "marks": frozenset(row["marks"]),
            "state": JobState(row["state"]),
            "override": None if override is None else OverrideReason(override),
        }
    )
