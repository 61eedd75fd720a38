"""Rate sets: drafted, published once for good, corrected by a new version (INV-37)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from kit.auth import EVERYONE
from kit.db.unit import Tx, Unit
from kit.errors import StaleVersion, Violation
from kit.ids import uuid7
from participants.commands.telling import rate_set_registered
from participants.domain.errors import RateSetImmutable
from participants.domain.rate_errors import RateSetCannotMove, RateSetInvalid
from participants.domain.rates import Rate, RateSet, RateSetStatus, StoredSet
from participants.domain.rulesets import SCHEMES
from participants.storage import rates


@dataclass(frozen=True, slots=True)
class _Record:
    """What the change log says a rate set's fact is about."""

    id: UUID
    version: int = 1
    audience: frozenset[str] = frozenset({EVERYONE})


async def register_rate_sets(unit: Unit, sets: Sequence[RateSet], rows: Sequence[Rate]) -> int:
    """Bring rate sets in with their rates; return how many were new.

    A set that is known already must be the same to the last character. A new one that corrects
    another takes its place. Refused: RateSetImmutable.
    """
    async with unit.begin() as tx:
        known = await rates.checksums(tx)
        new = 0
        for edition in sets:
            own = [row for row in rows if row.rate_set == edition.code]
            digest = rates.checksum(edition, own)
            if edition.code in known:
                _must_be_same(edition, known[edition.code], digest)
                continue
            record = _Record(uuid7(tx.now))
            await rates.add(tx, record.id, edition, own, digest)
            tx.tell(rate_set_registered(edition, digest), about=record)
            if edition.corrects is not None:
                await _take_place(tx, edition.code, edition.corrects)
            new += 1
        return tx.result(new)


async def _take_place(tx: Tx, code: str, wrong: str) -> None:
    """Supersede what a new set corrects; where somebody corrected that already, theirs stands."""
    stands = (await rates.lock(tx, wrong)).edition.status is RateSetStatus.PUBLISHED
    await _supersede(tx, wrong if stands else code)


def _must_be_same(edition: RateSet, known: str, digest: str) -> None:
    if known != digest:
        raise RateSetImmutable(f"{edition.code} is on record with other content", set=edition.code)


async def import_rate_set(unit: Unit, draft: RateSet, rows: Sequence[Rate]) -> StoredSet:
    """Keep a new set with its rates as a draft: no calculation uses it before it is published.

    Refused: RateSetImmutable if the code is taken, RateSetInvalid, NoSuchRateSet.
    """
    async with unit.begin() as tx:
        if draft.code in await rates.checksums(tx):
            raise RateSetImmutable(f"{draft.code} is on record", set=draft.code)
        await _must_fit(tx, draft)
        digest = rates.checksum(draft, rows)
        record = _Record(uuid7(tx.now))
        await rates.add(tx, record.id, draft, rows, digest)
        tx.tell(rate_set_registered(draft, digest), about=record)
        return tx.result(StoredSet(record.id, 1, draft, digest, None))


async def _must_fit(tx: Tx, draft: RateSet) -> None:
    found = []
    if draft.scheme not in SCHEMES:
        message = f"The known schemes are {', '.join(sorted(SCHEMES))}."
        found.append(Violation("/scheme", "unknown_scheme", message))
    if draft.corrects is not None:
        wrong = await rates.lock(tx, draft.corrects)
        if wrong.edition.scheme != draft.scheme:
            message = f"{draft.corrects} belongs to {wrong.edition.scheme}."
            found.append(Violation("/corrects", "other_scheme", message))
    if found:
        raise RateSetInvalid("the rate set does not fit those on record", errors=found)


async def publish_rate_set(unit: Unit, code: str, *, expected: int) -> StoredSet:
    """Publish a draft: from now on it never changes, and the set it corrects is superseded.

    Refused: NoSuchRateSet, StaleVersion, RateSetCannotMove, RateSetInvalid without a first day.
    """
    async with unit.begin() as tx:
        stored = await rates.lock(tx, code)
        if stored.version != expected:
            raise StaleVersion(f"{code} is at version {stored.version}")
        if stored.edition.status is not RateSetStatus.DRAFT:
            raise RateSetCannotMove(f"{code} is {stored.edition.status.value}")
        if stored.edition.effective_from is None:
            message = "A published set says from which day it is in force."
            violation = Violation("/effective_from", "no_first_day", message)
            raise RateSetInvalid(f"{code} has no first day", errors=[violation])
        if stored.edition.corrects is not None:
            await _supersede(tx, stored.edition.corrects)
        edition = replace(stored.edition, status=RateSetStatus.PUBLISHED)
        digest = rates.checksum(edition, await rates.rows_of(tx, code))
        return tx.result(await _moved(tx, stored, edition, digest, tx.now))


async def _supersede(tx: Tx, code: str) -> None:
    """Put a corrected set out of use; its content and checksum stay as they were."""
    stored = await rates.lock(tx, code)
    if stored.edition.status is not RateSetStatus.PUBLISHED:
        raise RateSetCannotMove(f"{code}, which it corrects, is {stored.edition.status.value}")
    edition = replace(stored.edition, status=RateSetStatus.SUPERSEDED)
    await _moved(tx, stored, edition, stored.checksum, stored.published_at)


async def _moved(
    tx: Tx, stored: StoredSet, edition: RateSet, digest: str, published_at: datetime | None
) -> StoredSet:
    moved = StoredSet(stored.id, stored.version + 1, edition, digest, published_at)
    await rates.save(tx, moved)
    tx.tell(rate_set_registered(edition, digest), about=_Record(moved.id, moved.version))
    return moved
