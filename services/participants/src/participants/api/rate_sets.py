"""Routes of rate sets: read, imported from CSV, published, and what a correction affects."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, StringConstraints

from kit.auth import SEES_ALL, Caller
from kit.db.paging import Asked
from kit.errors import ScopeMissing, StaleVersion
from kit.once import Once
from kit.personal import impersonal
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, unless_known
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from kit.wire import Code
from kit.wire import Request as Body
from participants.api import wire
from participants.api.replies import listing, ready
from participants.api.requests import TripDay, Words
from participants.commands import rates as commands
from participants.context import Cursor, Limit, Reader, UnitDep, Writer
from participants.domain.errors import NoSuchRateSet, RateSetImmutable
from participants.domain.rate_errors import RateSetCannotMove, RateSetInvalid
from participants.domain.rate_files import imported_rates
from participants.domain.rates import Completeness, Rate, RateSet, RateSetStatus, StoredSet
from participants.queries import rates

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["per diems"])


class NewRateSet(Body):
    """A set of rates to keep as a draft, with its rates as the text of a CSV file."""

    code: Code
    scheme: Code
    title: Words
    legal_reference: Words
    effective_from: TripDay | None = None
    completeness: Completeness
    source: Words
    note: Words | None = None
    corrects: Code | None = None
    rates_csv: Annotated[
        str, StringConstraints(min_length=1, max_length=200_000), AfterValidator(impersonal)
    ]

    def draft(self) -> RateSet:
        """Return the set, not checked against those on record."""
        return RateSet(
            scheme=self.scheme,
            code=self.code,
            title=self.title,
            legal_reference=self.legal_reference,
            effective_from=self.effective_from,
            status=RateSetStatus.DRAFT,
            completeness=self.completeness,
            source=self.source,
            note=self.note or "",
            corrects=self.corrects,
        )

    def rates(self) -> list[Rate]:
        """Return the rates of the file; raises InvalidInput with every bad line."""
        return imported_rates(self.code, self.effective_from, self.rates_csv)


def _must_keep_rates(caller: Caller) -> None:
    """Rates bind every programme: only those who see every record may change them."""
    if SEES_ALL not in caller.scopes:
        raise ScopeMissing(f"the scope {SEES_ALL} is needed to keep rates")


def _location(stored: StoredSet) -> str:
    return f"/v1/rate-sets/{stored.edition.code}"


@router.get(
    "/rate-sets",
    response_model=Listing[wire.RateSet],
    responses=problems(CursorInvalid),
    operation_id="rate_sets",
)
async def list_rate_sets(
    caller: Reader,
    unit: UnitDep,
    scheme: Code | None = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """List the rate sets, drafts and lists of which no copy is held among them."""
    asked = Asked(caller.client, after, limit, {"scheme": scheme})
    return listing(await rates.rate_sets(unit, asked, scheme=scheme))


@router.post(
    "/rate-sets",
    status_code=201,
    response_model=wire.RateSet,
    responses=problems(RateSetImmutable, RateSetInvalid, NoSuchRateSet),
    operation_id="import_rate_set",
)
async def import_rate_set(body: NewRateSet, caller: Writer, once: Once) -> Response:
    """Import a rate set from CSV as a draft; nothing is computed by it before it is published."""
    _must_keep_rates(caller)
    draft, rows = body.draft(), body.rates()
    return await once(
        lambda unit: commands.import_rate_set(unit, draft, rows),
        wire.RateSet.of,
        location=_location,
    )


@router.get(
    "/rate-sets/{code}",
    response_model=wire.RateSetWithRates,
    responses=problems(NoSuchRateSet),
    operation_id="rate_set",
)
async def read_rate_set(code: str, request: Request, caller: Reader, unit: UnitDep) -> Response:
    """Read a rate set with every rate in it, its source and how well it is attested."""
    del caller
    body, tag = await rates.rate_set_with_rates(unit, code)
    return unless_known(request, body.encode(), tag)


@router.post(
    "/rate-sets/{code}/publication",
    status_code=201,
    response_model=wire.RateSet,
    responses=problems(
        NoSuchRateSet, RateSetCannotMove, RateSetInvalid, StaleVersion, PreconditionRequired
    ),
    operation_id="publish_rate_set",
)
async def publish_rate_set(code: str, caller: Writer, expected: IfMatch, once: Once) -> Response:
    """Publish a draft for good; the set it corrects is superseded."""
    _must_keep_rates(caller)
    return await once(
        lambda unit: commands.publish_rate_set(unit, code, expected=expected), wire.RateSet.of
    )


@router.get(
    "/rate-sets/{code}/calculations",
    response_model=wire.AffectedCalculations,
    responses=problems(NoSuchRateSet),
    operation_id="calculations_of_rate_set",
)
async def list_affected(code: str, caller: Reader, unit: UnitDep) -> Response:
    """List the calculations that used a set: those a correction of it affects."""
    return ready(await rates.affected(unit, code, by=caller))
