"""Rate sets and rates as CSV: what `load` brings along and what an officer imports.

`rate_sets`: scheme, code, title, legal_reference, effective_from, status, completeness, source,
note, and corrects if it repairs another. `rates`: rate_set, country, place, currency, allowance,
lodging_limit, valid_from, source, confidence, and parts such as `breakfast=16;lunch=19`.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final
from unicodedata import category

from kit.errors import InvalidInput, Violation
from kit.money import half_up
from participants.domain.rates import Completeness, Rate, RateSet, RateSetStatus

RATE_COLUMNS: Final = frozenset(
    {"country", "place", "currency", "allowance", "lodging_limit", "source", "confidence"}
)
_UNDATED: Final = date(1990, 1, 1)
_COUNTRY: Final = re.compile(r"[A-Z]{2}|\*")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_AMOUNT: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,12})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PARTS: Final = re.compile(r"([a-z_]{1,40}=[0-9]{1,9}(\.[0-9]{1,12})?(;|$))*")
_LONGEST: Final = 500
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_UNLIMITED: Final = frozenset({"parts"})


def rate_sets_in(lines: Iterable[str]) -> Iterator[RateSet]:
    """Read rate sets."""
    for row in csv.DictReader(lines):
        begins, corrects = row.pop("effective_from"), row.pop("corrects", None)
        status, held = row.pop("status"), row.pop("completeness")
        yield RateSet(
            effective_from=date.fromisoformat(begins) if begins else None,
            status=RateSetStatus(status),
            completeness=Completeness(held),
            corrects=corrects or None,
            **row,
        )


def rates_in(lines: Iterable[str]) -> Iterator[Rate]:
    """Read rates, with source and confidence as they were found."""
    for row in csv.DictReader(lines):
        yield _rate(row["rate_set"], row, date.fromisoformat(row["valid_from"]))


def imported_rates(code: str, begins: date | None, text: str) -> list[Rate]:
    """Read the rates of one set from the text of a CSV file; every bad cell is told.

    `valid_from` may be left out: it is then the day the set begins, or always for a set that says
    no day yet. Raises InvalidInput.
    """
    rates: list[Rate] = []
    found: list[Violation] = []
    seen: set[tuple[str, str, str]] = set()
    for number, row in enumerate(_rows(text), 2):
        wrong = list(_wrong(number, row, seen))
        found.extend(wrong)
        if not wrong:
            written = row.get("valid_from")
            since = date.fromisoformat(written) if written else begins
            rates.append(_rate(code, row, since or _UNDATED))
    if found or not rates:
        empty = [Violation("/rates_csv", "no_rates", "The file has no rates.")]
        raise InvalidInput("the rates cannot be imported", errors=found or empty)
    return rates


def _rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a file that has the columns of rates, each once."""
    reader = csv.DictReader(text.splitlines())
    try:
        names, rows = list(reader.fieldnames or ()), list(reader)
    except csv.Error:
        raise _not_rates("not_csv", "A cell is longer than any of a rate.") from None
    if missing := RATE_COLUMNS - set(names):
        raise _not_rates(
            "columns_missing", f"The columns {', '.join(sorted(missing))} are missing."
        )
    if len(set(names)) < len(names):
        raise _not_rates("columns_repeated", "A column is named twice.")
    return rows


def _not_rates(code: str, message: str) -> InvalidInput:
    return InvalidInput(
        "the file has not the columns of rates", errors=[Violation("/rates_csv", code, message)]
    )


def _wrong(
    number: int, row: Mapping[str, str | None], seen: set[tuple[str, str, str]]
) -> Iterator[Violation]:
    def bad(code: str, message: str) -> Violation:
        return Violation("/rates_csv", code, f"Line {number}: {message}")

    if None in row or None in row.values():
        yield bad("cells", "has not one cell for each column.")
        return
    cells = {name: cell or "" for name, cell in row.items()}
    if _COUNTRY.fullmatch(cells["country"]) is None:
        yield bad("country", "the country is not two capital letters or *.")
    if _CURRENCY.fullmatch(cells["currency"]) is None:
        yield bad("currency", "the currency is not three capital letters.")
        return
    if any(not _is_shown(cell) for name, cell in cells.items() if name not in _UNLIMITED):
        yield bad("text", f"a cell has over {_LONGEST} characters, or such as nobody sees.")
    for message in _wrong_amounts(cells):
        yield bad("amount", message)
    if not cells["source"] or not cells["confidence"]:
        yield bad("source", "a rate has a source and says how well it is attested.")
    begins = cells.get("valid_from", "")
    key = (cells["country"], cells["place"], begins)
    if (begins and not _is_day(begins)) or not _are_parts(cells.get("parts", "")):
        yield bad("cells", "valid_from is not a day, or parts are not name=number;name=number.")
    if key in seen:
        yield bad("repeated", "the country and place were named before.")
    seen.add(key)


def _wrong_amounts(cells: Mapping[str, str]) -> Iterator[str]:
    for name in ("allowance", "lodging_limit"):
        written = cells[name]
        if name == "lodging_limit" and not written:
            continue
        if _AMOUNT.fullmatch(written) is None:
            yield f"{name} is not an amount such as 49.00."
        elif half_up(Decimal(written), cells["currency"]) != Decimal(written):
            yield f"{name} has too many decimals for {cells['currency']}."


def _is_shown(cell: str) -> bool:
    return len(cell) <= _LONGEST and _UNSEEN.isdisjoint(map(category, cell))


def _is_day(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return _DAY.fullmatch(written) is not None


def _are_parts(written: str) -> bool:
    names = [part.partition("=")[0] for part in written.split(";") if part]
    return _PARTS.fullmatch(written) is not None and len(set(names)) == len(names)


def _rate(code: str, row: Mapping[str, str], begins: date) -> Rate:
    limit, parts = row["lodging_limit"], row.get("parts") or ""
    named = (part.split("=") for part in sorted(parts.split(";")) if part)
    return Rate(
        rate_set=code,
        country=row["country"],
        place=row["place"] or None,
        currency=row["currency"],
        allowance=_cents(row["allowance"]),
        lodging_limit=_cents(limit) if limit else None,
        valid_from=begins,
        source=row["source"],
        confidence=row["confidence"],
        parts=tuple((name, Decimal(number)) for name, number in named),
    )


def _cents(written: str) -> Decimal:
    return Decimal(written).quantize(Decimal("0.01"))
