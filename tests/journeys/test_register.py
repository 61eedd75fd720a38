"""Every row of the register of facts is asked for at the gateway, as are the Belarus questions."""

from . import register, steps

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


async def test_register_when_walked_at_the_gateway_then_every_fact_is_answered_and_sourced(world):
    await world.load("programmes")
    wrong = []
    for row in register.rows():
        method, path = row["query"].split(" ", 1)
        assert method == "GET"
        said = await steps.done(await world.officer.get(f"/v1{path}"))
        wrong += register.faults(row, said) or register.overlooked(row, said)
    assert not wrong, "\n".join(wrong)

    decisions = {
        each["id"]: each
        for each in (await steps.get(world.officer, "/v1/programmes/EAP-PCP/decisions"))["items"]
    }
    for case in BELARUS:
        await _belarus(world, case, decisions)


async def _belarus(world, case, decisions):
    country, component, topic, on, allowed, reason, rule, certainty, decision = case
    question = {"country": country, "component": component, "topic": topic, "on": on}
    said = await steps.done(
        await world.officer.post("/v1/programmes/EAP-PCP/eligibility-checks", json=question)
    )
    assert (said["allowed"], said["reason"]) == (allowed, reason), case
    assert (said["rule"], said["certainty"], said["on"]) == (rule, certainty, on), case
    if decision is None:
        assert (said["decision_id"], said["decision_text"]) == (None, None)
    else:
        taken = decisions[said["decision_id"]]
        assert QUOTED[decision] in said["decision_text"]
        assert said["decision_text"] == taken["text"]
        assert taken["source"]["document"] == "mswia-eu-projects"
