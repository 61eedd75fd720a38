"""Small makers for tests on the database, with one keyword for each thing that differs."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid5

from published_rates import bring_in_rates

from kit.auth import SEES_ALL, Caller
from kit.facts import Envelope
from participants.commands import programmes, trips
from participants.domain.choices import Pin
from participants.domain.estimate import ProgrammePin
from participants.domain.trip import Journey

SCOPES = frozenset({"participants:read", "participants:write", "changes:read"})
OFFICER = Caller("demo-officer", "officer", "PL-MOI", "PL", SCOPES | {SEES_ALL})
MINISTRY = Caller("demo-ministry-md", "ministry", "MD-MIA", "MD", SCOPES)
OTHER = Caller("other", "other", "FR-MOI", "FR", SCOPES)
_SPACE = UUID(int=7)


def number(name: str) -> UUID:
    """The same id for the same name, in every test."""
    return uuid5(_SPACE, name)


def seat(name: str = "one", **fields) -> trips.Seat:
    days = {
        key: fields.pop(key)
        for key in ("first_day", "last_day", "departs_at", "returns_at", "city")
        if key in fields
    }
    known = {
        "nomination_id": number(f"nomination {name}"),
        "event_id": number("event"),
        "person_id": number(f"person {name}"),
        "programme_code": "NO-COMP",
        "organisation": "PL-BGHQ",
        "country": "PL",
        "unit_code": "SYN-FO-01",
        "budget_line_code": None,
        "synthetic": True,
    }
    destination = fields.pop("destination", "PL")
    return trips.Seat(**(known | fields), journey=journey(country=destination, **days))


def journey(**fields) -> Journey:
    known = {
        "country": "PL",
        "city": "Lublin",
        "first_day": date(2015, 3, 2),
        "last_day": date(2015, 3, 3),
        "departs_at": None,
        "returns_at": None,
    }
    return Journey(**(known | fields))


def pin(code: str = "NO-COMP", **fields) -> ProgrammePin:
    choices = {
        key: fields.pop(key) for key in ("contract_concluded_on", "rate_list") if key in fields
    }
    known = {
        "code": code,
        "sequence": 1,
        "status": "active",
        "domestic": "PL_DOMESTIC",
        "abroad": "EU_EXTERNAL",
        "budget_line_code": "PER-DIEM",
    }
    return ProgrammePin(**(known | fields), choices=Pin(**choices))


async def prepare(unit, *pins) -> None:
    """Bring in the published rates and the pins of programmes."""
    await bring_in_rates(unit)
    for each in pins or (pin(),):
        await programmes.pin_programme(unit, each)


async def told(unit) -> list[tuple[str, int]]:
    """Type and entity version of every fact about trips, in the order they were told."""
    return [(row["type"].split(".")[1], row["entity_version"]) for row in await changes(unit)]


async def changes(unit):
    async with unit.begin() as tx:
        connection = await tx.sql.get_raw_connection()
        driver = connection.driver_connection
        return await driver.fetch(
            "SELECT type, entity_version, data, audience FROM change"
            " WHERE entity = 'trip' ORDER BY id"
        )


def envelope(position: int = 1, sequence: int = 1) -> Envelope:
    return Envelope(
        id=number(f"fact {position}"),
        source="urn:entente:test",
        type="test",
        subject=number("subject"),
        time=datetime(2026, 3, 2, tzinfo=UTC),
        sequence=sequence,
        position=position,
        cause="test",
    )
