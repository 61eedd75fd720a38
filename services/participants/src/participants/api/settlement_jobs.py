"""Routes of settlement jobs."""

from uuid import UUID

from fastapi import APIRouter, Response

from kit.once import Once
from kit.problems import problems
from kit.reply import answer
from kit.route import StrictRoute
from participants.api import wire_claims as wire
from participants.api.requests_claims import NewSettlementJob
from participants.commands import settlement_jobs as commands
from participants.context import Payer, UnitDep
from participants.domain.errors import NoSuchSettlementJob
from participants.domain.settlement_job import SettlementJob
from participants.queries import settlement_jobs

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["payments"])


def _location(job: SettlementJob) -> str:
    return f"/v1/settlement-jobs/{job.id}"


@router.post(
    "/settlement-jobs",
    status_code=201,
    response_model=wire.SettlementJob,
    responses=problems(),
    operation_id="ask_settlement_job",
)
async def ask_settlement_job(body: NewSettlementJob, caller: Payer, once: Once) -> Response:
    """Have all certified claims of a programme settled; the worker does it, in batches."""
    return await once(
        lambda unit: commands.ask_settlement_job(
            unit, body.programme_code, payer=body.payer, override=body.override, by=caller
        ),
        lambda job: wire.SettlementJob.of(job, []),
        location=_location,
    )


@router.get(
    "/settlement-jobs/{job_id}",
    response_model=wire.SettlementJob,
    responses=problems(NoSuchSettlementJob),
    operation_id="settlement_job",
)
async def read_settlement_job(job_id: UUID, caller: Payer, unit: UnitDep) -> Response:
    """Read how far a job is, and the first two hundred claims it left out, each with why."""
    job, refused = await settlement_jobs.job(unit, job_id, by=caller)
    return answer(wire.SettlementJob.of(job, refused), version=job.version)
