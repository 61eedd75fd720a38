"""What an operator does to the change log, as its owner: never the running service."""

from datetime import datetime
from typing import Final

from kit.db.engine import Connection

_PRUNE: Final = """
WITH old AS (
    SELECT coalesce(max(position), 0) AS upto FROM change WHERE at < $1
), gone AS (
    DELETE FROM change USING old WHERE position <= old.upto RETURNING 1
), noted AS (
    UPDATE feed SET pruned_to = greatest(pruned_to, (SELECT upto FROM old))
)
SELECT count(*) FROM gone
"""


async def new_epoch(owner: Connection) -> None:
    """Begin a new history: the last step of restoring a database from a backup.

    Every cursor given before is refused from now on, since what followed it may not be what
    follows it in the restored data.
    """
    await owner.execute("UPDATE feed SET epoch = uuidv7()")


async def prune(owner: Connection, *, before: datetime) -> int:
    """Delete changes older than `before` (keep 90 days or more); return how many.

    Cursors that point before what is left are refused as expired. A position is deleted only
    with all before it, and what is not stamped yet stays.
    """
    return int(await owner.fetchval(_PRUNE, before))
