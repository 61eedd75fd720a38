"""What programmes tell: the local copy and who may see its events."""

from datetime import UTC, datetime
from uuid import uuid4

from make_training import GEORGIA, MOLDOVA, OFFICER, planned
from told import untouched

from contracts.programmes.facts import ProgrammeChanged, Rulesets
from kit.facts import Envelope
from training.consumers.programmes import on_programme_changed
from training.queries.events import Wanted, events


def told(sequence, *, organisations=("MD-MIA",), countries=(), status="active"):
    fact = ProgrammeChanged(
        programme_code="EAP-PCP",
        title="Eastern Partnership Police Cooperation Programme",
        kind="programme",
        status=status,
        rulesets=Rulesets(domestic=None, abroad=None),
        contract_concluded_on=None,
        per_diem_budget_line=None,
        organisations=list(organisations),
        countries=list(countries),
    )
    meta = Envelope(
        id=uuid4(), source="urn:entente:programmes", type=fact.type, subject=uuid4(),
        time=datetime(2026, 3, 2, tzinfo=UTC), sequence=sequence, position=sequence, cause="test",
    )  # fmt: skip
    return fact, meta


async def seen(unit, by):
    page = await events(unit, Wanted(), limit=50, after=None, by=by)
    return len(page.items)


async def test_programme_when_told_then_events_can_be_planned_for_who_takes_part(unit):
    await on_programme_changed(unit, *told(1, organisations=["MD-MIA"], countries=["GE"]))
    await planned(unit)
    assert [await seen(unit, by) for by in (OFFICER, MOLDOVA, GEORGIA)] == [1, 1, 1]


async def test_programme_when_told_again_then_nothing_changes(unit):
    await on_programme_changed(unit, *told(2))
    await planned(unit)
    async with untouched(unit):
        await on_programme_changed(unit, *told(2))
        await on_programme_changed(unit, *told(1, organisations=["GE-MIA"]))
    assert await seen(unit, GEORGIA) == 0
