"""The service's own data: every rate with its source, officers that are marked synthetic."""

import io
from collections import Counter
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import date

import pytest

from participants.commands.rates import (
    import_rate_set,
    publish_rate_set,
    register_rate_sets,
)
from participants.domain.errors import RateSetImmutable
from participants.domain.rates import Completeness, RateBook, RateSetStatus, in_force
from participants.load import load, rate_sets, rates, synthetic_officers
from participants.storage import rates as storage


async def counts(unit):
    async with unit.begin() as tx:
        driver = (await tx.sql.get_raw_connection()).driver_connection
        tables = ("person", "rate_set", "rate", "change")
        return [await driver.fetchval(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608


async def test_load_when_run_twice_then_writes_nothing_twice(unit):
    said = io.StringIO()
    with redirect_stdout(said):
        await load(unit, None)
        first = await counts(unit)
        await load(unit, None)
    assert first == [495, 31, 696, 527]
    assert await counts(unit) == first
    assert "synthetic officers: 495 new, 0 known" in said.getvalue()
    assert "synthetic officers: 0 new, 495 known" in said.getvalue()


async def test_rate_set_when_it_comes_with_other_content_then_refused_and_nothing_is_written(unit):
    sets, rows = list(rate_sets()), list(rates())
    await register_rate_sets(unit, sets[:2], rows)
    before = await counts(unit)
    changed = [row for row in rows if row.country != "PL"]
    with pytest.raises(RateSetImmutable):
        await register_rate_sets(unit, sets, changed)
    assert await counts(unit) == before


async def statuses(unit, *codes):
    async with unit.begin() as tx:
        book = await storage.book(tx, ["ERASMUS_DISTANCE"], [])
    return [edition.status for code in codes for edition in book.sets if edition.code == code]


async def test_rate_set_when_it_corrects_another_then_takes_its_place(unit):
    sets, rows = list(rate_sets()), list(rates())
    await register_rate_sets(unit, [s for s in sets if s.corrects is None], rows)
    assert await register_rate_sets(unit, sets, rows) == 1
    assert await register_rate_sets(unit, sets, rows) == 0
    found = await statuses(unit, "ERA-DIST-2024", "ERA-DIST-2024-1")
    assert found == [RateSetStatus.SUPERSEDED, RateSetStatus.PUBLISHED]


async def test_rate_set_when_another_was_corrected_here_then_that_correction_stands(unit):
    sets, rows = list(rate_sets()), list(rates())
    await register_rate_sets(unit, [s for s in sets if s.corrects is None], rows)
    (wrong,) = (s for s in sets if s.code == "ERA-DIST-2024")
    own = replace(wrong, code="ERA-OWN", status=RateSetStatus.DRAFT, corrects=wrong.code)
    await import_rate_set(unit, own, [])
    await publish_rate_set(unit, own.code, expected=1)
    assert await register_rate_sets(unit, sets, rows) == 1
    assert await register_rate_sets(unit, sets, rows) == 0
    found = await statuses(unit, "ERA-DIST-2024", "ERA-OWN", "ERA-DIST-2024-1")
    assert found == [
        RateSetStatus.SUPERSEDED,
        RateSetStatus.PUBLISHED,
        RateSetStatus.SUPERSEDED,
    ]


def test_officers_when_made_then_495_of_89_offices_all_marked_synthetic():
    officers = list(synthetic_officers())
    assert len({officer.id for officer in officers}) == 495
    assert len({officer.unit_code for officer in officers}) == 89
    assert all(officer.synthetic for officer in officers)
    assert {(o.organisation, o.country) for o in officers} == {("PL-BGHQ", "PL")}


def test_rates_when_read_then_each_has_source_confidence_and_its_set():
    codes = {edition.code for edition in rate_sets()}
    rows = list(rates())
    assert all(row.source and row.confidence and row.rate_set in codes for row in rows)
    keys = Counter((row.rate_set, row.country, row.place, row.valid_from) for row in rows)
    assert max(keys.values()) == 1


def test_list_when_contract_is_of_30_december_2013_then_that_of_5_july_2013():
    sets = [edition for edition in rate_sets() if edition.scheme == "EU_EXTERNAL"]
    book = RateBook(tuple(sets), tuple(rates()))
    found = in_force(book.sets, date(2013, 12, 30))
    assert found.code == "EU-EXT-2013-07-05"
    assert found.completeness is Completeness.PARTIAL
    held = {row.country for row in book.rates if row.rate_set == found.code}
    assert {"PL", "FR", "AM", "AZ", "BY"} <= held
    assert not {"MD", "GE", "UA"} & held


def test_draft_when_on_record_then_never_in_force():
    sets = [edition for edition in rate_sets() if edition.scheme == "PL_DOMESTIC"]
    assert [s.code for s in sets if s.status is RateSetStatus.DRAFT] == ["PL-DOM-DRAFT-2026"]
    assert in_force(sets, date(2030, 1, 1)).code == "PL-DOM-2023"
