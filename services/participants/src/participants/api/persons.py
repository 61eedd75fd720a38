"""Routes of persons."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from kit.db.paging import Asked
from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer, unless_known
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from kit.wire import Code
from participants.api import wire
from participants.api.replies import listing
from participants.api.requests import NewPerson, SenderChange
from participants.commands import people
from participants.commands.looking import note_looks
from participants.context import Cursor, GlanceDep, Limit, Reader, UnitDep, Writer
from participants.domain.access import FieldClass
from participants.domain.errors import (
    NoSuchPerson,
    PersonClosed,
    PersonExists,
    PersonInvalid,
    VictimDataForbidden,
)
from participants.domain.person import Person
from participants.queries import persons

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["persons"])


def _location(person: Person) -> str:
    return f"/v1/persons/{person.id}"


@router.post(
    "/persons",
    status_code=201,
    response_model=wire.Person,
    responses=problems(PersonInvalid, VictimDataForbidden, PersonExists),
    operation_id="register_person",
)
async def register_person(body: NewPerson, caller: Writer, once: Once) -> Response:
    """Make a person known under a pseudonym, for the organisation that sends them."""
    fields = body.model_dump()
    return await once(
        lambda unit: people.register_person(unit, **fields, by=caller),
        wire.Person.of,
        location=_location,
    )


@router.get(
    "/persons",
    response_model=Listing[wire.Person],
    responses=problems(CursorInvalid),
    operation_id="persons",
)
async def list_persons(
    caller: Reader,
    look: GlanceDep,
    unit: UnitDep,
    *,
    organisation: Code | None = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """List the persons you may see: those your organisation sends, or all for the office.

    A look at each person on the page is logged before the page is sent.
    """
    asked = Asked(caller.client, after, limit, {"organisation": organisation})
    page = await persons.persons(unit, asked, organisation=organisation, by=caller)
    ids = [person_id for _, person_id in page.items]
    await note_looks(unit, look, ids, FieldClass.RECORD, operation="list_persons")
    return listing(page.map(lambda item: item[0]))


@router.get(
    "/persons/{person_id}",
    response_model=wire.Person,
    responses=problems(NoSuchPerson),
    operation_id="person",
)
async def read_person(
    person_id: UUID, request: Request, caller: Reader, look: GlanceDep, unit: UnitDep
) -> Response:
    """Read one person's pseudonymous record; the look is logged."""
    body, tag = await persons.person(unit, person_id, by=caller)
    await note_looks(unit, look, [person_id], FieldClass.RECORD, operation="read_person")
    return unless_known(request, body.encode(), tag)


@router.post(
    "/sender-changes",
    response_model=wire.Person,
    responses=problems(NoSuchPerson, PersonClosed, StaleVersion, PreconditionRequired),
    operation_id="change_sender",
)
async def change_sender(
    body: SenderChange, caller: Writer, unit: UnitDep, *, expected: IfMatch
) -> Response:
    """Say who sends a person: after a move to another organisation, or where it was mistyped.

    The former organisation no longer sees the record; trips stay with who sent the person then.
    If-Match is the ETag of the person and makes a repetition harmless.
    """
    sent = await people.change_sender(unit, **body.model_dump(), expected=expected, by=caller)
    return answer(wire.Person.of(sent), version=sent.version)
