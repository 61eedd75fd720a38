"""Experts: assigned once, seen by whom they concern, and nowhere twice at a time by mistake."""

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from make_training import (
    GEORGIA,
    MOLDOVA,
    OFFICER,
    SOURCE,
    endorsed,
    known_programme,
    moved,
    nomination,
    opened,
    planned,
    submitted,
)
from told import facts, untouched

from kit.errors import StaleVersion
from kit.testing.patience import served
from training.commands import events, evidence, experts, nominations
from training.commands.erasing import forget_person
from training.domain.attendance import DayPresence
from training.domain.errors import (
    EventOver,
    NoSuchEvent,
    NoSuchSeries,
    ReferenceTaken,
    UnknownProgramme,
)
from training.domain.errors_experts import (
    AssignmentExists,
    AssignmentOutsideEvent,
    AssignmentStepNotAllowed,
    ExpertDoubleBooked,
    NoSuchAssignment,
)
from training.domain.errors_seats import EventsOverlap, ParticipantErased
from training.domain.event_kind import EventKind
from training.domain.event_series import SeriesPlan
from training.domain.expert import AssignmentPlan, AssignmentStatus, ExpertRole, Terms
from training.domain.figures import Basis, Count, Qualifier
from training.domain.headcount import Headcount
from training.domain.nomination import Candidate, NominationStatus
from training.domain.training_event import EventStatus, Place, PlacePrecision
from training.queries import experts as queries
from training.queries.events import event as read_event
from training.queries.experts import Wanted
from training.storage import many_nominations
from training.storage import nominations as stored

S = AssignmentStatus
FIRST, SECOND, LAST = date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)
CHISINAU = Place("Chișinău", "MD", None, PlacePrecision.CITY)


async def assigned(unit, event, person=None, *, reference="EXPERT-1", by=OFFICER, **changes):
    terms = Terms(**{name: changes.pop(name) for name in Terms.__slots__ if name in changes})
    role = changes.pop("role", ExpertRole.SHORT_TERM_EXPERT)
    plan = AssignmentPlan(
        reference, role, terms, event.id, participant_id=person or uuid4(), **changes
    )
    return await experts.assign_expert(unit, plan, by=by)


async def seen(unit, by, **wanted):
    found = await queries.assignments(unit, Wanted(**wanted), limit=50, after=None, by=by)
    return [each.plan.reference for each in found.items]


async def test_expert_when_assigned_is_told_to_and_seen_by_whom_it_concerns(unit):
    event = await opened(unit)
    made = await assigned(unit, event, organisation="GE-MIA", days=Decimal("1.5"), payer="FR-MOI")
    told = (await facts(unit))[-1]
    assert told["type"] == "training.expert_assignment_changed.v1"
    assert (told["data"]["days"], told["data"]["status"]) == ("1.5", "assigned")
    assert told["audience"] == ["org:FR-MOI", "org:GE-MIA", "org:PL-MOI", "staff"]
    assert await seen(unit, OFFICER) == await seen(unit, GEORGIA) == ["EXPERT-1"]
    assert await seen(unit, MOLDOVA) == []
    assert (await queries.assignment(unit, made.id, by=GEORGIA)).plan == made.plan
    with pytest.raises(NoSuchAssignment) as invisible:
        await queries.assignment(unit, made.id, by=MOLDOVA)
    with pytest.raises(NoSuchAssignment) as unknown:
        await queries.assignment(unit, uuid4(), by=MOLDOVA)
    assert str(invisible.value) == str(unknown.value)
    await experts.change_terms(unit, made.id, Terms(payer="MD-MIA"), expected=1, by=OFFICER)
    assert await seen(unit, MOLDOVA) == ["EXPERT-1"]
    lost = (await facts(unit))[-1]["lost_audience"]
    assert lost == ["org:FR-MOI"]


async def test_expert_when_assigned_to_what_cannot_be_writes_nothing(unit):
    event = await opened(unit)
    person = uuid4()
    await assigned(unit, event, person)
    series = AssignmentPlan("OTHER", ExpertRole.TRAINER, series_id=uuid4(), organisation="COE")
    async with untouched(unit):
        with pytest.raises(ReferenceTaken):
            await assigned(unit, event)
        with pytest.raises(AssignmentExists):
            await assigned(unit, event, person, reference="OTHER")
        with pytest.raises(AssignmentOutsideEvent):
            await assigned(unit, event, reference="OTHER", first_on=LAST, last_on=date(2026, 5, 7))
        with pytest.raises(NoSuchEvent):
            await assigned(unit, event, reference="OTHER", by=GEORGIA)
        with pytest.raises(NoSuchSeries):
            await experts.assign_expert(unit, series, by=OFFICER)
    await assigned(unit, event, person, reference="OTHER", role=ExpertRole.SPEAKER)


async def test_expert_when_booked_on_the_same_days_needs_a_reason(unit):
    event, person = await opened(unit), uuid4()
    await assigned(unit, event, person, first_on=FIRST, last_on=SECOND)
    other = await planned(unit, reference="OTHER")
    part = await planned(unit, reference="PART", part_of=event.id)
    async with untouched(unit):
        with pytest.raises(ExpertDoubleBooked) as refused:
            await assigned(unit, other, person, reference="B", first_on=SECOND, last_on=LAST)
    assert refused.value.facts == {"events": [str(event.id)], "actions": []}
    await assigned(unit, part, person, reference="P", first_on=FIRST, last_on=FIRST)
    free = await assigned(unit, other, person, reference="C", first_on=LAST, last_on=LAST)
    async with untouched(unit):
        with pytest.raises(ExpertDoubleBooked):
            await experts.change_terms(unit, free.id, Terms(), expected=1, by=OFFICER)
    assert await seen(unit, OFFICER, clashing=True) == []
    reason = Terms(overlap_reason="half a day each")
    await experts.change_terms(unit, free.id, reason, expected=1, by=OFFICER)
    assert await seen(unit, OFFICER, clashing=True, event_id=other.id) == ["C"]
    assert await seen(unit, OFFICER, clashing=True, event_id=event.id) == ["EXPERT-1"]


async def test_person_when_teaching_and_attending_elsewhere_needs_a_reason(unit):
    event, person = await opened(unit), uuid4()
    other = await planned(unit, reference="ELSEWHERE", place=CHISINAU)
    other = await moved(unit, other, EventStatus.NOMINATIONS_OPEN)
    await assigned(unit, event, person)
    async with untouched(unit):
        with pytest.raises(EventsOverlap):
            await submitted(unit, other.id, participant=person)
    candidate = Candidate(person, overlap_reason="leaves on the first evening")
    nominee = await nominations.submit_nomination(unit, other.id, candidate, by=MOLDOVA)
    await nominations.endorse(unit, nominee.id, by=MOLDOVA)
    await nominations.confirm_seat(unit, nominee.id, by=OFFICER)
    third = await planned(unit, reference="THIRD")
    async with untouched(unit):
        with pytest.raises(ExpertDoubleBooked) as refused:
            await assigned(unit, third, person, reference="B")
    assert refused.value.facts == {"events": sorted([str(event.id), str(other.id)]), "actions": []}


async def test_expert_when_withdrawn_is_free_and_stays_on_record(unit):
    event, person = await opened(unit), uuid4()
    other = await planned(unit, reference="OTHER")
    made = await assigned(unit, event, person)
    async with untouched(unit):
        with pytest.raises(StaleVersion):
            await experts.withdraw_expert(unit, made.id, reason="ill", expected=2, by=OFFICER)
        with pytest.raises(NoSuchAssignment):
            await experts.withdraw_expert(unit, made.id, reason="ill", expected=1, by=MOLDOVA)
    ended = await experts.withdraw_expert(unit, made.id, reason="ill", expected=1, by=OFFICER)
    assert (ended.status, ended.reason) == (S.WITHDRAWN, "ill")
    async with untouched(unit):
        with pytest.raises(AssignmentStepNotAllowed):
            await experts.change_terms(unit, made.id, Terms(), expected=2, by=OFFICER)
    await assigned(unit, other, person, reference="B")
    await assigned(unit, event, person, reference="C", overlap_reason="both were agreed")


async def test_expert_when_the_event_is_put_off_or_called_off_follows_it(unit):
    event = await opened(unit)
    made = await assigned(unit, event, first_on=FIRST, last_on=FIRST)
    step = events.Step(EventStatus.POSTPONED, "no visas")
    event = await events.take_step(unit, event.id, step, expected=event.version, by=OFFICER)
    kept = await queries.assignment(unit, made.id, by=OFFICER)
    assert (kept.status, kept.plan.terms.first_on) == (S.ASSIGNED, None)
    step = events.Step(EventStatus.CANCELLED, "no quorum")
    await events.take_step(unit, event.id, step, expected=event.version, by=OFFICER)
    ended = await queries.assignment(unit, made.id, by=OFFICER)
    assert (ended.status, ended.reason) == (S.EVENT_CANCELLED, "no quorum")
    async with untouched(unit):
        with pytest.raises(EventOver):
            await assigned(unit, event, reference="LATE")


async def engaged(unit, person=None, *, action="MD-3", reference="ACTION-1", **changes):
    terms = Terms(**{name: changes.pop(name) for name in Terms.__slots__ if name in changes})
    plan = AssignmentPlan(
        reference, ExpertRole.SHORT_TERM_EXPERT, terms, participant_id=person,
        programme_code="EAP-PCP", action_code=action, **changes,
    )  # fmt: skip
    return await experts.assign_expert(unit, plan, by=OFFICER)


async def test_expert_when_assigned_to_an_action_is_told_and_seen_like_others(unit):
    await known_programme(unit)
    made = await engaged(unit, organisation="COE", days=Decimal(4))
    told = (await facts(unit))[-1]["data"]
    assert (told["programme_code"], told["action_code"], told["days"]) == ("EAP-PCP", "MD-3", "4")
    assert (await queries.assignment(unit, made.id, by=MOLDOVA)).plan == made.plan
    await engaged(unit, uuid4(), reference="SENT", organisation="GE-MIA")
    await engaged(unit, organisation="COE", reference="OTHER", action="MD-4")
    assert sorted(await seen(unit, OFFICER, action_code="MD-3")) == ["ACTION-1", "SENT"]
    assert sorted(await seen(unit, MOLDOVA, programme="EAP-PCP")) == ["ACTION-1", "OTHER"]
    assert await seen(unit, GEORGIA) == ["SENT"]
    async with untouched(unit):
        nowhere = replace(made.plan, reference="NONE", programme_code="NO-SUCH")
        with pytest.raises(UnknownProgramme):
            await experts.assign_expert(unit, nowhere, by=OFFICER)


async def test_expert_of_an_action_when_booked_elsewhere_needs_a_reason(unit):
    event = await opened(unit, action_code="MD-7")
    person, days = uuid4(), {"first_on": FIRST, "last_on": LAST}
    made = await engaged(unit, person, **days)
    nominee = Candidate(person, "UNIT-1")
    async with untouched(unit):
        with pytest.raises(ExpertDoubleBooked) as teaching:
            await assigned(unit, event, person)
        with pytest.raises(EventsOverlap):
            await nominations.submit_nomination(unit, event.id, nominee, by=MOLDOVA)
        with pytest.raises(AssignmentExists):
            await engaged(unit, person, reference="AGAIN", **days)
        with pytest.raises(ExpertDoubleBooked):
            await engaged(unit, person, reference="OTHER", action="MD-4", **days)
    async with unit.begin() as tx:
        found = await many_nominations.overlapping_pairs(tx, [event.id], [person, uuid4()])
    assert found == {(event.id, person)}
    assert teaching.value.facts == {"events": [], "actions": ["EAP-PCP MD-3"]}
    await engaged(unit, person, reference="SAME", action="MD-7")
    await assigned(unit, event, person, overlap_reason="comes in the evening")
    assert sorted(await seen(unit, OFFICER, clashing=True)) == ["ACTION-1", "EXPERT-1"]
    terms = Terms(None, LAST, LAST)
    with pytest.raises(ExpertDoubleBooked) as moving:
        await experts.change_terms(unit, made.id, terms, expected=1, by=OFFICER)
    assert moving.value.facts == {"events": [str(event.id)], "actions": []}
    free = Terms(None, date(2026, 5, 7), date(2026, 5, 8))
    await experts.change_terms(unit, made.id, free, expected=1, by=OFFICER)
    assert await seen(unit, OFFICER, clashing=True) == []
    await experts.withdraw_expert(unit, made.id, reason="fell ill", expected=2, by=OFFICER)


async def test_expert_of_an_action_when_erased_is_awaited_no_more(unit):
    await known_programme(unit)
    person, past = uuid4(), date(2026, 3, 1)
    done = await engaged(unit, person, first_on=past, last_on=past)
    ahead = await engaged(unit, person, reference="AHEAD", action="MD-4")
    await forget_person(unit, person)
    kept = [(await queries.assignment(unit, each.id, by=OFFICER)).status for each in (done, ahead)]
    assert kept == [S.ASSIGNED, S.WITHDRAWN]
    async with untouched(unit):
        with pytest.raises(ParticipantErased):
            await engaged(unit, person, reference="AGAIN", action="MD-5")


async def test_institution_when_it_teaches_a_series_is_seen_by_who_sees_the_programme(unit):
    await known_programme(unit)
    plan = SeriesPlan("SERIES-1", "EAP-PCP", EventKind.TRAINING, "Trainings")
    series = await events.create_series(unit, plan, by=OFFICER)
    wanted = AssignmentPlan(
        "TRAINERS", ExpertRole.TRAINER, series_id=series.id, organisation="COE", source=SOURCE
    )
    await experts.assign_expert(unit, wanted, by=OFFICER)
    assert await seen(unit, MOLDOVA, series_id=series.id) == ["TRAINERS"]
    await known_programme(unit, marks=("org:GE-MIA",), seq=2)
    assert await seen(unit, MOLDOVA) == []
    assert await seen(unit, GEORGIA, programme="EAP-PCP") == ["TRAINERS"]
    told = [each for each in await facts(unit) if each["data"].get("reference") == "TRAINERS"]
    assert told[-1]["lost_audience"] == ["org:MD-MIA"]


async def test_event_when_held_tells_who_took_part_and_how_long_experts_worked(unit):
    event = await opened(unit, component="C1", action_code="MD-7")
    nominee = await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, nominee.id, by=OFFICER)
    expert = await assigned(unit, event, days=Decimal("2.5"))
    event = await moved(unit, await read_event(unit, event.id, by=OFFICER), EventStatus.IN_PROGRESS)
    days = [DayPresence(FIRST, 300), DayPresence(SECOND, 300)]
    await evidence.record_attendance(unit, nominee.id, days, by=OFFICER)
    assert await delivered_of(unit) == ("C1", "MD-7", "PL", "Warszawa", None, None)
    await moved(unit, event, EventStatus.COMPLETED)
    assert await delivered_of(unit) == ("C1", "MD-7", "PL", "Warszawa", 1, "2.5")
    await experts.change_terms(unit, expert.id, Terms(Decimal(3)), expected=1, by=OFFICER)
    assert (await delivered_of(unit))[-1] == "3.0"
    held = await read_event(unit, event.id, by=OFFICER)
    assert (held.delivered.participants, held.delivered.expert_days) == (1, Decimal(3))


async def test_event_when_only_a_head_count_is_known_tells_that(unit):
    await known_programme(unit)
    event = await moved(unit, await planned(unit), EventStatus.COMPLETED)
    assert (await delivered_of(unit))[-2] is None
    count = Headcount(
        "COUNT-1",
        event.id,
        None,
        Count(48, Qualifier.EXACT, Basis.PERSONS),
        None,
        None,
        None,
        SOURCE,
    )
    await evidence.report_headcount(unit, count, by=OFFICER)
    assert (await delivered_of(unit))[-2] == 48


async def delivered_of(unit):
    told = [each for each in await facts(unit) if each["type"] == "training.event_changed.v1"]
    names = ("component_code", "action_code", "country", "city", "participants", "expert_days")
    return tuple(told[-1]["data"][name] for name in names)


async def test_person_when_booked_by_several_at_once_is_booked_once(fresh_unit):
    await known_programme(fresh_unit)
    person = uuid4()
    held = [await planned(fresh_unit, reference=f"EVENT-{number}") for number in range(6)]

    async def book(event):
        try:
            return await served(
                assigned, fresh_unit, event, person, reference=f"EXPERT-{event.plan.reference}"
            )
        except ExpertDoubleBooked:
            return None

    booked = await asyncio.gather(*(book(event) for event in held))
    assert len([each for each in booked if each]) == 1
    assert await seen(fresh_unit, OFFICER, clashing=True) == []


async def test_person_when_confirmed_by_several_at_once_is_confirmed_once(fresh_unit):
    await known_programme(fresh_unit)
    person, nominees = uuid4(), []
    for number in range(4):
        place = Place(f"City {number}", "PL", None, PlacePrecision.CITY)
        event = await opened(fresh_unit, known=False, reference=f"EVENT-{number}", place=place)
        waiting = {"event_id": event.id, "participant_id": person}
        nominees.append(nomination(NominationStatus.ENDORSED, **waiting))
    async with fresh_unit.begin() as tx:
        await stored.add(tx, *nominees)

    async def confirmed(nominee, **given):
        try:
            return await served(
                nominations.confirm_seat, fresh_unit, nominee.id, by=OFFICER, **given
            )
        except EventsOverlap:
            return None

    found = await asyncio.gather(*(confirmed(each) for each in nominees))
    assert len([each for each in found if each]) == 1
    refused = nominees[found.index(None)]
    again = await confirmed(refused, overlap_reason="joins on the second day")
    assert (again.status, again.overlap_reason) == (
        NominationStatus.CONFIRMED,
        "joins on the second day",
    )
