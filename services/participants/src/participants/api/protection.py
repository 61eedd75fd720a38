"""Routes of data protection."""

from uuid import UUID

from fastapi import APIRouter, Response

from kit.db.paging import Asked
from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from participants.api import wire_protection as wire
from participants.api.wire_people import PersonKept
from participants.commands import protection as commands
from participants.commands.looking import note_looks
from participants.context import Cursor, GlanceDep, Limit, LookDep, Protector, SafeDep, UnitDep
from participants.domain import errors
from participants.domain.access import FieldClass
from participants.domain.erasure import Certificate
from participants.queries import protection
from participants.queries.chain import chain_head

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["data protection"])
_CHANGING = (errors.NoSuchPerson, errors.PersonClosed, StaleVersion, PreconditionRequired)


def _location(certificate: Certificate) -> str:
    return f"/v1/erasure-certificates/{certificate.id}"


@router.post(
    "/persons/{person_id}/erasure",
    status_code=201,
    response_model=wire.Certificate,
    responses=problems(errors.ErasureBlocked, *_CHANGING),
    operation_id="erase_person",
)
async def erase_person(
    person_id: UUID, body: wire.Erasure, caller: Protector, expected: IfMatch, once: Once
) -> Response:
    """Destroy who a person is; pseudonym, counts and accounts stay. Nothing brings it back."""
    return await once(
        lambda unit: commands.erase_person(
            unit, person_id, ground=body.ground, expected=expected, by=caller
        ),
        wire.Certificate.of,
        location=_location,
    )


@router.get(
    "/erasure-certificates/{certificate_id}",
    response_model=wire.Certificate,
    responses=problems(errors.NoSuchCertificate),
    operation_id="erasure_certificate",
)
async def read_certificate(certificate_id: UUID, caller: Protector, unit: UnitDep) -> Response:
    """Read what an erasure did in each store."""
    found = await protection.certificate(unit, certificate_id, by=caller)
    return answer(wire.Certificate.of(found))


@router.put(
    "/persons/{person_id}/legal-hold",
    response_model=PersonKept,
    responses=problems(*_CHANGING),
    operation_id="hold_person",
)
async def hold_person(
    person_id: UUID, body: wire.LegalHold, caller: Protector, unit: UnitDep, expected: IfMatch
) -> Response:
    """Forbid erasing a person, or with null allow it again."""
    held = await commands.hold_person(
        unit, person_id, ground=body.ground, expected=expected, by=caller
    )
    return answer(PersonKept.of(held), version=held.version)


@router.get(
    "/persons/{person_id}/export",
    response_model=wire.PersonExport,
    responses=problems(errors.NoSuchPerson),
    operation_id="export_person",
)
async def export_person(
    person_id: UUID, _caller: Protector, look: LookDep, safe: SafeDep, unit: UnitDep
) -> Response:
    """Read everything held about a person, for the person; the look is logged."""
    return answer(wire.PersonExport.of(await commands.export_person(unit, safe, person_id, look)))


@router.get(
    "/persons/{person_id}/access-log",
    response_model=Listing[wire.Look],
    responses=problems(errors.NoSuchPerson, CursorInvalid),
    operation_id="access_log",
)
async def read_access_log(
    person_id: UUID,
    caller: Protector,
    look: GlanceDep,
    unit: UnitDep,
    *,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """List who looked at a person and what for, the newest first; this look is logged too."""
    asked = Asked(caller.client, after, limit, {"person_id": person_id})
    found = await protection.looks(unit, person_id, asked, by=caller)
    await note_looks(unit, look, [person_id], FieldClass.ACCESS_LOG, operation="read_access_log")
    items = [wire.Look.of(row) for row in found.items]
    return answer(Listing[wire.Look](items=items, next=found.next))


@router.get(
    "/access-log-head",
    response_model=wire.AccessLogHead,
    operation_id="access_log_head",
)
async def read_head(_caller: Protector, unit: UnitDep) -> Response:
    """Read where the chain of the access log ends: note it elsewhere, to verify against later."""
    return answer(wire.AccessLogHead.of(*await chain_head(unit)))


@router.get(
    "/retention-schedule",
    response_model=wire.RetentionSchedule,
    operation_id="retention_schedule",
)
async def read_schedule(_caller: Protector) -> Response:
    """Read how long each category is kept, from when, and what happens then."""
    return answer(wire.RetentionSchedule.now())


@router.post(
    "/retention-runs",
    status_code=201,
    response_model=wire.Retention,
    responses=problems(errors.NoSuchPerson, errors.PersonClosed, errors.ErasureBlocked),
    operation_id="run_retention",
)
async def run_retention(body: wire.RetentionOrder, caller: Protector, once: Once) -> Response:
    """Erase who is due today, at most 200 at once; or only say who that is."""
    return await once(
        lambda unit: commands.run_retention(unit, dry=body.dry_run, by=caller), wire.Retention.of
    )
