"""Trips and their explained per diems, as ready JSON."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Integer, Text, bindparam, cast, or_, select

from kit.auth import Caller
from kit.db.paging import Asked, Page, page
from kit.db.unit import Hot, Unit
from kit.db.visible import visible, visible_to
from participants.domain.errors import NoEstimate, NoSuchTrip
from participants.domain.trip import WAITING, TripState
from participants.queries import shapes
from participants.queries.persons import Tagged
from participants.storage.tables import allowance_calculation as c
from participants.storage.tables import trip as t

_BODY: Final = cast(shapes.TRIP, Text).label("body")
_TRIP: Final = Hot(
    select(_BODY, shapes.etag(t.c.version).label("tag")).where(
        t.c.id == bindparam("id"), visible_to(t.c.audience)
    )
)
_revision = cast(bindparam("revision"), Integer)
_PER_DIEM: Final = Hot(
    select(
        c.c.revision,
        c.c.result,
        shapes.instant(c.c.made_at).label("made_at"),
        (c.c.revision == t.c.revision).label("newest"),
        t.c.state,
        t.c.version,
    )
    .select_from(
        t.outerjoin(
            c,
            (c.c.trip_id == t.c.id)
            & or_(c.c.revision == _revision, _revision.is_(None) & (c.c.revision == t.c.revision)),
        )
    )
    .where(t.c.id == bindparam("id"), visible_to(t.c.audience))
)


@dataclass(frozen=True, slots=True)
class TripFilter:
    """Which trips are wanted; null means any."""

    programme_code: str | None = None
    state: str | None = None
    event_id: UUID | None = None
    person_id: UUID | None = None

    def as_filters(self) -> dict[str, object]:
        """Return what a cursor of the list is bound to."""
        return asdict(self)


async def trip(unit: Unit, trip_id: UUID, *, by: Caller) -> Tagged:
    """Return a trip; raises NoSuchTrip if unknown or not visible."""
    async with unit.read() as read:
        row = await read.hot(_TRIP, id=trip_id, marks=list(by.audience))
    if row is None:
        raise NoSuchTrip("there is no such trip")
    return row["body"], row["tag"]


async def trips(unit: Unit, asked: Asked, wanted: TripFilter, *, by: Caller) -> Page[str]:
    """Return a page of the trips the caller may see, the oldest first."""
    statement = select(_BODY, t.c.id).where(visible(t.c.audience, by))
    for column, value in (
        (t.c.programme_code, wanted.programme_code),
        (t.c.state, wanted.state),
        (t.c.event_id, wanted.event_id),
        (t.c.person_id, wanted.person_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    async with unit.read() as read:
        found = await page(read, statement, by=[t.c.id], asked=asked)
    return found.map(lambda row: str(row[0]))


async def per_diem(unit: Unit, trip_id: UUID, revision: int | None, *, by: Caller) -> Tagged:
    """Return the explained calculation of a trip, the latest or a revision.

    It is current unless a later one was made, or the trip waits for what a new one needs. Raises
    NoSuchTrip if the trip is unknown or not visible, NoEstimate if there is none.
    """
    async with unit.read() as read:
        row = await read.hot(_PER_DIEM, id=trip_id, revision=revision, marks=list(by.audience))
    if row is None:
        raise NoSuchTrip("there is no such trip")
    if row["revision"] is None:
        raise NoEstimate("no such calculation has been made for this trip")
    return _explained(trip_id, row), f'"{row["revision"]}.{row["version"]}"'


def _explained(trip_id: UUID, row: Any) -> str:  # noqa: ANN401 (a driver's record)
    current = row["newest"] and TripState(row["state"]) not in WAITING
    return (
        f'{{"trip_id":"{trip_id}","revision":{row["revision"]},"made_at":"{row["made_at"]}",'
        f'"current":{json.dumps(current)},"trip_state":"{row["state"]}","per_diem":{row["result"]}}}'
    )
