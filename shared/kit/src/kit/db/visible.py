"""Who sees a record: the one condition every read of protected records carries."""

from typing import Any

from sqlalchemy import ARRAY, Column, ColumnElement, Text, bindparam, cast
from sqlalchemy.dialects import postgresql

from kit.auth import Caller


def visible(column: Column[Any], caller: Caller) -> ColumnElement[bool]:
    """Return the condition that the record carries one of the caller's marks."""
    marks = cast(sorted(caller.audience), postgresql.ARRAY(Text))
    return column.bool_op("&&")(marks)


def visible_to(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the same condition for a Hot statement; give it `marks=list(caller.audience)`."""
    marks = cast(bindparam("marks", type_=ARRAY(Text)), postgresql.ARRAY(Text))
    return column.bool_op("&&")(marks)
