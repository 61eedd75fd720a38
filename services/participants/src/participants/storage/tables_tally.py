"""Tables of what trips and claims add up to: kept by triggers, read instead of every record.

A row is a difference: whoever writes trips or claims appends what that changes, in the same
transaction and without waiting for anybody. The sum of all rows is what there is at any moment.
"""

from decimal import Decimal
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Index,
    Named,
    Numeric,
    Table,
    Text,
    TypedColumns,
)
from sqlalchemy.dialects.postgresql import ARRAY

from participants.storage.tables import metadata


class TripTallyColumns(TypedColumns):
    """Trips more or fewer, and what they were computed at, by all that totals tell apart."""

    id: Named[int] = Column(BigInteger, Identity(always=True), primary_key=True)
    programme_code: Named[str] = Column(Text)
    audience: Named[list[str]] = Column(ARRAY(Text))
    state: Named[str] = Column(Text)
    synthetic: Named[bool]
    currency: Named[str | None] = Column(Text)
    trips: Named[int] = Column(BigInteger)
    estimated: Named[Decimal] = Column(Numeric)


class ClaimTallyColumns(TypedColumns):
    """Claims more or fewer, and what was certified of them, by all that totals tell apart."""

    id: Named[int] = Column(BigInteger, Identity(always=True), primary_key=True)
    programme_code: Named[str] = Column(Text)
    audience: Named[list[str]] = Column(ARRAY(Text))
    state: Named[str] = Column(Text)
    currency: Named[str] = Column(Text)
    claims: Named[int] = Column(BigInteger)
    certified: Named[Decimal] = Column(Numeric)


trip_tally: Final = Table(
    "trip_tally",
    metadata,
    TripTallyColumns,
    Index("trip_tally_by_programme", "programme_code"),
)

claim_tally: Final = Table(
    "claim_tally",
    metadata,
    ClaimTallyColumns,
    Index("claim_tally_by_programme", "programme_code"),
)
