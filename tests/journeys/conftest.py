"""Journeys run on clones of their own: commits are real, and facts travel by the real feeds."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from .world import World, build


@pytest.fixture
def delivered_twice() -> bool:
    """Say whether every fact reaches its followers twice; a test overrides this."""
    return False


@pytest_asyncio.fixture
async def world(open_database, clock, tmp_path, delivered_twice) -> AsyncIterator[World]:
    """Build everything, empty but for the rates of per diems."""
    async with AsyncExitStack() as stack:
        world = await build(open_database, clock, tmp_path / "keys", stack, twice=delivered_twice)
        await world.load_rates()
        yield world
