"""Possible duplicates: keyed hashes of names, and pairs somebody has to decide about."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Table, and_, delete, literal, select
from sqlalchemy.dialects.postgresql import insert

from kit.auth import STAFF, Caller
from kit.db.unit import Tx
from kit.db.visible import visible
from kit.ids import uuid7
from participants.domain.claim import Claim
from participants.domain.duplicate import Proposal, ProposalState
from participants.domain.errors import NoSuchProposal
from participants.domain.identity import Identity
from participants.domain.settlement import Advance, Settlement
from participants.domain.trip import Trip
from participants.storage import claims, settlements, trips
from participants.storage.safe import Safe
from participants.storage.tables import trip
from participants.storage.tables_claims import advance, claim, settlement
from participants.storage.tables_people import dedupe_key as k
from participants.storage.tables_people import duplicate_proposal as p
from participants.storage.tables_people import identity_document as d
from participants.storage.tables_people import person_merge

BORN: Final = "born"
DOCUMENT: Final = "document"


@dataclass(frozen=True, slots=True)
class Key:
    """A keyed hash of how a name is spelled or sounds, or of a birth date; and its version."""

    kind: str
    version: str
    key: bytes


def keys(safe: Safe, known: Identity) -> Iterator[Key]:
    """Return what a person is compared by, in every version: others may have only one yet."""
    born = None if known.birth_date is None else known.birth_date.isoformat()
    alike = (("spelling", known.spelling), ("sound", known.sound), (BORN, born))
    for kind, value in alike:
        if value is not None:
            for version, key in safe.index.in_all(f"dedupe:{kind}", value).items():
                yield Key(kind, version, key)


async def put_keys(tx: Tx, of: UUID, made: Iterable[Key]) -> None:
    """Keep how a person's name is spelled and sounds, in place of the former keys."""
    await tx.sql.execute(delete(k).where(k.c.person_id == of))
    await tx.sql.execute(insert(k), [{"person_id": of} | asdict(each) for each in made])


async def propose(tx: Tx, of: UUID) -> Sequence[UUID]:
    """Propose a decision about every other person who may be this one; return who they are.

    Somebody born on another day is somebody else, unless both have a document of one number.
    A pair decided about is not proposed again.
    """
    grounds: dict[UUID, set[str]] = {}
    for other, kind in await _alike(tx, of):
        grounds.setdefault(other, set()).add(kind)
    strangers = await _born_on_another_day(tx, of)
    alike = {
        other: kinds
        for other, kinds in grounds.items()
        if DOCUMENT in kinds or (kinds - {BORN} and other not in strangers)
    }
    rows = [_row(tx, of, other, kinds) for other, kinds in alike.items()]
    if rows:
        new = insert(p).on_conflict_do_nothing(index_elements=["one", "other"])
        await tx.sql.execute(new, rows)
    return list(alike)


def _row(tx: Tx, of: UUID, other: UUID, kinds: set[str]) -> dict[str, object]:
    one, two = sorted((of, other))
    return {
        "id": uuid7(tx.now),
        "version": 1,
        "audience": [STAFF],
        "one": one,
        "other": two,
        "grounds": ",".join(sorted(kinds)),
        "state": "proposed",
    }


async def _alike(tx: Tx, of: UUID) -> Sequence[tuple[UUID, str]]:
    own = k.alias("own")
    statement = (
        select(k.c.person_id, k.c.kind)
        .join(own, and_(own.c.kind == k.c.kind, own.c.key == k.c.key))
        .where(own.c.person_id == of, k.c.person_id != of)
        .limit(500)
    )
    mine = d.alias("mine")
    same_number = (
        select(d.c.person_id, literal(DOCUMENT))
        .join(mine, mine.c.number_index == d.c.number_index)
        .where(mine.c.person_id == of, d.c.person_id != of)
        .limit(500)
    )
    found = [*await tx.sql.execute(statement), *await tx.sql.execute(same_number)]
    return [(row[0], row[1]) for row in found]


async def _born_on_another_day(tx: Tx, of: UUID) -> set[UUID]:
    own, name = k.alias("own"), k.alias("name")
    statement = (
        select(k.c.person_id)
        .join(name, and_(name.c.person_id == k.c.person_id, name.c.kind != BORN))
        .join(own, and_(own.c.kind == name.c.kind, own.c.key == name.c.key))
        .where(own.c.person_id == of, k.c.kind == BORN, k.c.person_id != of)
        .where(k.c.key.not_in(select(k.c.key).where(k.c.person_id == of, k.c.kind == BORN)))
        .where(select(k.c.key).where(k.c.person_id == of, k.c.kind == BORN).exists())
    )
    return set((await tx.sql.execute(statement)).scalars())


async def lock(tx: Tx, proposal_id: UUID, *, by: Caller) -> Proposal:
    """Lock and return a proposal that the caller may see, or raise NoSuchProposal."""
    statement = select(*p.c).where(p.c.id == proposal_id, visible(p.c.audience, by))
    row = (await tx.sql.execute(statement.with_for_update())).mappings().first()
    if row is None:
        raise NoSuchProposal("there is no such proposal")
    return from_row(row)


async def save(tx: Tx, changed: Proposal) -> None:
    """Store the decision about a locked proposal."""
    decided = {
        "version": changed.version,
        "state": changed.state.value,
        "decided_by": changed.decided_by,
    }
    await tx.sql.execute(p.update().where(p.c.id == changed.id).values(decided))


@dataclass(frozen=True, slots=True)
class Moved:
    """Trips that went to another record, and their accounts, each as it stands now."""

    trips: Sequence[Trip]
    claims: Sequence[Claim]
    advances: Sequence[Advance]
    settlements: Sequence[Settlement]


async def move(tx: Tx, gone: UUID, stays: UUID, number: int) -> Moved:
    """Give trips and accounts of one record to another; return them.

    Trips at the same time break `trip_overlaps`, days claimed twice `day_already_paid`.
    """
    return await _give(tx, stays, number, lambda table: table.c.person_id == gone)


async def moved_trips(tx: Tx, survivor: UUID, merged: UUID) -> list[UUID]:
    """Return the trips that the latest merge of two records moved."""
    m = person_merge.c
    latest = (
        select(m.trips)
        .where(m.survivor == survivor, m.merged == merged)
        .order_by(m.at.desc(), m.id.desc())
        .limit(1)
    )
    return list((await tx.sql.execute(latest)).scalar_one())


async def move_back(tx: Tx, stays: UUID, gone: UUID, number: int, ids: Sequence[UUID]) -> Moved:
    """Give trips that a merge moved, and the accounts of those trips, to whom they were of."""

    def of_these(table: Table) -> ColumnElement[bool]:
        of_trip = table.c.id if table is trip else table.c.trip_id
        return (table.c.person_id == stays) & of_trip.in_(ids)

    return await _give(tx, gone, number, of_these)


async def _give(
    tx: Tx, to: UUID, number: int, these: Callable[[Table], ColumnElement[bool]]
) -> Moved:
    ids: dict[str, Sequence[UUID]] = {}
    for table in (claim, advance, settlement, trip):
        mine = {"person_id": to, "version": table.c.version + 1}
        if "person_number" in table.c:
            mine["person_number"] = number
        changed = table.update().where(these(table)).values(mine).returning(table.c.id)
        ids[table.name] = sorted((await tx.sql.execute(changed)).scalars())
    return Moved(
        trips=await trips.known(tx, ids[trip.name]),
        claims=await claims.lock_known(tx, ids[claim.name]),
        advances=await settlements.known_advances(tx, ids[advance.name]),
        settlements=await settlements.known_settlements(tx, ids[settlement.name]),
    )


async def keep_history(
    tx: Tx, survivor: UUID, merged: UUID, moved: Sequence[UUID], by: str
) -> None:
    """Write down that two records became one, and what moved."""
    row = {
        "id": uuid7(tx.now),
        "survivor": survivor,
        "merged": merged,
        "trips": list(moved),
        "by": by,
        "at": tx.now,
    }
    await tx.sql.execute(insert(person_merge).values(row))


def from_row(row: RowMapping) -> Proposal:
    """Return the proposal of a row with every column."""
    return Proposal(
        id=row["id"],
        version=row["version"],
        audience=frozenset(row["audience"]),
        one=row["one"],
        other=row["other"],
        grounds=tuple(row["grounds"].split(",")),
        state=ProposalState(row["state"]),
        decided_by=row["decided_by"],
    )
