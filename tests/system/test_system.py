"""The real system in processes of its own: it answers, survives kills, keeps its data."""

import os
import signal
import sys
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from local import probe
from local.settings import SERVICES

from .running import Running

pytestmark = pytest.mark.system
NO_COMP = "/api/v1/views/programmes/NO-COMP"


def ask(system: Running, path: str, caller: str = "officer") -> tuple[int, dict[str, Any]]:
    run = system.run
    return probe.get(run["gateway_url"] + path, token=run["tokens"].get(caller, ""), seconds=10)


def compared(view: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    figures = view["training"]["compared"]
    return {each["figure"]: (each["published"], each["computed"]) for each in figures}


def test_view_when_all_is_loaded_shows_published_beside_computed(system):
    status, view = ask(system, NO_COMP)
    assert status == 200
    assert view["complete"]
    assert compared(view)["trainings_held"] == (22, 22)
    assert set(compared(view).values()) >= {(21, 21), (89, 89), (495, 495)}
    assert sum(view["participants"]["trips"]["by_state"].values()) == 495
    assert view["participants"]["trips"]["by_state"] == {"settled": 495}
    (per_diem,) = view["participants"]["per_diem"]
    (line,) = view["programme"]["budget_lines"]
    certified = Decimal(per_diem["certified"])
    assert {per_diem[sum_] for sum_ in ("estimated", "funded", "certified")} == {"29700.00"}
    assert Decimal(line["committed"]) + Decimal(line["spent"]) == certified
    assert Decimal(line["spent"]) == Decimal(per_diem["paid"]) > 0

    status, view = ask(system, "/api/v1/views/programmes/EAP-PCP")
    assert status == 200
    assert "around" in str(view["programme"])


def test_callers_when_they_ask_get_what_they_may_have(system):
    assert ask(system, NO_COMP, caller="nobody")[0] == 401
    assert ask(system, NO_COMP, caller="ops")[0] == 403
    assert ask(system, "/health", caller="ops")[1]["parts"]
    assert "parts" not in ask(system, "/health", caller="nobody")[1]


@pytest.mark.parametrize("role", [*SERVICES, *(f"{name}_owner" for name in SERVICES)])
async def test_role_when_it_asks_for_another_database_is_refused(system, role):
    own = role.removesuffix("_owner")
    for name in {*SERVICES, "postgres", "template1"}:
        url = system.run["databases"][own].replace(f"{own}@/{own}", f"{role}@/{name}")
        if name == own:
            await (await asyncpg.connect(url)).close()
            continue
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for data"):
            await asyncpg.connect(url)


async def test_runtime_role_when_it_would_rewrite_history_is_refused(system):
    connection = await asyncpg.connect(system.run["databases"]["training"])
    try:
        for statement in ("DELETE FROM change", "UPDATE change SET data = '{}'", "DROP TABLE feed"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("name", ["gateway", *SERVICES, "postgres"])
def test_process_when_killed_comes_back_with_the_same_answer(system, name):
    before = ask(system, NO_COMP)
    pid = system.run["processes"][name]
    os.kill(pid, signal.SIGKILL)
    system.until(lambda: system.run["processes"][name] != pid)
    system.until(lambda: ask(system, NO_COMP) == before, seconds=30)


def test_system_when_killed_or_stopped_leaves_nothing_and_starts_again_with_its_data(system):
    before = ask(system, NO_COMP)
    port = int(system.run["gateway_url"].rsplit(":", 1)[1])
    system.stop(signal.SIGKILL)
    system.until(lambda: system.left() == [])

    again = Running((sys.executable, "-m", "local"), system.home, port)
    try:
        assert ask(again.ready(), NO_COMP) == before
        assert "loading" not in again.said
        assert again.stop(signal.SIGINT) == 0
        assert again.left() == []
    finally:
        again.end()
