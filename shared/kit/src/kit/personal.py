"""Personal data in free text (INV-41): what looks like it is refused before it is stored."""

import re
from enum import StrEnum
from typing import Final

from pydantic_core import PydanticCustomError

# One character before the sign is enough: a run of any length is tried anew from each of its own.
_EMAIL: Final = re.compile(r"[^\s@]@[^\s@.]+\.[^\s@]")
_PHONE: Final = re.compile(
    r"(?<![\w.,/])"
    r"(?:(?:\+|00)\d(?:[ ().-]{0,2}\d){7,13}|\d{3}[ -]\d{3}[ -]\d{3}"
    r"|\(\d{2,3}\) ?\d{3}[ -]?\d{2}[ -]?\d{2})"
    r"(?![\w/]|[.,]\d)"
)
_ELEVEN: Final = re.compile(r"(?<!\d)\d{11}(?!\d)")
_PASSPORT: Final = re.compile(
    r"(?<![A-Za-z0-9/-])"
    r"(?!(?:EUR|PLN|USD|CHF|GBP|MDL|UAH|GEL|AMD|AZN|BYN|CZK|RON|HUF) ?\d)"
    r"[A-Z]{1,3} ?\d{6,9}(?![A-Za-z0-9/-])|P<[A-Z<]{3,}"
)
_WEIGHTS: Final = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
_CENTURIES: Final = 5
_MONTHS: Final = 12


class PersonalData(StrEnum):
    """What kind of personal data a text seems to hold."""

    EMAIL = "email"
    PHONE = "phone"
    PESEL = "pesel"
    PASSPORT = "passport"


def personal_data_in(text: str) -> PersonalData | None:
    """Return what kind of personal data the text seems to hold, None if none is seen.

    A PESEL is told from other numbers of eleven digits by its month and its check digit. Digits
    grouped in threes are taken for a phone number only where they are exactly nine. An amount
    behind its currency is no number of a passport.
    """
    if _EMAIL.search(text):
        return PersonalData.EMAIL
    if any(is_pesel(found) for found in _ELEVEN.findall(text)):
        return PersonalData.PESEL
    if _PHONE.search(text):
        return PersonalData.PHONE
    return PersonalData.PASSPORT if _PASSPORT.search(text) else None


def is_pesel(digits: str) -> bool:
    """Whether eleven digits are a PESEL: the month of birth is one, and the check digit fits."""
    century, month = divmod(int(digits[2:4]), 20)
    if century >= _CENTURIES or not 1 <= month <= _MONTHS:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits[:10], strict=True))
    return (10 - total % 10) % 10 == int(digits[10])


def impersonal(text: str) -> str:
    """Return the text, or refuse it because it seems to hold personal data; for wire types."""
    found = personal_data_in(text)
    if found is not None:
        message = f"seems to hold personal data ({found.value}); refer to people by their id"
        raise PydanticCustomError("pii_in_free_text", "{message}", {"message": message})
    return text
