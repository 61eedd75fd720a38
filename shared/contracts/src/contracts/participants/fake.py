"""A participants service in memory, for tests of code that talks to it.

It keeps state and refuses like the real one; the tests of this contract run against both. It
computes nothing: trips wait for a ruleset, and simulations give what `per_diem` holds.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from contracts.participants.models import (
    PerDiem,
    Person,
    ProgrammeTotals,
    Reason,
    Trip,
    TripCounts,
)
from kit.errors import Kind
from kit.http import RemoteError

_WAITS = Reason(code="programme_unknown", text="The programme is not known here yet.")


class FakeParticipants:
    """Answers as to an office that sees everybody; fill `per_diem` for simulations."""

    def __init__(self) -> None:
        self.persons: dict[UUID, Person] = {}
        self.trips: dict[UUID, Trip] = {}
        self.per_diem: PerDiem | None = None
        self._answered: dict[str, Any] = {}

    async def register_person(self, organisation: str, country: str, *, key: str) -> Person:
        """Make a person known under a pseudonym; `key` makes a repetition harmless."""
        if key not in self._answered:
            person = Person(
                id=uuid4(),
                public_ref=f"P-{len(self.persons)}",
                role="participant",
                organisation=organisation,
                country=country,
                synthetic=False,
            )
            self._answered[key] = self.persons[person.id] = person
        return self.persons[self._answered[key].id]

    async def person(self, person_id: UUID) -> Person:
        """Return one person."""
        if person_id not in self.persons:
            raise _refused(Kind.NOT_FOUND, "no_such_person")
        return self.persons[person_id]

    async def open_trip(self, trip: Mapping[str, Any], *, key: str) -> Trip:
        """Open a trip that no seat led to; one person has one trip at a time."""
        if key in self._answered:
            return self.trips[self._answered[key].id]
        person = await self.person(UUID(trip["person_id"]))
        begins, ends = (date.fromisoformat(trip[day]) for day in ("first_day", "last_day"))
        if ends < begins:
            raise _refused(Kind.INVALID, "trip_ends_before_it_starts")
        if any(self._meets(each, person.id, begins, ends) for each in self.trips.values()):
            raise _refused(Kind.CONFLICT, "trip_overlaps")
        opened = _opened(person, trip["programme_code"], begins, ends)
        self._answered[key] = self.trips[opened.id] = opened
        return opened

    async def trip(self, trip_id: UUID) -> Trip:
        """Return one trip."""
        if trip_id not in self.trips:
            raise _refused(Kind.NOT_FOUND, "no_such_trip")
        return self.trips[trip_id]

    async def cancel_trip(self, trip_id: UUID, reason: str, *, etag: str, key: str) -> Trip:
        """End a trip that will not take place."""
        if key in self._answered:
            return self.trips[trip_id]
        trip = await self.trip(trip_id)
        if trip.etag != etag:
            raise RemoteError("participants", Kind.STALE, "kit.stale_version", "it has changed")
        if trip.state == "cancelled":
            raise _refused(Kind.CONFLICT, "trip_cannot_move")
        ended = {"state": "cancelled", "etag": '"v3"', "reason": Reason(code=reason, text=reason)}
        self._answered[key] = self.trips[trip_id] = trip.model_copy(update=ended)
        return self.trips[trip_id]

    async def simulate(self, simulation: Mapping[str, Any]) -> PerDiem:
        """Return the per diem the test has set, for rulesets the real service knows."""
        if simulation["ruleset"] not in {"PL_DOMESTIC", "EU_EXTERNAL"} or self.per_diem is None:
            raise _refused(Kind.INVALID, "no_such_ruleset")
        return self.per_diem

    async def programme_totals(self, programme_code: str) -> ProgrammeTotals:
        """Return how many trips of a programme are in each state; no money is added."""
        found = [each for each in self.trips.values() if each.programme_code == programme_code]
        states = [each.state for each in found]
        return ProgrammeTotals(
            programme_code=programme_code,
            trips=TripCounts(by_state={state: states.count(state) for state in states}),
            per_diem=[],
            synthetic=any(each.synthetic for each in found),
        )

    async def portfolio_totals(self) -> dict[str, ProgrammeTotals]:
        """Return the totals of every programme with trips, by code."""
        codes = sorted({each.programme_code for each in self.trips.values()})
        return {code: await self.programme_totals(code) for code in codes}

    @staticmethod
    def _meets(trip: Trip, person_id: UUID, begins: date, ends: date) -> bool:
        if trip.person_id != person_id or trip.state == "cancelled":
            return False
        return (trip.first_day or begins) <= ends and begins <= (trip.last_day or ends)


def _opened(person: Person, programme_code: str, begins: date, ends: date) -> Trip:
    return Trip(
        id=uuid4(),
        etag='"v2"',
        person_id=person.id,
        nomination_id=None,
        programme_code=programme_code,
        organisation=person.organisation,
        first_day=begins,
        last_day=ends,
        state="needs_ruleset",
        reason=_WAITS,
        ruleset=None,
        revision=0,
        estimate=None,
        synthetic=person.synthetic,
    )


def _refused(kind: Kind, what: str) -> RemoteError:
    return RemoteError("participants", kind, f"participants.{what}", what.replace("_", " "))
