"""Query parameters of lists that clients shape: filters, order, members, parts, codes."""

from collections.abc import Iterable
from typing import Annotated, Final

from fastapi import Depends, Query

from kit.errors import InvalidInput, Violation
from programmes.context import InCountry
from programmes.domain.errors import DatesInvalid
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.partner import PartnerRole
from programmes.domain.programme import ProgrammeKind, ProgrammeStatus
from programmes.queries.programme_filters import Filters
from programmes.queries.programme_view import FIELDS, Expand, Shown, Sort, View

_MOST: Final = 100
Codes = Annotated[
    str | None,
    Query(max_length=4200, description="Only these, up to 100, with commas.", examples=["EAP-PCP"]),
]
Fields = Annotated[
    str | None, Query(max_length=400, description=f"Only these of {', '.join(FIELDS)}.")
]
Expanded = Annotated[
    str | None, Query(max_length=200, description=f"With some of {', '.join(Expand)}.")
]


def words(given: str | None, name: str, known: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the words of a list with commas; InvalidInput for what is not known, or too many."""
    found = tuple(dict.fromkeys(given.split(","))) if given is not None else ()
    allowed = None if known is None else set(known)
    if len(found) > _MOST or (allowed is not None and not allowed.issuperset(found)):
        allow = f"at most {_MOST}" if allowed is None else f"some of {', '.join(sorted(allowed))}"
        violation = Violation(f"/query/{name}", "kit.enum", f"must be {allow}, with commas")
        raise InvalidInput("a parameter is not in the closed list", errors=[violation])
    return found


async def _shown(fields: Fields = None, expand: Expanded = None) -> Shown:
    parts = tuple(Expand(word) for word in words(expand, "expand", Expand))
    return Shown(words(fields, "fields", FIELDS), parts)


OnlyShown = Annotated[Shown, Depends(_shown)]


async def _view(
    shown: OnlyShown,
    sort: Annotated[Sort, Query(description="Order; a minus turns it round.")] = Sort.CODE,
    codes: Codes = None,
) -> View:
    return View(sort, words(codes, "codes"), shown)


Viewed = Annotated[View, Depends(_view)]


async def _within(
    during: Annotated[
        str | None,
        Query(
            max_length=25,
            description="A date in EDTF: what may have been then, as vague as it is stated.",
            examples=["2015-05"],
        ),
    ] = None,
) -> FuzzyDate | None:
    if during is None:
        return None
    when = FuzzyDate.from_edtf(during)
    if when.earliest is None:
        raise DatesInvalid("a date that is not stated narrows nothing")
    return when


Within = Annotated[FuzzyDate | None, Depends(_within)]


async def _filters(
    during: Within,
    *,
    identifier: Annotated[
        str | None, Query(max_length=200, description="An official reference, whole.")
    ] = None,
    country: InCountry = None,
    partner: Annotated[
        str | None, Query(max_length=40, description="Code of an organisation that is a partner.")
    ] = None,
    role: Annotated[
        PartnerRole | None, Query(description="Role of the partner, or of the country as partner.")
    ] = None,
    kind: ProgrammeKind | None = None,
    status: ProgrammeStatus | None = None,
    instrument: Annotated[str | None, Query(max_length=40, description="Its code.")] = None,
    under: Annotated[
        str | None, Query(max_length=40, description="Code of a programme it is related to.")
    ] = None,
    q: Annotated[
        str | None, Query(max_length=100, description="Part of the title, in any case.")
    ] = None,
) -> Filters:
    return Filters(
        identifier=identifier,
        country=country,
        partner=partner,
        role=role,
        kind=kind,
        status=status,
        instrument=instrument,
        under=under,
        during=during,
        q=q,
    )


Filtered = Annotated[Filters, Depends(_filters)]
