"""Per diems: a month abroad in the domain function, and simulations at the door of the service.

Rates are those on record. Two echoes stand beside the door, both by FastAPI as one writes it first.
The `typed echo` takes the body as the model that it is and answers as the simulation does, with
what was computed once when it started and kept as its response model: both bodies are those of the
simulation, and nothing is computed. The `untyped echo` gives any body back: it checks nothing, and
what it writes is a twentieth of an answer. The mark stands beside both. All are served by uvicorn
in processes of their own, ours from a database of this bench's own.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import uvicorn
import uvloop
from fastapi import FastAPI
from figures import Figure, Rounds, median, ratio
from joserfc.jwk import OKPKey
from stack import OFFICER, free_port, listening

from kit.auth import TokenSigner, TokenVerifier, new_key
from kit.clock import SystemClock
from kit.db.engine import Address, Database
from kit.db.unit import Unit
from kit.health import Health
from kit.testing.cluster import Cluster, Schema, running_cluster
from kit.web import Process
from participants.api.simulation import Simulation
from participants.api.wire_per_diem import PerDiem
from participants.commands.rates import register_rate_sets
from participants.domain.choices import Pin
from participants.domain.per_diem import TripFacts
from participants.domain.pl_foreign import PL_FOREIGN
from participants.domain.rates import RateBook
from participants.domain.result_text import result_text
from participants.domain.rulesets import ruleset_of
from participants.load import rate_sets, rates
from participants.main import SERVICE
from participants.storage.constraints import CONSTRAINTS

_WARSAW = ZoneInfo("Europe/Warsaw")
_PATH = "/v1/per-diem/simulations"
_ROUNDS = 9
_LOOKS, _PAUSE_S = 60, 0.1  # so long that a core is seen once without what shares it
_MEALS = (["breakfast"], ["breakfast", "lunch"], ["breakfast", "lunch", "dinner"], ["dinner"])
Loaded = Callable[[dict[str, Any]], dict[str, Rounds]]


def month_abroad(minutes: int = 0) -> dict[str, Any]:
    """A trip of 30 days through four countries with meals and nights; `minutes` later each time."""
    begin = datetime(2024, 5, 6, 6, 30, tzinfo=_WARSAW) + timedelta(minutes=minutes)
    end = begin + timedelta(days=30, hours=9)
    days = [(begin.date() + timedelta(days=n)).isoformat() for n in range(30)]

    def after(**later: int) -> str:
        return (begin + timedelta(**later)).isoformat()

    nights = [
        {"on": on, "kind": kind} | ({"bill": "189.50"} if kind == "bill" else {})
        for on, kind in zip(days, ["bill", "lump_sum", "free"] * 10, strict=True)
    ]
    return {
        "ruleset": "PL_FOREIGN",
        "country": "DE",
        "place": "Berlin",
        "departs_at": begin.isoformat(),
        "returns_at": end.isoformat(),
        "zone": "Europe/Warsaw",
        "meals": [{"on": on, "provided": _MEALS[n % 4]} for n, on in enumerate(days)],
        "nights": nights,
        "local_transport": "lump_sum",
        "abroad": {
            "leaves": {"at": after(hours=3), "way": "land"},
            "enters": {"at": (end - timedelta(hours=2)).isoformat(), "way": "air"},
            "legs_local_transport": True,
            "stays": [
                {"country": "DE", "place": "Berlin", "transfers": "both"},
                {"country": "FR", "since": after(days=8), "transfers": "one"},
                {"country": "CH", "since": after(days=15, hours=3)},
                {"country": "MD", "since": after(days=22)},
            ],
        },
    }


def few_days(minutes: int = 0) -> dict[str, Any]:
    """A trip of three days inside Poland with meals and nights."""
    begin = datetime(2026, 3, 2, 7, 30, tzinfo=_WARSAW) + timedelta(minutes=minutes)
    return {
        "ruleset": "PL_DOMESTIC",
        "country": "PL",
        "departs_at": begin.isoformat(),
        "returns_at": (begin + timedelta(days=2, hours=9)).isoformat(),
        "zone": "Europe/Warsaw",
        "meals": [{"on": "2026-03-03", "provided": ["breakfast", "lunch"]}],
        "nights": [{"on": "2026-03-02", "kind": "lump_sum"}, {"on": "2026-03-03", "kind": "free"}],
        "local_transport": "lump_sum",
    }


def per_diem_figures(loaded: Loaded) -> Iterator[Figure]:
    """The domain function by processor time, then the door against a bare echo."""
    yield from _domain_figures()
    yield from _door_figures(loaded)


def _domain_figures() -> Iterator[Figure]:
    trips = [Simulation.model_validate(month_abroad(n)).facts() for n in range(_ROUNDS * 40)]
    book = RateBook(tuple(rate_sets()), tuple(rates()))
    chosen = PL_FOREIGN.select(book, trips[0], Pin())

    def compute(facts: TripFacts) -> None:
        PL_FOREIGN.compute(facts, Pin(), chosen)

    def explain(facts: TripFacts) -> None:
        result_text(PL_FOREIGN.compute(facts, Pin(), chosen))

    works = {"plain": _plainly, "computed": compute, "explained": explain}
    best = dict.fromkeys(works, 0.0)
    for number in range(_LOOKS):
        some = trips[number % _ROUNDS * 40 :][:40]
        for name, work in works.items():
            best[name] = max(best[name], _per_second(work, some))
        time.sleep(_PAUSE_S)
    yield Figure("a month abroad computed, on a core", best["computed"], "/s", least=3000)
    share = best["computed"] / best["plain"]
    yield Figure("a month abroad computed : the same facts made into JSON and back", share, "x")
    yield Figure("a month abroad computed and explained, on a core", best["explained"], "/s")


def _plainly(facts: TripFacts) -> None:
    """What else one does with a trip; it tells how fast the machine is."""
    days = [[each.on.isoformat(), *each.provided] for each in facts.meals]
    nights = [[each.on.isoformat(), each.kind, str(each.bill)] for each in facts.nights]
    json.loads(json.dumps([days, nights]))


def _per_second(work: Callable[[TripFacts], object], trips: list[TripFacts]) -> float:
    started = time.process_time()
    for facts in trips:
        work(facts)
    return len(trips) / (time.process_time() - started)


def _door_figures(loaded: Loaded) -> Iterator[Figure]:
    with running_cluster(f"per-diem-{os.getpid()}") as cluster, ExitStack() as servers:
        private, public = new_key("gateway")
        address = asyncio.run(_prepared(cluster))
        ours = servers.enter_context(
            _served("simulations", address, json.dumps({"keys": [public]}))
        )
        echoes = {kind: servers.enter_context(_served(kind)) for kind in ECHOES}
        for name, made in (("three days", few_days), ("a month abroad", month_abroad)):
            bodies = [json.dumps(made(n)) for n in range(50)]
            headers = {"content-type": "application/json"}
            known = headers | {"authorization": f"Bearer {_token(private)}"}
            targets: dict[str, Any] = {
                "simulation": {"urls": [ours + _PATH], "headers": known, "bodies": bodies},
                **{
                    kind: {"urls": [url + _PATH], "headers": headers, "bodies": bodies}
                    for kind, url in echoes.items()
                },
            }
            rounds = loaded(targets)
            yield Figure(f"simulation of {name}", median(rounds["simulation"], "rate"), "/s")
            for kind in echoes:
                share = ratio(rounds["simulation"], rounds[kind], "rate")
                yield Figure(f"simulation of {name} : {kind}", share, "x", least=0.5)


async def _prepared(cluster: Cluster) -> str:
    """Bring the rates in; return where they are."""
    schema = Schema("participants", "participants", CONSTRAINTS)
    await cluster.prepare(schema)
    address = await cluster.clone(schema, "per_diem_bench")
    database = await Database.at(address, CONSTRAINTS)
    unit = Unit(database, SystemClock())
    await register_rate_sets(unit, list(rate_sets()), list(rates()))
    await database.close()
    return address.url


def _token(private: dict[str, Any]) -> str:
    """Return a token of the officer; it is good for a minute."""
    signer = TokenSigner(OKPKey.import_key(private))
    return signer.sign(OFFICER, audience="participants", now=SystemClock().now())


@contextmanager
def _served(*what: str) -> Iterator[str]:
    """Run this file as a server of its own; give its address."""
    port = free_port()
    command = [sys.executable, __file__, *what, str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            listening(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def untyped_echo() -> FastAPI:
    """What one writes first: a body in, the same body out."""
    app = FastAPI()

    @app.post(_PATH)
    async def same(body: dict[str, Any]) -> dict[str, Any]:
        return body

    return app


def typed_echo() -> FastAPI:
    """The body of a simulation in, its answer out, known beforehand."""
    app = FastAPI()
    book = RateBook(tuple(rate_sets()), tuple(rates()))
    answers: dict[str, PerDiem] = {}
    for made in (few_days(), month_abroad()):
        body = Simulation.model_validate(made)
        rules, facts, pin = ruleset_of(body.ruleset), body.facts(), body.pin()
        sets = tuple(each for each in book.sets if each.scheme in rules.schemes)
        chosen = rules.select(RateBook(sets, book.rates), facts, pin)
        text = result_text(rules.compute(facts, pin, chosen))
        answers[body.ruleset] = PerDiem.model_validate_json(text)

    @app.post(_PATH)
    async def answer(body: Simulation) -> PerDiem:
        return answers[body.ruleset]

    return app


ECHOES = {"typed echo": typed_echo, "untyped echo": untyped_echo}


async def _simulations(url: str, keys: str, port: int) -> None:
    """Serve the participants service from a database, as its process does."""
    database = await Database.at(Address(url), CONSTRAINTS)
    clock = SystemClock()
    verifier = TokenVerifier(json.loads(keys), audience="participants")
    app = SERVICE.app()
    app.state.process = Process(clock, verifier, Health(), Unit(database, clock), None)
    await _serve(app, port)
    await database.close()


async def _serve(app: FastAPI, port: int) -> None:
    settings: dict[str, Any] = {"lifespan": "off", "log_level": "warning", "access_log": False}
    await uvicorn.Server(uvicorn.Config(app, port=port, http="httptools", **settings)).serve()


if __name__ == "__main__":
    served, *rest = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if served in ECHOES:
            runner.run(_serve(ECHOES[served](), int(rest[0])))
        else:
            runner.run(_simulations(rest[0], rest[1], int(rest[2])))
