"""The chain of the access log, made by the worker: readers wait for nobody and for no hash."""

import asyncio
from typing import Final

import structlog

from kit.db.unit import Unit
from participants.domain.chain import Head, linked
from participants.storage import chain

_AT_ONCE: Final = 1_000
_POLL_S: Final = 1.0
_NOTED_EVERY_S: Final = 3_600
_log = structlog.get_logger()


async def link_looks(unit: Unit, *, most: int = _AT_ONCE) -> int:
    """Give committed looks their places in the chain; return how many, 0 if somebody else does.

    Whoever holds the turn has it until the commit, so that there is one chain whatever runs.
    """
    async with unit.begin() as tx:
        if not await chain.take_turn(tx):
            return tx.result(0)
        links = list(linked(await chain.head(tx), await chain.take_waiting(tx, most)))
        await chain.add(tx, links)
        return tx.result(len(links))


async def keep_linking(unit: Unit) -> None:
    """Link what is committed every second, and note the head in the log every hour.

    The log goes elsewhere than the database: a head in it shows later what was cut off here.
    """
    until_noted = 0.0
    while True:
        while await _some_wait(unit) and await link_looks(unit):
            pass
        if until_noted <= 0:
            _log.info("access_log_head", head=str(await _head(unit)))
            until_noted = _NOTED_EVERY_S
        await asyncio.sleep(_POLL_S)
        until_noted -= _POLL_S


async def _some_wait(unit: Unit) -> bool:
    async with unit.read() as read:
        return await chain.any_waiting(read)


async def _head(unit: Unit) -> Head:
    async with unit.read() as read:
        return await chain.last(read)
