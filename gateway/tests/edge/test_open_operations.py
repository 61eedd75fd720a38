"""What anybody may ask: no token is needed, one sent along is not read, and nobody is named."""

import pytest

from gateway.rows import OPEN, ROWS

from .stage import Stage, assert_dressed

VERIFY = "/api/v1/certificate-verifications/7KQM-4W2X-9PBD-HR5T"
ANSWER = "/api/v1/evaluation-answers"


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_open_operation_when_asked_without_a_token_then_service_hears_anybody(
    stage: Stage, method: str
) -> None:
    path, body = (VERIFY, None) if method == "GET" else (ANSWER, b'{"token":"t","answers":{}}')
    headers = {"Content-Type": "application/json"} if body else {}
    response = await stage.client.request(method, path, content=body, headers=headers)
    assert response.status_code == 200
    assert_dressed(response)
    heard = stage.inward("training")
    assert (heard.client, heard.organisation, heard.country) == ("anybody", "", "")
    assert heard.scopes == OPEN
    assert stage.neighbours["training"].bodies == [body or b""]


async def test_open_operation_when_a_token_is_sent_then_it_is_not_read(stage: Stage) -> None:
    for token in (stage.token("demo-officer"), "no token at all"):
        response = await stage.client.get(VERIFY, headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == 200
        assert stage.inward("training").client == "anybody"


async def test_operation_when_it_is_not_open_then_needs_a_token(stage: Stage) -> None:
    for row in ROWS:
        if not row.open:
            path = "/api" + row.path.replace("{", "").replace("}", "")
            response = await stage.client.request(row.method, path)
            assert response.status_code == 401, row
    assert not stage.neighbours["training"].seen


def test_open_rows_when_listed_then_are_these() -> None:
    assert {f"{row.method} {row.path}" for row in ROWS if row.open} == {
        "GET /v1/certificate-verifications/{code}",
        "GET /v1/subscribed-calendars/{token}/calendar.ics",
        "POST /v1/evaluation-forms",
        "POST /v1/evaluation-answers",
    }
