"""Loading: everything the sources state, the synthetic level, and nothing twice."""

from collections import Counter
from dataclasses import asdict
from datetime import date

from make_training import MOLDOVA, OFFICER
from told import counts, facts

from training.domain.event_kind import EventKind
from training.domain.figures import Basis
from training.domain.fuzzy_date import Precision
from training.domain.reach import Measure
from training.domain.synthetic import participant_id
from training.load import load
from training.queries import reach, records
from training.queries.events import Wanted, events
from training.queries.totals import programme_totals


async def test_data_when_loaded_adds_up_and_a_second_load_writes_nothing(loaded):
    await _check_totals(loaded)
    await _check_reach(loaded)
    await _check_seats_told(loaded)
    await _check_dates(loaded)
    before = await counts(loaded)
    await load(loaded, None)
    assert await counts(loaded) == before


async def _check_totals(unit):
    totals = await programme_totals(unit, "NO-COMP", by=OFFICER)
    compared = {each.figure: asdict(each) for each in totals.compared}
    expected = {
        "trainings_held": (22, Basis.EVENTS, Basis.EVENTS),
        "training_places": (21, Basis.PLACES, Basis.PLACES),
        "training_units": (89, Basis.UNITS, Basis.UNITS),
        "training_participants": (495, Basis.UNKNOWN, Basis.PERSONS),
    }
    assert {
        figure: (each["published"], each["basis_published"], each["basis_computed"])
        for figure, each in compared.items()
    } == expected
    assert all(each["difference"] == 0 for each in compared.values())
    assert {each.synthetic for each in totals.computed if each.figure in expected} == {True}
    published = {each.figure: each.count.value for each in totals.published}
    assert published["workshops_held"] == 3
    assert published["workshop_participants"] == 144
    assert all(each.source.document == "mswia-no-comp" for each in totals.published)
    planned = (await programme_totals(unit, "PPTI-5", by=OFFICER)).published
    assert [(each.figure, each.count.value) for each in planned] == [("workshops_planned", 3)]


async def _check_reach(unit):
    """The reach of the trainings is what the source reports, for whoever may see the programme."""
    series_id = (await records.series_ids(unit))["NO-COMP-TRAININGS"]
    found = await reach.of_series(unit, series_id, by=OFFICER)
    assert {each.measure.value: each.value for each in found.computed} == {
        "events": 22, "places": 21, "units": 89, "institutions": 1, "persons": 495,
        "attendances": 495,
    }  # fmt: skip
    assert (found.left_out, found.without_country, found.synthetic) == (0, 0, True)
    assert {(each.reported.measure.value, each.difference) for each in found.compared} == {
        ("events", 0), ("places", 0), ("units", 0), ("persons", 0), ("attendances", 0),
    }  # fmt: skip
    assert [row.key for row in found.by_country] == ["PL"]
    assert sum(row.numbers[Measure.PERSONS] for row in found.by_voivodeship) == 495
    whole = await reach.of_programme(unit, "NO-COMP", by=OFFICER)
    [trainings] = [row for row in whole.by_kind if row.key == "training"]
    assert [trainings.numbers[each] for each in (Measure.EVENTS, Measure.PLACES)] == [22, 21]


async def _check_seats_told(unit):
    told = [each for each in await facts(unit) if each["type"] == "training.seat_confirmed.v1"]
    assert {each["data"]["participant_id"] for each in told} == {
        str(participant_id(n)) for n in range(1, 496)
    }
    assert len(told) == 495
    assert all(each["data"]["synthetic"] for each in told)
    assert all(each["data"]["departs_at"].endswith(("+01:00", "+02:00")) for each in told)


async def _found(unit, **wanted):
    page = await events(unit, Wanted(**wanted), limit=50, after=None, by=OFFICER)
    return [each.plan.reference for each in page.items if not each.plan.synthetic]


async def _check_register(unit, real):
    """The rows of the fact register that are stored as events, by the queries it names."""
    visit = real["EAP-PCP-MD-EU-FUNDS-VISIT"]
    assert await _found(
        unit, programme="EAP-PCP", kind=EventKind.STUDY_VISIT, first=date(2014, 11, 1)
    ) == [visit.plan.reference]
    assert await _found(unit, follow_up_of=visit.id) == ["EAP-PCP-MD-EU-FUNDS-CHISINAU"]
    assert await _found(unit, programme="EUCPN-PAT") == ["EUCPN-PAT-STOPOVER-10"]
    assert await _found(unit, kind=EventKind.STUDY_VISIT, country="BG") == ["NO-COMP-STUDY-VISIT"]
    assert set(await _found(unit, kind=EventKind.CONFERENCE)) == {
        "NO-STRUCT-CONFERENCE",
        "NO-COMP-CONFERENCE",
    }
    [workshop] = await _found(unit, programme="NO-STRUCT", kind=EventKind.WORKSHOP)
    assert real[workshop].plan.capacity == 16
    assert real["NO-STRUCT-PROMOTION"].plan.part_of == real[workshop].id
    assert len(real["NO-COMP-CONFERENCE"].plan.institutions) == 8
    may = {"first": date(2015, 5, 1), "last": date(2015, 5, 31)}
    assert await _found(unit, **may) == ["EAP-PCP-MD-DATA-PROTECTION-2"]


async def _check_dates(unit):
    held = await records.events_by_reference(unit)
    real = {reference: each for reference, each in held.items() if not each.plan.synthetic}
    assert len(real) == 13
    assert all(each.plan.sources for each in real.values())
    assert Counter(each.plan.dates.precision for each in real.values()) == {
        Precision.DAY: 6,
        Precision.APPROX: 1,
        Precision.UNKNOWN: 6,
    }
    follow_up = real["EAP-PCP-MD-DATA-PROTECTION-2"]
    assert follow_up.plan.follow_up_of == real["EAP-PCP-MD-DATA-PROTECTION-1"].id
    await _check_register(unit, real)
    wanted = Wanted(programme="EAP-PCP", topic="data-protection", country="MD")
    page = await events(unit, wanted, limit=50, after=None, by=MOLDOVA)
    assert [each.plan.reference for each in page.items] == [
        "EAP-PCP-MD-DATA-PROTECTION-1",
        "EAP-PCP-MD-DATA-PROTECTION-2",
    ]
