"""Asking again when the service is too busy, as a client would: tests of races count outcomes."""

from kit.errors import Unavailable


async def served(command, *args, **kwargs):
    """Return what the command returns, however often it was refused for want of a connection."""
    while True:
        try:
            return await command(*args, **kwargs)
        except Unavailable:  # nothing was written: every connection or lock was taken
            continue
