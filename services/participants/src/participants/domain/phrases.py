"""Sentences with gaps, in Polish and in English; they are put into words at the door.

A stored result keeps its words for good (INV-36). A phrase that was reworded therefore holds both
wordings: `was` is how editions of the forms 1 and 2 said it, amounts and dates in their old style.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

from kit.money import half_up, minor_digits
from participants.domain.moments import Known, Moment, local

NEWEST: Final = 3
_GAP: Final = re.compile(r"\{(\w+)\}")
_NARROW: Final = "\N{NO-BREAK SPACE}"
_LONG: Final = 10_000
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


class Words(NamedTuple):
    """One sentence in Polish and in English."""

    pl: str
    en: str


class Amount(NamedTuple):
    """Money in a gap, shown rounded to the minor unit; `exact` shows every decimal it has."""

    value: Decimal
    currency: str
    exact: bool = False


class Length(NamedTuple):
    """A length of time in a gap, in seconds; what is less than a minute is not shown."""

    seconds: int


class Counted(NamedTuple):
    """A number with its noun: one, two to four, many in Polish; one, many in English."""

    number: int
    pl: tuple[str, str, str]
    en: tuple[str, str]


class _Template(NamedTuple):
    pl: str
    en: str
    gaps: tuple[str, ...]

    @classmethod
    def of(cls, pl: str, en: str) -> "_Template":
        gaps = tuple(_GAP.findall(pl))
        if gaps != tuple(_GAP.findall(en)):
            raise ValueError(f"the gaps of {en!r} are not those of {pl!r}, in their order")
        polish, english = (_GAP.sub("%s", text.replace("%", "%%")) for text in (pl, en))
        return cls(polish, english, gaps)


class Phrase:
    """A sentence with gaps such as `{amount}`, in the same order in both languages.

    `was` is its earlier wording, Polish and English.
    """

    __slots__ = ("_now", "_was")

    def __init__(self, pl: str, en: str, *, was: tuple[str, str] | None = None) -> None:
        self._now = _Template.of(pl, en)
        self._was = self._now if was is None else _Template.of(*was)

    def of(self, **values: object) -> "Said":
        """Return the sentence with its gaps filled."""
        return Said(self, values)

    def words(self, values: dict[str, Any], form: int) -> Words:
        """Put the sentence into the words of a form of results."""
        old = form < NEWEST
        polish, english, gaps = self._was if old else self._now
        pl, en = [], []
        for gap in gaps:
            value = values[gap]
            shown = _SHOW[type(value)](value, old)
            pl.append(shown[0])
            en.append(shown[1])
        return Words(polish % tuple(pl), english % tuple(en))


class Said(NamedTuple):
    """A phrase with what fills its gaps."""

    phrase: Phrase
    values: dict[str, Any]

    def words(self, form: int = NEWEST) -> Words:
        """Put it into the words of a form of results."""
        return self.phrase.words(self.values, form)

    @property
    def pl(self) -> str:
        """The sentence in Polish, in the newest wording."""
        return self.words().pl

    @property
    def en(self) -> str:
        """The sentence in English, in the newest wording."""
        return self.words().en


class Listed(NamedTuple):
    """Parts of a sentence, parted by semicolons."""

    parts: tuple[Said, ...]


def joined(said: tuple[Said, ...], form: int = NEWEST) -> Words:
    """Put sentences into words, one after the other."""
    words = [each.words(form) for each in said]
    return Words(" ".join([w.pl for w in words]), " ".join([w.en for w in words]))


_Pair = tuple[str, str]


def _plain(value: object, _old: bool) -> _Pair:  # noqa: FBT001 (one of a table of alike functions)
    text = str(value)
    return text, text


@lru_cache(maxsize=4096)
def _day(on: date, old: bool) -> _Pair:  # noqa: FBT001
    if old:
        return _plain(on, old)
    return f"{on.day}.{on.month:02}.{on.year} r.", f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def _at(at: datetime, old: bool) -> _Pair:  # noqa: FBT001
    if old:
        return _plain(at.isoformat(" ", "minutes")[:16], old)
    polish, english = _day(at.date(), old)
    return f"{polish} godz. {at.hour}:{at.minute:02}", f"{english}, {at.hour:02}:{at.minute:02}"


@lru_cache(maxsize=1024)
def _length(length: Length, old: bool) -> _Pair:  # noqa: FBT001
    hours, minutes = length.seconds // 3600, length.seconds % 3600 // 60
    if old:
        return _plain(f"{hours} h {minutes} min", old)
    if not hours:
        return _plain(f"{minutes} min", old)
    more = f" {minutes} min" if minutes else ""
    return f"{hours} godz.{more}", f"{hours} h{more}"


def _amount(amount: Amount, old: bool) -> _Pair:  # noqa: FBT001
    value, currency, exact = amount
    if not exact:
        return _rounded(value, currency, old)
    digits = f"{value:f}"
    if not old:
        digits = f"{value:.{max(minor_digits(currency), -_exponent(value))}f}"
    return _with_unit(digits, currency, old)


@lru_cache(maxsize=8192)
def _rounded(value: Decimal, currency: str, old: bool) -> _Pair:  # noqa: FBT001
    return _with_unit(f"{half_up(value, currency):f}", currency, old)


def _with_unit(digits: str, currency: str, old: bool) -> _Pair:  # noqa: FBT001
    if old:
        return f"{digits.replace('.', ',')} {currency}", f"{digits} {currency}"
    unit = "zł" if currency == "PLN" else currency
    english = f"{Decimal(digits):,f}" if Decimal(digits) >= _LONG else digits
    polish = english.replace(",", _NARROW).replace(".", ",")
    return f"{polish} {unit}", f"{english} {currency}"


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _counted(counted: Counted, old: bool) -> _Pair:  # noqa: FBT001
    del old
    number = counted.number
    one, few, many = counted.pl
    is_few = number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14}
    polish = one if number == 1 else (few if is_few else many)
    return f"{number} {polish}", f"{number} {counted.en[0 if number == 1 else 1]}"


def _said(said: Said, old: bool) -> _Pair:  # noqa: FBT001
    return said.words(1 if old else NEWEST)


def _listed(listed: Listed, old: bool) -> _Pair:  # noqa: FBT001
    parts = [_said(each, old) for each in listed.parts]
    return "; ".join([part[0] for part in parts]), "; ".join([part[1] for part in parts])


def _words(words: Words, _old: bool) -> _Pair:  # noqa: FBT001
    return words


@lru_cache(maxsize=1024)
def _moment(moment: Moment | Known, old: bool) -> _Pair:  # noqa: FBT001
    return _at(local(moment), old)


_SHOW: Final[dict[type, Callable[[Any, bool], _Pair]]] = {
    int: _plain,
    str: _plain,
    date: _day,
    datetime: _at,
    tuple: _moment,
    Known: _moment,
    Length: _length,
    Amount: _amount,
    Counted: _counted,
    Said: _said,
    Listed: _listed,
    Words: _words,
}
