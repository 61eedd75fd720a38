"""The chain of the access log, made by the worker: readers wait for nobody and for no hash."""

import asyncio
from typing import Final

import structlog

from kit.db.unit import Tx, Unit
from participants.domain.chain import Anchor, Head, linked
from participants.storage import chain
from participants.storage.notary import Notary

_AT_ONCE: Final = 1_000
_POLL_S: Final = 1.0
_SIGNED_EVERY_S: Final = 3_600
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


class AnchorsReplaced(Exception):
    """What was signed last is not on the chain: the log was rewritten. Nothing more is signed."""


async def sign_head(unit: Unit, notary: Notary) -> Anchor | None:
    """Sign where the chain ends, if it went on since and nobody else is at it.

    Raises AnchorsReplaced rather than sign a chain that replaced another.
    """
    async with unit.begin() as tx:
        if not await chain.take_turn(tx):
            return tx.result(None)
        head, former = await chain.head(tx), await _former(tx, notary)
        if former is not None and await chain.hash_at(tx, former.head.place) != former.head.hash:
            raise AnchorsReplaced(f"place {former.head.place} is not what was signed")
        if head.place == (0 if former is None else former.head.place):
            return tx.result(None)
        anchor = notary.sign(1 if former is None else former.number + 1, head, tx.now)
        await chain.add_anchor(tx, anchor)
        return tx.result(anchor)


async def _former(tx: Tx, notary: Notary) -> Anchor | None:
    statement = await chain.newest_statement(tx)
    try:
        return None if statement is None else notary.read(statement)
    except ValueError as error:
        raise AnchorsReplaced(f"what was signed last cannot be read: {error}") from error


async def keep_linking(unit: Unit, notary: Notary) -> None:
    """Link what is committed every second; every hour sign the head, and note it in the log.

    The log goes elsewhere than the database: a head in it shows later what was replaced here.
    """
    until_signed = 0.0
    while True:
        while await _some_wait(unit) and await link_looks(unit):
            pass
        if until_signed <= 0:
            await _note(unit, notary)
            until_signed = _SIGNED_EVERY_S
        await asyncio.sleep(_POLL_S)
        until_signed -= _POLL_S


async def _note(unit: Unit, notary: Notary) -> None:
    try:
        anchor = await sign_head(unit, notary)
    except AnchorsReplaced as error:
        _log.error("access_log_replaced", error=str(error))
    else:
        statement = None if anchor is None else anchor.statement
        _log.info("access_log_head", head=str(await _head(unit)), statement=statement)


async def _some_wait(unit: Unit) -> bool:
    async with unit.read() as read:
        return await chain.any_waiting(read)


async def _head(unit: Unit) -> Head:
    async with unit.read() as read:
        return await chain.last(read)
