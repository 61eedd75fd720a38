"""Quotas, waiting lists, replacement, eligibility and postponement on a real database."""

import asyncio
from collections import Counter
from datetime import date
from uuid import uuid4

import pytest
from make_training import (
    GEORGIA,
    MOLDOVA,
    OFFICER,
    endorsed,
    known_programme,
    moved,
    opened,
    planned,
    submitted,
)
from told import facts, untouched

from kit.testing.patience import served
from training.commands import events, nominations, replacing, seating
from training.commands.events import Step
from training.domain.eligibility import Participation
from training.domain.errors import NominationStepNotAllowed, NotYourNomination
from training.domain.errors_seats import EventsOverlap, ParticipationSuspended, QuotaFull
from training.domain.fuzzy_date import on_days
from training.domain.nomination import Candidate, NominationStatus, Origin
from training.domain.quota import Dimension, Quota
from training.domain.training_event import EventStatus, Place, PlacePrecision
from training.queries.events import event as read_event
from training.queries.nominations import chain_of
from training.queries.nominations import nomination as read_nomination
from training.queries.quotas import quotas_of

S = NominationStatus
CHISINAU = Place("Chisinau", "MD", None, PlacePrecision.CITY)


async def divided(unit, *, capacity=3, **seats):
    """An event with seats set aside by country."""
    await known_programme(unit, marks=("org:MD-MIA", "org:GE-MIA"))
    event = await opened(unit, known=False, capacity=capacity)
    quotas = [Quota(Dimension.COUNTRY, key, number) for key, number in seats.items()]
    return await seating.set_quotas(unit, event.id, quotas, expected=event.version, by=OFFICER)


async def taken_of(unit, event):
    found, quotas = await quotas_of(unit, event.id, by=OFFICER)
    return found.taken, {quota.key: quota.taken for quota in quotas}


async def status_of(unit, nominee):
    return (await read_nomination(unit, nominee.id, by=OFFICER)).status


async def test_quota_when_exhausted_puts_on_the_waiting_list_and_promotes_within_it(unit):
    event = await divided(unit, MD=1, GE=1, capacity=2)
    first, second = await endorsed(unit, event.id), await endorsed(unit, event.id)
    georgian = await endorsed(unit, event.id, by=GEORGIA)
    for each in (first, second, georgian):
        await nominations.accept(unit, each.id, by=OFFICER)
    assert await status_of(unit, second) is S.WAITLISTED
    assert await taken_of(unit, event) == (2, {"MD": 1, "GE": 1})
    await nominations.withdraw(unit, georgian.id, reason=None, by=GEORGIA)
    assert await status_of(unit, second) is S.WAITLISTED
    await nominations.withdraw(unit, first.id, reason=None, by=MOLDOVA)
    assert await status_of(unit, second) is S.ACCEPTED
    assert await taken_of(unit, event) == (1, {"MD": 1, "GE": 0})


async def test_quota_when_raised_or_lifted_gives_its_seats_to_who_waits(unit):
    event = await divided(unit, MD=1)
    nominees = [await endorsed(unit, event.id) for _ in range(3)]
    for each in nominees:
        await nominations.accept(unit, each.id, by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    assert (event.taken, event.plan.capacity) == (1, 3)
    more = [Quota(Dimension.COUNTRY, "MD", 2)]
    event = await seating.set_quotas(unit, event.id, more, expected=event.version, by=OFFICER)
    found = [await status_of(unit, each) for each in nominees]
    assert (event.taken, found) == (2, [S.ACCEPTED, S.ACCEPTED, S.WAITLISTED])
    event = await seating.set_quotas(unit, event.id, [], expected=event.version, by=OFFICER)
    assert (event.taken, await status_of(unit, nominees[2])) == (3, S.ACCEPTED)


async def test_quota_when_exhausted_refuses_confirmation(unit):
    event = await divided(unit, MD=1)
    first, second = await endorsed(unit, event.id), await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, first.id, by=OFFICER)
    async with untouched(unit):
        with pytest.raises(QuotaFull):
            await nominations.confirm_seat(unit, second.id, by=OFFICER)


async def test_quotas_when_asked_for_at_once_hold_under_concurrency(fresh_unit):
    event = await divided(fresh_unit, capacity=8, MD=3, GE=2)
    nominees = [
        await endorsed(fresh_unit, event.id, by=by) for by in (MOLDOVA, GEORGIA) for _ in range(10)
    ]
    await asyncio.gather(
        *(served(nominations.accept, fresh_unit, each.id, by=OFFICER) for each in nominees)
    )
    found = Counter([(each.country, await status_of(fresh_unit, each)) for each in nominees])
    assert found == {
        ("MD", S.ACCEPTED): 3,
        ("MD", S.WAITLISTED): 7,
        ("GE", S.ACCEPTED): 2,
        ("GE", S.WAITLISTED): 8,
    }
    assert await taken_of(fresh_unit, event) == (5, {"MD": 3, "GE": 2})


async def test_seat_when_handed_over_is_kept_and_shows_its_chain(unit):
    event = await divided(unit, MD=1)
    first = await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, first.id, by=OFFICER)
    before = len(await facts(unit))
    second = await replacing.replace_nominee(
        unit, first.id, Candidate(uuid4()), reason="ill", by=MOLDOVA
    )
    told = [each["type"] for each in (await facts(unit))[before:]]
    assert told == ["training.seat_released.v1", "training.seat_confirmed.v1"]
    assert (second.status, second.origin) == (S.CONFIRMED, Origin.REPLACEMENT)
    chain = await chain_of(unit, second.id, by=MOLDOVA)
    assert [each.id for each in chain] == [first.id, second.id]
    assert chain == await chain_of(unit, first.id, by=MOLDOVA)
    assert await taken_of(unit, event) == (1, {"MD": 1})
    async with untouched(unit):
        with pytest.raises(NominationStepNotAllowed):
            await replacing.replace_nominee(
                unit, first.id, Candidate(uuid4()), reason="ill", by=MOLDOVA
            )
        with pytest.raises(NotYourNomination):
            await replacing.replace_nominee(
                unit, second.id, Candidate(uuid4()), reason="ill", by=OFFICER
            )


async def test_seat_when_its_unit_was_wrong_is_kept_under_the_right_one(unit):
    event = await divided(unit, capacity=1)
    nominee, waiting = [await endorsed(unit, event.id) for _ in range(2)]
    await nominations.confirm_seat(unit, nominee.id, by=OFFICER)
    await nominations.accept(unit, waiting.id, by=OFFICER)
    right = Candidate(nominee.participant_id, "UNIT-2")
    kept = await replacing.replace_nominee(
        unit, nominee.id, right, reason="another unit sends them", by=MOLDOVA
    )
    assert (kept.status, kept.unit_code, kept.replaces) == (S.CONFIRMED, "UNIT-2", nominee.id)
    assert await status_of(unit, waiting) is S.WAITLISTED
    told = (await facts(unit))[-1]
    assert (told["type"], told["data"]["unit_code"]) == ("training.seat_confirmed.v1", "UNIT-2")


async def test_waiting_when_declined_or_begun_ends(unit):
    event = await opened(unit, capacity=1)
    seated, declined, waiting = [await endorsed(unit, event.id) for _ in range(3)]
    await nominations.confirm_seat(unit, seated.id, by=OFFICER)
    for each in (declined, waiting):
        await nominations.accept(unit, each.id, by=OFFICER)
    await replacing.reject(unit, declined.id, reason="another topic", by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    await moved(unit, event, EventStatus.IN_PROGRESS)
    assert await status_of(unit, declined) is S.REJECTED
    assert await status_of(unit, waiting) is S.EXPIRED


async def test_country_when_suspended_is_not_nominated_and_the_decision_is_shown(unit):
    event = await opened(unit)
    for seq, status in ((1, "active"), (2, "suspended")):
        decided = Participation("EAP-PCP", "MD", seq, status, "XXXX", uuid4(), "its words", None)
        await seating.copy_participation(unit, decided)
        if status == "active":
            assert (await submitted(unit, event.id)).eligibility["rule"] == "PS-1"
    async with untouched(unit):
        with pytest.raises(ParticipationSuspended) as refused:
            await submitted(unit, event.id)
    assert refused.value.facts["decision"]["rule"] == "PS-2"
    assert (await submitted(unit, event.id, by=OFFICER)).eligibility is None


async def test_events_when_they_overlap_elsewhere_need_a_reason(unit):
    event = await opened(unit)
    who = uuid4()
    await submitted(unit, event.id, participant=who)
    same = await planned(unit, reference="SAME-PLACE")
    same = await moved(unit, same, EventStatus.NOMINATIONS_OPEN)
    await submitted(unit, same.id, participant=who)
    other = await planned(unit, reference="ELSEWHERE", place=CHISINAU)
    other = await moved(unit, other, EventStatus.NOMINATIONS_OPEN)
    async with untouched(unit):
        with pytest.raises(EventsOverlap) as refused:
            await submitted(unit, other.id, participant=who)
    assert refused.value.facts["events"] == sorted([str(event.id), str(same.id)])
    candidate = Candidate(who, overlap_reason="joins on the second day")
    made = await nominations.submit_nomination(unit, other.id, candidate, by=MOLDOVA)
    assert made.overlap_reason == "joins on the second day"


async def test_event_when_postponed_releases_travel_and_keeps_seats(unit):
    event = await divided(unit, MD=1)
    nominee = await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, nominee.id, by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    step = Step(EventStatus.POSTPONED, "no visas")
    put_off = await events.take_step(unit, event.id, step, expected=event.version, by=OFFICER)
    released = [each for each in await facts(unit) if each["type"] == "training.seat_released.v1"]
    assert [each["data"]["reason"] for each in released] == ["event_postponed"]
    assert await status_of(unit, nominee) is S.REPLACED
    [_, kept] = await chain_of(unit, nominee.id, by=MOLDOVA)
    assert (kept.status, kept.participant_id) == (S.ACCEPTED, nominee.participant_id)
    assert await taken_of(unit, event) == (1, {"MD": 1})
    days = on_days(date(2026, 9, 1), date(2026, 9, 3))
    step = Step(EventStatus.NOMINATIONS_OPEN, dates=days)
    again = await events.take_step(unit, event.id, step, expected=put_off.version, by=OFFICER)
    assert (again.status, again.plan.dates) == (EventStatus.NOMINATIONS_OPEN, days)
    confirmed = await nominations.confirm_seat(unit, kept.id, by=OFFICER)
    assert confirmed.status is S.CONFIRMED
    assert (await facts(unit))[-1]["data"]["starts_on"] == "2026-09-01"
