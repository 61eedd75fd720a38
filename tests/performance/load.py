"""Load from a process of its own: interleaved rounds over several targets, figures as JSON.

Reads an order from standard input, `{"targets": {name: {"urls": […], "headers": {…}}}, "rounds",
"seconds", "at_once"}`; a target with `"bodies"` is posted to, one after the other. It prints per
target the requests per second and the median latency in milliseconds of every round. Any answer but
200 ends the run: a fast refusal is no result.
"""

import asyncio
import itertools
import json
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

import aiohttp
import uvloop


async def measure(order: dict[str, Any]) -> dict[str, list[dict[str, float]]]:
    """Run every target once per round, so that a noisy minute hits all of them."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in order["targets"]}
    connector = aiohttp.TCPConnector(limit=order["at_once"])
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:
        for name in order["targets"]:
            await _named_round(session, order, name, 0.3)
        for _ in range(order["rounds"]):
            for name, rounds in found.items():
                rounds.append(await _named_round(session, order, name, order["seconds"]))
    return found


async def _named_round(
    session: aiohttp.ClientSession, order: dict[str, Any], name: str, seconds: float
) -> dict[str, float]:
    try:
        return await _round(session, order["targets"][name], order["at_once"], seconds)
    except* (aiohttp.ClientError, RuntimeError) as trouble:
        raise SystemExit(f"{name}: {trouble.exceptions[0]!r}") from None


async def _round(
    session: aiohttp.ClientSession, target: dict[str, Any], at_once: int, seconds: float
) -> dict[str, float]:
    bodies = target.get("bodies", [None])
    asked = zip(itertools.cycle(target["urls"]), itertools.cycle(bodies), strict=False)
    started = time.perf_counter()
    until = started + seconds
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_reader(session, asked, target["headers"], until))
            for _ in range(at_once)
        ]
    took = time.perf_counter() - started
    latencies = [each for task in tasks for each in task.result()]
    return {"rate": len(latencies) / took, "ms": statistics.median(latencies) * 1000}


async def _reader(
    session: aiohttp.ClientSession,
    asked: Iterator[tuple[str, str | None]],
    headers: dict[str, str],
    until: float,
) -> list[float]:
    latencies = []
    while (before := time.perf_counter()) < until:
        url, sent = next(asked)
        method = "GET" if sent is None else "POST"
        async with session.request(method, url, headers=headers, data=sent) as response:
            body = await response.read()
        if response.status != 200:
            raise RuntimeError(f"{url} answered {response.status}: {body[:300]!r}")
        latencies.append(time.perf_counter() - before)
    return latencies


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(measure(json.load(sys.stdin)))))
