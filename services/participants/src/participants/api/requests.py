"""Bodies of requests, and the domain values they stand for."""

import re
from datetime import date, datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from kit.errors import InvalidInput, Violation
from kit.personal import impersonal
from kit.wire import CLEAN, WHOLE, Code, Country, Day, Flag, Line, Ref, Request
from participants.domain.trip import CancelReason, Journey

_LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)")
_FIRST: Final = date(1990, 1, 1)
_LAST: Final = date(2100, 12, 31)


def _refuse(message: str) -> PydanticCustomError:
    return PydanticCustomError("local_time", "{message}", {"message": message})


def _local_time(value: object) -> datetime:
    """Read an instant and keep the offset it was written with: it tells the civil day."""
    if not isinstance(value, str) or _LOCAL.fullmatch(value) is None:
        raise _refuse("must be a local time with offset, such as 2026-03-02T08:00:00+01:00")
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        raise _refuse("is not a time of the calendar") from None
    if not _FIRST <= when.date() <= _LAST:
        raise _refuse(f"must be between {_FIRST} and {_LAST}")
    return when


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("is not an IANA time zone") from error


LocalTime = Annotated[
    datetime,
    BeforeValidator(_local_time),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Words = Annotated[Line, AfterValidator(impersonal)]
TripDay = Annotated[Day, Field(ge=_FIRST, le=_LAST)]
Zone = Annotated[Line, AfterValidator(_known_zone)]
Role = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,20}$"), CLEAN]
Kilometres = Annotated[int, Field(ge=0, le=100_000), WHOLE]
NightCount = Annotated[int, Field(ge=0, le=366), WHOLE]


class NewPerson(Request):
    """A person to register under a pseudonym: no name, no contact, and never a victim."""

    organisation: Code
    country: Country
    unit_code: Code | None = None
    role: Role = "participant"
    synthetic: Flag = False


class SenderChange(Request):
    """Who sends a person from now on, all of it: a unit that is left out is forgotten."""

    person_id: Ref
    organisation: Code
    country: Country
    unit_code: Code | None = None


class DestinationIn(Request):
    """Where the trip goes."""

    country: Country
    city: Words | None = None


class NewTrip(Request):
    """A trip that no seat led to: its days, or its times, which then tell the days."""

    person_id: Ref
    programme_code: Code
    destination: DestinationIn
    first_day: TripDay | None = None
    last_day: TripDay | None = None
    departs_at: LocalTime | None = None
    returns_at: LocalTime | None = None
    event_id: Ref | None = None
    budget_line_code: Code | None = None

    def journey(self) -> Journey:
        """Return the domain value; raises InvalidInput or TripEndsBeforeItStarts."""
        self._must_say_when()
        departs_at, returns_at = self.departs_at, self.returns_at
        return Journey(
            country=self.destination.country,
            city=self.destination.city,
            first_day=self.first_day if departs_at is None else departs_at.date(),
            last_day=self.last_day if returns_at is None else returns_at.date(),
            departs_at=departs_at,
            returns_at=returns_at,
        )

    def _must_say_when(self) -> None:
        pairs = (("first_day", "departs_at"), ("last_day", "returns_at"))
        found = [
            Violation(f"/{day}", "day_or_time", f"send either {day} or {time}")
            for day, time in pairs
            if (getattr(self, day) is None) is (getattr(self, time) is None)
        ]
        if found:
            raise InvalidInput("the time of the trip is not clear", errors=found)


class Cancellation(Request):
    """Why a trip will not take place."""

    reason: CancelReason
