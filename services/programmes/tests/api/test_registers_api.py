"""Registers over HTTP: what is not there, and what is there already."""

import itertools
from dataclasses import replace

import pytest
from make_programmes import OFFICER, WRITING_MINISTRY, told

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


async def test_organisation_when_misspelt_then_corrected_by_the_office_or_by_itself(
    client, officer, signed, unit
):
    url = "/v1/organisations/MD-MIA"
    wrong = ORGANISATION | {"code": "MD-MIA", "name": "Ministry of Infernal Affairs"}
    headers = officer | {"idempotency-key": "misspelt"}
    assert (await client.post("/v1/organisations", json=wrong, headers=headers)).is_success
    right = {"name": "Ministry of Internal Affairs", "type": "ministry", "country": "MD"}

    async def corrected(by, version, body=right):
        matching = signed(by) | {"if-match": f'"v{version}"'}
        return await client.put(url, json=body, headers=matching)

    other = await corrected(replace(WRITING_MINISTRY, organisation="RS-MOI"), 1)
    assert (other.status_code, other.json()["code"]) == (403, "programmes.organisation_of_others")
    done = await corrected(OFFICER, 1)
    assert (done.status_code, done.headers["etag"]) == (200, '"v2"')
    assert (await corrected(OFFICER, 1)).status_code == 412
    assert (await corrected(WRITING_MINISTRY, 2, right | {"aliases": ["MIA"]})).status_code == 200
    read = (await client.get(url, headers=officer)).json()
    assert {name: read[name] for name in right} == right
    assert (read["aliases"], read["version"]) == (["MIA"], 3)
    assert (await told(unit))[-2:] == ["programmes.organisation_registered.v1"] * 2
    missing = await client.put(
        "/v1/organisations/NONE", json=right, headers=officer | {"if-match": '"v1"'}
    )
    assert (missing.status_code, missing.json()["code"]) == (
        404,
        "programmes.no_such_organisation",
    )
