"""Certificates over HTTP: issued on attendance, printed without a trace, verified by anybody."""

import logging
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from make_training import GEORGIA, MOLDOVA, OFFICER, let_pass, nomination, opened
from told import facts, untouched

from kit.auth import Caller
from training.api.certificate_pdf import verified_at
from training.api.render_certificate import qr_code
from training.domain.nomination import NominationStatus
from training.domain.training_event import EventStatus
from training.queries.certificates import certificate
from training.storage import nominations as stored
from training.storage import training_events

ANYBODY = Caller("anybody", "anybody", "", "", frozenset({"certificates:verify"}))
NAME = "Świętosława Żółć"


def key(headers):
    return headers | {"idempotency-key": str(uuid4())}


async def attended(unit, status=NominationStatus.ATTENDED, *, ahead=False):
    event = await opened(unit)
    if not ahead:
        let_pass(unit, event)
    made = nomination(status, event_id=event.id)
    async with unit.begin() as tx:
        await stored.add(tx, made)
    return made


async def issued(client, signed, made):
    answer = await client.post(
        f"/v1/nominations/{made.id}/certificate", headers=key(signed(OFFICER))
    )
    assert answer.status_code == 201, answer.text
    return answer


async def verified(client, signed, code):
    answer = await client.get(f"/v1/certificate-verifications/{code}", headers=signed(ANYBODY))
    assert answer.status_code == 200
    assert list(answer.json()) == ["validity"]
    return answer.json()["validity"]


async def revoked(client, signed, made, tag='"v1"'):
    return await client.post(
        f"/v1/certificates/{made['id']}/revocation",
        json={"reason": "Issued by mistake"},
        headers=signed(OFFICER) | {"if-match": tag},
    )


async def test_certificate_when_issued_then_is_seen_and_valid(client, signed, unit):
    made = await attended(unit)
    for number, mandatory in enumerate((True, True, False), start=1):
        plan = {"number": number, "title": "Session", "minutes": 90, "mandatory": mandatory}
        path = f"/v1/events/{made.event_id}/sessions"
        added = await client.post(path, json=plan, headers=key(signed(OFFICER)))
        assert added.status_code == 201, added.text
    answer = await issued(client, signed, made)
    certificate = answer.json()
    assert certificate["attested"]["minutes"] == 180
    assert answer.headers["location"] == f"/v1/certificates/{certificate['id']}"
    assert (certificate["validity"], certificate["organisation"]) == ("valid", "MD-MIA")
    assert certificate["attested"]["first"] == "2026-05-04"
    for headers in (signed(MOLDOVA), signed(OFFICER)):
        read = await client.get(answer.headers["location"], headers=headers)
        assert read.json() == certificate
    listed = await client.get(f"/v1/events/{made.event_id}/certificates", headers=signed(MOLDOVA))
    assert listed.json()["items"] == [certificate]
    assert await verified(client, signed, certificate["code"]) == "valid"
    told = (await facts(unit))[-1]
    assert told["type"] == "training.certificate_issued.v1"
    assert certificate["code"] not in str(told)


@pytest.mark.parametrize("status", ["confirmed", "partially_attended", "no_show"])
async def test_certificate_when_not_attended_then_is_refused(client, signed, unit, status):
    made = await attended(unit, NominationStatus(status))
    async with untouched(unit):
        refused = await client.post(
            f"/v1/nominations/{made.id}/certificate", headers=key(signed(OFFICER))
        )
    assert (refused.status_code, refused.json()["code"]) == (409, "training.not_attended")


async def test_proof_when_the_event_is_still_to_come_then_is_refused(client, signed, unit):
    made = await attended(unit, ahead=True)
    async with unit.begin() as tx:
        event = await training_events.lock_known(tx, made.event_id)
        await training_events.save(tx, replace(event, status=EventStatus.IN_PROGRESS))
    path, officer = f"/v1/nominations/{made.id}", signed(OFFICER)
    score = {"phase": "after", "points": 4, "out_of": 10}
    async with untouched(unit):
        certificate = await client.post(f"{path}/certificate", headers=key(officer))
        after = await client.post(f"{path}/test-scores", json=score, headers=key(officer))
    for refused in (certificate, after):
        assert (refused.status_code, refused.json()["code"]) == (409, "training.event_not_yet")
        assert refused.json()["possible_from"] == "2026-05-06"
    before = await client.post(
        f"{path}/test-scores", json=score | {"phase": "before"}, headers=key(officer)
    )
    assert before.status_code == 201, before.text


async def test_certificate_when_revoked_then_may_be_issued_anew(client, signed, unit):
    made = await attended(unit)
    first = (await issued(client, signed, made)).json()
    async with untouched(unit):
        twice = await client.post(
            f"/v1/nominations/{made.id}/certificate", headers=key(signed(OFFICER))
        )
        stale = await revoked(client, signed, first, '"v7"')
    assert (twice.status_code, twice.json()["code"]) == (409, "training.certificate_exists")
    assert stale.status_code == 412
    ended = await revoked(client, signed, first)
    assert (ended.json()["validity"], ended.json()["reason"]) == ("revoked", "Issued by mistake")
    async with untouched(unit):
        again = await revoked(client, signed, first, '"v2"')
        printed = await client.post(
            f"/v1/certificates/{first['id']}/document",
            json={"language": "pl"},
            headers=signed(MOLDOVA),
        )
    for refused in (again, printed):
        assert (refused.status_code, refused.json()["code"]) == (
            409, "training.certificate_revoked",
        )  # fmt: skip
    second = (await issued(client, signed, made)).json()
    assert await verified(client, signed, first["code"]) == "revoked"
    assert await verified(client, signed, second["code"]) == "valid"


async def test_certificate_when_its_qr_code_is_followed_then_says_it_is_valid(client, signed, unit):
    made = (await issued(client, signed, await attended(unit))).json()
    found = await certificate(unit, UUID(made["id"]), by=OFFICER)
    address = verified_at(found, "https://entente.example.org")
    path = address.removeprefix("https://entente.example.org/api")
    answer = await client.get(path, headers=signed(ANYBODY))
    assert answer.json() == {"validity": "valid"}
    drawn = qr_code(address)
    assert drawn.startswith("<?xml")
    assert drawn == qr_code(address) != qr_code(address + "X")


async def test_verification_when_unknown_or_malformed_then_has_the_same_shape(client, signed):
    for code in ("0000-0000-0000-0000", "x", "%F0%9F%98%80", "a" * 40):
        assert await verified(client, signed, code) == "unknown"


async def test_document_when_printed_then_keeps_no_name(client, signed, unit, caplog):
    made = (await issued(client, signed, await attended(unit))).json()
    body = {"language": "pl", "form": "letter", "name": NAME}
    path = f"/v1/certificates/{made['id']}/document"
    with caplog.at_level(logging.DEBUG):
        async with untouched(unit):
            answer = await client.post(path, json=body, headers=signed(MOLDOVA))
            again = await client.post(path, json=body, headers=signed(MOLDOVA))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"%PDF-")
    assert answer.content == again.content
    assert "Świętosława" not in caplog.text


async def test_document_when_the_name_cannot_be_printed_then_is_refused(client, signed, unit):
    made = (await issued(client, signed, await attended(unit))).json()
    refused = await client.post(
        f"/v1/certificates/{made['id']}/document",
        json={"language": "en", "name": "王"},
        headers=signed(MOLDOVA),
    )
    assert (refused.status_code, refused.json()["code"]) == (400, "training.name_not_printable")
    assert "王" not in refused.text


async def test_certificate_when_invisible_then_is_answered_like_unknown(client, signed, unit):
    made = (await issued(client, signed, await attended(unit))).json()
    stranger = Caller(
        "demo-ministry-ge", "ge-1", "GE-MIA", "GE", GEORGIA.scopes | {"training:host"}
    )
    headers = signed(stranger) | {"entente-request-id": "01980000-0000-7000-8000-000000000000"}
    async with untouched(unit):
        answers = [
            await client.post(
                f"/v1/certificates/{found}/document", json={"language": "en"}, headers=headers
            )
            for found in (made["id"], uuid4())
        ]
        read = await client.get(f"/v1/certificates/{made['id']}", headers=headers)
    assert answers[0].status_code == 404
    assert answers[0].content == answers[1].content == read.content
