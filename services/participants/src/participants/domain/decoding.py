"""Canonical JSON read back into the domain values it was written from, guided by their types."""

from dataclasses import is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def decoded(kind: type[T], raw: object) -> T:
    """Return a dataclass from its JSON object; members that came later take their defaults."""
    return cast("T", _value(kind, raw))


def _value(kind: Any, raw: Any) -> object:  # noqa: ANN401 (any type, any JSON)
    if isinstance(kind, UnionType):
        present = next(each for each in get_args(kind) if each is not type(None))
        return None if raw is None else _value(present, raw)
    if get_origin(kind) is tuple:
        return _tuple(get_args(kind), raw)
    if is_dataclass(kind):
        known = {name: hint for name, hint in _hints(cast("type", kind)).items() if name in raw}
        made = {name: _value(hint, raw[name]) for name, hint in known.items()}
        return cast("type", kind)(**made)
    if kind in {date, datetime}:
        return kind.fromisoformat(raw)
    if kind is Decimal or issubclass(kind, Enum):
        return kind(raw)
    return raw


def _tuple(kinds: tuple[Any, ...], raw: list[Any]) -> tuple[object, ...]:
    if kinds[-1] is Ellipsis:
        return tuple(_value(kinds[0], each) for each in raw)
    return tuple(_value(kind, each) for kind, each in zip(kinds, raw, strict=True))
