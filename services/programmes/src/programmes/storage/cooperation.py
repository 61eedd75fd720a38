"""Rows of cooperation as domain values: partnerships, meetings, deliverables."""

from uuid import UUID

from kit.db.unit import Tx
from programmes.domain.component import Partnership, PartnershipStatus
from programmes.domain.deliverable import Deliverable, DeliverableKind, DeliverableStatus
from programmes.domain.governance import Meeting, MeetingCancelled, MeetingStatus
from programmes.domain.programme import Programme
from programmes.storage import parts, tables_results, values
from programmes.storage import tables_cooperation as tables


async def require_component(tx: Tx, programme_id: UUID, code: str) -> None:
    """Raise NoSuchPart unless the programme has this component."""
    await parts.found(tx, tables.component, programme_id, code=code)


async def require_body(tx: Tx, programme_id: UUID, code: str) -> None:
    """Raise NoSuchPart unless the programme has this body."""
    await parts.found(tx, tables.governance_body, programme_id, code=code)


async def partnership(
    tx: Tx, programme: Programme, partnership_id: UUID, *, expected: int
) -> Partnership:
    """Return a partnership for change; raises NoSuchPart or StaleVersion."""
    table = tables.bilateral_partnership
    row = await parts.found(tx, table, programme.id, expected=expected, id=partnership_id)
    return Partnership(
        id=row.id,
        version=row.version,
        audience=programme.audience,
        programme=programme.code,
        country=row.country,
        partner=row.partner,
        instrument=row.instrument,
        signed=values.fuzzy(row.signed),
        status=PartnershipStatus(row.status),
        source=values.source(row.source),
    )


async def meeting(tx: Tx, programme: Programme, meeting_id: UUID, *, expected: int) -> Meeting:
    """Return a meeting for change; raises NoSuchPart or StaleVersion."""
    table = tables.governance_meeting
    row = await parts.found(tx, table, programme.id, expected=expected, id=meeting_id)
    return Meeting(
        id=row.id,
        version=row.version,
        audience=programme.audience,
        programme=programme.code,
        body=row.body,
        on=values.fuzzy(row.on_date),
        city=row.city,
        country=row.country,
        status=MeetingStatus(row.status),
        source=values.source(row.source),
    )


async def deliverable(
    tx: Tx, programme: Programme, deliverable_id: UUID, *, expected: int
) -> Deliverable:
    """Return a deliverable for change; raises NoSuchPart or StaleVersion."""
    table = tables_results.deliverable
    row = await parts.found(tx, table, programme.id, expected=expected, id=deliverable_id)
    return Deliverable(
        id=row.id,
        version=row.version,
        audience=programme.audience,
        programme=programme.code,
        kind=DeliverableKind(row.kind),
        title=row.title,
        quantity=row.quantity,
        status=DeliverableStatus(row.status),
        due=values.fuzzy(row.due),
        source=values.source(row.source),
    )


async def require_meeting(tx: Tx, programme_id: UUID, meeting_id: UUID) -> None:
    """Raise NoSuchPart unless the programme has this meeting, MeetingCancelled if it is off."""
    row = await parts.found(tx, tables.governance_meeting, programme_id, id=meeting_id)
    if row.status == MeetingStatus.CANCELLED:
        raise MeetingCancelled("the meeting does not take place")
