"""Trips: opened, estimated, funded or not, cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from kit.money import Money
from participants.commands.estimating import Shelf, estimate_again, estimated
from participants.commands.telling import (
    person_registered,
    trip_cancelled,
    trip_funded,
    trip_moved,
    trip_needs_funds,
    trip_opened,
)
from participants.domain.errors import TripOverlaps
from participants.domain.person import PersonOrigin, registered
from participants.domain.trip import (
    HELD,
    PERSON_ERASED,
    CancelReason,
    Journey,
    Reason,
    Trip,
    TripState,
    opened,
    released,
)
from participants.storage import identities, persons, programmes, rates, trips

_ATTENDED: Final = "attended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """What a confirmed seat says of the journey it leads to."""

    nomination_id: UUID
    event_id: UUID
    person_id: UUID
    programme_code: str
    organisation: str
    country: str
    unit_code: str | None
    journey: Journey
    budget_line_code: str | None
    synthetic: bool


async def open_trip_for_seat(unit: Unit, seat: Seat) -> Trip | None:
    """Open and estimate the one trip of a confirmed seat; None where the seat is released again.

    None too where the person was erased meanwhile: training releases the seat once it is told. A
    person not registered yet is known from now on; one whose record was merged travels as the
    record that stayed. Where they travel at that time already, the trip waits as `overlapping`. A
    second time changes nothing.
    """
    async with unit.begin() as tx:
        if await trips.is_settled(tx, seat.nomination_id):
            return tx.result(await trips.lock_of_nomination(tx, seat.nomination_id))
        traveller = await _traveller(tx, seat)
        if traveller is None:
            nomination, event = seat.nomination_id, seat.event_id
            await programmes.note_released_seat(tx, nomination, event, PERSON_ERASED)
            return tx.result(None)
        person_id, number = traveller
        trip = opened(
            uuid7(tx.now),
            person_id=person_id,
            programme_code=seat.programme_code,
            organisation=seat.organisation,
            country=seat.country,
            journey=seat.journey,
            nomination_id=seat.nomination_id,
            event_id=seat.event_id,
            budget_line_code=seat.budget_line_code,
            synthetic=seat.synthetic,
        )
        return tx.result(await _open(tx, trip, number))


async def _traveller(tx: Tx, seat: Seat) -> tuple[UUID, int] | None:
    """Return whose trip it is, with their number; None if who they are was erased."""
    person = registered(
        seat.person_id,
        organisation=seat.organisation,
        country=seat.country,
        unit_code=seat.unit_code,
        origin=PersonOrigin.SEAT,
        synthetic=seat.synthetic,
    )
    number, added = await persons.lock_or_add(tx, person)
    if added:
        tx.tell(person_registered(person), about=person)
        return person.id, number
    return await _who_stayed(tx, person.id, number)


async def _who_stayed(tx: Tx, person_id: UUID, number: int) -> tuple[UUID, int] | None:
    while not (standing := await identities.standing(tx, person_id)).erased:
        if standing.merged_into is None:
            return person_id, number
        person_id = standing.merged_into
        number = await persons.lock_number(tx, person_id)
    return None


async def _open(tx: Tx, trip: Trip, person_number: int) -> Trip:
    tx.tell(trip_opened(trip), about=trip)
    ready, calculation = await estimated(tx, Shelf(tx), trip)
    await trips.add(tx, ready, person_number=person_number)
    if calculation is not None:
        await rates.add_calculations(tx, [(ready, calculation)])
    return ready


async def open_trip(
    unit: Unit,
    person_id: UUID,
    journey: Journey,
    *,
    programme_code: str,
    event_id: UUID | None,
    budget_line_code: str | None,
    by: Caller,
) -> Trip:
    """Open and estimate a trip that no seat led to, for the organisation that sends the person.

    Refused: NoSuchPerson, PersonClosed, TripOverlaps.
    """
    async with unit.begin() as tx:
        person, number = await persons.lock(tx, person_id, by=by)
        (await identities.standing(tx, person_id)).must_be_open()
        trip = opened(
            uuid7(tx.now),
            person_id=person.id,
            programme_code=programme_code,
            organisation=person.organisation,
            country=person.country,
            journey=journey,
            event_id=event_id,
            budget_line_code=budget_line_code,
            synthetic=person.synthetic,
        )
        ready = await _open(tx, trip, number)
        if ready.state is TripState.OVERLAPPING:
            raise TripOverlaps("the person already has a trip at that time")
        return tx.result(ready)


async def cancel_trip(
    unit: Unit, trip_id: UUID, *, reason: CancelReason, expected: int, by: Caller
) -> Trip:
    """End a trip that will not take place; it stays on record and its funds are free again.

    Refused: NoSuchTrip, StaleVersion, TripCannotMove.
    """
    async with unit.begin() as tx:
        trip = await trips.lock(tx, trip_id, by=by)
        trip.must_be_at(expected)
        return tx.result(await _cancel(tx, trip, reason.reason()))


async def cancel_trip_of_seat(
    unit: Unit, nomination_id: UUID, *, event_id: UUID, reason: str
) -> Trip | None:
    """End the trip of a seat that was released; where there is none, none will be opened.

    A trip whose costs are claimed took place, whatever is said of its seat later: it stays.
    """
    async with unit.begin() as tx:
        trip = await trips.lock_of_nomination(tx, nomination_id)
        if trip is None:
            await programmes.note_released_seat(tx, nomination_id, event_id, reason)
            return tx.result(None)
        if trip.state is TripState.CANCELLED or trip.state in HELD:
            return tx.result(trip)
        return tx.result(await _cancel(tx, trip, released(reason)))


async def note_attendance(unit: Unit, nomination_id: UUID, outcome: str) -> Trip | None:
    """Keep what training says of a traveller's attendance, unless they were there to the end."""
    async with unit.begin() as tx:
        trip = await trips.lock_of_nomination(tx, nomination_id)
        said = None if outcome == _ATTENDED else outcome
        if trip is None or trip.attendance == said:
            return tx.result(trip)
        noted = trip.attended(said)
        await trips.save(tx, noted)
        tx.tell(trip_moved(noted), about=noted)
        return tx.result(noted)


async def _cancel(tx: Tx, trip: Trip, reason: Reason) -> Trip:
    """Cancel a locked trip, then give the person's overlapping trips their time."""
    ended = trip.cancelled(reason)
    await trips.save(tx, ended)
    tx.tell(trip_cancelled(ended), about=ended)
    free = [
        other
        for other in await trips.lock_overlapping(tx, trip.person_id)
        if other.id != trip.id and not await trips.is_away(tx, other)
    ]
    await estimate_again(tx, free[:1])
    return ended


async def cancel_ahead(tx: Tx, people: Sequence[UUID]) -> None:
    """Cancel the trips of records that are erased, as far as they are not over and not claimed.

    Those that wait for another one to end come first: nothing is estimated for them again.
    """
    ahead = await trips.not_over(tx, people, home_day(tx.now))
    for trip in sorted(ahead, key=lambda each: each.state is not TripState.OVERLAPPING):
        if trip.state not in HELD:
            await _cancel(tx, trip, released(PERSON_ERASED))


async def estimate_trip(unit: Unit, trip_id: UUID, *, expected: int, by: Caller) -> Trip:
    """Compute a trip's per diem again, as a new revision that replaces the former one.

    Refused: NoSuchTrip, StaleVersion, TripCannotMove.
    """
    async with unit.begin() as tx:
        trip = await trips.lock(tx, trip_id, by=by)
        trip.must_be_at(expected)
        (ready,) = await estimate_again(tx, [trip])
        return tx.result(ready)


async def mark_funded(unit: Unit, trip_id: UUID, *, revision: int) -> Trip:
    """Note that the funds of a revision are committed; an outdated revision changes nothing."""
    async with unit.begin() as tx:
        trip = await trips.lock_known(tx, trip_id)
        if not trip.awaits_funds_of(revision) or trip.estimate is None:
            return tx.result(trip)
        funded = trip.funded()
        await trips.save(tx, funded)
        tx.tell(trip_funded(funded, trip.estimate), about=funded)
        return tx.result(funded)


async def mark_needs_funds(
    unit: Unit, trip_id: UUID, *, revision: int, reason: Reason, available: Money | None
) -> Trip:
    """Note that a budget line refused the funds of a revision, for an officer to see and act."""
    async with unit.begin() as tx:
        trip = await trips.lock_known(tx, trip_id)
        if not trip.awaits_funds_of(revision):
            return tx.result(trip)
        without = trip.without_funds(reason, available)
        await trips.save(tx, without)
        tx.tell(trip_needs_funds(without), about=without)
        return tx.result(without)


async def request_funds_again(unit: Unit, programme_code: str, line: str) -> int:
    """Ask once more for every trip that waits for money of a line; return how many asked."""
    async with unit.begin() as tx:
        waiting = await trips.lock_without_funds(tx, programme_code, line)
        return tx.result(len(await estimate_again(tx, waiting)))
