"""Seats: taken once, never more than there are, and passed on in order."""

import asyncio
from collections import Counter
from uuid import uuid4

import pytest
from make_training import (
    GEORGIA,
    MOLDOVA,
    OFFICER,
    endorsed,
    known_programme,
    many_endorsed,
    moved,
    nomination,
    opened,
    submitted,
)
from told import facts, untouched

from kit.testing.patience import served
from training.commands import events, nominations, replacing
from training.commands.events import Step
from training.domain.errors import (
    AlreadyDecided,
    EventFull,
    NominationExists,
    NominationsClosed,
    NominationStepNotAllowed,
    NoSuchEvent,
    NoSuchNomination,
    NotEndorsed,
    NotYourNomination,
    ProgrammeNotRunning,
)
from training.domain.nomination import Candidate, NominationStatus
from training.domain.training_event import EventStatus
from training.queries.events import event as read_event
from training.queries.nominations import nomination as read_nomination

S = NominationStatus


async def status_of(unit, nominee):
    return (await read_nomination(unit, nominee.id, by=OFFICER)).status


async def taken(unit, event):
    return (await read_event(unit, event.id, by=OFFICER)).taken


async def test_nomination_when_submitted_belongs_to_the_organisation_that_made_it(unit):
    event = await opened(unit)
    made = await submitted(unit, event.id)
    assert (made.organisation, made.country, made.status) == ("MD-MIA", "MD", S.SUBMITTED)
    assert made.audience == {"staff", "org:MD-MIA"}
    assert (await facts(unit))[-1]["type"] == "training.nomination_changed.v1"


async def test_nomination_when_the_participant_has_one_is_refused(unit):
    event, participant = await opened(unit), uuid4()
    first = await submitted(unit, event.id, participant=participant)
    async with untouched(unit):
        with pytest.raises(NominationExists):
            await submitted(unit, event.id, participant=participant)
    await nominations.withdraw(unit, first.id, reason=None, by=MOLDOVA)
    assert (await submitted(unit, event.id, participant=participant)).id != first.id


async def test_nomination_when_the_event_is_not_open_is_refused(unit):
    event = await moved(unit, await opened(unit), EventStatus.NOMINATIONS_CLOSED)
    async with untouched(unit):
        with pytest.raises(NominationsClosed):
            await submitted(unit, event.id)


@pytest.mark.parametrize("status", ["suspended", "closed", "cancelled"])
async def test_nomination_when_the_programme_does_not_run_is_refused(unit, status):
    event = await opened(unit)
    await known_programme(unit, status=status, seq=2)
    async with untouched(unit):
        with pytest.raises(ProgrammeNotRunning) as refused:
            await submitted(unit, event.id)
    assert refused.value.facts == {"programme_status": status}


async def test_nomination_when_the_event_is_invisible_is_refused_like_unknown(unit):
    event = await opened(unit)
    candidate = Candidate(uuid4())
    async with untouched(unit):
        with pytest.raises(NoSuchEvent) as invisible:
            await nominations.submit_nomination(unit, event.id, candidate, by=GEORGIA)
        with pytest.raises(NoSuchEvent) as unknown:
            await nominations.submit_nomination(unit, uuid4(), candidate, by=MOLDOVA)
    assert str(invisible.value) == str(unknown.value)


async def test_endorsement_when_staff_of_another_organisation_give_it_is_refused(unit):
    event = await opened(unit)
    made = await submitted(unit, event.id)
    async with untouched(unit):
        with pytest.raises(NotYourNomination):
            await nominations.endorse(unit, made.id, by=OFFICER)
        with pytest.raises(NoSuchNomination):
            await nominations.endorse(unit, made.id, by=GEORGIA)
    assert (await nominations.endorse(unit, made.id, by=MOLDOVA)).status is S.ENDORSED
    async with untouched(unit):
        with pytest.raises(NominationStepNotAllowed):
            await nominations.endorse(unit, made.id, by=MOLDOVA)


async def test_decision_when_not_endorsed_is_refused(unit):
    event = await opened(unit)
    made = await submitted(unit, event.id)
    async with untouched(unit):
        for decide in (nominations.accept, nominations.confirm_seat):
            with pytest.raises(NotEndorsed):
                await decide(unit, made.id, by=OFFICER)
    assert await taken(unit, event) == 0


async def test_seat_when_accepted_and_confirmed_is_taken_once(unit):
    event = await opened(unit)
    nominee = await endorsed(unit, event.id)
    assert (await nominations.accept(unit, nominee.id, by=OFFICER)).status is S.ACCEPTED
    assert await taken(unit, event) == 1
    assert (await nominations.confirm_seat(unit, nominee.id, by=OFFICER)).status is S.CONFIRMED
    assert await taken(unit, event) == 1
    async with untouched(unit):
        for decide in (nominations.accept, nominations.confirm_seat):
            with pytest.raises(AlreadyDecided):
                await decide(unit, nominee.id, by=OFFICER)


async def test_seat_when_confirmed_tells_everything_the_follower_needs(unit):
    event = await opened(unit, budget_line_code="LINE-1")
    nominee = await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, nominee.id, by=OFFICER)
    told = (await facts(unit))[-1]
    assert told["type"] == "training.seat_confirmed.v1"
    assert told["audience"] == ["org:MD-MIA", "staff"]
    assert told["data"] == {
        "nomination_id": str(nominee.id),
        "event_id": str(event.id),
        "participant_id": str(nominee.participant_id),
        "programme_code": "EAP-PCP",
        "organisation": "MD-MIA",
        "country": "MD",
        "unit_code": "UNIT-1",
        "destination_country": "PL",
        "destination_city": "Warszawa",
        "starts_on": "2026-05-04",
        "ends_on": "2026-05-06",
        "departs_at": "2026-05-04T07:00:00+02:00",
        "returns_at": "2026-05-06T20:00:00+02:00",
        "budget_line_code": "LINE-1",
        "synthetic": False,
    }


async def test_seat_when_none_is_free_is_refused_or_waited_for_in_order(unit):
    event = await opened(unit, capacity=1)
    first, second, third, fourth = [await endorsed(unit, event.id) for _ in range(4)]
    await nominations.confirm_seat(unit, first.id, by=OFFICER)
    async with untouched(unit):
        with pytest.raises(EventFull):
            await nominations.confirm_seat(unit, second.id, by=OFFICER)
    waiting = [await nominations.accept(unit, each.id, by=OFFICER) for each in (third, second)]
    assert [(each.status, each.rank) for each in waiting] == [
        (S.WAITLISTED, 1),
        (S.WAITLISTED, 2),
    ]
    async with untouched(unit):
        with pytest.raises(AlreadyDecided):
            await nominations.confirm_seat(unit, third.id, by=OFFICER)
    assert (await nominations.accept(unit, fourth.id, by=OFFICER)).rank == 3


async def test_seat_when_freed_goes_to_the_first_who_waits_in_the_same_transaction(unit):
    event = await opened(unit, capacity=1)
    first, second, third = [await endorsed(unit, event.id) for _ in range(3)]
    for each in (first, second, third):
        await nominations.accept(unit, each.id, by=OFFICER)
    before = len(await facts(unit))
    await nominations.withdraw(unit, first.id, reason="other duties", by=MOLDOVA)
    told = (await facts(unit))[before:]
    assert [each["type"] for each in told] == [
        "training.seat_released.v1",
        "training.nomination_changed.v1",
    ]
    assert told[0]["data"]["reason"] == "withdrawn"
    assert told[1]["data"]["status"] == "accepted"
    assert [await status_of(unit, each) for each in (first, second, third)] == [
        S.WITHDRAWN,
        S.ACCEPTED,
        S.WAITLISTED,
    ]
    assert await taken(unit, event) == 1


async def test_seat_when_freed_and_nobody_waits_is_free(unit):
    event = await opened(unit)
    nominee = await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, nominee.id, by=OFFICER)
    await nominations.withdraw(unit, nominee.id, reason=None, by=MOLDOVA)
    assert await taken(unit, event) == 0


async def test_withdrawal_when_no_seat_was_held_releases_none(unit):
    event = await opened(unit)
    nominee = await endorsed(unit, event.id)
    await nominations.withdraw(unit, nominee.id, reason=None, by=MOLDOVA)
    told = [each["type"] for each in await facts(unit)]
    assert "training.seat_released.v1" not in told


async def test_withdrawal_when_another_organisation_asks_is_refused(unit):
    event = await opened(unit)
    nominee = await endorsed(unit, event.id)
    async with untouched(unit):
        with pytest.raises(NotYourNomination):
            await nominations.withdraw(unit, nominee.id, reason=None, by=OFFICER)


@pytest.mark.parametrize("final", [False, True])
async def test_seat_when_the_host_takes_it_back_goes_to_the_first_who_waits(unit, final):
    event = await opened(unit, capacity=1)
    seated, waiting = [await endorsed(unit, event.id) for _ in range(2)]
    for each in (seated, waiting):
        await nominations.accept(unit, each.id, by=OFFICER)
    if final:
        await nominations.confirm_seat(unit, seated.id, by=OFFICER)
    await replacing.reject(unit, seated.id, reason="accepted by mistake", by=OFFICER)
    assert [await status_of(unit, each) for each in (seated, waiting)] == [S.REJECTED, S.ACCEPTED]
    [told] = [each for each in await facts(unit) if each["type"] == "training.seat_released.v1"]
    assert (told["entity_id"], told["data"]["reason"]) == (seated.id, "rejected")
    again = await submitted(unit, event.id, participant=seated.participant_id)
    assert again.status is S.SUBMITTED


async def test_seat_when_given_up_while_the_event_is_put_off_is_free(unit):
    event = await opened(unit, capacity=1)
    leaving, waiting = [await endorsed(unit, event.id) for _ in range(2)]
    for each in (leaving, waiting):
        await nominations.accept(unit, each.id, by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    put_off = Step(EventStatus.POSTPONED, "no visas")
    await events.take_step(unit, event.id, put_off, expected=event.version, by=OFFICER)
    await nominations.withdraw(unit, leaving.id, reason="left the service", by=MOLDOVA)
    assert [await status_of(unit, each) for each in (leaving, waiting)] == [S.WITHDRAWN, S.ACCEPTED]


async def test_nominee_when_undecided_as_the_event_begins_may_still_be_given_up(unit):
    event = await opened(unit, capacity=2)
    undecided, final = await submitted(unit, event.id), await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, final.id, by=OFFICER)
    await moved(unit, await read_event(unit, event.id, by=OFFICER), EventStatus.IN_PROGRESS)
    gone = await nominations.withdraw(unit, undecided.id, reason=None, by=MOLDOVA)
    assert gone.status is S.WITHDRAWN
    async with untouched(unit):
        with pytest.raises(NominationsClosed):
            await nominations.withdraw(unit, final.id, reason="ill", by=MOLDOVA)


async def test_list_when_admitted_takes_a_seat_each_or_none_at_all(unit):
    event = await opened(unit)
    three = [Candidate(uuid4()) for _ in range(3)]
    async with untouched(unit):
        with pytest.raises(EventFull):
            await nominations.admit(unit, event.id, three, by=OFFICER)
    confirmed = await nominations.admit(unit, event.id, three[:2], by=OFFICER)
    assert {each.status for each in confirmed} == {S.CONFIRMED}
    assert await taken(unit, event) == 2
    told = Counter(each["type"] for each in await facts(unit))
    assert told["training.seat_confirmed.v1"] == 2


@pytest.mark.parametrize("decide", ["accept", "confirm_seat"])
async def test_seats_when_200_are_decided_at_once_are_20(fresh_unit, decide):
    event = await opened(fresh_unit, capacity=20)
    nominees = await many_endorsed(fresh_unit, event.id, 200)
    command = getattr(nominations, decide)

    async def decided(nominee):
        try:
            return (await served(command, fresh_unit, nominee.id, by=OFFICER)).status
        except EventFull:
            return None

    found = Counter(await asyncio.gather(*(decided(each) for each in nominees)))
    seated = S.ACCEPTED if decide == "accept" else S.CONFIRMED
    other = S.WAITLISTED if decide == "accept" else None
    assert found == {seated: 20, other: 180}
    assert await taken(fresh_unit, event) == 20


async def test_seats_when_taken_and_freed_at_once_never_exceed_the_capacity(fresh_unit):
    event = await opened(fresh_unit, capacity=5)
    nominees = [await endorsed(fresh_unit, event.id) for _ in range(30)]
    await asyncio.gather(
        *(served(nominations.accept, fresh_unit, each.id, by=OFFICER) for each in nominees)
    )
    seated = [each for each in nominees if await status_of(fresh_unit, each) is S.ACCEPTED]
    await asyncio.gather(
        *(
            served(nominations.withdraw, fresh_unit, each.id, reason=None, by=MOLDOVA)
            for each in seated
        )
    )
    found = Counter([await status_of(fresh_unit, each) for each in nominees])
    assert found == {S.WITHDRAWN: 5, S.ACCEPTED: 5, S.WAITLISTED: 20}
    assert await taken(fresh_unit, event) == 5
    ranks = [(await read_nomination(fresh_unit, each.id, by=OFFICER)).rank for each in nominees]
    assert sorted(rank for rank in ranks if rank) == list(range(6, 26))


def test_made_nomination_when_waiting_has_a_rank():
    assert nomination(S.WAITLISTED).rank == 1


async def test_acceptance_when_many_ask_sends_few_statements_and_ranks_in_order(
    unit, count_queries
):
    event = await opened(unit, capacity=1)
    seated, second, third = await many_endorsed(unit, event.id, 3)
    async with count_queries(4):  # lock both, move the nominee, move the event, tell
        assert (await nominations.accept(unit, seated.id, by=OFFICER)).rank is None
    async with count_queries(3):
        assert (await nominations.accept(unit, second.id, by=OFFICER)).rank == 1
    assert (await nominations.accept(unit, third.id, by=OFFICER)).rank == 2
    assert [
        (await read_nomination(unit, each.id, by=OFFICER)).rank for each in (second, third)
    ] == [
        1,
        2,
    ]
