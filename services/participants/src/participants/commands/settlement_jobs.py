"""Settling thousands of claims: asked for once, done by the worker in batches that commit.

Each batch, what it left out and how far the job is are one transaction: after a crash the job
goes on behind the last claim it decided, and no claim is settled twice.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import structlog

from kit.auth import STAFF, Caller
from kit.db.unit import Tx, Unit
from kit.errors import DomainError
from kit.ids import uuid7
from participants.commands.settlements import store_settled
from participants.commands.telling import settlement_job_moved
from participants.domain.claim import Claim, ClaimState, OverrideReason
from participants.domain.settlement import Advance, Settlement, settled
from participants.domain.settlement_job import LeftOut, SettlementJob
from participants.storage import claims, settlement_jobs, settlements

BATCH: Final = 200
_POLL_S: Final = 1.0
_log = structlog.get_logger()


async def ask_settlement_job(
    unit: Unit, programme_code: str, *, payer: str, override: OverrideReason | None, by: Caller
) -> SettlementJob:
    """Ask for all certified claims of a programme to be settled, those the caller may see."""
    async with unit.begin() as tx:
        job = SettlementJob(
            id=uuid7(tx.now),
            version=1,
            audience=frozenset({STAFF, f"org:{by.organisation}"}),
            programme_code=programme_code,
            payer=payer,
            override=override,
            asked_by=by.subject,
            marks=by.audience,
            asked_at=tx.now,
        )
        await settlement_jobs.add(tx, job)
        tx.tell(settlement_job_moved(job), about=job)
        return tx.result(job)


async def settle_batch(unit: Unit, *, most: int = BATCH) -> bool:
    """Settle the next claims of the oldest open job; return whether there was one.

    A job that somebody else works on at this moment is passed over.
    """
    async with unit.begin() as tx:
        job = await settlement_jobs.take(tx)
        if job is None:
            return tx.result(False)
        due = await settlement_jobs.lock_due(tx, job, most)
        if due:
            await _settle(tx, job, due)
        else:
            ended = job.ended(tx.now)
            await settlement_jobs.save(tx, ended)
            tx.tell(settlement_job_moved(ended), about=ended)
        return tx.result(True)


async def _settle(tx: Tx, job: SettlementJob, due: Sequence[Claim]) -> None:
    advances = await settlements.advances_of(tx, [claim.trip_id for claim in due])
    formers = await claims.states_of(tx, [each.resolves for each in due if each.resolves])
    made: list[Settlement] = []
    refused: list[LeftOut] = []
    gone = await settlement_jobs.settled_among(tx, due)
    for claim in (each for each in due if each.id not in gone):
        try:
            made.append(_settled(tx, job, claim, advances, formers))
        except DomainError as error:
            refused.append(LeftOut(claim.id, error.code, str(error)))
    if made:
        await store_settled(tx, made, advances)
    counts = {"settled": len(made), "left_out": len(refused)}
    await settlement_jobs.save(tx, job.gone_on(due[-1].id, **counts), refused)


def _settled(
    tx: Tx,
    job: SettlementJob,
    claim: Claim,
    advances: Mapping[UUID, Advance],
    formers: Mapping[UUID, ClaimState],
) -> Settlement:
    return settled(
        uuid7(tx.now),
        claim,
        advances.get(claim.trip_id),
        payer=job.payer,
        by=job.asked_by,
        override=job.override,
        former=None if claim.resolves is None else formers.get(claim.resolves),
    )


async def keep_settling(unit: Unit) -> None:
    """Work on open jobs, the oldest first; look for new ones every second."""
    while True:
        while await _some_open(unit) and await settle_batch(unit):
            pass
        await asyncio.sleep(_POLL_S)


async def _some_open(unit: Unit) -> bool:
    async with unit.read() as read:
        return await settlement_jobs.any_open(read)
