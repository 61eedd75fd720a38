"""HTTP: rows recorded by mistake are taken back by the id their list shows."""

import itertools

import pytest
from make_programmes import OFFICER, programme

_keys = itertools.count()
CITED = {"document": "mswia-eu-projects", "locator": "first page", "quote": "a quote"}
BODIES = {
    "partners": ("partner", {"country": "MD", "role": "supporting"}),
    "countries": ("country", {"country": "MD", "role": "beneficiary"}),
    "relations": ("relation", {"type": "child", "to": "P-2"}),
    "milestones": ("milestone", {"kind": "launched", "date": {"edtf": "2015-03"}, "source": CITED}),
    "budget-figures": (
        "budget_figure",
        {
            "kind": "total",
            "amount_published": "1 000,00",
            "currency": "EUR",
            "qualifier": "exact",
            "source": CITED,
        },
    ),
}


@pytest.mark.parametrize("part", BODIES)
async def test_row_when_taken_back_then_is_gone_from_its_list_and_can_be_recorded_again(
    client, signed, unit, part
):
    await programme(unit)
    await programme(unit, "P-2")
    officer, url = signed(OFFICER), f"/v1/programmes/P-1/{part}"
    kind, body = BODIES[part]

    async def post(path, sent):
        headers = officer | {"idempotency-key": f"withdrawal-{next(_keys)}"}
        return await client.post(path, json=sent, headers=headers)

    assert (await post(url, body)).status_code == 201
    (row,) = (await client.get(url, headers=officer)).json()["items"]
    taken = {"part": kind, "id": row["id"], "reason": "typed into the wrong programme"}
    done = await post("/v1/programmes/P-1/withdrawals", taken)
    assert (done.status_code, done.json()["part_id"]) == (201, row["id"])
    assert (await client.get(url, headers=officer)).json()["items"] == []
    again = await post("/v1/programmes/P-1/withdrawals", taken)
    assert (again.status_code, again.json()["code"]) == (404, "programmes.no_such_part")
    assert (await post(url, body)).status_code == 201
    listed = await client.get("/v1/programmes/P-1/withdrawals", headers=officer)
    (kept,) = listed.json()["items"]
    assert kept | {"at": None} == done.json() | {"at": None}
