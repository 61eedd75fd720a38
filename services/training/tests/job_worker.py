"""Carries out jobs of a database until it is killed."""

import asyncio

from kit.db.engine import Address, Database
from kit.db.unit import Unit
from kit.testing.clock import HeldClock
from training.commands.jobs import work_on_next
from training.main import SERVICE


async def work_on_jobs(url: str) -> None:
    database = await Database.at(Address(url), SERVICE.constraints)
    unit = Unit(database, HeldClock(), actor="worker", cause="test")
    while True:
        if not await work_on_next(unit):
            await asyncio.sleep(0.02)
