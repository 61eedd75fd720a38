"""Registers over HTTP: what is not there, and what is there already."""

import itertools

import pytest
from make_programmes import OFFICER, told

_keys = itertools.count()
ORGANISATION = {"code": "PL-CF", "name": "A foundation", "type": "foundation", "country": "PL"}
SOURCE = {"code": "a-page", "title": "A page", "publisher": "not stated", "language": "en"}


@pytest.fixture
def officer(signed):
    return signed(OFFICER)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("organisations/NONE", "programmes.no_such_organisation"),
        ("sources/none", "programmes.no_such_source"),
        ("codelists/none", "programmes.no_such_code_list"),
        ("instruments/NONE", "programmes.no_such_entry"),
        ("country-groups/NONE", "programmes.no_such_entry"),
    ],
)
async def test_entry_when_it_is_not_on_record_then_is_not_found(client, officer, path, code):
    answer = await client.get(f"/v1/{path}", headers=officer)
    assert (answer.status_code, answer.json()["code"]) == (404, code)


@pytest.mark.parametrize(
    ("path", "body", "changes", "code"),
    [
        ("organisations", ORGANISATION, {}, (409, "programmes.organisation_code_taken")),
        (
            "organisations",
            ORGANISATION,
            {"code": "PL-X", "parent": "NONE"},
            (404, "programmes.no_such_organisation"),
        ),
        ("sources", SOURCE, {}, (409, "programmes.source_taken")),
    ],
)
async def test_entry_when_it_cannot_be_added_then_nothing_is_written(
    client, officer, unit, path, body, changes, code
):
    async def post(sent):
        headers = officer | {"idempotency-key": f"register-{next(_keys)}"}
        return await client.post(f"/v1/{path}", json=sent, headers=headers)

    assert (await post(body)).status_code == 201
    before = await told(unit)
    refused = await post(body | changes)
    assert (refused.status_code, refused.json()["code"]) == code
    assert await told(unit) == before
