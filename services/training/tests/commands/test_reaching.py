"""The counters of reach equal what the rows say, whatever happened to them and in which order."""

from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from make_training import AFTERWARDS, OFFICER, known_programme, nomination, plan
from sqlalchemy import select

from training.commands import events
from training.commands.reaching import count_reach, merge_people, part_people
from training.domain.event_kind import EventKind
from training.domain.event_series import SeriesPlan
from training.domain.figures import Source
from training.domain.nomination import PRESENT, NominationStatus
from training.domain.reach import SMALLEST, shown_of
from training.domain.training_event import HELD, EventStatus, Place, PlacePrecision
from training.storage import nominations, training_events
from training.storage.tables import nomination as t
from training.storage.tables import training_event
from training.storage.tables_reach import person_alias, reach_cell

SOURCE = Source("mswia-eu-projects", "a paragraph", "its words")


class UndoneError(Exception):
    """Rolls back what an example did."""


CITIES = (("Warszawa", "PL-14"), ("Krynki", "PL-20"), ("Chisinau", None))


async def held(unit, number, *, series_id=None, city=CITIES[0], kind=EventKind.TRAINING):
    place = Place(city[0], "PL", None, PlacePrecision.CITY, city[1])
    made = plan(
        reference=f"REACH-{number}", place=place, kind=kind, series_id=series_id, sources=(SOURCE,)
    )
    return await events.record_event(unit, made, status=EventStatus.COMPLETED, by=OFFICER)


async def series(unit):
    made = SeriesPlan(
        "SERIES", "EAP-PCP", EventKind.TRAINING, "A series", None, None, None, sources=()
    )
    return await events.create_series(unit, made, by=OFFICER)


async def present(unit, event, people):
    """Put people on record as having been at an event: participant, country, organisation, unit."""
    made = [
        nomination(
            NominationStatus.ATTENDED,
            event_id=event.id,
            participant_id=who,
            country=country,
            organisation=f"{country}-MIA",
            unit_code=unit_code,
        )
        for who, country, unit_code in people
    ]
    async with unit.begin() as tx:
        await nominations.add(tx, *made)
        await count_reach(tx, await training_events.lock_known(tx, event.id))
    return made


async def become(unit, made, status):
    """Correct how nominations ended."""
    async with unit.begin() as tx:
        event = await training_events.lock_known(tx, made[0].event_id)
        saved = await nominations.save_all(tx, [replace(each, status=status) for each in made])
        await count_reach(tx, event)
    return saved


async def counters(unit):
    async with unit.read() as read:
        rows = await read.rows(select(*reach_cell.c).where(reach_cell.c.value != 0))
    return {(row.scope, row.measure, row.dimension, row.key): row.value for row in rows}


async def recounted(unit):
    """What the rows add up to, without any counter."""
    async with unit.read() as read:
        held_events = await read.rows(
            select(*training_event.c).where(training_event.c.status.in_([s.value for s in HELD]))
        )
        people = await read.rows(select(*t.c).where(t.c.status.in_([s.value for s in PRESENT])))
        same = dict(await read.rows(select(person_alias.c.participant_id, person_alias.c.same_as)))
    sets, sums = defaultdict(set), Counter()
    for event in held_events:
        there = [each for each in people if each.event_id == event.id]
        persons = {same.get(each.participant_id, each.participant_id) for each in there}
        by_country = defaultdict(set)
        for each in there:
            by_country[each.country].add(same.get(each.participant_id, each.participant_id))
        sizes = {country: len(found) for country, found in by_country.items()}
        shown = shown_of(len(persons), sizes, smallest=SMALLEST)
        for scope, width in (
            (f"event:{event.id}", 1),
            (f"series:{event.series_id}" if event.series_id else None, 2),
            (f"programme:{event.programme_code}", 3),
        ):
            if scope is None:
                continue
            dimensions = [("", "", 1), ("voivodeship", event.region, 2), ("kind", event.kind, 3)]
            where = [(d, k) for d, k, least in dimensions if k is not None and least <= width]
            for place in where:
                sums[scope, "events", *place] += 1
                sums[scope, "left_out", *place] += bool(there) and not shown.total
                sets[scope, "places", *place].add((event.country, event.city))
            for each in there if shown.total else ():
                who = same.get(each.participant_id, each.participant_id)
                own = [("country", each.country)] if each.country in shown.countries else []
                for place in where + own:
                    sums[scope, "attendances", *place] += 1
                    sets[scope, "persons", *place].add(who)
                    sets[scope, "institutions", *place].add(each.organisation)
                    if each.unit_code:
                        sets[scope, "units", *place].add(each.unit_code)
    return {key: number for key, number in sums.items() if number} | {
        key: len(members) for key, members in sets.items()
    }


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("attend", "correct", "return", "merge", "part")),
        st.integers(0, 2),
        st.lists(
            st.tuples(
                st.integers(0, 30), st.sampled_from(("MD", "MD", "GE", "PL")), st.integers(0, 2)
            ),
            min_size=1,
            max_size=12,
            unique_by=lambda each: each[0],
        ),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
async def test_counters_when_anything_happens_then_equal_the_rows(sessions, unit, steps):
    with suppress(UndoneError):
        async with sessions.writing():
            await happen(unit, steps)
            assert await counters(unit) == await recounted(unit)
            raise UndoneError


async def happen(unit, steps):
    await known_programme(unit)
    unit.clock.move(max(AFTERWARDS - unit.clock.now(), timedelta()))
    one = await series(unit)
    made = [
        await held(unit, 0, series_id=one.id),
        await held(unit, 1, series_id=one.id, city=CITIES[1]),
        await held(unit, 2, city=CITIES[2], kind=EventKind.WORKSHOP),
    ]
    there = defaultdict(dict)
    for what, number, people in steps:
        event, known = made[number], there[number]
        if what == "attend":
            new = [each for each in people if each[0] not in known]
            rows = [(person(n), country, f"U-{u}" if u else None) for n, country, u in new]
            stored = await present(unit, event, rows) if rows else []
            known.update(zip((n for n, _, _ in new), stored, strict=True))
        elif what == "merge" and len(people) > 1:
            await merge_people(unit, person(people[0][0]), person(people[-1][0]))
        elif what == "part":
            await part_people(unit, person(people[0][0]))
        elif what != "merge":
            status = NominationStatus.NO_SHOW if what == "correct" else NominationStatus.ATTENDED
            chosen = [n for n, _, _ in people if n in known and known[n].status is not status]
            if chosen:
                saved = await become(unit, [known[n] for n in chosen], status)
                known.update(zip(chosen, saved, strict=True))


def person(number) -> UUID:
    return UUID(int=number + 1)
