"""The worked case of Belarus: who takes part when, and how surely that is known."""

from datetime import date

import pytest
from make_training import plan

from training.domain.eligibility import Participation, Scope, applying, must_be_eligible
from training.domain.errors_seats import ParticipationScope, ParticipationSuspended

SCOPE = Scope(("C2",), ("forensic-databases",), ("conference",))


def decision(seq, status, valid_from, scope=None):
    return Participation("EAP-PCP", "BY", seq, status, valid_from, None, "its words", scope)


BELARUS = [
    decision(3, "readmitted_partial", "2015-03", SCOPE),
    decision(1, "active", "2014-03"),
    decision(2, "suspended", "XXXX"),
]
JUNE, WINTER, MARCH = date(2015, 6, 1), date(2014, 12, 1), date(2015, 3, 15)


def checked(component, topic, day):
    return must_be_eligible(BELARUS, plan(component=component, topic=topic), day)


def test_country_when_readmitted_in_part_takes_part_in_that_part():
    found = checked("C2", "cybercrime", JUNE)
    assert (found["rule"], found["certainty"]) == ("PS-3", "certain")
    assert checked("C2", "cybercrime", MARCH)["certainty"] == "month_precision"


@pytest.mark.parametrize(
    ("component", "topic"), [("C2", "forensic-databases"), ("C1", "cybercrime"), (None, None)]
)
def test_country_when_the_scope_does_not_open_the_event_is_refused(component, topic):
    with pytest.raises(ParticipationScope) as refused:
        checked(component, topic, JUNE)
    assert refused.value.facts["decision"]["decision_text"] == "its words"
    assert refused.value.facts["decision"]["scope"]["topics_out"] == ["forensic-databases"]


def test_country_when_suspended_at_unknown_time_is_refused_saying_so():
    with pytest.raises(ParticipationSuspended) as refused:
        checked("C2", "cybercrime", WINTER)
    found = refused.value.facts["decision"]
    assert (found["rule"], found["certainty"]) == ("PS-2", "date_unknown")


def test_country_when_nothing_was_decided_takes_part():
    assert must_be_eligible([], plan(), JUNE) is None
    assert applying([decision(1, "active", "2014-03-05")], date(2014, 3, 4)) is None


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("2014", (date(2014, 1, 1), date(2014, 12, 31))),
        ("2016-02~", (date(2016, 2, 1), date(2016, 2, 29))),
        ("2014-03-05?", (date(2014, 3, 5), date(2014, 3, 5))),
        ("XXXX", None),
    ],
)
def test_beginning_when_written_in_edtf_is_the_widest_span(written, span):
    assert decision(1, "active", written).begins() == span
