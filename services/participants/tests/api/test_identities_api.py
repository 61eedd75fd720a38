"""Who people are: kept sealed, shown masked or clear, every look written down."""

from datetime import UTC, datetime, timedelta

import pytest
from people_and_trips import MINISTRY, OFFICER, OTHER, prepare
from sqlalchemy import select

from kit.auth import Caller
from kit.db.tables import change
from participants.storage.tables_people import access_log

CLEAR = Caller("demo-officer", "officer", "PL-MOI", "PL", OFFICER.scopes | {"identity:read"})
IDENTITY = {
    "family_name": "Kovalenko-Canary",
    "given_names": "Serhii",
    "birth_date": "1981-04-09",
    "nationality": "UA",
    "email": "Serhii.Canary@example.org",
    "phone": "+380 44 123 4567",
}
PASSPORT = {"number": "FA 9876543", "issuer": "UA", "expires_on": "2031-01-01"}
ACCOUNT = {"holder": "Serhii Kovalenko", "iban": "PL61 1090 1014 0000 0712 1981 2874"}
TRIP = {
    "programme_code": "NO-COMP",
    "destination": {"country": "PL"},
    "first_day": "2026-05-04",
    "last_day": "2026-05-07",
}


async def person(ask, organisation="MD-MIA"):
    body = {"organisation": organisation, "country": "MD"}
    return (await ask(OFFICER, "POST", "/v1/persons", body=body)).json()["id"]


async def keep(ask, person_id, what, body, *, match='"v1"', by=OFFICER):
    return await ask(by, "PUT", f"/v1/persons/{person_id}/{what}", body=body, match=match)


async def kept(ask, **fields):
    person_id = await person(ask)
    answer = await keep(ask, person_id, "identity", IDENTITY | fields)
    assert answer.status_code == 200, answer.text
    return person_id


async def look(ask, person_id, *, by=CLEAR, purpose="contact", **more):
    return await ask(by, "GET", f"/v1/persons/{person_id}/identity", purpose=purpose, **more)


async def looks(unit):
    async with unit.read() as read:
        return await read.rows(select(*access_log.c).order_by(access_log.c.id))


async def test_identity_when_kept_then_answer_holds_no_personal_data(ask):
    person_id = await person(ask)
    answer = await keep(ask, person_id, "identity", IDENTITY)
    assert answer.status_code == 200
    assert set(answer.json()) == {"id", "public_ref", "etag"}
    assert answer.headers["etag"] == '"v2"'
    assert "anary" not in answer.text


async def test_identity_when_read_with_the_scope_then_clear_and_logged(ask, unit):
    person_id = await kept(ask)
    answer = await look(ask, person_id, purpose="travel", case="MSW/2026-17")
    assert answer.status_code == 200
    assert {key: answer.json()[key] for key in IDENTITY} == IDENTITY
    assert answer.headers["cache-control"] == "no-store"
    (row,) = await looks(unit)
    assert str(row.person_id) == person_id
    assert (row.client, row.subject, row.operation) == ("demo-officer", "officer", "read_identity")
    assert (row.purpose, row.case_ref, row.fields) == ("travel", "MSW/2026-17", "identity")


async def test_identity_when_read_without_the_scope_then_masked_and_logged(ask, unit):
    person_id = await kept(ask)
    body = (await look(ask, person_id, by=MINISTRY)).json()
    assert body["shown"] == "masked"
    assert (body["family_name"], body["given_names"]) == ("K••••", "S••••")
    for key in ("birth_date", "nationality", "email", "phone"):
        assert body[key] == "••••"
    assert [row.fields for row in await looks(unit)] == ["masked"]


async def test_identity_when_nothing_is_kept_then_empty_and_logged(ask, unit):
    person_id = await person(ask)
    body = (await look(ask, person_id)).json()
    assert (body["family_name"], body["documents"], body["account"]) == (None, [], None)
    assert len(await looks(unit)) == 1


async def test_identity_when_not_visible_then_same_as_unknown_and_not_logged(ask, unit):
    person_id = await kept(ask)
    hidden = await look(ask, person_id, by=OTHER)
    unknown = await look(ask, "00000000-0000-7000-8000-000000000000", by=OTHER)
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json()["detail"] == unknown.json()["detail"]
    assert await looks(unit) == []


async def test_identity_when_purpose_or_case_is_wrong_then_refused_and_not_logged(ask, unit):
    person_id = await kept(ask)
    path = f"/v1/persons/{person_id}/identity"
    assert (await ask(CLEAR, "GET", path)).status_code == 400
    assert (await look(ask, person_id, purpose="curiosity")).status_code == 400
    assert (await look(ask, person_id, case="a b\tc")).status_code == 400
    assert await looks(unit) == []


@pytest.mark.parametrize(
    ("days", "clear"),
    [(-31, False), (-30, True), (0, True), (3 + 14, True), (3 + 15, False)],
)
async def test_document_when_near_a_trip_then_clear_for_travel_alone(ask, unit, clock, days, clear):
    await prepare(unit)
    person_id = await kept(ask)
    assert (await keep(ask, person_id, "documents/passport", PASSPORT, match='"v2"')).is_success
    opened = await ask(OFFICER, "POST", "/v1/trips", body=TRIP | {"person_id": person_id})
    assert opened.status_code == 201
    clock.move(datetime(2026, 5, 4, 9, tzinfo=UTC) + timedelta(days=days) - clock.now())
    for purpose, by, expected in (
        ("travel", CLEAR, clear),
        ("contact", CLEAR, False),
        ("travel", MINISTRY, False),
    ):
        (shown,) = (await look(ask, person_id, purpose=purpose, by=by)).json()["documents"]
        wanted = PASSPORT if expected else {"number": "••••6543"}
        assert shown["number"] == wanted["number"]
        assert (shown["issuer"] == "UA") is expected


async def test_account_when_kept_then_shown_by_its_end_alone(ask):
    person_id = await kept(ask)
    assert (await keep(ask, person_id, "account", ACCOUNT, match='"v2"')).status_code == 200
    answer = await look(ask, person_id, purpose="payment")
    assert answer.json()["account"] == "PL••••2874"
    assert "1090" not in answer.text


async def test_account_when_check_digits_are_wrong_then_refused_without_the_value(ask, unit):
    person_id = await kept(ask)
    wrong = ACCOUNT | {"iban": "PL62 1090 1014 0000 0712 1981 2874"}
    answer = await keep(ask, person_id, "account", wrong, match='"v2"')
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/iban"
    assert "1090" not in answer.text
    assert (await look(ask, person_id)).json()["account"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "canary-no-address"),
        ("phone", "canary"),
        ("nationality", "Canary"),
        ("birth_date", "1981-02-30"),
        ("family_name", ""),
        ("religion", "canary"),
    ],
)
async def test_identity_when_a_field_is_wrong_then_named_and_its_value_not_repeated(
    ask, field, value
):
    person_id = await person(ask)
    answer = await keep(ask, person_id, "identity", IDENTITY | {field: value})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{field}"
    assert "anary" not in answer.text.replace("canary", "", 0) or field == "religion"
    assert (await look(ask, person_id)).json()["family_name"] is None


async def test_identity_when_the_version_is_old_then_nothing_is_kept(ask):
    person_id = await kept(ask)
    again = IDENTITY | {"family_name": "Other"}
    assert (await keep(ask, person_id, "identity", again)).status_code == 412
    assert (await keep(ask, person_id, "identity", again, match=None)).status_code == 428
    assert (await look(ask, person_id)).json()["family_name"] == "Kovalenko-Canary"


async def test_person_when_searched_in_another_alphabet_then_found_and_logged(ask, unit):
    person_id = await kept(ask, family_name="Kovalenko")
    await kept(ask, family_name="Somebody", email="else@example.org")
    for body in (
        {"name": "Сергій КОВАЛЕНКО"},
        {"email": "serhii.CANARY@example.org"},
        {"name": "kovalenko serhii", "email": "serhii.canary@example.org"},
    ):
        answer = await ask(CLEAR, "POST", "/v1/person-searches", body=body, purpose="contact")
        assert [each["id"] for each in answer.json()["items"]] == [person_id]
    assert [row.fields for row in await looks(unit)] == ["found"] * 3


async def test_search_when_without_scope_or_value_then_refused(ask):
    path, body = "/v1/person-searches", {"name": "Kovalenko"}
    assert (await ask(MINISTRY, "POST", path, body=body, purpose="contact")).status_code == 403
    assert (await ask(CLEAR, "POST", path, body={}, purpose="contact")).status_code == 400


async def test_affiliations_when_added_then_the_former_one_ends_and_ranks_are_masked(ask):
    person_id = await kept(ask)
    path = f"/v1/persons/{person_id}/affiliations"
    first = {"organisation": "MD-MIA", "rank": "captain", "valid_from": "2015-01-01"}
    second = first | {"unit_code": "FO-2", "rank": "major", "valid_from": "2018-06-01"}
    assert (await ask(OFFICER, "POST", path, body=first, match='"v2"')).status_code == 200
    assert (await ask(OFFICER, "POST", path, body=second, match='"v3"')).status_code == 200
    earlier = await ask(OFFICER, "POST", path, body=first, match='"v4"')
    assert (earlier.status_code, earlier.json()["code"]) == (
        409,
        "participants.affiliation_overlaps",
    )
    shown = (await ask(CLEAR, "GET", path, purpose="contact")).json()["items"]
    assert [(each["rank"], each["valid_to"]) for each in shown] == [
        ("captain", "2018-06-01"),
        ("major", None),
    ]
    masked = (await ask(MINISTRY, "GET", path, purpose="contact")).json()["items"]
    assert [each["rank"] for each in masked] == [None, None]


async def tag(ask, person_id):
    return (await ask(OFFICER, "GET", f"/v1/persons/{person_id}")).headers["etag"]


async def affiliations(ask, person_id):
    path = f"/v1/persons/{person_id}/affiliations"
    return (await ask(CLEAR, "GET", path, purpose="contact")).json()["items"]


async def test_affiliation_when_wrong_then_corrected_ended_or_withdrawn_and_others_stay(ask):
    person_id = await kept(ask)
    path = f"/v1/persons/{person_id}/affiliations"
    first = {"organisation": "MD-MIA", "rank": "captain", "valid_from": "2015-01-01"}
    typo = {"organisation": "MD-BP", "rank": "major", "valid_from": "2099-06-01"}
    for match, body in (('"v2"', first), ('"v3"', typo)):
        assert (await ask(OFFICER, "POST", path, body=body, match=match)).status_code == 200
    right, wrong = await affiliations(ask, person_id)
    gone = await ask(OFFICER, "POST", f"{path}/{wrong['id']}/withdrawal", match='"v4"')
    assert (gone.status_code, gone.headers["etag"]) == (200, '"v5"')
    ended = first | {"rank": "lieutenant", "valid_to": "2020-01-01"}
    said = await ask(OFFICER, "PUT", f"{path}/{right['id']}", body=ended, match='"v5"')
    assert said.status_code == 200
    (only,) = await affiliations(ask, person_id)
    assert (only["id"], only["rank"], only["valid_to"]) == (
        right["id"],
        "lieutenant",
        "2020-01-01",
    )


async def test_affiliation_when_correction_is_stale_or_overlaps_then_nothing_changes(ask):
    person_id, other = await kept(ask), await kept(ask)
    path = f"/v1/persons/{person_id}/affiliations"
    first = {"organisation": "MD-MIA", "valid_from": "2015-01-01"}
    second = first | {"valid_from": "2018-06-01"}
    for match, body in (('"v2"', first), ('"v3"', second)):
        assert (await ask(OFFICER, "POST", path, body=body, match=match)).status_code == 200
    before = await affiliations(ask, person_id)
    one = f"{path}/{before[0]['id']}"
    assert (await ask(OFFICER, "PUT", one, body=first, match='"v1"')).status_code == 412
    longer = await ask(OFFICER, "PUT", one, body=first | {"valid_to": "2019-01-01"}, match='"v4"')
    assert longer.json()["code"] == "participants.affiliation_overlaps"
    backwards = await ask(
        OFFICER, "PUT", one, body=first | {"valid_to": "2014-01-01"}, match='"v4"'
    )
    assert backwards.json()["code"] == "participants.affiliation_ends_before_it_starts"
    theirs = f"/v1/persons/{other}/affiliations/{before[0]['id']}"
    unknown = await ask(OFFICER, "PUT", theirs, body=first, match='"v2"')
    assert (unknown.status_code, unknown.json()["code"]) == (404, "participants.not_kept")
    assert await affiliations(ask, person_id) == before


@pytest.mark.parametrize(("what", "body"), [("documents/passport", PASSPORT), ("account", ACCOUNT)])
async def test_document_or_account_when_withdrawn_then_forgotten_once(ask, what, body):
    person_id = await kept(ask)
    assert (await keep(ask, person_id, what, body, match='"v2"')).status_code == 200
    path = f"/v1/persons/{person_id}/{what}/withdrawal"
    assert (await ask(OFFICER, "POST", path, match='"v1"')).status_code == 412
    assert (await ask(OFFICER, "POST", path, match='"v3"')).status_code == 200
    shown = (await look(ask, person_id)).json()
    assert (shown["documents"], shown["account"]) == ([], None)
    again = await ask(OFFICER, "POST", path, match=await tag(ask, person_id))
    assert (again.status_code, again.json()["code"]) == (404, "participants.not_kept")


async def send(ask, person_id, organisation, *, match, by=OFFICER, country="FR", **more):
    body = {"person_id": person_id, "organisation": organisation, "country": country} | more
    return await ask(by, "POST", "/v1/sender-changes", body=body, match=match)


async def test_person_when_moved_to_another_organisation_then_seen_there_and_trips_stay(ask, unit):
    await prepare(unit)
    person_id = await kept(ask)
    trip = (await ask(OFFICER, "POST", "/v1/trips", body=TRIP | {"person_id": person_id})).json()
    assert (await send(ask, person_id, "FR-MOI", match='"v1"')).status_code == 412
    done = await send(ask, person_id, "FR-MOI", match='"v2"', unit_code="FO-9")
    assert (done.status_code, done.headers["etag"]) == (200, '"v3"')
    assert (done.json()["organisation"], done.json()["unit_code"]) == ("FR-MOI", "FO-9")
    path = f"/v1/persons/{person_id}"
    assert (await ask(OTHER, "GET", path)).json() == done.json()
    assert (await ask(MINISTRY, "GET", path)).status_code == 404
    assert (await look(ask, person_id, by=MINISTRY)).status_code == 404
    assert (await ask(MINISTRY, "GET", f"/v1/trips/{trip['id']}")).status_code == 200
    assert (await ask(OTHER, "GET", f"/v1/trips/{trip['id']}")).status_code == 404
    columns = (change.c.type, change.c.audience, change.c.lost_audience)
    async with unit.read() as read:
        last = await read.first(select(*columns).order_by(change.c.id.desc()).limit(1))
    assert tuple(last) == (
        "participants.person_amended.v1",
        ["org:FR-MOI", "staff"],
        ["org:MD-MIA"],
    )


async def test_person_when_a_ministry_corrects_the_sender_then_hands_nobody_over(ask):
    person_id = await person(ask)
    away = await send(ask, person_id, "FR-MOI", match='"v1"', by=MINISTRY)
    assert (away.status_code, away.json()["errors"][0]["pointer"]) == (400, "/organisation")
    theirs = await send(ask, person_id, "FR-MOI", match='"v1"', by=OTHER)
    assert theirs.status_code == 404
    unit = await send(
        ask, person_id, "MD-MIA", match='"v1"', by=MINISTRY, country="MD", unit_code="FO-1"
    )
    assert (unit.status_code, unit.json()["unit_code"]) == (200, "FO-1")
