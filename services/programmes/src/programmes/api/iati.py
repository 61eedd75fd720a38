"""Route of the IATI export."""

from fastapi import APIRouter, Response

from kit.problems import problems
from kit.route import StrictRoute
from programmes.context import ProgrammeCode, Reader, UnitDep
from programmes.domain import errors
from programmes.domain.iati import NotExportable
from programmes.domain.iati_xml import iati_document
from programmes.queries import iati

router = APIRouter(prefix="/v1/programmes/{code}", route_class=StrictRoute, tags=["exports"])
XML = "application/xml"


class XmlResponse(Response):
    """A document in XML."""

    media_type = XML


@router.get(
    "/iati.xml",
    operation_id="iati_activity",
    response_class=XmlResponse,
    responses=problems(errors.NoSuchProgramme, NotExportable),
)
async def iati_activity(code: ProgrammeCode, caller: Reader, unit: UnitDep) -> Response:
    """Export a programme as IATI 2.03: no person, no trip, no single payment, no small count."""
    return XmlResponse(iati_document(await iati.activity(unit, code, by=caller)))
