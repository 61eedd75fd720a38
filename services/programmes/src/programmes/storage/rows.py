"""Domain values as rows, where attributes and columns have the same names."""

from dataclasses import fields, is_dataclass
from typing import Any

from sqlalchemy import Table

from programmes.domain.fuzzy_date import FuzzyDate
from programmes.storage.values import fuzzy_json


def row_of(it: object, table: Table) -> dict[str, Any]:
    """Return the columns of `table` that `it` has attributes for."""
    return {
        column.key: stored(getattr(it, column.key))
        for column in table.columns
        if hasattr(it, column.key)
    }


def stored(value: Any) -> Any:  # noqa: ANN401 (a column holds any type)
    """Return the stored form of a value: dates and records are JSON objects, tuples lists."""
    if isinstance(value, FuzzyDate):
        return fuzzy_json(value)
    if is_dataclass(value):
        return {field.name: stored(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (tuple, list)):
        return [stored(each) for each in value]
    return sorted(value) if isinstance(value, frozenset) else value
