"""An erased person is found nowhere: in no database, log, fact, export or kept answer."""

import re

import asyncpg

from kit import log

from . import steps

IDENTITY = {
    "family_name": "Kanarkowski",
    "given_names": "Zdzislaw-Canary",
    "birth_date": "1971-03-17",
    "nationality": "MD",
    "email": "canary.bird@example.org",
    "phone": "+373 601 777 313",
}
KEPT = {
    "identity": IDENTITY,
    "documents/passport": {"number": "CANARY7731", "issuer": "MD", "expires_on": "2031-05-06"},
    "account": {"holder": "Canary Holder", "iban": "PL61109010140000071219812874"},
}
RANK = {"organisation": "MD-MIA", "rank": "canary-major", "valid_from": "2015-01-01"}
CANARIES = (
    "kanarkowski", "zdzislaw-canary", "canary.bird", "1971-03-17", "777 313", "canary7731",
    "canary holder", "0000071219812874", "canary-major", "2031-05-06",
)  # fmt: skip

_ROWS = "SELECT format('SELECT x::text FROM %I AS x', $1::text)"


async def dump(member) -> str:
    """Every row of every table of a service; what is binary also as the text it may be."""
    url = re.sub(r"//\w+@", "//postgres@", member.database.address.url)
    owner = await asyncpg.connect(url)
    try:
        tables = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        rows = []
        for each in tables:
            query = await owner.fetchval(_ROWS, each["tablename"])
            rows += [row[0] for row in await owner.fetch(query)]
    finally:
        await owner.close()
    return with_bytes("\n".join(rows)).casefold()


def with_bytes(text: str) -> str:
    binary = [bytes.fromhex(each) for each in re.findall(r"\\x((?:[0-9a-f]{2})+)", text)]
    return "\n".join([text, *(each.decode("latin-1") for each in binary)])


def found(text: str) -> list[str]:
    return [each for each in CANARIES if each in text.casefold()]


async def recorded(officer, person) -> None:
    path, version = f"/v1/persons/{person['id']}", 1
    for what, body in KEPT.items():
        tag = {"if-match": f'"v{version}"'}
        await steps.done(await officer.put(f"{path}/{what}", json=body, headers=tag))
        version += 1
    tag = {"if-match": f'"v{version}"'}
    await steps.done(await officer.post(f"{path}/affiliations", json=RANK, headers=tag))


async def nominated(world, event, person, key):
    body = {"event_id": event["id"], "participant_id": person["id"]}
    headers = {"idempotency-key": f"nominate-{key}"}
    return await world.ministry.post("/v1/nominations", json=body, headers=headers)


async def erase(world, path):
    tag = {"if-match": '"v5"', "idempotency-key": "erase-canary"}
    body = {"ground": "subject_request"}
    return await world.officer.post(f"{path}/erasure", json=body, headers=tag)


async def test_person_when_erased_then_found_nowhere_in_the_whole_system(world, capsys):
    for name in world.members:
        log.configure(name)
    await steps.open_programme(world.officer, funds="5000.00")
    await world.settle()
    person = await steps.register_person(world.officer)
    await recorded(world.officer, person)
    event, other = [await steps.plan_event(world.officer) for _ in range(2)]
    nomination = await steps.nominate(world.ministry, event, person)
    confirmed = await steps.seat(world.officer, nomination)
    undecided = await nominated(world, other, person, "undecided")
    await world.settle()
    path = f"/v1/persons/{person['id']}"
    shown = await steps.get(world.officer, f"{path}/export", purpose="data_protection")
    assert {"identity", "trip", "change"} <= set(shown["stores"])
    assert len(found(str(shown))) >= len(CANARIES) - 1
    blocked = (await erase(world, path)).json()
    assert (blocked["code"], blocked["reason"]) == ("participants.erasure_blocked", "trip_ahead")
    withdrawal = f"/v1/nominations/{nomination['id']}/withdrawal"
    await steps.act(world.ministry, withdrawal, confirmed, reason="other duties")
    await world.settle()
    erased = await erase(world, path)
    certificate = await steps.done(erased)
    assert {each["store"] for each in certificate["elsewhere"]} >= {"backups", "process logs"}
    await world.settle()
    ended = await steps.get(world.ministry, f"/v1/nominations/{undecided.json()['id']}")
    assert (ended["status"], ended["reason"]) == ("withdrawn", "person_erased")
    refused = (await nominated(world, other, person, "again")).json()
    assert refused["code"] == "training.participant_erased"

    for name, member in world.members.items():
        text = await dump(member)
        assert person["id"] in text, name
        assert found(text) == [], name
    for caller in (world.officer, world.ministry):
        assert found(str(await steps.get(caller, "/v1/changes", limit=200))) == []
        assert found((await caller.get(path)).text) == []
    after = await steps.get(world.officer, f"{path}/export", purpose="data_protection")
    assert found(str(after)) == []
    printed = capsys.readouterr()
    assert "/erasure" in printed.out
    assert found(printed.out + printed.err) == []


def test_canary_when_planted_in_text_or_bytes_then_found():
    assert found(with_bytes("x" + b"CANARY7731".hex())) == []
    assert found(with_bytes("\\x" + b"\0CANARY7731".hex())) == ["canary7731"]
    assert found("Mr KANARKOWSKI") == ["kanarkowski"]
