"""Types of the HTTP API: strict in requests, complete in answers."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictBool,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from kit.money import Money, minor_digits
from kit.strict import hidden_characters

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_FORM: Final = "must be a date such as 2015-04-21"
_INSTANT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})"
)
# Whatever zone it is shown in, it is still of the calendar.
_FIRST: Final = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
_LAST: Final = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# What no reader sees: controls, zero-width spaces, marks that turn the direction of what follows,
# tags, and what is no character (no XML may hold the last two of these).
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_BROKEN: Final = re.compile(f"{_UNSEEN.pattern}|[\t\n\r\u2028\u2029]")
_AMOUNT: Final = re.compile(r"-?(0|[1-9]\d{0,11})(\.\d{1,6})?")


class Request(BaseModel):
    """A request body: unknown members are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """A response body: every member is always present, null if unknown."""

    model_config = ConfigDict(frozen=True)


def _refuse(code: str, message: str) -> PydanticCustomError:
    return PydanticCustomError(code, "{message}", {"message": message})


def _verbatim(value: object) -> str:
    if not isinstance(value, str):
        raise _refuse("string_type", "must be a text")
    if hidden_characters(value):
        raise _refuse("hidden_character", "NUL and lone surrogates are not text")
    return value


def _text(value: object) -> str:
    return _shown(value, _UNSEEN)


def _line(value: object) -> str:
    return _shown(value, _BROKEN)


def _shown(value: object, refused: re.Pattern[str]) -> str:
    text = unicodedata.normalize("NFC", _verbatim(value)).strip()
    if refused.search(text):
        message = "controls, invisible spaces and turns of direction are not text"
        raise _refuse("hidden_character", message)
    return text


def _matching(value: object, form: re.Pattern[str], message: str) -> str:
    if not isinstance(value, str) or form.fullmatch(value) is None:
        raise _refuse("format", message)
    return value


def _day(value: object) -> date:
    if isinstance(value, str):
        return _written_day(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise _refuse("format", _DAY_FORM)


@lru_cache(maxsize=4096)
def _written_day(text: str) -> date:
    # A trip names each of its days several times, and the next trip names them again.
    try:
        return date.fromisoformat(_matching(text, _DAY, _DAY_FORM))
    except ValueError:
        raise _refuse("date", "is not a day of the calendar") from None


def _instant(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    message = "must be an instant with an offset, such as 2015-04-21T08:00:00+02:00"
    written = _matching(value, _INSTANT, message)
    try:
        instant = datetime.fromisoformat(written.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _refuse("datetime", "is not an instant of the calendar") from None
    if not _FIRST <= instant <= _LAST:
        raise _refuse("datetime", "is not an instant of the calendar")
    return instant


def _uuid(value: object) -> UUID:
    if isinstance(value, UUID):
        return value
    return UUID(_matching(value, _UUID, "must be a UUID"))


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refuse("int_type", "must be a whole number")
    return value


def _amount(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    return Decimal(_matching(value, _AMOUNT, 'must be a decimal in a string, such as "1234.50"'))


def _fixed(value: Decimal) -> str:
    return format(value, "f")


# For other lengths and ranges: Annotated[str, StringConstraints(...), CLEAN] and
# Annotated[int, Field(...), WHOLE]; the constraint first, or it is lost from the OpenAPI document.
CLEAN = BeforeValidator(_line)
WHOLE = BeforeValidator(_whole)
VERBATIM = BeforeValidator(_verbatim)

Text = Annotated[str, StringConstraints(min_length=1, max_length=2000), BeforeValidator(_text)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), CLEAN]
Verbatim = Annotated[str, StringConstraints(min_length=1, max_length=2000), VERBATIM]
Code = Annotated[
    str, StringConstraints(min_length=1, max_length=40, pattern=r"^[A-Z0-9][A-Z0-9_-]*$"), CLEAN
]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), CLEAN]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), CLEAN]
Whole = Annotated[int, Field(ge=-(2**31), le=2**31 - 1), WHOLE]
Count = Annotated[int, Field(ge=0, le=2**31 - 1), WHOLE]
Flag = StrictBool
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
When = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Ref = Annotated[UUID, BeforeValidator(_uuid), WithJsonSchema({"type": "string", "format": "uuid"})]
Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    PlainSerializer(_fixed, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_AMOUNT.pattern}$", "examples": ["1234.50"]}),
]


def _in_utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


Instant = Annotated[
    datetime,
    PlainSerializer(_in_utc, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class MoneyOut(Answer):
    """An amount with its currency (ISO 4217)."""

    amount: Amount
    currency: str

    @classmethod
    def of(cls, money: Money) -> Self:
        """Return the wire form of a domain amount."""
        return cls(amount=money.amount, currency=money.currency)


class MoneyIn(Request):
    """An amount, not negative, with no more decimals than the currency has minor units."""

    amount: Annotated[Amount, Field(ge=0)]
    currency: Currency

    @model_validator(mode="after")
    def _scale(self) -> Self:
        exponent = self.amount.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > minor_digits(self.currency):
            raise _refuse("money_scale", f"has too many decimals for {self.currency}")
        return self

    def money(self) -> Money:
        """Return the domain amount."""
        return Money.rounded(self.amount, self.currency)
