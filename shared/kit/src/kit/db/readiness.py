"""Whether a process can begin: a database that is starting or busy is waited for, for a minute."""

import asyncio
import time
from typing import Final

import asyncpg

from kit.db.engine import Address
from kit.db.revision import NotReady

PATIENCE_S: Final = 60.0
_PAUSE_S: Final = 0.5
_REFUSED: Final = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
)
_LATER: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


async def let_in(address: Address, *, seconds: float = PATIENCE_S) -> None:
    """Return when the database lets us in; raise NotReady when it refuses us or time is over."""
    limit = time.monotonic() + seconds
    while True:
        try:
            session = await address.connect()
        except _REFUSED as error:
            raise NotReady(
                f"the database refuses this role or its password ({type(error).__name__})"
            ) from error
        except _LATER as error:
            if time.monotonic() >= limit:
                raise NotReady(
                    f"the database has not answered for {seconds:g} s ({type(error).__name__}):"
                    " is PostgreSQL running, and is there space on its disk?"
                ) from error
            await asyncio.sleep(_PAUSE_S)
        else:
            session.terminate()
            return
