"""Strict input (API-03, API-04): what is ambiguous, hidden or endless is refused, never guessed."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from typing import Any, Final

from kit.errors import InvalidInput, Violation

MAX_DEPTH: Final = 20
MAX_VIOLATIONS: Final = 100
_CONTAINERS: Final = frozenset({dict, list})
_PREFIX: Final = "Value error, "
_PLAIN_CODES: Final = {"extra_forbidden": "unknown_field"}
_WORDS: Final = {"missing": "is missing", "extra_forbidden": "is no member of this object"}
_OBJECT: Final = "a valid dictionary or object to extract fields from"
_HIDDEN = re.compile("[\x00\ud800-\udfff]")


class _RefusedError(ValueError):
    """Raised inside the parser's hooks; carries the code of what is wrong."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def parse_json(body: bytes) -> Any:  # noqa: ANN401 (JSON is any of six types)
    """Return the JSON value of `body`, or raise InvalidInput listing what is wrong with it.

    Refused: text that is not UTF-8, a byte order mark, duplicate keys, NaN and infinities,
    numbers too large to hold, NUL and lone surrogates in keys or values, nesting over 20.
    """
    try:
        text = body.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except UnicodeDecodeError:
        raise malformed("kit.not_utf8", "the body is not UTF-8 text") from None
    except _RefusedError as error:
        raise malformed(error.code, str(error)) from None
    except json.JSONDecodeError as error:
        message = f"the body is not JSON at line {error.lineno}, column {error.colno}"
        raise malformed("kit.not_json", message) from None
    except RecursionError:
        raise malformed("kit.too_deep", f"the body nests deeper than {MAX_DEPTH}") from None
    except ValueError:
        raise malformed("kit.number_out_of_range", "a number has too many digits") from None
    # Hidden characters come in by escapes alone: raw, they are neither JSON nor UTF-8.
    violations = list(_text_violations(value) if "\\u" in text else _depth_violation(value))
    if violations:
        raise InvalidInput("the body cannot be accepted", errors=violations[:MAX_VIOLATIONS])
    return value


def violations_of(faults: Iterable[Mapping[str, Any]]) -> Iterator[Violation]:
    """Yield what models found as violations: place, code and words, never a value.

    A list whose items are refused is not called too short besides.
    """
    for fault in faults:
        if fault["type"] != "too_short" or len(fault["input"]) < fault["ctx"]["min_length"]:
            yield _violation_of(fault)


def _violation_of(fault: Mapping[str, Any]) -> Violation:
    where, *path = fault["loc"]
    kind = str(fault["type"])
    place = path if where == "body" else [where, *path]
    said = str(fault["msg"]).removeprefix(_PREFIX).replace(_OBJECT, "an object")
    plain = _WORDS.get(kind) or re.sub(r"^\w+ should ", "must ", said)
    message = "must be a UUID" if kind.startswith("uuid") else plain
    return Violation(pointer(place), f"kit.{_PLAIN_CODES.get(kind, kind)}", message)


def malformed(code: str, message: str) -> InvalidInput:
    """Return a refusal of the body as a whole."""
    return InvalidInput(message, errors=[Violation("", code, message)])


def hidden_characters(text: str) -> bool:
    """Tell whether a text holds NUL or a lone surrogate: neither can be stored or shown."""
    return _HIDDEN.search(text) is not None


def pointer(parts: Iterable[str | int]) -> str:
    """Return the RFC 6901 pointer to a place in a document."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RefusedError("kit.duplicate_key", "an object names the same key twice")
    return found


def _no_constant(name: str) -> None:
    raise _RefusedError("kit.not_a_number", f"{name} is not a JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise _RefusedError("kit.number_out_of_range", "a number is too large")
    return number


def _depth_violation(root: object) -> Iterable[Violation]:
    # What the parser makes has these types exactly, and that is quicker to see.
    containers: list[Any] = [root] if type(root) in _CONTAINERS else []
    for _ in range(MAX_DEPTH):
        if not containers:
            return
        children = [c.values() if type(c) is dict else c for c in containers]
        containers = [child for some in children for child in some if type(child) in _CONTAINERS]
    if any(containers):
        yield Violation("", "kit.too_deep", f"the body nests deeper than {MAX_DEPTH}")


def _text_violations(root: object) -> Iterable[Violation]:
    pending: list[tuple[object, tuple[str | int, ...]]] = [(root, ())]
    while pending:
        value, path = pending.pop()
        if len(path) > MAX_DEPTH:
            yield Violation("", "kit.too_deep", f"the body nests deeper than {MAX_DEPTH}")
            return
        if isinstance(value, str):
            if hidden_characters(value):
                yield _hidden(path)
        elif isinstance(value, dict):
            if any(hidden_characters(key) for key in value):
                yield _hidden(path)
                continue
            pending.extend((child, (*path, key)) for key, child in reversed(value.items()))
        elif isinstance(value, list):
            pending.extend((child, (*path, i)) for i, child in reversed(list(enumerate(value))))


def _hidden(path: tuple[str | int, ...]) -> Violation:
    return Violation(pointer(path), "kit.hidden_character", "NUL and lone surrogates are not text")
