"""Migrates in a process of its own: `python -m toyshop.migrating <owner url>`."""

import asyncio
import sys

from kit.db.engine import Address
from kit.db.migrations import upgrade_at

if __name__ == "__main__":
    asyncio.run(upgrade_at(Address(sys.argv[1]), package="toyshop"))
