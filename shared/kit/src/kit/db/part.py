"""Parts of one transaction: several commands whose effects commit together or not at all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from typing_extensions import override

from kit.clock import Clock
from kit.db.unit import Key, OnceUnit, Origin, Read, Sessions, Tx, Unit


class PartUnit(Unit):
    """A unit for one part of an open transaction, whose fate it shares.

    It does nothing beside that transaction: a look from outside would not see the earlier parts.
    """

    def __init__(self, whole: Tx, clock: Clock, origin: Origin) -> None:
        none_of_its_own = cast("Sessions", None)
        super().__init__(none_of_its_own, clock, actor=origin.actor, cause=origin.cause)
        self._whole = whole
        self._part = Tx(whole.sql, whole.driver, whole.now, origin)
        self._used = False

    @override
    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """Be the transaction that is open; what is told goes to the change log at once."""
        if self._used:
            raise _NothingBesideError
        self._used = True
        yield self._part
        await self._part.write_changes()
        self._whole.told |= self._part.told

    @override
    def read(self) -> Read:
        """Refuse."""
        raise _NothingBesideError

    @override
    def on_behalf(self, actor: str, *, cause: str) -> Unit:
        """Refuse."""
        raise _NothingBesideError

    @override
    def once(self, key: Key) -> OnceUnit:
        """Refuse."""
        raise _NothingBesideError

    @override
    async def wait(self, position: int, seconds: float) -> bool:
        """Refuse."""
        raise _NothingBesideError


class _NothingBesideError(RuntimeError):
    """What is part of a transaction has that one, once, and nothing beside it."""
