"""The real system in processes of its own: it answers, survives kills, keeps its data."""

import os
import signal
import sys
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import asyncpg
import httpx
import pytest

from kit.clock import SystemClock
from kit.db.engine import Address, Database
from kit.db.unit import Unit
from local import probe
from local.settings import SERVICES
from participants.main import SERVICE as PARTICIPANTS
from programmes.main import SERVICE as PROGRAMMES
from training.main import SERVICE as TRAINING

from . import register
from .running import Running

pytestmark = pytest.mark.system
NO_COMP = "/api/v1/views/programmes/NO-COMP"
PUBLISHED = {
    "trainings_held": 22,
    "training_places": 21,
    "training_participants": 495,
    "training_units": 89,
}
BELARUS = [
    # country, component, topic, day -> allowed, reason, rule, certainty, words of the decision
    ("BY", "C2", "cybercrime", "2015-06-01", True, None, "PS-3", "exact", "readmission"),
    ("BY", "C2", "forensic-databases", "2015-06-01", False, "participation_scope", "PS-3", "exact",
     "readmission"),
    ("BY", "C1", None, "2015-06-01", False, "participation_scope", "PS-3", "exact", "readmission"),
    ("BY", "C2", "cybercrime", "2014-12-01", False, "participation_suspended", "PS-2",
     "date_unknown", "suspension"),
    ("BY", "C2", "cybercrime", "2015-03-15", True, None, "PS-3", "month_precision", "readmission"),
    ("UA", "C1", "forensic-databases", "2015-06-01", True, None, "PS-0", "exact", None),
]  # fmt: skip
QUOTED = {
    "suspension": "implementation of the Programme for Belarus was suspended",
    "readmission": "without activities concerning development of databases/forensic",
}


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


def test_figures_when_the_sources_are_loaded_name_their_source_and_how_they_were_computed(system):
    training = ask(system, NO_COMP)[1]["training"]
    published = {each["figure"]: each for each in training["published"]}
    assert {name: published[name]["value"] for name in PUBLISHED} == PUBLISHED
    assert published["workshop_participants"]["value"] == 144
    assert {each["source"]["document"] for each in training["published"]} == {"mswia-no-comp"}
    computed = {each["figure"]: each for each in training["computed"]}
    assert {name: computed[name]["value"] for name in PUBLISHED} == PUBLISHED
    assert all(computed[name]["synthetic"] for name in PUBLISHED)
    assert {each["difference"] for each in training["compared"]} == {0}

    status, view = ask(system, "/api/v1/views/programmes/EAP-PCP")
    assert status == 200
    programme, figures = view["programme"]["programme"], view["programme"]["budget_figures"]
    assert (programme["start"]["edtf"], programme["end"]["edtf"]) == ("2014-03", "2018-03")
    total = next(each for each in figures if each["kind"] == "total")
    assert (total["amount"], total["currency"]) == ("5000000.00", "EUR")
    assert "around" in total["amount_published"]
    assert total["source"]["document"] == "mswia-eu-projects"


def test_indicators_when_facts_have_travelled_are_computed_beside_what_is_reported(system):
    """Officers are counted as persons; of the 495 no source says what was counted."""
    shown = ask(system, "/api/v1/programmes/NO-COMP/indicators")[1]["items"]
    compared = {each["code"]: each["compared"][0] for each in shown}
    found = {
        code: (each["reported"]["value"], each["computed"]["value"], each["same_basis"])
        for code, each in compared.items()
        if each["computed"] is not None
    }
    assert found == {
        "trainings": ("22", "22", True),
        "training-locations": ("21", "21", True),
        "units-represented": ("89", "89", True),
        "participants": ("495", "495", False),
        "workshop-participants": ("144", "144", True),
    }
    invented = {code for code, each in compared.items() if each["computed_synthetic"]}
    assert invented == found.keys() - {"workshop-participants"}
    reasons = {code: compared[code]["computed_reason"] for code in ("workshops", "vots-assisted")}
    assert reasons == {"workshops": "not_told_yet", "vots-assisted": "aggregate_only"}


def test_actions_when_facts_have_travelled_show_what_was_delivered(system):
    path = "/api/v1/programmes/EAP-PCP/action-plans/MD/actions"
    actions = {each["code"]: each for each in ask(system, path)[1]["items"]}
    shown = {code: each["delivered"] for code, each in actions.items()}
    assert [shown[f"MD-{number}"]["events"] for number in (1, 2, 3, 4)] == [1, 1, 1, 0]
    assert shown["MD-4"]["events_to_come"] == 1
    assert (shown["MD-2"]["places"], shown["MD-2"]["participants"]) == (1, None)
    assert all(each["difference"]["participants"] is None for each in actions.values())


def test_register_when_walked_at_the_gateway_then_every_fact_is_answered_and_sourced(system):
    with _officer(system) as officer:
        wrong = []
        for row in register.rows():
            method, path = row["query"].split(" ", 1)
            assert method == "GET"
            said = officer.get(path).raise_for_status().json()
            wrong += register.faults(row, said) or register.overlooked(row, said)
        assert not wrong, "\n".join(wrong)

        taken = officer.get("/programmes/EAP-PCP/decisions").raise_for_status().json()
        decisions = {each["id"]: each for each in taken["items"]}
        for case in BELARUS:
            _belarus(officer, case, decisions)


def _officer(system: Running) -> httpx.Client:
    token = system.run["tokens"]["officer"]
    return httpx.Client(
        base_url=f"{system.run['gateway_url']}/api/v1",
        headers={"authorization": f"Bearer {token}"},
        timeout=30,
    )


def _belarus(officer: httpx.Client, case: tuple[Any, ...], decisions: Mapping[str, Any]) -> None:
    country, component, topic, on, allowed, reason, rule, certainty, decision = case
    question = {"country": country, "component": component, "topic": topic, "on": on}
    asked = officer.post("/programmes/EAP-PCP/eligibility-checks", json=question)
    said = asked.raise_for_status().json()
    assert (said["allowed"], said["reason"]) == (allowed, reason), case
    assert (said["rule"], said["certainty"], said["on"]) == (rule, certainty, on), case
    if decision is None:
        assert (said["decision_id"], said["decision_text"]) == (None, None)
    else:
        taken = decisions[said["decision_id"]]
        assert QUOTED[decision] in said["decision_text"]
        assert said["decision_text"] == taken["text"]
        assert taken["source"]["document"] == "mswia-eu-projects"


@pytest.mark.parametrize("service", [PROGRAMMES, PARTICIPANTS, TRAINING], ids=lambda s: s.package)
async def test_sources_when_loaded_again_tell_nothing_new(system, service):
    address = Address(system.run["databases"][service.package], None, "tests")
    database = await Database.at(address, service.constraints)
    try:
        unit = Unit(database, SystemClock(), actor="test", cause="load")
        before = await _told(address)
        await service.load(unit, None)
        assert await _told(address) == before > 0
    finally:
        await database.close()


async def _told(address: Address) -> int:
    connection = await address.connect()
    try:
        return await connection.fetchval("SELECT count(*) FROM change")
    finally:
        await connection.close()


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
    # Seldom: five failures in a row, and the gateway would not ask again for five seconds.
    system.until(lambda: ask(system, NO_COMP) == before, seconds=30, every=1.0)


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
