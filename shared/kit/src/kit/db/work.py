"""How the work behind the answers goes, as the database knows it: no worker has to be asked.

So a web process can tell that the worker beside it is gone or stands still.
"""

from typing import Any, Final

from kit.db.engine import Database
from kit.db.stamper import LEADER

SETTLED_S: Final = 60
_FEED: Final = """
SELECT head, untold, COALESCE(settled, 0) AS settled, seen_s
FROM feed, LATERAL (
    SELECT count(*) AS untold
    FROM (SELECT FROM change WHERE position IS NULL LIMIT 1000) AS unstamped
) AS u LEFT JOIN LATERAL (
    SELECT position AS settled FROM change
    WHERE position <= head AND at < now() - make_interval(secs => $1)
    ORDER BY position DESC LIMIT 1
) AS s ON true, LATERAL (
    SELECT extract(epoch FROM clock_timestamp() - max(state_change))::float8 AS seen_s
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND datname = current_database()
      AND pg_locks.database = pg_stat_activity.datid
      AND (classid::bigint << 32) + objid::bigint = $2 AND objsubid = 1
) AS w
"""
_FOLLOWED: Final = """
SELECT source, position,
       (SELECT count(*) FROM parked_fact WHERE parked_fact.source = feed_cursor.source) AS parked
FROM feed_cursor ORDER BY source
"""


async def look(database: Database) -> dict[str, Any]:
    """Return the own feed, the worker and each followed source.

    `untold`: committed changes without a place in the feed, at most 1000 are counted. `settled`:
    the position up to which facts are older than a minute. `seen_s`: seconds since the worker that
    leads last spoke with the database, null when none leads.
    """
    async with database.driving() as driver:
        feed = await driver.fetchrow(_FEED, SETTLED_S, LEADER)
        followed = await driver.fetch(_FOLLOWED)
    own = {name: feed[name] for name in ("head", "untold", "settled")} if feed else {}
    seen_s = feed["seen_s"] if feed else None
    return {
        "feed": own,
        "worker": {"seen_s": None if seen_s is None else max(0, round(seen_s, 1))},
        **{
            f"follows_{row['source']}": {"position": row["position"], "parked": row["parked"]}
            for row in followed
        },
    }
