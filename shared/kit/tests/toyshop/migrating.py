"""Migrates in a process of its own."""

from kit.db.engine import Address
from kit.db.migrations import upgrade_at


async def main(url: str) -> None:
    await upgrade_at(Address(url), package="toyshop")
