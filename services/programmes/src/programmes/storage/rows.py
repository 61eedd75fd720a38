"""Domain values as rows, where attributes and columns have the same names."""

from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Table

from programmes.domain.fuzzy_date import FuzzyDate
from programmes.storage.values import fuzzy_json


def row_of(it: object, table: Table) -> dict[str, Any]:
    """Return the columns of `table` that `it` has attributes for."""
    return {
        column.key: _fitting(column, stored(getattr(it, column.key)))
        for column in table.columns
        if hasattr(it, column.key)
    }


def _fitting(column: Column[Any], value: Any) -> Any:  # noqa: ANN401 (a column holds any type)
    return in_json(value) if isinstance(column.type, JSON) else value


def stored(value: Any) -> Any:  # noqa: ANN401 (a column holds any type)
    """Return the stored form of a value: dates and records are JSON objects, tuples lists."""
    if isinstance(value, FuzzyDate):
        return fuzzy_json(value)
    if is_dataclass(value):
        return {field.name: stored(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (tuple, list)):
        return [stored(each) for each in value]
    return sorted(value) if isinstance(value, frozenset) else value


def in_json(value: Any) -> Any:  # noqa: ANN401 (JSON is any of six types)
    """Return the stored form of a value inside JSON, where numbers and ids are strings."""
    if isinstance(value, dict):
        return {name: in_json(each) for name, each in value.items()}
    if isinstance(value, list):
        return [in_json(each) for each in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, UUID) else value
