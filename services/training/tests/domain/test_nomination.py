import itertools
from dataclasses import replace

import pytest
from make_training import nomination

from training.domain.errors import (
    AlreadyDecided,
    NominationStepNotAllowed,
    NotConfirmed,
    NotEndorsed,
    NotYourNomination,
)
from training.domain.nomination import OUTCOMES, UNDONE, NominationStatus, chained
from training.domain.training_event import HELD, OPEN_TO_CHANGE, EventStatus

S = NominationStatus


def ended(each, outcome):
    changes = each.status in OUTCOMES and each.status is not outcome
    return each.reassess(outcome) if changes else each.attend(outcome)


TAKE = {
    S.ENDORSED: lambda each: each.endorse(organisation="MD-MIA"),
    S.ACCEPTED: lambda each: each.accept(),
    S.WAITLISTED: lambda each: each.wait(),
    S.CONFIRMED: lambda each: each.confirm(),
    S.ATTENDED: lambda each: ended(each, S.ATTENDED),
    S.PARTIALLY_ATTENDED: lambda each: ended(each, S.PARTIALLY_ATTENDED),
    S.NO_SHOW: lambda each: ended(each, S.NO_SHOW),
    S.WITHDRAWN: lambda each: each.withdraw("other duties"),
    S.EVENT_CANCELLED: lambda each: each.lose_event("no quorum"),
    S.REJECTED: lambda each: each.reject("another topic"),
    S.EXPIRED: lambda each: each.expire(),
    S.REPLACED: lambda each: each.hand_over("ill"),
}
ALIVE = {S.SUBMITTED, S.ENDORSED, S.WAITLISTED, S.ACCEPTED, S.CONFIRMED}
ALLOWED = {
    (S.SUBMITTED, S.ENDORSED),
    (S.ENDORSED, S.ACCEPTED),
    (S.ENDORSED, S.WAITLISTED),
    (S.ENDORSED, S.CONFIRMED),
    (S.WAITLISTED, S.ACCEPTED),
    (S.ACCEPTED, S.CONFIRMED),
    *((S.CONFIRMED, outcome) for outcome in OUTCOMES),
    (S.ENDORSED, S.REJECTED),
    (S.WAITLISTED, S.REJECTED),
    (S.ACCEPTED, S.REJECTED),
    (S.CONFIRMED, S.REJECTED),
    (S.WAITLISTED, S.EXPIRED),
    (S.ACCEPTED, S.REPLACED),
    (S.CONFIRMED, S.REPLACED),
    *itertools.permutations(OUTCOMES, 2),
    *itertools.product(ALIVE, (S.WITHDRAWN, S.EVENT_CANCELLED)),
}


def refusal(start, to):
    """The error with which the machine answers a step it does not have."""
    if to in OUTCOMES:
        return NotConfirmed
    if to is S.REJECTED:
        return NotEndorsed if start is S.SUBMITTED else NominationStepNotAllowed
    if to not in {S.ACCEPTED, S.WAITLISTED, S.CONFIRMED} or start in UNDONE:
        return NominationStepNotAllowed
    return NotEndorsed if start is S.SUBMITTED else AlreadyDecided


@pytest.mark.parametrize(("start", "to"), list(itertools.product(S, TAKE)))
def test_step_of_a_nomination_when_in_the_machine_is_taken_and_else_refused(start, to):
    before = nomination(start)
    if (start, to) in ALLOWED:
        assert TAKE[to](before).status is to
        return
    with pytest.raises(refusal(start, to)):
        TAKE[to](before)


def test_endorsement_when_another_organisation_gives_it_is_refused():
    with pytest.raises(NotYourNomination) as refused:
        nomination().endorse(organisation="PL-MOI")
    assert refused.value.facts == {"organisation": "MD-MIA"}


def test_rank_when_the_wait_is_over_is_gone():
    waiting = replace(nomination(S.ENDORSED).wait(), rank=7)
    assert waiting.status is S.WAITLISTED
    assert waiting.accept().rank is None
    assert waiting.withdraw(None).rank is None
    assert waiting.lose_event("no quorum").rank is None


@pytest.mark.parametrize("status", S)
def test_seat_when_accepted_or_confirmed_is_held(status):
    assert nomination(status).seated is (status in {S.ACCEPTED, S.CONFIRMED})


def test_outcome_when_it_is_none_is_refused():
    with pytest.raises(NotConfirmed):
        nomination(S.CONFIRMED).attend(S.WITHDRAWN)


def test_chain_when_seats_were_handed_over_names_all_who_had_it():
    first, other = nomination(S.REPLACED), nomination(S.CONFIRMED)
    second = nomination(S.REPLACED, replaces=first.id)
    third = nomination(S.CONFIRMED, replaces=second.id)
    linked = [third, first, second]
    for each in linked:
        assert chained(each, linked) == [first, second, third]
    assert chained(other, linked) == [other]


def test_nominee_when_erased_is_awaited_until_the_event_begins_or_decides():
    for status, state in itertools.product(S, EventStatus):
        until_held = status in ALIVE - {S.CONFIRMED} and state not in HELD
        until_begun = status is S.CONFIRMED and state in OPEN_TO_CHANGE
        assert nomination(status).is_awaited(state) is (until_held or until_begun)
