"""The chain of the access log, inspected: whole, or broken at a place."""

from collections.abc import Iterable, Sequence
from typing import Final

from kit.db.unit import Unit
from participants.domain.chain import Anchor, Head, Inspection
from participants.storage import chain
from participants.storage.notary import Notary

_AT_ONCE: Final = 5_000


async def chain_head(unit: Unit) -> tuple[Head, str | None]:
    """Return where the chain ends now, and what was signed last: to be noted elsewhere."""
    async with unit.read() as read:
        return await chain.last(read), await chain.last_statement(read)


async def anchors_of(
    unit: Unit, notary: Notary, kept: Sequence[str] = (), *, since: int = 1
) -> Sequence[Anchor]:
    """Return the heads that were signed from a place on, the first first.

    `kept` are statements kept elsewhere. Raises ValueError where one was not signed by the
    service, or is gone from the database.
    """
    async with unit.read() as read:
        stored = await chain.statements(read, since)
    anchors = [_read(notary, f"anchor {number}", statement) for number, statement in stored]
    first = anchors[0].number if anchors and since > 1 else 1
    for number, anchor in enumerate(anchors, start=first):
        if anchor.number != number:
            raise ValueError(f"anchor {number} is missing")
    for statement in kept:
        anchor = _read(notary, "an anchor kept elsewhere", statement)
        if anchor.head.place >= since and anchor not in anchors:
            raise ValueError(f"anchor {anchor.number} was kept elsewhere and is not on record")
    return anchors


def _read(notary: Notary, name: str, statement: str) -> Anchor:
    try:
        return notary.read(statement)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


async def inspect_chain(unit: Unit, *, since: int = 1, noted: Iterable[Head] = ()) -> Inspection:
    """Go along the whole chain and stop where it breaks; 5,000 looks in memory at once."""
    inspection = Inspection(since=since, noted=noted)
    after = since - 1
    async with unit.read() as read:
        while steps := await chain.steps(read, after=after, most=_AT_ONCE):
            for link, look in steps:
                inspection.read(link, look)
            after = steps[-1][0].place
        inspection.close(await chain.without_a_place(read))
    return inspection
