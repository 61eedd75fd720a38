"""Routes of settlements and payment files."""

from uuid import UUID

from fastapi import APIRouter, Response

from kit.db.paging import Asked
from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from kit.wire import Code
from participants.api import wire_claims as wire
from participants.api.requests_claims import (
    NewPaymentFile,
    NewSettlement,
    Paid,
    PaidSomehow,
)
from participants.commands import payment_files
from participants.commands import settlements as commands
from participants.context import (
    Cursor,
    Limit,
    LookDep,
    Payer,
    SafeDep,
    UnitDep,
)
from participants.domain import errors
from participants.domain.settlement import PaymentFile, SettlementState
from participants.queries import claims

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["payments"])
_MOVING = (errors.PaymentCannotMove, errors.FourEyes, StaleVersion, PreconditionRequired)


def _location(file: PaymentFile) -> str:
    return f"/v1/payment-files/{file.id}"


@router.post(
    "/settlements",
    status_code=201,
    response_model=wire.Settlement,
    responses=problems(
        errors.NoSuchClaim,
        errors.PaymentCannotMove,
        errors.FourEyes,
        errors.SettlementExists,
        errors.TripCannotMove,
    ),
    operation_id="settle_claim",
)
async def settle_claim(body: NewSettlement, caller: Payer, once: Once) -> Response:
    """Authorise what a certified claim comes to; not by who declared or checked it."""
    return await once(
        lambda unit: commands.settle_claim(
            unit, body.claim_id, payer=body.payer, override=body.override, by=caller
        ),
        wire.Settlement.of,
    )


@router.get(
    "/settlements",
    response_model=Listing[wire.Settlement],
    responses=problems(CursorInvalid),
    operation_id="settlements",
)
async def list_settlements(
    caller: Payer,
    unit: UnitDep,
    *,
    state: SettlementState | None = None,
    payer: Code | None = None,
    programme: Code | None = None,
    claim_id: UUID | None = None,
    payment_file_id: UUID | None = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """List the settlements you may see, the oldest first: of a claim or a file, for example."""
    wanted = claims.SettlementFilter(state, payer, programme, claim_id, payment_file_id)
    asked = Asked(caller.client, after, limit, wanted.as_filters())
    found = await claims.settlements_of(unit, asked, wanted, by=caller)
    items = [wire.Settlement.of(settlement) for settlement in found.items]
    return answer(Listing[wire.Settlement](items=items, next=found.next))


@router.post(
    "/settlements/{settlement_id}/payment",
    status_code=201,
    response_model=wire.Settlement,
    responses=problems(
        errors.NoSuchSettlement, errors.NoSuchClaim, errors.ClaimCannotMove, *_MOVING
    ),
    operation_id="pay_settlement",
)
async def pay_settlement(
    settlement_id: UUID, body: PaidSomehow, caller: Payer, expected: IfMatch, once: Once
) -> Response:
    """Note that a settlement was paid; its programme books the spending."""
    return await once(
        lambda unit: commands.pay_settlement(
            unit,
            settlement_id,
            on=body.paid_on,
            in_cash=body.in_cash,
            expected=expected,
            by=caller,
        ),
        wire.Settlement.of,
    )


@router.post(
    "/settlements/{settlement_id}/failure",
    status_code=201,
    response_model=wire.Settlement,
    responses=problems(
        errors.NoSuchSettlement, errors.PaymentCannotMove, StaleVersion, PreconditionRequired
    ),
    operation_id="fail_payment",
)
async def fail_payment(
    settlement_id: UUID, caller: Payer, expected: IfMatch, once: Once
) -> Response:
    """Note that the bank did not carry out one payment of a file, or will not be asked to.

    It is out of the file and `settled` again: another file or cash can pay it, or its claim be
    reopened.
    """
    return await once(
        lambda unit: payment_files.fail_payment(unit, settlement_id, expected=expected, by=caller),
        wire.Settlement.of,
    )


@router.post(
    "/payment-files",
    status_code=201,
    response_model=wire.PaymentFile,
    responses=problems(errors.NothingToPay, StaleVersion),
    operation_id="make_payment_file",
)
async def make_payment_file(body: NewPaymentFile, caller: Payer, once: Once) -> Response:
    """Gather what one organisation owes in one currency; fetch the XML at `/document`."""
    paying = body.paying()
    return await once(
        lambda unit: payment_files.make_payment_file(
            unit, paying, currency=body.currency, executes_on=body.executes_on, by=caller
        ),
        wire.PaymentFile.of,
        location=_location,
    )


@router.get(
    "/payment-files/{file_id}",
    response_model=wire.PaymentFile,
    responses=problems(errors.NoSuchPaymentFile),
    operation_id="payment_file",
)
async def read_payment_file(file_id: UUID, caller: Payer, unit: UnitDep) -> Response:
    """Read what a payment file pays in all."""
    file = await claims.payment_file(unit, file_id, by=caller)
    return answer(wire.PaymentFile.of(file), version=file.version)


@router.post(
    "/payment-files/{file_id}/payment",
    status_code=201,
    response_model=wire.PaymentFile,
    responses=problems(
        errors.NoSuchPaymentFile,
        errors.PaymentCannotMove,
        errors.ClaimCannotMove,
        StaleVersion,
        PreconditionRequired,
    ),
    operation_id="pay_payment_file",
)
async def pay_payment_file(
    file_id: UUID, body: Paid, caller: Payer, expected: IfMatch, once: Once
) -> Response:
    """Note that the bank carried a file out: all in it is paid, and programmes books it."""
    return await once(
        lambda unit: payment_files.pay_payment_file(
            unit, file_id, on=body.paid_on, expected=expected, by=caller
        ),
        wire.PaymentFile.of,
    )


@router.post(
    "/payment-files/{file_id}/failure",
    status_code=201,
    response_model=wire.PaymentFile,
    responses=problems(
        errors.NoSuchPaymentFile, errors.PaymentCannotMove, StaleVersion, PreconditionRequired
    ),
    operation_id="fail_payment_file",
)
async def fail_payment_file(
    file_id: UUID, caller: Payer, expected: IfMatch, once: Once
) -> Response:
    """Note that the bank did not carry a file out, or will not be asked to.

    What of it is not paid by itself is out of the file and `settled` again.
    """
    return await once(
        lambda unit: payment_files.fail_payment_file(unit, file_id, expected=expected, by=caller),
        wire.PaymentFile.of,
    )


@router.get(
    "/payment-files/{file_id}/document",
    response_class=Response,
    responses={
        200: {"content": {"application/xml": {}}, "description": "ISO 20022 pain.001.001.09"},
        **problems(errors.NoSuchPaymentFile, errors.PaymentCannotMove),
    },
    operation_id="payment_document",
)
async def read_document(
    file_id: UUID, _caller: Payer, look: LookDep, safe: SafeDep, unit: UnitDep
) -> Response:
    """Read the XML for the bank; a look at each account in it is logged."""
    document = await payment_files.write_payment_file(unit, safe, file_id, look)
    return Response(document, media_type="application/xml")
