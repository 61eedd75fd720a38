"""How fast committed changes get their position, and how soon."""

import asyncio
import statistics
import time
from collections.abc import Iterator

import asyncpg
from figures import Figure
from stack import CannotMeasure, Stack

_BACKLOG = 20_000
_SINGLE = 40
_LIMIT_S = 60
_INSERT = """
INSERT INTO change (type, entity, entity_id, entity_version, data, audience, lost_audience,
                    cause, actor, at)
SELECT 'training.bench.v1', 'bench', uuidv7(), 1, '{"number": 1}', '{staff}', '{}',
       'bench', 'bench', now()
FROM generate_series(1, $1)
RETURNING id
"""


def stamping_figures(stack: Stack) -> Iterator[Figure]:
    """Write changes into the log of a system of our own, and wait for its stamper."""
    return iter(asyncio.run(_measured(stack.setting("TRAINING_DATABASE_URL"))))


async def _measured(url: str) -> list[Figure]:
    connection = await asyncpg.connect(url)
    try:
        delays = [await _written(connection, 1) for _ in range(_SINGLE)]
        backlog_s = await _written(connection, _BACKLOG)
    finally:
        await connection.close()
    return [
        Figure("stamper, one change after its commit", statistics.median(delays) * 1000, "ms"),
        Figure("stamper, backlog of 20,000 changes", _BACKLOG / backlog_s, "/s"),
    ]


async def _written(connection: "asyncpg.Connection[asyncpg.Record]", count: int) -> float:
    """Commit so many changes; return the seconds until the last has a position."""
    rows = await connection.fetch(_INSERT, count)
    await connection.execute("NOTIFY entente_told")
    started = time.perf_counter()
    last = max(row["id"] for row in rows)
    while time.perf_counter() - started < _LIMIT_S:
        position = await connection.fetchval("SELECT position FROM change WHERE id = $1", last)
        if position is not None:
            return time.perf_counter() - started
        await asyncio.sleep(0.0005)
    raise CannotMeasure("the stamper did not stamp in time")
