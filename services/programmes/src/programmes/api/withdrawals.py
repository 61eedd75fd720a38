"""Routes of what was recorded of a programme by mistake, and was taken back."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from kit.db.paging import Asked
from kit.once import Once
from kit.problems import problems
from kit.reply import Listing
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from kit.wire import Instant, Ref, Request
from programmes.api.examples import shown
from programmes.api.values import Mirror
from programmes.api.words import Line
from programmes.commands import withdrawals as commands
from programmes.context import Cursor, Limit, ProgrammeCode, Reader, UnitDep, Writer, ready
from programmes.domain import errors
from programmes.domain.component import NoSuchPart
from programmes.domain.withdrawal import WithdrawnPart
from programmes.queries import withdrawals as queries

router = APIRouter(
    prefix="/v1/programmes/{code}", route_class=StrictRoute, tags=["programme parts"]
)


class NewWithdrawal(Request):
    """A row to take back, by its `id` in the list of this part, and why it was a mistake."""

    model_config = shown(
        part="milestone",
        id="01a20350-0d5b-7d07-b98f-745b0c1e36a6",
        reason="The launch was in May, not in March",
    )

    part: WithdrawnPart
    id: Ref
    reason: Line


class Withdrawal(Mirror):
    """A row that was taken back: `recorded` is what it said, `by` the client that took it back."""

    id: UUID
    part: WithdrawnPart
    part_id: UUID
    recorded: dict[str, Any]
    reason: str
    by: str
    at: Instant


@router.get(
    "/withdrawals",
    operation_id="list_withdrawals",
    response_model=Listing[Withdrawal],
    responses=problems(errors.NoSuchProgramme, CursorInvalid),
)
async def list_withdrawals(
    code: ProgrammeCode, caller: Reader, unit: UnitDep, after: Cursor = None, limit: Limit = 50
) -> Response:
    """List what was taken back and why, oldest first; papers of the office, seen by the staff."""
    asked = Asked(caller.client, after, limit, {"programme": code})
    return ready(await queries.withdrawals(unit, asked, code, by=caller))


@router.post(
    "/withdrawals",
    status_code=201,
    operation_id="withdraw_part",
    response_model=Withdrawal,
    responses=problems(errors.NoSuchProgramme, NoSuchPart),
)
async def withdraw_part(
    code: ProgrammeCode, new: NewWithdrawal, caller: Writer, once: Once
) -> Response:
    """Take back a partner, a country, a budget figure, a relation or a milestone.

    For mistakes: what took part and left is ended instead. Record it anew as it should be.
    A party or a country without another row no longer sees the programme.
    """
    return await once(
        lambda unit: commands.withdraw(unit, code, new.part, new.id, new.reason, by=caller),
        Withdrawal.of,
    )
