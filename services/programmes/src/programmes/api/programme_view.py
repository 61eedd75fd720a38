"""Query parameters of lists that clients shape: order, members, parts, codes."""

from collections.abc import Iterable
from typing import Annotated, Final

from fastapi import Depends, Query

from kit.errors import InvalidInput, Violation
from programmes.queries.programme_view import FIELDS, Expand, Sort, View

_MOST: Final = 100


def _words(given: str | None, name: str, known: Iterable[str] | None) -> tuple[str, ...]:
    """Return the words of a list with commas; InvalidInput for what is not known, or too many."""
    words = tuple(dict.fromkeys(given.split(","))) if given else ()
    allowed = None if known is None else set(known)
    if len(words) > _MOST or (allowed is not None and not allowed.issuperset(words)):
        allow = f"at most {_MOST}" if allowed is None else f"some of {', '.join(sorted(allowed))}"
        violation = Violation(f"/query/{name}", "kit.enum", f"must be {allow}, with commas")
        raise InvalidInput("a parameter is not in the closed list", errors=[violation])
    return words


async def _view(
    sort: Annotated[Sort, Query(description="Order; a minus turns it round.")] = Sort.CODE,
    codes: Annotated[
        str | None, Query(max_length=4200, description="Only these, up to 100, with commas.")
    ] = None,
    fields: Annotated[
        str | None, Query(max_length=200, description=f"Only these of {', '.join(FIELDS)}.")
    ] = None,
    expand: Annotated[
        str | None, Query(max_length=200, description=f"With some of {', '.join(Expand)}.")
    ] = None,
) -> View:
    parts = tuple(Expand(word) for word in _words(expand, "expand", Expand))
    return View(sort, _words(codes, "codes", None), _words(fields, "fields", FIELDS), parts)


Viewed = Annotated[View, Depends(_view)]
