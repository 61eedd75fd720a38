"""Rate sets: brought in once, never changed (INV-37)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kit.auth import EVERYONE
from kit.db.unit import Unit
from kit.ids import uuid7
from participants.commands.telling import rate_set_registered
from participants.domain.errors import RateSetImmutable
from participants.domain.rates import Rate, RateSet
from participants.storage import rates


@dataclass(frozen=True, slots=True)
class _Record:
    """What the change log says a rate set's fact is about."""

    id: UUID
    version: int = 1
    audience: frozenset[str] = frozenset({EVERYONE})


async def register_rate_sets(unit: Unit, sets: Sequence[RateSet], rows: Sequence[Rate]) -> int:
    """Bring rate sets in with their rates; return how many were new.

    A set that is known already must be the same to the last character.
    Refused: RateSetImmutable.
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
            new += 1
        return tx.result(new)


def _must_be_same(edition: RateSet, known: str, digest: str) -> None:
    if known != digest:
        raise RateSetImmutable(f"{edition.code} is on record with other content", set=edition.code)
