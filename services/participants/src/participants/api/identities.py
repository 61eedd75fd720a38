"""Routes of who people are. Every look is logged; no write answers with personal data."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from kit.errors import StaleVersion
from kit.ids import uuid7
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, answer
from kit.route import StrictRoute
from participants.api import wire_people as wire
from participants.api.requests_people import (
    AccountIn,
    AffiliationIn,
    DocumentIn,
    IdentityIn,
    PersonSearch,
)
from participants.api.wire import Person
from participants.commands import identities as commands
from participants.commands import looking
from participants.context import Finder, LookDep, Reader, SafeDep, UnitDep, Writer
from participants.domain import errors
from participants.domain.identity import DocumentKind
from participants.domain.person import Person as Record

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["people"])
_KEEPING = (errors.NoSuchPerson, errors.PersonClosed, StaleVersion, PreconditionRequired)
Kind = Annotated[DocumentKind, Path(description="Which of the person's documents.")]


def _kept(person: Record) -> Response:
    return answer(wire.PersonKept.of(person), version=person.version)


@router.get(
    "/persons/{person_id}/identity",
    response_model=wire.PersonIdentity,
    responses=problems(errors.NoSuchPerson),
    operation_id="person_identity",
)
async def read_identity(
    person_id: UUID, _caller: Reader, look: LookDep, safe: SafeDep, unit: UnitDep
) -> Response:
    """Read who a person is, masked without the scope identity:read; the look is logged.

    Documents are shown for the purpose travel alone, from 30 days before a trip to 14 after it.
    """
    shown = await looking.look_at_identity(unit, safe, person_id, look)
    return answer(wire.PersonIdentity.of(shown), version=shown.person.version)


@router.put(
    "/persons/{person_id}/identity",
    response_model=wire.PersonKept,
    responses=problems(*_KEEPING),
    operation_id="keep_identity",
)
async def keep_identity(
    *,
    person_id: UUID,
    body: IdentityIn,
    caller: Writer,
    safe: SafeDep,
    unit: UnitDep,
    expected: IfMatch,
) -> Response:
    """Keep names and contacts of a person, encrypted under a key of their own."""
    return _kept(
        await commands.keep_identity(
            unit, safe, person_id, body.identity(), expected=expected, by=caller
        )
    )


@router.put(
    "/persons/{person_id}/documents/{kind}",
    response_model=wire.PersonKept,
    responses=problems(*_KEEPING),
    operation_id="keep_document",
)
async def keep_document(
    *,
    person_id: UUID,
    kind: Kind,
    body: DocumentIn,
    caller: Writer,
    safe: SafeDep,
    unit: UnitDep,
    expected: IfMatch,
) -> Response:
    """Keep an identity document in place of the person's former one of this kind."""
    document = body.document(kind)
    return _kept(
        await commands.keep_document(unit, safe, person_id, document, expected=expected, by=caller)
    )


@router.put(
    "/persons/{person_id}/account",
    response_model=wire.PersonKept,
    responses=problems(errors.IdentityInvalid, *_KEEPING),
    operation_id="keep_account",
)
async def keep_account(
    *,
    person_id: UUID,
    body: AccountIn,
    caller: Writer,
    safe: SafeDep,
    unit: UnitDep,
    expected: IfMatch,
) -> Response:
    """Keep where a person is paid; the number is read again for payment files alone."""
    account = body.account()
    return _kept(
        await commands.keep_account(unit, safe, person_id, account, expected=expected, by=caller)
    )


@router.post(
    "/persons/{person_id}/documents/{kind}/withdrawal",
    response_model=wire.PersonKept,
    responses=problems(errors.NotKept, *_KEEPING),
    operation_id="withdraw_document",
)
async def withdraw_document(
    *,
    person_id: UUID,
    kind: Kind,
    caller: Writer,
    safe: SafeDep,
    unit: UnitDep,
    expected: IfMatch,
) -> Response:
    """Forget a document that was recorded by mistake, or that the person has no more."""
    return _kept(
        await commands.withdraw_document(unit, safe, person_id, kind, expected=expected, by=caller)
    )


@router.post(
    "/persons/{person_id}/account/withdrawal",
    response_model=wire.PersonKept,
    responses=problems(errors.NotKept, *_KEEPING),
    operation_id="withdraw_account",
)
async def withdraw_account(
    *, person_id: UUID, caller: Writer, safe: SafeDep, unit: UnitDep, expected: IfMatch
) -> Response:
    """Forget where a person is paid: nothing is transferred until another account is kept."""
    return _kept(
        await commands.withdraw_account(unit, safe, person_id, expected=expected, by=caller)
    )


@router.get(
    "/persons/{person_id}/affiliations",
    response_model=wire.Affiliations,
    responses=problems(errors.NoSuchPerson),
    operation_id="affiliations",
)
async def read_affiliations(
    person_id: UUID, _caller: Reader, look: LookDep, safe: SafeDep, unit: UnitDep
) -> Response:
    """Read where a person served and serves; the look is logged."""
    found = await looking.look_at_affiliations(unit, safe, person_id, look)
    return answer(wire.Affiliations(items=[wire.Affiliation.of(each) for each in found]))


@router.post(
    "/persons/{person_id}/affiliations",
    response_model=wire.PersonKept,
    responses=problems(errors.AffiliationOverlaps, errors.AffiliationEndsBeforeItStarts, *_KEEPING),
    operation_id="affiliate",
)
async def affiliate(
    *,
    person_id: UUID,
    body: AffiliationIn,
    caller: Writer,
    safe: SafeDep,
    unit: UnitDep,
    expected: IfMatch,
) -> Response:
    """Note where a person serves from a day on; where they served until then ends there.

    If-Match makes a repetition harmless: the version has moved on.
    """
    new = body.affiliation(uuid7(unit.clock.now()))
    return _kept(await commands.affiliate(unit, safe, person_id, new, expected=expected, by=caller))


@router.put(
    "/persons/{person_id}/affiliations/{affiliation_id}",
    response_model=wire.PersonKept,
    responses=problems(
        errors.NotKept,
        errors.AffiliationOverlaps,
        errors.AffiliationEndsBeforeItStarts,
        *_KEEPING,
    ),
    operation_id="correct_affiliation",
)
async def correct_affiliation(
    *,
    person_id: UUID,
    affiliation_id: UUID,
    body: AffiliationIn,
    caller: Writer,
    safe: SafeDep,
    unit: UnitDep,
    expected: IfMatch,
) -> Response:
    """Say anew where a person served or serves: a wrong day or rank, or the day it ended.

    What is left out is forgotten; other affiliations stay as they are.
    """
    said = body.affiliation(affiliation_id)
    return _kept(
        await commands.correct_affiliation(
            unit, safe, person_id, said, expected=expected, by=caller
        )
    )


@router.post(
    "/persons/{person_id}/affiliations/{affiliation_id}/withdrawal",
    response_model=wire.PersonKept,
    responses=problems(errors.NotKept, *_KEEPING),
    operation_id="withdraw_affiliation",
)
async def withdraw_affiliation(
    *,
    person_id: UUID,
    affiliation_id: UUID,
    caller: Writer,
    safe: SafeDep,
    unit: UnitDep,
    expected: IfMatch,
) -> Response:
    """Forget an affiliation that never was; one that it ended is given its days by a correction."""
    return _kept(
        await commands.withdraw_affiliation(
            unit, safe, person_id, affiliation_id, expected=expected, by=caller
        )
    )


@router.post(
    "/person-searches",
    response_model=wire.PersonsFound,
    operation_id="find_people",
)
async def find_people(
    body: PersonSearch, _caller: Finder, look: LookDep, safe: SafeDep, unit: UnitDep
) -> Response:
    """Find persons by exact name, e-mail or document number; who is found is logged.

    A POST, because what is searched for must not stand in a URL.
    """
    found = await looking.find_people(unit, safe, look, **body.model_dump())
    return answer(wire.PersonsFound(items=[Person.known(each) for each in found]))
