"""Exchange rates as their publishers print them: InforEuro, ECB, NBP table A (RULES 6.2 to 6.4).

A file is read whole or refused whole. Numbers stay decimal. XML with a document type is refused
before anything in it is expanded.
"""

import csv
import json
import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from typing_extensions import override

from kit.errors import DomainError, Kind
from programmes.domain.exchange_rates import EUR, PLN, Publisher, Rate, RateInvalid

LARGEST: Final = 10_000_000
"""Bytes of the largest file read; the whole history of the ECB is smaller."""

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SLASHED_DAY: Final = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_SPOKEN_DAY: Final = re.compile(r"([0-9]{1,2}) ([A-Z][a-z]+) ([0-9]{4})")
_NUMBER: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")
_NBP_TABLE: Final = re.compile(r"[0-9]{1,3}/A/NBP/[0-9]{4}")
_DEEPEST: Final = 20
_MAGNITUDE: Final = 13  # writing out 1e999999999 would fill the memory
_MONTH_NAMES: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NOT_PUBLISHED: Final = {"", "N/A", "NaN"}


class RateFileInvalid(DomainError):
    """The file is not in the format its publisher uses, or contradicts itself."""

    kind = Kind.INVALID
    code = "programmes.rate_file_invalid"
    title = "The rates cannot be read"
    advice = "Send the file as its publisher offers it; nothing of this one was stored."


class RateFileTooLarge(DomainError):
    """The file is larger than any its publisher offers."""

    kind = Kind.INVALID
    code = "programmes.rate_file_too_large"
    title = "The file is too large"
    advice = "Import a shorter time."


def read_inforeuro_month(content: bytes, year: int, month: int) -> tuple[Rate, ...]:
    """Read the monthly rates of InforEuro: JSON, units of each currency for 1 EUR.

    The file does not name its month: who fetched it does. Several countries may share a currency.
    """
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    reference = f"monthly-rates {year:04d}-{month:02d}"
    found = []
    for row in _objects(_json(content)):
        code = _currency(_member(row, "isoA3Code"))
        if code != EUR:
            value = _number(_member(row, "value"))
            found.append(_euro(Publisher.INFOREURO, code, value, (first, last), reference))
    return _consistent(found)


def read_inforeuro_history(content: bytes) -> tuple[Rate, ...]:
    """Read the history of one currency in InforEuro: JSON with days as dd/mm/yyyy."""
    found = []
    for row in _objects(_json(content)):
        code = _currency(_member(row, "currencyIso"))
        first = _slashed(_member(row, "dateStart"))
        last = _slashed(_member(row, "dateEnd"))
        value = _number(_member(row, "amount"))
        reference = f"history of {code}"
        found.append(_euro(Publisher.INFOREURO, code, value, (first, last), reference))
    return _consistent(found)


def read_ecb_xml(content: bytes) -> tuple[Rate, ...]:
    """Read the ECB's eurofxref XML, daily or 90 days: units of each currency for 1 EUR."""
    found = []
    for day in _xml(content).iter():
        if _name(day) == "Cube" and "time" in day.attrib:
            on = _day(day.get("time"))
            for cube in day:
                code, value = _currency(cube.get("currency")), _number(cube.get("rate"))
                found.append(_ecb(code, value, on))
    return _consistent(found)


def read_ecb_csv(content: bytes) -> tuple[Rate, ...]:
    """Read ECB rates as CSV: the wide eurofxref table or the long one of the data portal."""
    reader = csv.reader(_text(content).splitlines())
    try:
        header = [cell.strip() for cell in next(reader, [])]
        rows = [[cell.strip() for cell in row] for row in reader if any(row)]
    except csv.Error as error:
        raise RateFileInvalid(f"not CSV: {error}") from None
    read = _wide if header[:1] == ["Date"] else _long
    return _consistent(read(header, rows))


def _wide(header: list[str], rows: Iterable[list[str]]) -> Iterator[Rate]:
    for row in rows:
        on = _spoken(row[0])
        for code, value in zip(header[1:], row[1:], strict=False):
            if code and value not in _NOT_PUBLISHED:
                yield _ecb(_currency(code), _number(value), on)


def _long(header: list[str], rows: Iterable[list[str]]) -> Iterator[Rate]:
    for cells in rows:
        row = dict(zip(header, cells, strict=False))
        if _member(row, "OBS_VALUE") in _NOT_PUBLISHED:
            continue
        if row.get("CURRENCY_DENOM", EUR) != EUR or row.get("FREQ", "D") != "D":
            raise RateFileInvalid("not daily rates against the euro")
        code = _currency(_member(row, "CURRENCY"))
        yield _ecb(code, _number(_member(row, "OBS_VALUE")), _day(_member(row, "TIME_PERIOD")))


def _ecb(code: str, value: Decimal, on: date) -> Rate:
    return _euro(Publisher.ECB, code, value, (on, on), f"eurofxref {on.isoformat()}")


def _euro(
    publisher: Publisher, code: str, value: Decimal, days: tuple[date, date], reference: str
) -> Rate:
    return _rate(publisher, (EUR, code), value, days, reference)


def _rate(
    publisher: Publisher,
    pair: tuple[str, str],
    value: Decimal,
    days: tuple[date, date],
    reference: str,
) -> Rate:
    try:
        return Rate(publisher, *pair, value, *days, reference)
    except RateInvalid as error:
        raise RateFileInvalid(error.detail) from None


def read_nbp_json(content: bytes) -> tuple[Rate, ...]:
    """Read NBP table A as JSON, tables or the series of one currency: PLN for one unit."""
    parsed = _json(content)
    found: list[Rate] = []
    for table in _objects(parsed if isinstance(parsed, list) else [parsed]):
        found.extend(_nbp_table(table, _objects(_member(table, "rates"))))
    return _consistent(found)


def read_nbp_xml(content: bytes) -> tuple[Rate, ...]:
    """Read NBP table A as XML, tables or the series of one currency: PLN for one unit."""
    root = _xml(content)
    tables = list(root) if _name(root) == "ArrayOfExchangeRatesTable" else [root]
    found: list[Rate] = []
    for table in tables:
        rates = [_children(rate) for rate in table.iter() if _name(rate) == "Rate"]
        found.extend(_nbp_table(_children(table), rates))
    return _consistent(found)


def _nbp_table(table: Mapping[str, object], rows: Iterable[Mapping[str, object]]) -> Iterator[Rate]:
    """Read rows that name their day and number, or stand in a table that does."""
    names = {each.lower(): value for each, value in table.items()}
    if names.get("table") != "A":
        raise RateFileInvalid("not table A of the NBP")
    for row in rows:
        whole = names | {each.lower(): value for each, value in row.items()}
        code = _currency(_member(whole, "code"))
        on = _day(_member(whole, "effectivedate"))
        value, number = _number(_member(whole, "mid")), _member(whole, "no")
        if not isinstance(number, str) or not _NBP_TABLE.fullmatch(number):
            raise RateFileInvalid("a rate has no number of its table, such as 006/A/NBP/2026")
        yield _rate(Publisher.NBP, (code, PLN), value, (on, on), number)


def _consistent(rates: Iterable[Rate]) -> tuple[Rate, ...]:
    """Return each rate once, or refuse two values for one currency and day, and an empty file."""
    found: dict[tuple[str, str, date], Rate] = {}
    for rate in rates:
        known = found.setdefault((rate.base, rate.quote, rate.valid_from), rate)
        if known.value != rate.value:
            raise RateFileInvalid(f"two rates of {rate.base} in {rate.quote} on {rate.valid_from}")
    if not found:
        raise RateFileInvalid("there are no rates in the file")
    return tuple(found.values())


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise RateFileTooLarge(f"{len(content)} bytes of at most {LARGEST}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RateFileInvalid("the file is not UTF-8") from None


def _json(content: bytes) -> object:
    try:
        parsed: object = json.loads(
            _text(content), parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number
        )
    except (ValueError, ArithmeticError, RecursionError):
        raise RateFileInvalid("the file is not JSON") from None
    return parsed


def _no_number(word: str) -> object:
    raise RateFileInvalid(f"{word} is no number")


def _xml(content: bytes) -> Element:
    """Parse XML without document types: no entity is ever declared, so none can be expanded."""
    builder = _Shallow()
    parser = expat.ParserCreate("utf-8", namespace_separator="}")
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(_text(content).encode(), True)
    except expat.ExpatError as error:
        raise RateFileInvalid(f"the file is not XML: {error}") from None
    return builder.close()


class _Shallow(TreeBuilder):
    """Builds no deeper tree than a publisher's: looking through one takes seconds."""

    _depth = 0

    @override
    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise RateFileInvalid(f"the file nests deeper than {_DEEPEST}")
        return super().start(tag, attrs)

    @override
    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _no_doctype(*_declared: object) -> None:
    raise RateFileInvalid("a file with a document type is not read")


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element) -> dict[str, object]:
    return {_name(child): (child.text or "").strip() for child in element}


def _objects(parsed: object) -> list[Mapping[str, object]]:
    if not isinstance(parsed, list) or not all(isinstance(each, dict) for each in parsed):
        raise RateFileInvalid("a list of objects was expected")
    return parsed


def _member(row: Mapping[str, object], name: str) -> object:
    if name not in row:
        raise RateFileInvalid(f"a row has no {name}")
    return row[name]


def _currency(code: object) -> str:
    """Return a code of three letters as published: not all are ISO 4217 (ZIG, FRC)."""
    if not isinstance(code, str) or not _CURRENCY.fullmatch(code):
        raise RateFileInvalid("a currency is not three capital letters")
    return code


def _number(value: object) -> Decimal:
    if isinstance(value, Decimal):
        value = f"{value:f}" if abs(value.adjusted()) < _MAGNITUDE else str(value)
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise RateFileInvalid("a rate is no number above zero with at most 12 decimals")
    return Decimal(value)


def _day(text: object) -> date:
    if not isinstance(text, str) or not _ISO_DAY.fullmatch(text):
        raise RateFileInvalid("a day is not written as its publisher writes days")
    return _calendar(*(int(part) for part in text.split("-")))


def _slashed(text: object) -> date:
    found = _SLASHED_DAY.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise RateFileInvalid("a day is not written as its publisher writes days")
    return _calendar(int(found[3]), int(found[2]), int(found[1]))


def _spoken(text: str) -> date:
    found = _SPOKEN_DAY.fullmatch(text)
    if found is None or found[2] not in _MONTH_NAMES:
        return _day(text)
    return _calendar(int(found[3]), _MONTH_NAMES.index(found[2]) + 1, int(found[1]))


def _calendar(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise RateFileInvalid(f"{year}-{month}-{day} is not in the calendar") from None
