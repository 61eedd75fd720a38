"""The chain of the access log: whatever is done to it afterwards shows, and where."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.domain.chain import Head, Inspection, LoggedLook, linked

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def look(number: int) -> LoggedLook:
    return LoggedLook(
        id=number,
        at=START + timedelta(seconds=number),
        person_id=UUID(int=number % 3),
        client="demo-officer",
        subject="officer",
        organisation="PL-MOI",
        operation="read_identity",
        fields="masked",
        purpose="travel",
        case_ref=None if number % 2 else "K-1",
    )


def chain(length: int):
    looks = [look(number) for number in range(10, 10 + length)]
    return list(zip(linked(Head(), looks), looks, strict=True))


def inspected(steps, *, unlinked=None, **asked) -> Inspection:
    found = Inspection(**asked)
    for link, seen in steps:
        found.read(link, seen)
    found.close(unlinked)
    return found


def test_chain_when_untouched_then_whole_and_its_head_can_be_noted():
    steps = chain(5)
    whole = inspected(steps)
    assert (whole.broken, whole.looks) == (None, 5)
    assert Head.parse(str(whole.head)) == whole.head == Head(5, steps[-1][0].hash)
    assert inspected(steps, noted=[Head(3, steps[2][0].hash)]).broken is None
    assert inspected([]).head == Head()


@pytest.mark.parametrize(
    "change",
    [
        {"at": START},
        {"person_id": UUID(int=9)},
        {"client": "other"},
        {"subject": "somebody"},
        {"organisation": "MD-MIA"},
        {"operation": "export"},
        {"fields": "identity"},
        {"purpose": "contact"},
        {"case_ref": "K-2"},
        {"case_ref": ""},
    ],
)
def test_look_when_any_value_is_changed_then_its_place_is_named(change):
    steps = chain(4)
    steps[2] = (steps[2][0], replace(steps[2][1], **change))
    assert inspected(steps).broken == "place 3: look 12 was changed"


@given(st.integers(1, 8), st.data())
@settings(max_examples=40)
def test_chain_when_anything_is_done_to_it_then_it_breaks(length, data):
    steps = chain(length)
    head = Head(length, steps[-1][0].hash)
    done = list(steps)
    at = data.draw(st.integers(0, length - 1))
    match data.draw(st.sampled_from(["take", "cut", "swap", "redo", "lose"])):
        case "take":
            del done[at]
        case "cut":
            del done[at:]
        case "swap":
            other = data.draw(st.integers(0, length - 1).filter(lambda n: n != at or length == 1))
            done[at], done[other] = done[other], (done[at][0], look(99))
        case "redo":
            looks = [replace(seen, subject="nobody") for _, seen in steps[at:]]
            before = steps[at - 1][0] if at else None
            former = Head() if before is None else Head(before.place, before.hash)
            done[at:] = zip(linked(former, looks), looks, strict=True)
        case "lose":
            done[at] = (done[at][0], None)
    assert inspected(done, noted=[head]).broken is not None


def test_chain_when_old_looks_were_removed_then_it_begins_where_it_is_told_to():
    rest = chain(6)[3:]
    assert inspected(rest).broken == "place 1 is missing"
    assert inspected(rest, since=4).broken is None
    assert inspected(rest, since=4).looks == 3


def test_look_when_it_never_got_a_place_then_named():
    assert inspected(chain(2), unlinked=77).broken == (
        "look 77 is in the log and was never given a place"
    )


@pytest.mark.parametrize("text", ["", "5", "5:", "5:ab", "x:" + "0" * 64, "5:" + "g" * 64])
def test_head_when_it_is_none_then_refused(text):
    with pytest.raises(ValueError, match=r"head|hexadecimal"):
        Head.parse(text)
