"""Settles batches of a database until nothing is left, or it is killed."""

from kit.clock import SystemClock
from kit.db.engine import Address, Database
from kit.db.unit import Unit
from kit.testing.patience import served
from participants.commands.settlement_jobs import settle_batch
from participants.main import SERVICE


async def settle_all(url: str) -> None:
    database = await Database.at(Address(url, None, "killed"), SERVICE.constraints)
    while await served(settle_batch, Unit(database, SystemClock()), most=10):
        pass
