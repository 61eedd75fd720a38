"""Settlement jobs, as the domain knows them."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from kit.auth import Caller
from kit.db.unit import Unit
from kit.db.visible import visible
from participants.domain.errors import NoSuchSettlementJob
from participants.domain.settlement_job import LeftOut, SettlementJob
from participants.storage.settlement_jobs import from_row
from participants.storage.tables_claims import left_out as o
from participants.storage.tables_claims import settlement_job as t

_SHOWN: Final = 200


async def job(unit: Unit, job_id: UUID, *, by: Caller) -> tuple[SettlementJob, Sequence[LeftOut]]:
    """Return a job and the first claims it left out; NoSuchSettlementJob if not visible."""
    statement = select(*t.c).where(t.c.id == job_id, visible(t.c.audience, by))
    refused = select(o.c.claim_id, o.c.code, o.c.detail).where(o.c.job_id == job_id)
    async with unit.read() as read:
        row = await read.first(statement)
        if row is None:
            raise NoSuchSettlementJob("there is no such settlement job")
        rows = await read.rows(refused.order_by(o.c.claim_id).limit(_SHOWN))
    return from_row(row._mapping), [LeftOut(*each) for each in rows]  # noqa: SLF001 (public)
