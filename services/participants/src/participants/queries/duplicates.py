"""Possible duplicates that wait for a decision, or had one."""

from sqlalchemy import select

from kit.auth import Caller
from kit.db.paging import Asked, Page, page
from kit.db.unit import Unit
from kit.db.visible import visible
from participants.domain.duplicate import Proposal, ProposalState
from participants.storage.duplicates import from_row
from participants.storage.tables_people import duplicate_proposal as p


async def proposals(
    unit: Unit, asked: Asked, *, state: ProposalState | None, by: Caller
) -> Page[Proposal]:
    """Return a page of the possible duplicates the caller may see, the oldest first."""
    statement = select(*p.c).where(visible(p.c.audience, by))
    if state is not None:
        statement = statement.where(p.c.state == state.value)
    async with unit.read() as read:
        found = await page(read, statement, by=[p.c.id], asked=asked)
    return found.map(lambda row: from_row(row._mapping))  # noqa: SLF001 (public)
