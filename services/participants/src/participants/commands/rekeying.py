"""Keys of persons put in the place of others, batch by batch, while people are read and written."""

from kit.db.unit import Unit
from participants.storage import rekeying
from participants.storage.safe import Safe


async def rewrap_keys(unit: Unit, safe: Safe, *, most: int = 500) -> int:
    """Wrap the keys of persons with the current key; return how many were wrapped with another.

    What is sealed stays as it is, so that readers and writers go on meanwhile. Each call is a
    transaction of its own: whatever stops between two of them, the next one goes on.
    """
    async with unit.begin() as tx:
        return tx.result(await rekeying.rewrap(tx, safe, most))


async def keys_in_use(unit: Unit) -> dict[str, int]:
    """Return how many keys of persons are wrapped with each version."""
    async with unit.begin() as tx:
        return tx.result(await rekeying.wrapped_with(tx))


async def reindex(unit: Unit, safe: Safe, *, most: int = 200) -> int:
    """Make blind indexes with the current key; return of how many persons.

    Everybody is found meanwhile, by every key at hand. Stopped between two calls, it goes on.
    """
    async with unit.begin() as tx:
        return tx.result(await rekeying.reindex(tx, safe, most))


async def close_index(unit: Unit, safe: Safe) -> dict[str, int]:
    """Return how many persons still have indexes of each version but the current.

    Where nobody has, hashes of names made with keys that are no longer at hand are removed.
    """
    async with unit.begin() as tx:
        used = await rekeying.indexed_with(tx)
        left = {version: n for version, n in used.items() if version != safe.index.current}
        if not left:
            await rekeying.forget_keys(tx, sorted(safe.index.versions))
        return tx.result(left)
