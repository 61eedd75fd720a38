"""Answers of /v1: persons, trips, rate sets, totals."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import RootModel

from kit.reply import etag
from kit.wire import Amount, Answer, Instant, MoneyOut
from participants.domain import person as people
from participants.domain import trip as journeys
from participants.domain.rates import Completeness, RateSetStatus, StoredSet


class Person(Answer):
    """A person under a pseudonym; who they are is not told here.

    A record that was merged stands for nobody by itself: use the one in `merged_into`, which is
    null where you may not see that one. To a record that is merged or erased nothing is added.
    """

    id: UUID
    etag: str
    public_ref: str
    role: people.PersonRole
    organisation: str
    country: str
    unit_code: str | None
    origin: people.PersonOrigin
    synthetic: bool
    standing: people.PersonStanding
    merged_into: UUID | None

    @classmethod
    def of(cls, person: people.Person) -> Self:
        """Return the wire form of a record that is open."""
        return cls.known(people.Known(person))

    @classmethod
    def known(cls, known: people.Known) -> Self:
        """Return the wire form."""
        person = known.person
        return cls(
            id=person.id,
            etag=etag(person.version),
            public_ref=person.public_ref,
            role=person.role,
            organisation=person.organisation,
            country=person.country,
            unit_code=person.unit_code,
            origin=person.origin,
            synthetic=person.synthetic,
            standing=known.standing,
            merged_into=known.merged_into,
        )


class Destination(Answer):
    """Where a trip goes, as far as it is known."""

    country: str | None
    city: str | None


class Reason(Answer):
    """Why a trip waits or ended: a stable code, and a sentence for the officer."""

    code: str
    text: str


class GivenRate(Answer):
    """What one unit of a currency is worth on a day, as `source` published it."""

    currency: str
    rate: Amount
    on: date
    source: str


class Exchange(Answer):
    """What converts a trip's currencies into the one of its estimate."""

    into: str
    rates: list[GivenRate]


class Trip(Answer):
    """A trip; `state` says what it waits for, `reason` why.

    `organisation` and `country` are the sender's. `revision` counts the calculations, `estimate`
    is the total of the latest, `totals` its totals by currency, which `exchange` converts where
    there are several. `attendance` is what training told of it where that is not the whole.
    `available` is what the budget line could give when it refused.
    """

    id: UUID
    etag: str
    person_id: UUID
    nomination_id: UUID | None
    event_id: UUID | None
    programme_code: str
    organisation: str
    country: str
    destination: Destination
    first_day: date | None
    last_day: date | None
    departs_at: Instant | None
    returns_at: Instant | None
    budget_line_code: str | None
    synthetic: bool
    state: journeys.TripState
    reason: Reason | None
    ruleset: str | None
    revision: int
    estimate: MoneyOut | None
    totals: list[MoneyOut]
    exchange: Exchange | None
    attendance: str | None
    available: MoneyOut | None

    @classmethod
    def of(cls, trip: journeys.Trip) -> Self:
        """Return the wire form."""
        journey, reason = trip.journey, trip.reason
        return cls(
            id=trip.id,
            etag=etag(trip.version),
            person_id=trip.person_id,
            nomination_id=trip.nomination_id,
            event_id=trip.event_id,
            programme_code=trip.programme_code,
            organisation=trip.organisation,
            country=trip.country,
            destination=Destination(country=journey.country, city=journey.city),
            first_day=journey.first_day,
            last_day=journey.last_day,
            departs_at=journey.departs_at,
            returns_at=journey.returns_at,
            budget_line_code=trip.budget_line_code,
            synthetic=trip.synthetic,
            state=trip.state,
            reason=None if reason is None else Reason(code=reason.code, text=reason.text),
            ruleset=trip.ruleset,
            revision=trip.revision,
            estimate=None if trip.estimate is None else MoneyOut.of(trip.estimate),
            totals=[MoneyOut.of(total) for total in trip.totals],
            exchange=_exchange(trip),
            attendance=trip.attendance,
            available=None if trip.available is None else MoneyOut.of(trip.available),
        )


def _exchange(trip: journeys.Trip) -> Exchange | None:
    if trip.exchange is None:
        return None
    rates = [
        GivenRate(currency=r.currency, rate=r.rate, on=r.on, source=r.source)
        for r in trip.exchange.rates
    ]
    return Exchange(into=trip.exchange.into, rates=rates)


class RateSet(Answer):
    """One dated edition of an authority's rates; `checksum` is the SHA-256 of its content."""

    code: str
    scheme: str
    title: str
    legal_reference: str
    effective_from: date | None
    status: RateSetStatus
    completeness: Completeness
    source: str
    note: str
    checksum: str
    corrects: str | None
    published_at: Instant | None

    @classmethod
    def of(cls, stored: StoredSet) -> "RateSet":
        """Show a rate set as it is on record."""
        edition = stored.edition
        return cls(
            code=edition.code,
            scheme=edition.scheme,
            title=edition.title,
            legal_reference=edition.legal_reference,
            effective_from=edition.effective_from,
            status=edition.status,
            completeness=edition.completeness,
            source=edition.source,
            note=edition.note,
            checksum=stored.checksum,
            corrects=edition.corrects,
            published_at=stored.published_at,
        )


class AffectedCalculation(Answer):
    """A calculation that used a set; `newest` if no later revision of its trip replaced it."""

    trip_id: UUID
    revision: int
    newest: bool
    ruleset: str
    amount: MoneyOut


class AffectedCalculations(Answer):
    """The calculations that used a rate set."""

    items: list[AffectedCalculation]


class CountryRate(Answer):
    """What a set allows for a country or a place in it, and how well that is attested."""

    country: str
    place: str | None
    currency: str
    allowance: Amount
    lodging_limit: Amount | None
    valid_from: date
    source: str
    confidence: str


class RateOfSet(CountryRate):
    """A rate of a set with its further numbers by name: meals of a tier, the ends of a band."""

    further: dict[str, Amount] | None


class RateSetWithRates(Answer):
    """A rate set with every rate in it."""

    rate_set: RateSet
    rates: list[RateOfSet]


class TripCounts(Answer):
    """How many trips are in each state."""

    by_state: dict[journeys.TripState, int]


class PerDiemTotal(Answer):
    """Estimates of trips not cancelled, and those of them with money; one row per currency.

    `certified` is what checks of claims found right, `paid` what of that is paid.
    """

    currency: str
    estimated: Amount
    funded: Amount
    certified: Amount
    paid: Amount
    trips: int


class ProgrammeTotals(Answer):
    """What the trips of a programme add up to; `synthetic` if some stand for published counts."""

    programme_code: str
    trips: TripCounts
    per_diem: list[PerDiemTotal]
    synthetic: bool


class PortfolioTotals(RootModel[dict[str, ProgrammeTotals]]):
    """The totals of every programme with trips, by programme code."""
