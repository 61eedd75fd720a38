"""`make bench`: what Entente costs, as ratios taken in one run.

    .venv/bin/python -m tests.performance                  starts its own system in a temporary home
    … --use .local                                         measures the one that runs there
    … --home .bench                                        keeps its data for the next time
    … --cold                                               also a fresh clone up to its first answer
    … --seconds 2 --rounds 5                               longer, for less noise
    … --only per-diem                                      one part that needs no running system

Every comparison is made of interleaved rounds, and each ratio is the median of the ratios within
a round. The first marks are printed beside the figures. The exit code is 0 unless something could
not be measured: a missed mark is news, not a failure.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from figures import Figure, Rounds, median, ratio, table
from ledger import ledger_figures
from memory import memory_figures
from per_diem import per_diem_figures
from reads import read_figures
from seats import seat_figures
from settling import settling_figures
from stack import (
    HERE,
    OFFICER,
    CannotMeasure,
    Stack,
    baseline,
    copied,
    fetch,
    found,
    running,
)
from stamping import stamping_figures
from training_bench import training_figures

from kit.auth import TokenSigner
from kit.clock import SystemClock

PARTS = {
    "programmes": "/v1/programmes/{code}/overview",
    "training": "/v1/programme-totals/{code}",
    "participants": "/v1/programme-totals/{code}",
}
VIEWED = "NO-COMP"
AT_ONCE = 16
_FIRST_S = 600


def part_urls(stack: Stack) -> dict[str, str]:
    """Where the gateway finds the parts of the view."""
    return {
        name: stack.setting(f"GATEWAY_{name.upper()}_URL").rstrip("/") + path
        for name, path in PARTS.items()
    }


def inward_headers(stack: Stack, service: str) -> dict[str, str]:
    """Headers by which a service knows the officer; good for a minute."""
    signer = TokenSigner.from_file(Path(stack.setting("GATEWAY_KEY_FILE")))
    token = signer.sign(OFFICER, audience=service, now=SystemClock().now())
    return {"Authorization": f"Bearer {token}"}


def loaded(
    targets: dict[str, Any], *, at_once: int, options: argparse.Namespace
) -> dict[str, Rounds]:
    """Have the load process measure the targets; return its rounds by target."""
    order = {
        "targets": targets,
        "rounds": options.rounds,
        "seconds": options.seconds,
        "at_once": at_once,
    }
    done = subprocess.run(
        [sys.executable, str(HERE / "load.py")], input=json.dumps(order),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise CannotMeasure(done.stderr[-2000:])
    found_rounds: dict[str, Rounds] = json.loads(done.stdout)
    return found_rounds


def _target(*urls: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    return {"urls": urls, "headers": headers or {}}


def agree(stack: Stack, plain_url: str) -> None:
    """Refuse to compare two things that do not give the same answer."""
    ours = json.loads(stack.get(f"/api/v1/views/programmes/{VIEWED}"))
    if json.loads(fetch(plain_url, {})) != ours:
        raise CannotMeasure("the plain way does not give the same view as the gateway")


def throughput(stack: Stack, options: argparse.Namespace) -> Iterator[Figure]:
    """The view and a read by id through the gateway, against the baselines, 16 at once."""
    officer = {"Authorization": f"Bearer {stack.token}"}
    environment = {
        "BENCH_PARTS": json.dumps(part_urls(stack)),
        "BENCH_KEY_FILE": stack.setting("GATEWAY_KEY_FILE"),
    }
    codes = [row["code"] for row in json.loads(stack.get("/api/v1/programmes?limit=16"))["items"]]
    views = [f"{stack.url}/api/v1/views/programmes/{code}" for code in codes]
    reads = [f"{stack.url}/api/v1/programmes/{code}" for code in codes]
    with ExitStack() as baselines:
        urls = {
            kind: baselines.enter_context(baseline(kind, environment))
            for kind in ("hello", "plain", "plain-aiohttp")
        }
        plain = {kind: f"{urls[kind]}/views/programmes/{VIEWED}" for kind in urls}
        agree(stack, plain["plain"])
        targets = {
            "hello": _target(urls["hello"] + "/"),
            "read": _target(f"{stack.url}/api/v1/programmes/{VIEWED}", headers=officer),
            "reads": _target(*reads, headers=officer),
            "view": _target(f"{stack.url}/api/v1/views/programmes/{VIEWED}", headers=officer),
            "views": _target(*views, headers=officer),
            "plain": _target(plain["plain"]),
            "plain-aiohttp": _target(plain["plain-aiohttp"]),
        }
        rounds = loaded(targets, at_once=AT_ONCE, options=options)
    yield from _throughput_figures(rounds, len(views))


def _throughput_figures(rounds: dict[str, Rounds], viewed: int) -> Iterator[Figure]:
    def against(top: str, bottom: str) -> float:
        return ratio(rounds[top], rounds[bottom], "rate")

    for name, each in rounds.items():
        yield Figure(f"{name}, 16 at once", median(each, "rate"), "/s")
    yield Figure(
        "read by id through the gateway : hello", against("read", "hello"), "x", least=0.25
    )
    yield Figure(f"{viewed} reads by id in turn : hello", against("reads", "hello"), "x")
    yield Figure("view : plain way", against("view", "plain"), "x", least=5)
    yield Figure("view : plain way over aiohttp", against("view", "plain-aiohttp"), "x", least=2.5)
    yield Figure(f"{viewed} views in turn : plain way", against("views", "plain"), "x", least=5)
    many = against("views", "plain-aiohttp")
    yield Figure(f"{viewed} views in turn : plain way over aiohttp", many, "x", least=2.5)
    yield Figure("view : hello", against("view", "hello"), "x")


def latency(stack: Stack, options: argparse.Namespace) -> Iterator[Figure]:
    """The view against its slowest part, one request at a time."""
    officer = {"Authorization": f"Bearer {stack.token}"}
    targets = {
        name: _target(url.replace("{code}", VIEWED), headers=inward_headers(stack, name))
        for name, url in part_urls(stack).items()
    }
    targets["view"] = _target(f"{stack.url}/api/v1/views/programmes/{VIEWED}", headers=officer)
    rounds = loaded(targets, at_once=1, options=options)
    for name in targets:
        yield Figure(f"{name}, alone", median(rounds[name], "ms"), "ms")
    slowest = [
        max((rounds[name][number] for name in PARTS), key=lambda each: each["ms"])
        for number in range(options.rounds)
    ]
    yield Figure("view : its slowest part", ratio(rounds["view"], slowest, "ms"), "x", most=2.5)


def measured(stack: Stack, options: argparse.Namespace) -> Iterator[Figure]:
    """Everything that a running system can be asked."""
    yield from memory_figures(stack)
    yield from latency(stack, options)
    yield from throughput(stack, options)
    yield from read_figures(stack)


def own_system(options: argparse.Namespace) -> Iterator[Figure]:
    """Start a system of our own twice: the second start is the warm one, and is measured."""
    with tempfile.TemporaryDirectory(prefix="entente-bench-") as folder:
        Path(folder).chmod(0o755)  # the embedded server may run as another user
        home = options.home or Path(folder) / "home"
        home.mkdir(exist_ok=True)
        with running(home, limit_s=_FIRST_S) as (_, first_s):
            yield Figure("first start, data loaded", first_s, "s")
        with running(home) as (stack, warm_s):
            yield Figure("warm start to first view", warm_s, "s", most=8)
            yield from measured(stack, options)
            yield from stamping_figures(stack)
            yield from seat_figures(stack)
        for part in apart(options).values():
            yield from part()


def apart(options: argparse.Namespace) -> dict[str, Callable[[], Iterator[Figure]]]:
    """The parts of the bench that bring along all they need, by name."""
    load = partial(loaded, at_once=AT_ONCE, options=options)
    return {
        "ledger": ledger_figures,
        "per-diem": partial(per_diem_figures, load),
        "settling": settling_figures,
        "training": training_figures,
    }


def fresh_clone() -> Iterator[Figure]:
    """A fresh clone to its first view: packages come from pip's cache or its index."""
    with tempfile.TemporaryDirectory(prefix="entente-cold-") as folder:
        Path(folder).chmod(0o755)
        with copied(Path(folder) / "clone") as clone:
            home = clone / ".local"
            home.mkdir()
            with running(home, folder=clone, limit_s=600) as (_, cold_s):
                yield Figure("cold start of a fresh clone", cold_s, "s", most=90)


def _options() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--use", type=Path, help="home of a running system")
    words.add_argument("--home", type=Path, help="keep the data of the bench's own system here")
    parts = ("ledger", "per-diem", "settling", "training")
    words.add_argument("--only", choices=parts, help="a part that needs no running system")
    words.add_argument("--cold", action="store_true", help="also start a fresh clone")
    words.add_argument("--seconds", type=float, default=1.0)
    words.add_argument("--rounds", type=int, default=5)
    return words.parse_args()


def _asked(options: argparse.Namespace) -> Iterator[Figure]:
    """Measure what the words on the command line ask for."""
    if options.only:
        return apart(options)[options.only]()
    return measured(found(options.use), options) if options.use else own_system(options)


def main() -> int:
    """Measure, print the table, and say whether it could be measured."""
    options = _options()
    figures: list[Figure] = []
    try:
        for figure in _asked(options):
            print(
                f"  {figure.what}: {figure.value:,.2f} {figure.unit}", file=sys.stderr, flush=True
            )
            figures.append(figure)
        figures += fresh_clone() if options.cold else ()
    except CannotMeasure as trouble:
        print(table(figures))
        print(f"Could not measure: {trouble}", file=sys.stderr)
        return 1
    print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
