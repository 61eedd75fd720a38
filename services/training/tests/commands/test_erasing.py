"""Who was erased is awaited nowhere and nominated no more, whichever word comes first."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from make_training import MOLDOVA, OFFICER, known_programme, moved, opened, submitted
from sqlalchemy import select
from told import facts, untouched

from contracts.participants.facts import PersonErased
from kit.facts import Envelope
from kit.testing.patience import served
from training.commands import experts, nominations, presence, replacing, sessions, walk_ins
from training.commands.attendance_import import import_attendance
from training.commands.batch import nominate_batch
from training.commands.erasing import forget_person
from training.commands.walk_ins import WalkIn
from training.consumers.participants import on_person_erased
from training.domain.attendance_import import SentPresence
from training.domain.batch import Mode, Sent
from training.domain.errors import NominationExists
from training.domain.errors_seats import ParticipantErased
from training.domain.expert import AssignmentPlan, ExpertRole, Terms
from training.domain.nomination import Candidate, NominationStatus
from training.domain.presence import Claim, PresenceSource, Stay
from training.domain.session import SessionPlan
from training.domain.training_event import EventStatus
from training.queries.events import event as read_event
from training.storage.tables import nomination as t
from training.storage.tables_attendance import expert_assignment

S = NominationStatus


async def endorsed(unit, event, person):
    made = await submitted(unit, event.id, participant=person)
    return await nominations.endorse(unit, made.id, by=MOLDOVA)


async def accepted(unit, event, person):
    made = await endorsed(unit, event, person)
    return await nominations.accept(unit, made.id, by=OFFICER)


async def seated(unit, event, person):
    made = await accepted(unit, event, person)
    return await nominations.confirm_seat(unit, made.id, by=OFFICER)


async def found(unit, person):
    """The nominations of somebody by status, with the reason."""
    statement = select(t.c.status, t.c.reason).where(t.c.participant_id == person).order_by(t.c.id)
    async with unit.read() as read:
        return [(S(row.status), row.reason) for row in await read.rows(statement)]


async def test_person_when_erased_then_awaited_nowhere_and_the_seat_moves_on(unit):
    person, waiting = uuid4(), uuid4()
    full = await opened(unit, capacity=1)
    await seated(unit, full, person)
    assert (await accepted(unit, full, waiting)).status is S.WAITLISTED
    other = await opened(unit, known=False, reference="OTHER")
    await submitted(unit, other.id, participant=person)
    teaching = AssignmentPlan(
        "E-1",
        ExpertRole.TRAINER,
        Terms(overlap_reason="both are meant"),
        event_id=other.id,
        participant_id=person,
    )
    await experts.assign_expert(unit, teaching, by=OFFICER)
    before = len(await facts(unit))
    meta = Envelope(
        id=uuid4(), source="urn:entente:participants", type=PersonErased.type, subject=person,
        time=datetime(2026, 3, 2, tzinfo=UTC), sequence=2, position=1, cause="test",
    )  # fmt: skip
    await on_person_erased(unit, PersonErased(person_id=person, public_ref="P-1"), meta)
    assert await found(unit, person) == [(S.WITHDRAWN, "person_erased")] * 2
    assert await found(unit, waiting) == [(S.ACCEPTED, None)]
    assert (await read_event(unit, full.id, by=OFFICER)).taken == 1
    told = (await facts(unit))[before:]
    assert sorted(each["type"].split(".")[1] for each in told) == [
        "expert_assignment_changed",
        "nomination_changed",
        "nomination_changed",
        "seat_released",
    ]
    [released] = [each["data"] for each in told if "seat_released" in each["type"]]
    assert (released["event_id"], released["reason"]) == (str(full.id), "person_erased")
    async with unit.read() as read:
        ended = await read.rows(select(expert_assignment.c.status, expert_assignment.c.reason))
    assert [tuple(row) for row in ended] == [("withdrawn", "person_erased")]
    async with untouched(unit):
        await forget_person(unit, person)


async def test_person_when_erased_during_an_event_then_the_seat_stays_for_presence_to_decide(unit):
    person = uuid4()
    event = await opened(unit, capacity=3)
    await seated(unit, event, person)
    late = await submitted(unit, event.id, participant=uuid4())
    event = await read_event(unit, event.id, by=OFFICER)
    await moved(unit, event, EventStatus.IN_PROGRESS)
    await forget_person(unit, person)
    await forget_person(unit, late.participant_id)
    assert await found(unit, person) == [(S.CONFIRMED, None)]
    assert await found(unit, late.participant_id) == [(S.WITHDRAWN, "person_erased")]


async def test_person_when_erased_before_then_refused_at_every_door(unit):
    person, gone = Candidate(uuid4()), uuid4()
    event = await opened(unit, capacity=5)
    seat = await accepted(unit, event, uuid4())
    present = await seated(unit, event, gone)
    await forget_person(unit, person.participant_id)
    teaching = AssignmentPlan(
        "E-1", ExpertRole.TRAINER, event_id=event.id, participant_id=person.participant_id
    )
    for refused in (
        lambda: nominations.submit_nomination(unit, event.id, person, by=MOLDOVA),
        lambda: nominations.admit(unit, event.id, [person], by=OFFICER),
        lambda: replacing.replace_nominee(unit, seat.id, person, reason="ill", by=MOLDOVA),
        lambda: experts.assign_expert(unit, teaching, by=OFFICER),
    ):
        async with untouched(unit):
            with pytest.raises(ParticipantErased):
                await refused()
    items = [
        Sent(n, f"MD-{n}", event.id, who, None)
        for n, who in enumerate((person, Candidate(uuid4())))
    ]
    report = await nominate_batch(
        unit, items, [], mode=Mode.PARTIAL, validate_only=False, by=MOLDOVA
    )
    assert report.items[0].errors[0].code == "training.participant_erased"
    assert report.stats["created"] == 1
    await _refused_at_the_event(unit, event, person, present)


async def _refused_at_the_event(unit, event, person, present):
    await sessions.add_session(unit, event.id, SessionPlan(1, "Part", minutes=180), by=OFFICER)
    event = await moved(unit, await read_event(unit, event.id, by=OFFICER), EventStatus.IN_PROGRESS)
    gone = present.participant_id
    first, second = (Claim(1, f"nonce-{n}", PresenceSource.LIST, Stay(minutes=5)) for n in "12")
    await presence.record_presence(unit, event.id, gone, first, by=OFFICER)
    await forget_person(unit, gone)
    came = WalkIn(person, "MD-MIA", "MD", "sent at short notice", second)
    for refused in (
        lambda: walk_ins.admit_walk_in(unit, event.id, came, by=OFFICER),
        lambda: presence.record_presence(unit, event.id, gone, second, by=OFFICER),
    ):
        async with untouched(unit):
            with pytest.raises(ParticipantErased):
                await refused()
    sent = [SentPresence(n, claim, gone, None, None) for n, claim in enumerate((first, second))]
    report = await import_attendance(
        unit, event.id, sent, [], mode=Mode.PARTIAL, validate_only=False, by=OFFICER
    )
    assert [each.status.value for each in report.items] == ["unchanged", "refused"]
    assert report.items[1].errors[0].code == "training.participant_erased"


async def test_person_when_nominated_and_erased_at_once_then_nothing_of_them_stands(fresh_unit):
    unit = fresh_unit
    await known_programme(unit)
    people = [uuid4() for _ in range(6)]
    places = [await opened(unit, known=False, capacity=2, reference=f"EVENT-{n}") for n in range(3)]

    async def nominate(event, person, number):
        with suppress(ParticipantErased, NominationExists):  # the batch may have been first
            if number % 2:
                await served(submitted, unit, event.id, participant=person)
            else:
                await served(nominations.admit, unit, event.id, [Candidate(person)], by=OFFICER)

    async def nominate_many(person):
        items = [
            Sent(n, f"{person}-{n}", event.id, Candidate(person), None)
            for n, event in enumerate(places)
        ]
        for each in items:
            await served(
                nominate_batch, unit, [each], [], mode=Mode.PARTIAL, validate_only=False, by=MOLDOVA
            )

    for person in people:
        await asyncio.gather(
            *(nominate(event, person, n) for n, event in enumerate(places)),
            served(forget_person, unit, person),
            nominate_many(person),
        )
        assert {status for status, _ in await found(unit, person)} <= {S.WITHDRAWN}
    for event in places:
        assert (await read_event(unit, event.id, by=OFFICER)).taken == 0
