"""Identifiers made here: of one instant, in ascending order, none twice."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

from kit.ids import uuid7, uuid7s

NOW = datetime(2026, 3, 29, 0, 59, 59, 999_900, tzinfo=UTC)


def test_ids_when_many_are_made_then_are_of_the_instant_and_ascend():
    made = list(uuid7s(NOW, 5_000))
    assert made == sorted(set(made))
    assert len(made) == 5_000
    assert {(each.version, each.variant) for each in made} == {(7, RFC_4122)}
    assert {each.int >> 80 for each in made} == {int(NOW.timestamp() * 1000)}


def test_ids_when_a_millisecond_later_come_after_all_before():
    later = NOW + timedelta(milliseconds=1)
    assert max(uuid7s(NOW, 100)) < uuid7(later)


def test_ids_when_none_are_asked_for_are_none():
    assert list(uuid7s(NOW, 0)) == []
