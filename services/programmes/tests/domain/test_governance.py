"""Governance: meetings planned and held, decisions that make participation rows."""

from datetime import date
from uuid import UUID

import pytest

from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.governance import (
    Decision,
    DecisionEffectTwice,
    DecisionEmpty,
    Meeting,
    MeetingNotDated,
    MeetingStatus,
    ParticipationEffect,
    rows_made,
)
from programmes.domain.moves import IllegalMove
from programmes.domain.participation import (
    Participation,
    Question,
    Refusal,
    Scope,
    eligibility,
)

TODAY = date(2015, 11, 1)
MID_OCTOBER = FuzzyDate.about(date(2015, 10, 11), date(2015, 10, 20), "mid October 2015")
MEETING = Meeting(
    UUID(int=1), 1, frozenset({"staff"}), "EAP-PCP", "SC", MID_OCTOBER, "Chisinau", "MD"
)


def effect(number, status, valid_from, **fields):
    return ParticipationEffect(UUID(int=number), "BY", status, valid_from, **fields)


def decision(number, *effects, text="suspended by Project Manager's decision"):
    return Decision(
        UUID(int=number), "EAP-PCP", "Project Manager", FuzzyDate.unknown(), text, effects
    )


def test_meeting_when_held_then_on_a_day_until_today():
    held = MEETING.held(FuzzyDate.on(date(2015, 10, 15)), today=TODAY)
    assert (held.status, held.on.edtf, held.version) == (MeetingStatus.HELD, "2015-10-15", 2)


@pytest.mark.parametrize("on", [None, FuzzyDate.month(2015, 10), FuzzyDate.on(date(2015, 11, 2))])
def test_meeting_when_its_day_is_not_known_or_to_come_then_not_held(on):
    with pytest.raises(MeetingNotDated):
        MEETING.held(on, today=TODAY)


def test_meeting_when_cancelled_then_neither_held_nor_cancelled_again():
    gone = MEETING.cancelled()
    with pytest.raises(IllegalMove):
        gone.held(FuzzyDate.on(date(2015, 10, 15)), today=TODAY)
    with pytest.raises(IllegalMove):
        gone.cancelled()


def test_decisions_when_taken_one_after_another_then_their_rows_are_the_history():
    rows = rows_made(
        decision(20, effect(1, Participation.ACTIVE, FuzzyDate.month(2014, 3)), text="start"), ()
    )
    rows += rows_made(decision(21, effect(2, Participation.SUSPENDED, FuzzyDate.unknown())), rows)
    opened = Scope(frozenset({"C2"}), frozenset({"forensic-databases"}))
    readmitted = effect(3, Participation.READMITTED_PARTIAL, FuzzyDate.month(2015, 3), scope=opened)
    rows += rows_made(decision(22, readmitted, text="readmitted"), rows)
    assert [(row.seq, row.decision_id.int) for row in rows] == [(1, 20), (2, 21), (3, 22)]
    answer = eligibility(rows, Question("BY", date(2014, 12, 1), "C2"))
    assert (answer.refusal, answer.decision_text, answer.decision_id) == (
        Refusal.SUSPENDED,
        "suspended by Project Manager's decision",
        UUID(int=21),
    )


def test_decision_when_one_effect_is_illegal_then_no_row_is_made():
    with pytest.raises(IllegalMove):
        rows_made(decision(21, effect(2, Participation.SUSPENDED, FuzzyDate.unknown())), ())


def test_decision_when_without_words_or_twice_about_a_country_then_refused():
    with pytest.raises(DecisionEmpty):
        decision(1, text=" ")
    twice = effect(1, Participation.ACTIVE, FuzzyDate.unknown())
    with pytest.raises(DecisionEffectTwice):
        decision(1, twice, twice)


def test_decision_when_it_has_no_effect_then_it_is_still_a_decision():
    assert rows_made(decision(1, text="The report is noted."), ()) == ()
