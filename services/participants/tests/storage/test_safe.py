"""The safe: what is sealed opens in its place alone, with its own key alone."""

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import Unavailable
from participants.storage.safe import Place, Safe, Unreadable

ONE, OTHER = UUID(int=1), UUID(int=2)
PLACE = Place("identity", "email", ONE)


def safe(current="1", versions=("1",)) -> Safe:
    keys = {version: version.encode() * 32 for version in versions}
    return Safe(current=current, keys=keys, index=b"i" * 32)


@given(st.text(max_size=200))
def test_value_when_sealed_then_opens_in_its_place(text):
    key, wrapped = safe().new_key(ONE)
    sealed = key.seal(text, PLACE)
    assert safe().unwrap(wrapped, ONE).open(sealed, PLACE) == text
    assert len(text) < 4 or text.encode() not in sealed


def test_value_when_moved_to_another_row_column_or_table_then_does_not_open():
    key, _ = safe().new_key(ONE)
    sealed = key.seal("canary", PLACE)
    for place in (
        Place("identity", "email", OTHER),
        Place("identity", "phone", ONE),
        Place("bank_account", "email", ONE),
    ):
        with pytest.raises(Unreadable):
            key.open(sealed, place)


def test_value_when_one_bit_changes_or_another_key_is_used_then_does_not_open():
    key, wrapped = safe().new_key(ONE)
    sealed = bytearray(key.seal("canary", PLACE))
    sealed[-1] ^= 1
    for bad in (bytes(sealed), b"", b"short"):
        with pytest.raises(Unreadable):
            key.open(bad, PLACE)
    other, _ = safe().new_key(ONE)
    with pytest.raises(Unreadable):
        other.open(key.seal("canary", PLACE), PLACE)
    with pytest.raises(Unreadable):
        safe().unwrap(wrapped, OTHER)


def test_key_when_rewrapped_then_the_old_one_is_needed_no_more():
    key, wrapped = safe().new_key(ONE)
    sealed = key.seal("canary", PLACE)
    again = safe("2", ("1", "2")).rewrap(wrapped, ONE)
    assert again.version == "2"
    assert safe("2", ("2",)).unwrap(again, ONE).open(sealed, PLACE) == "canary"
    with pytest.raises(Unreadable):
        safe("2", ("2",)).unwrap(wrapped, ONE)


def test_index_when_values_are_equal_then_equal_and_kinds_are_apart():
    assert safe().index.blind("email", "a") == safe().index.blind("email", "a")
    assert safe().index.blind("email", "a") != safe().index.blind("phone", "a")
    assert b"a" * 8 not in safe().index.blind("email", "a" * 8)


@pytest.mark.parametrize("content", ["", "{}", json.dumps({"current": "1", "keys": {"1": "eA=="}})])
def test_key_file_when_missing_or_wrong_then_nothing_can_be_kept(tmp_path, content):
    path = tmp_path / "encryption.json"
    path.write_text(content)
    for given_path in (None, tmp_path / "absent", path):
        with pytest.raises(Unavailable):
            Safe.from_file(given_path)
