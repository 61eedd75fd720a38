"""Commands that are sent again while the database is busy, as every client does."""

from kit.errors import Unavailable

_TRIES = 50


async def patiently(send):
    """Send a command until the database has time for it; what it refuses is raised."""
    for _ in range(_TRIES):
        try:
            return await send()
        except Unavailable:
            continue
    return await send()
