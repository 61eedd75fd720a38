"""Claims, settlements and payment files, as the domain knows them."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from kit.auth import Caller
from kit.db.paging import Asked, Page, page
from kit.db.unit import Unit
from kit.db.visible import visible
from participants.domain.claim import Claim
from participants.domain.errors import NoSuchClaim, NoSuchPaymentFile
from participants.domain.settlement import PaymentFile, Settlement
from participants.domain.trip import WITH_FUNDS, TripState
from participants.storage import claims, settlements
from participants.storage.tables import trip as t
from participants.storage.tables_claims import claim as c
from participants.storage.tables_claims import claim_item as i
from participants.storage.tables_claims import payment_file as f
from participants.storage.tables_claims import settlement as s


async def claim(unit: Unit, claim_id: UUID, *, by: Caller) -> Claim:
    """Return a claim; raises NoSuchClaim if unknown or not visible."""
    statement = select(*c.c).where(c.c.id == claim_id, visible(c.c.audience, by))
    items = select(*i.c).where(i.c.claim_id == claim_id).order_by(i.c.number)
    async with unit.read() as read:
        row = await read.first(statement)
        if row is None:
            raise NoSuchClaim("there is no such claim")
        rows = await read.rows(items)
    return claims.from_rows(row._mapping, [each._mapping for each in rows])  # noqa: SLF001 (public)


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims are wanted; null means any."""

    state: str | None = None
    programme_code: str | None = None
    trip_id: UUID | None = None

    def as_filters(self) -> dict[str, object]:
        """Return what a cursor of the list is bound to."""
        return asdict(self)


async def claims_of(unit: Unit, asked: Asked, wanted: ClaimFilter, *, by: Caller) -> Page[Claim]:
    """Return a page of the claims the caller may see, the oldest first."""
    statement = select(*c.c).where(visible(c.c.audience, by))
    for name, value in wanted.as_filters().items():
        if value is not None:
            statement = statement.where(c.c[name] == value)
    async with unit.read() as read:
        found = await page(read, statement, by=[c.c.id], asked=asked)
        ids = [row.id for row in found.items]
        rows = await read.rows(
            select(*i.c).where(i.c.claim_id.in_(ids)).order_by(i.c.claim_id, i.c.number)
        )
    items = [each._mapping for each in rows]  # noqa: SLF001 (public)
    return found.map(
        lambda row: claims.from_rows(
            row._mapping,  # noqa: SLF001 (public)
            [each for each in items if each["claim_id"] == row.id],
        )
    )


@dataclass(frozen=True, slots=True)
class SettlementFilter:
    """Which settlements are wanted; null means any."""

    state: str | None = None
    payer: str | None = None
    programme_code: str | None = None
    claim_id: UUID | None = None
    payment_file_id: UUID | None = None

    def as_filters(self) -> dict[str, object]:
        """Return what a cursor of the list is bound to."""
        return asdict(self)


async def settlements_of(
    unit: Unit, asked: Asked, wanted: SettlementFilter, *, by: Caller
) -> Page[Settlement]:
    """Return a page of the settlements the caller may see, the oldest first."""
    statement = select(*s.c).where(visible(s.c.audience, by))
    for name, value in wanted.as_filters().items():
        if value is not None:
            statement = statement.where(s.c[name] == value)
    async with unit.read() as read:
        found = await page(read, statement, by=[s.c.id], asked=asked)
    return found.map(lambda row: settlements.settlement_of(row._mapping))  # noqa: SLF001 (public)


async def payment_file(unit: Unit, file_id: UUID, *, by: Caller) -> PaymentFile:
    """Return a payment file; raises NoSuchPaymentFile if unknown or not visible."""
    statement = select(*f.c).where(f.c.id == file_id, visible(f.c.audience, by))
    async with unit.read() as read:
        row = await read.first(statement)
    if row is None:
        raise NoSuchPaymentFile("there is no such payment file")
    return settlements.file_of(row._mapping)  # noqa: SLF001 (public)


async def synthetic_trips(unit: Unit, programme_code: str) -> int:
    """Count the synthetic trips of a programme that have money or need none any more."""
    ready = [*sorted(WITH_FUNDS), TripState.CANCELLED.value]
    counted = (
        select(func.count())
        .select_from(t)
        .where(t.c.programme_code == programme_code, t.c.synthetic, t.c.state.in_(ready))
    )
    async with unit.read() as read:
        row = await read.first(counted)
    return 0 if row is None else int(row[0])


async def first_end(unit: Unit, programme_code: str) -> date | None:
    """Return the day on which the first synthetic trips of a programme ended."""
    first = select(func.min(t.c.last_day)).where(
        t.c.programme_code == programme_code, t.c.synthetic
    )
    async with unit.read() as read:
        row = await read.first(first)
    return None if row is None else row[0]
