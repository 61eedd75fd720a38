"""Sealed cursors open as they were given, or not at all."""

import pytest

from kit.seal import CursorInvalid, Seal

SEAL = Seal(b"k" * 32)


def test_cursor_when_as_given_then_it_opens_for_its_purpose_alone():
    cursor = SEAL.close(["epoch", 7], purpose="list:md")
    assert SEAL.open(cursor, purpose="list:md") == ["epoch", 7]
    with pytest.raises(CursorInvalid):
        SEAL.open(cursor, purpose="list:pl")
    with pytest.raises(CursorInvalid):
        Seal(b"x" * 32).open(cursor, purpose="list:md")


@pytest.mark.parametrize(
    "change",
    [
        lambda cursor: cursor + "=",
        lambda cursor: cursor + "==",
        lambda cursor: cursor + "!",
        lambda cursor: cursor[:9] + "*****" + cursor[9:],
        lambda cursor: cursor[:9] + "\n" + cursor[9:],
        lambda cursor: cursor[:-1] + chr(ord(cursor[-1]) + 1),
        lambda cursor: cursor[:-4],
        lambda cursor: cursor.swapcase(),
        lambda cursor: "ą" + cursor,
        lambda _: "",
    ],
)
def test_cursor_when_changed_in_any_way_then_refused(change):
    for value in (["epoch", 7], ["epoch", 77], ["epoch", 777]):
        with pytest.raises(CursorInvalid):
            SEAL.open(change(SEAL.close(value, purpose="p")), purpose="p")
