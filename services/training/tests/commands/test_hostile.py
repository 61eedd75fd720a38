"""A sending ministry that tries what it must not: each try is refused by its code, and undone."""

from dataclasses import replace
from uuid import uuid4

import pytest
from make_training import (
    GEORGIA,
    MOLDOVA,
    OFFICER,
    endorsed,
    known_programme,
    nomination,
    opened,
    planned,
    submitted,
)
from sqlalchemy import update
from told import untouched

from kit.errors import DomainError
from training.commands import nominations, replacing, seating, walk_ins
from training.commands.presence import record_presence
from training.commands.walk_ins import WalkIn
from training.domain.eligibility import Participation
from training.domain.errors import (
    NominationExists,
    NoSuchNomination,
    ProgrammeNotRunning,
)
from training.domain.errors_seats import ParticipationSuspended
from training.domain.nomination import Candidate, NominationStatus
from training.domain.presence import Claim, PresenceSource, Stay
from training.domain.training_event import (
    DECIDING,
    OPEN_TO_CHANGE,
    TAKING_PLACE,
    EventStatus,
)
from training.queries.nominations import chain_of, nominations_of
from training.queries.nominations import nomination as read_nomination
from training.storage import nominations as stored
from training.storage.tables import training_event

S = NominationStatus
OPEN = {EventStatus.NOMINATIONS_OPEN}
AWAITED = OPEN_TO_CHANGE | {EventStatus.IN_PROGRESS}


def attempts(event, nominees):
    """Every step of a nomination, and the states of the event in which it is taken."""
    walk_in = WalkIn(Candidate(uuid4()), "MD-MIA", "MD", "sent at short notice")
    claim = Claim(1, uuid4().hex, PresenceSource.SCAN, Stay())
    seated, waiting, new = nominees[S.ACCEPTED], nominees[S.ENDORSED], nominees[S.SUBMITTED]
    return (
        (OPEN, nominations.submit_nomination, (event.id, Candidate(uuid4())), MOLDOVA, {}),
        (DECIDING | TAKING_PLACE, nominations.endorse, (new.id,), MOLDOVA, {}),
        (DECIDING, nominations.accept, (waiting.id,), OFFICER, {}),
        (DECIDING, nominations.confirm_seat, (seated.id,), OFFICER, {}),
        (AWAITED, nominations.withdraw, (seated.id,), MOLDOVA, {"reason": None}),
        (OPEN_TO_CHANGE, replacing.reject, (seated.id,), OFFICER, {"reason": "another topic"}),
        (
            DECIDING,
            replacing.replace_nominee,
            (seated.id, Candidate(uuid4())),
            MOLDOVA,
            {"reason": "ill"},
        ),
        (TAKING_PLACE, walk_ins.admit_walk_in, (event.id, walk_in), OFFICER, {}),
        (TAKING_PLACE, record_presence, (event.id, seated.participant_id, claim), OFFICER, {}),
    )


@pytest.mark.parametrize("status", EventStatus)
async def test_step_of_a_nomination_when_the_event_is_elsewhere_is_refused(unit, status):
    event = await opened(unit, capacity=9)
    nominees = {
        each: nomination(each, event_id=event.id) for each in (S.SUBMITTED, S.ENDORSED, S.ACCEPTED)
    }
    async with unit.begin() as tx:
        await stored.add(tx, *nominees.values())
        statement = update(training_event).where(training_event.c.id == event.id)
        await tx.sql.execute(statement.values(status=status.value, taken=1))
    codes = {}
    async with untouched(unit):
        for allowed, command, subject, by, given in attempts(event, nominees):
            if status in allowed:
                continue
            with pytest.raises(DomainError) as refused:
                await command(unit, *subject, by=by, **given)
            codes[command.__name__] = refused.value.code
    assert set(codes.values()) <= {"training.nominations_closed"}


async def test_country_when_suspended_after_endorsement_gets_no_final_seat(unit):
    event = await opened(unit)
    nominee = await endorsed(unit, event.id)
    decided = Participation("EAP-PCP", "MD", 1, "suspended", "XXXX", uuid4(), "its words", None)
    await seating.copy_participation(unit, decided)
    async with untouched(unit):
        with pytest.raises(ParticipationSuspended) as refused:
            await nominations.confirm_seat(unit, nominee.id, by=OFFICER)
    assert refused.value.facts["decision"]["rule"] == "PS-1"
    again = replace(decided, seq=2, status="active")
    await seating.copy_participation(unit, again)
    await known_programme(unit, status="suspended", seq=2)
    async with untouched(unit):
        with pytest.raises(ProgrammeNotRunning):
            await nominations.confirm_seat(unit, nominee.id, by=OFFICER)


async def test_seat_when_handed_to_the_same_person_is_refused(unit):
    event = await opened(unit)
    nominee = await endorsed(unit, event.id)
    await nominations.accept(unit, nominee.id, by=OFFICER)
    async with untouched(unit):
        with pytest.raises(NominationExists):
            await replacing.replace_nominee(
                unit,
                nominee.id,
                Candidate(nominee.participant_id, nominee.unit_code),
                reason="ill",
                by=MOLDOVA,
            )


async def test_nominations_when_of_another_ministry_are_as_if_they_were_not(unit):
    await known_programme(unit, marks=("org:MD-MIA", "org:GE-MIA"))
    event = await opened(unit, known=False)
    foreign = await submitted(unit, event.id, by=GEORGIA)
    own = await submitted(unit, event.id)
    found = await nominations_of(unit, event.id, limit=50, after=None, by=MOLDOVA)
    assert [each.id for each in found.items] == [own.id]
    tries = (
        lambda about: read_nomination(unit, about, by=MOLDOVA),
        lambda about: chain_of(unit, about, by=MOLDOVA),
        lambda about: nominations.endorse(unit, about, by=MOLDOVA),
        lambda about: nominations.withdraw(unit, about, reason=None, by=MOLDOVA),
        lambda about: replacing.replace_nominee(
            unit, about, Candidate(uuid4()), reason="ill", by=MOLDOVA
        ),
    )
    async with untouched(unit):
        for attempt in tries:
            said = []
            for about in (foreign.id, uuid4()):
                with pytest.raises(NoSuchNomination) as refused:
                    await attempt(about)
                said.append(str(refused.value))
            assert said[0] == said[1]


async def test_overlap_when_the_other_event_is_invisible_names_none(unit):
    await known_programme(unit, "SECRET", marks=("org:GE-MIA",))
    hidden = await opened(unit, known=False, programme_code="SECRET", reference="HIDDEN")
    person = uuid4()
    await submitted(unit, hidden.id, by=GEORGIA, participant=person)
    await known_programme(unit)
    elsewhere = replace((await planned(unit, reference="TEMPLATE")).plan.place, city="Kraków")
    event = await opened(unit, known=False, place=elsewhere)
    async with untouched(unit):
        with pytest.raises(DomainError) as refused:
            await submitted(unit, event.id, participant=person)
    assert (refused.value.code, refused.value.facts) == (
        "training.overlap",
        {"events": [], "actions": []},
    )
