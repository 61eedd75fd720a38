"""Personal data in free text is refused with the place where it stands, and nothing is stored."""

from uuid import uuid4

import pytest
from make_training import MOLDOVA, OFFICER, endorsed, opened
from told import untouched


@pytest.mark.parametrize(
    ("path", "caller", "body", "pointer"),
    [
        ("withdrawal", MOLDOVA, {"reason": "mail a.b@example.org"}, "/reason"),
        ("rejection", OFFICER, {"reason": "call +48 600 700 800"}, "/reason"),
        (
            "replacement",
            MOLDOVA,
            {"reason": "PESEL 44051401359", "participant_id": str(uuid4())},
            "/reason",
        ),
    ],
)
async def test_reason_when_it_names_a_person_then_is_refused(
    client, signed, unit, path, caller, body, pointer
):
    event = await opened(unit)
    nominee = await endorsed(unit, event.id)
    headers = signed(caller) | {"idempotency-key": str(uuid4())}
    async with untouched(unit):
        refused = await client.post(
            f"/v1/nominations/{nominee.id}/{path}", json=body, headers=headers
        )
    [error] = refused.json()["errors"]
    assert (refused.status_code, error["pointer"]) == (400, pointer)
    assert error["code"].endswith("pii_in_free_text")
