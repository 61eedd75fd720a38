"""Participation by country: the case of Belarus, as-of reading, legal moves."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.moves import IllegalMove
from programmes.domain.participation import (
    PARTICIPATION_MOVES,
    Certainty,
    Participation,
    ParticipationOutOfOrder,
    ParticipationStatus,
    Question,
    Refusal,
    Scope,
    ScopeMisplaced,
    append,
    eligibility,
    status_on,
)

SUSPENDED_TEXT = "suspended by Project Manager's decision"
READMITTED_TEXT = "March 2015: Component 2 without databases/forensic"
DECISION = UUID(int=77)


def row(seq, status, valid_from, text=None, **fields):
    return ParticipationStatus(
        id=UUID(int=seq),
        programme="EAP-PCP",
        country="BY",
        seq=seq,
        status=status,
        valid_from=valid_from,
        decided_by="Project Manager",
        decision_text=text,
        **fields,
    )


BELARUS = (
    row(1, Participation.ACTIVE, FuzzyDate.month(2014, 3, "March 2014")),
    row(2, Participation.SUSPENDED, FuzzyDate.unknown(), SUSPENDED_TEXT),
    row(
        3,
        Participation.READMITTED_PARTIAL,
        FuzzyDate.month(2015, 3, "March 2015"),
        READMITTED_TEXT,
        decision_id=DECISION,
        scope=Scope(frozenset({"C2"}), frozenset({"forensic-databases"})),
    ),
)


def ask(country, component, topic, day, rows=BELARUS):
    return eligibility(rows, Question(country, date.fromisoformat(day), component, topic))


@pytest.mark.parametrize(
    ("country", "component", "topic", "day", "allowed", "refusal", "rule", "certainty"),
    [
        ("BY", "C2", "cybercrime", "2015-06-01", True, None, "PS-3", "exact"),
        ("BY", "C2", "forensic-databases", "2015-06-01", False, Refusal.SCOPE, "PS-3", "exact"),
        ("BY", "C1", None, "2015-06-01", False, Refusal.SCOPE, "PS-3", "exact"),
        ("BY", "C2", "cybercrime", "2014-12-01", False, Refusal.SUSPENDED, "PS-2", "date_unknown"),
        ("BY", "C2", "cybercrime", "2015-03-15", True, None, "PS-3", "month_precision"),
        ("UA", "C1", "forensic-databases", "2015-06-01", True, None, "PS-0", "exact"),
    ],
)
def test_question_about_belarus_when_asked_then_the_answer_of_the_worked_case(
    country, component, topic, day, allowed, refusal, rule, certainty
):
    answer = ask(country, component, topic, day)
    assert (answer.allowed, answer.refusal, answer.rule, answer.certainty) == (
        allowed,
        refusal,
        rule,
        certainty,
    )


def test_refusal_when_given_then_quotes_the_decision_and_its_date():
    answer = ask("BY", "C2", "forensic-databases", "2015-06-01")
    assert answer.decision_text == READMITTED_TEXT
    assert answer.decision_id == DECISION
    assert answer.date_text == "March 2015"


def test_refusal_when_the_date_is_unknown_then_says_so_and_cites_the_row():
    answer = ask("BY", "C2", "cybercrime", "2014-12-01")
    assert (answer.decision_text, answer.date_text) == (SUSPENDED_TEXT, "XXXX")
    assert answer.decision_id == BELARUS[1].id


def test_country_without_rows_when_asked_then_no_decision_is_quoted():
    answer = ask("UA", "C1", None, "2015-06-01")
    assert (answer.decision_text, answer.decision_id, answer.date_text) == (None, None, None)


def test_country_when_asked_before_its_first_day_then_not_begun():
    answer = ask("BY", "C2", None, "2014-02-28", rows=BELARUS[:1])
    assert (answer.allowed, answer.refusal) == (False, Refusal.NOT_BEGUN)


def test_country_when_withdrawn_then_refused_from_that_day():
    gone = append(BELARUS, row(4, Participation.WITHDRAWN, FuzzyDate.on(date(2016, 1, 1))))
    assert ask("BY", "C2", None, "2015-12-31", gone).allowed
    assert ask("BY", "C2", None, "2016-01-01", gone).refusal is Refusal.WITHDRAWN


def test_kind_when_shut_out_by_the_scope_then_refused():
    scope = Scope(frozenset({"C2"}), kinds_out=frozenset({"operational_meeting"}))
    rows = (*BELARUS[:2], replace(BELARUS[2], scope=scope))
    question = Question("BY", date(2015, 6, 1), "C2", "cybercrime", "operational_meeting")
    assert eligibility(rows, question).refusal is Refusal.SCOPE


@pytest.mark.parametrize(
    ("valid_from", "certainty"),
    [
        (FuzzyDate.quarter(2015, 1), Certainty.QUARTER_PRECISION),
        (FuzzyDate.year(2015), Certainty.YEAR_PRECISION),
        (FuzzyDate.about(date(2015, 2, 1), date(2015, 4, 1)), Certainty.APPROXIMATE),
        (FuzzyDate.on(date(2015, 2, 1)), Certainty.EXACT),
    ],
)
def test_certainty_when_the_day_is_inside_the_date_then_its_precision(valid_from, certainty):
    rows = (*BELARUS[:2], replace(BELARUS[2], valid_from=valid_from))
    assert ask("BY", "C2", None, "2015-02-15", rows).certainty is certainty


@given(st.permutations(BELARUS), st.dates(date(2013, 1, 1), date(2018, 1, 1)))
def test_reading_when_rows_come_in_any_order_then_the_same(rows, day):
    assert status_on(rows, "BY", day) == status_on(BELARUS, "BY", day)


@given(st.dates(date(2015, 3, 1), date(2018, 1, 1)))
def test_reading_when_later_rows_exist_then_an_undated_row_stays_overruled(day):
    assert status_on(BELARUS, "BY", day).seq == 3


@given(st.lists(st.sampled_from(Participation), max_size=6))
def test_history_when_appended_then_only_legal_moves_are_in_it(statuses):
    rows = ()
    for status in statuses:
        scope = Scope(frozenset({"C2"})) if status is Participation.READMITTED_PARTIAL else None
        former = rows
        try:
            rows = append(rows, row(len(rows) + 1, status, FuzzyDate.unknown(), scope=scope))
        except IllegalMove:
            assert rows == former
    assert [each.seq for each in rows] == list(range(1, len(rows) + 1))
    for one, other in pairwise(rows):
        PARTICIPATION_MOVES.check(one.status, other.status)


def test_row_when_it_does_not_follow_then_refused_with_what_is_allowed():
    newcomer = row(4, Participation.SUSPENDED, FuzzyDate.unknown())
    with pytest.raises(IllegalMove) as refused:
        append(BELARUS, newcomer)
    assert refused.value.facts["allowed"] == ["active", "withdrawn"]


def test_row_when_its_number_is_not_the_next_then_refused():
    with pytest.raises(IllegalMove) as refused:
        append(BELARUS, row(1, Participation.ACTIVE, FuzzyDate.unknown()))
    assert refused.value.facts == {
        "present": "readmitted_partial",
        "allowed": ["active", "withdrawn"],
    }


def test_row_when_it_begins_before_a_known_one_then_refused():
    newcomer = row(4, Participation.ACTIVE, FuzzyDate.on(date(2015, 2, 28)))
    with pytest.raises(ParticipationOutOfOrder):
        append(BELARUS, newcomer)


@pytest.mark.parametrize(
    ("status", "scope"),
    [
        (Participation.READMITTED_PARTIAL, None),
        (Participation.READMITTED_PARTIAL, Scope(frozenset())),
        (Participation.SUSPENDED, Scope(frozenset({"C2"}))),
        (Participation.ACTIVE, Scope(frozenset())),
    ],
)
def test_row_when_scope_does_not_fit_the_status_then_refused(status, scope):
    with pytest.raises(ScopeMisplaced):
        row(2, status, FuzzyDate.unknown(), scope=scope)


def test_ways_when_listed_then_each_closed_one_says_why():
    ways = {way.to: way.why_not for way in PARTICIPATION_MOVES.ways(Participation.SUSPENDED)}
    assert ways[Participation.READMITTED_PARTIAL] is None
    assert "suspended does not lead to active" in ways[Participation.ACTIVE]
