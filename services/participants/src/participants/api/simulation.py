"""The body of a simulation: the facts of a trip of nobody in particular, and a programme's choices.

Amounts are strings; times are local, with their offset; a `zone` makes the offset checked.
"""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from kit.errors import Violation
from kit.wire import WHOLE, Amount, Code, Country, Currency, Flag, Line, Request
from participants.api.requests import Kilometres, LocalTime, NightCount, TripDay, Words, Zone
from participants.domain.abroad import (
    Abroad,
    Border,
    Distance,
    Expert,
    FoodMoney,
    NoTransport,
    Provided,
    Provision,
    Stay,
    Transfers,
    Way,
)
from participants.domain.choices import (
    Counting,
    DomesticLegs,
    ExchangeRule,
    Pin,
    SeveralCountries,
)
from participants.domain.local_time import zone_violations
from participants.domain.per_diem import (
    Cost,
    CostKind,
    DayMeals,
    LocalTransport,
    LodgingKind,
    Meal,
    Night,
    NoDiet,
    TripFacts,
)

DayCount = Annotated[int, Field(ge=0, le=366), WHOLE]
Percent = Annotated[int, Field(ge=0, le=1000), WHOLE]


class MealsIn(Request):
    """The meals provided free of charge on one day; `abroad` where their hour does not tell."""

    on: TripDay
    provided: Annotated[tuple[Meal, ...], Field(max_length=3)]
    abroad: Flag | None = None


class NightIn(Request):
    """One night, named by its evening; `bill` in the currency of the rate."""

    on: TripDay
    kind: LodgingKind
    bill: Amount | None = None
    consent: Flag = False
    country: Country | None = None


class CostIn(Request):
    """A ticket or another documented cost as it is, or kilometres at the rate for one of them."""

    kind: CostKind
    amount: Amount
    kilometres: Kilometres | None = None
    currency: Currency | None = None


class ContractIn(Request):
    """What of a programme's contract fixes the EU list: its date, or the list it names."""

    concluded_on: TripDay | None = None
    rate_list: Code | None = None


class ProgrammeIn(Request):
    """The other choices a programme may make; each has the value most programmes have."""

    domestic_legs: DomesticLegs = DomesticLegs.SEPARATE
    several_countries: SeveralCountries = SeveralCountries.EACH_COUNTRY
    exchange_rule: ExchangeRule | None = None
    call_opened_on: TripDay | None = None
    unit_costs_opt_in: Flag = False
    compensation_percent: Percent = 150


class BorderIn(Request):
    """When the state border was crossed, and by land, air or sea."""

    at: LocalTime
    way: Way = Way.LAND


class StayIn(Request):
    """A destination the employer named; every one but the first says since when.

    In the country of the trip, one that names no town is in the town that the trip names.
    """

    country: Country
    place: Words | None = None
    since: LocalTime | None = None
    overnight: Flag = True
    transfers: Transfers | None = None


class FoodMoneyIn(Request):
    """Cash for food received abroad for one day."""

    on: TripDay
    amount: Amount


class AbroadIn(Request):
    """The foreign part of a Polish business trip."""

    leaves: BorderIn
    enters: BorderIn
    stays: Annotated[tuple[StayIn, ...], Field(max_length=50)] = ()
    no_transport: NoTransport | None = None
    legs_local_transport: Flag = False
    hospital: Annotated[tuple[TripDay, ...], Field(max_length=366)] = ()
    food_money: Annotated[tuple[FoodMoneyIn, ...], Field(max_length=366)] = ()

    def part(self) -> Abroad:
        """Return the domain value."""
        return Abroad(
            leaves=Border(self.leaves.at, self.leaves.way),
            enters=Border(self.enters.at, self.enters.way),
            stays=tuple(
                Stay(s.country, s.place, s.since, s.overnight, s.transfers) for s in self.stays
            ),
            no_transport=self.no_transport,
            legs_local_transport=self.legs_local_transport,
            hospital=self.hospital,
            food_money=tuple(FoodMoney(each.on, each.amount) for each in self.food_money),
        )


class DistanceIn(Request):
    """A journey paid by distance: whole kilometres one way, and the days the grant supports."""

    kilometres: Kilometres
    green: Flag = False
    travel_days: DayCount = 0
    activity_days: DayCount = 0
    daily_support: Amount | None = None

    def part(self) -> Distance:
        """Return the domain value."""
        return Distance(
            kilometres=self.kilometres,
            green=self.green,
            travel_days=self.travel_days,
            daily_support=self.daily_support,
            activity_days=self.activity_days,
        )


class ProvidedIn(Request):
    """A hotel night or catering the organiser paid, at its cost in euro."""

    on: TripDay
    what: Provision
    cost: Amount


class ExpertIn(Request):
    """The mission of a TAIEX or twinning expert."""

    home_country: Country | None = None
    working_days: DayCount = 0
    travel_days: DayCount = 0
    daily_fee: Amount | None = None
    official: Flag = False
    provided: Annotated[tuple[ProvidedIn, ...], Field(max_length=366)] = ()

    def part(self) -> Expert:
        """Return the domain value."""
        return Expert(
            home_country=self.home_country,
            working_days=self.working_days,
            travel_days=self.travel_days,
            daily_fee=self.daily_fee,
            official=self.official,
            provided=tuple(Provided(each.on, each.what, each.cost) for each in self.provided),
        )


class Simulation(Request):
    """The facts of a trip, of nobody in particular, and the rules to compute it by.

    With `zone`, the offsets of departure, return and the borders must be those of that zone.
    """

    ruleset: Code
    country: Country
    place: Line | None = None
    departs_at: LocalTime
    returns_at: LocalTime
    zone: Zone | None = None
    meals: Annotated[tuple[MealsIn, ...], Field(max_length=367)] = ()
    nights: Annotated[tuple[NightIn, ...], Field(max_length=367)] = ()
    costs: Annotated[tuple[CostIn, ...], Field(max_length=50)] = ()
    local_transport: LocalTransport = LocalTransport.NONE
    local_transport_costs: Amount | None = None
    no_diet: NoDiet | None = None
    mobilisation: Flag = False
    nights_away: NightCount | None = None
    contract: ContractIn = ContractIn()
    counting: Counting = Counting.ELAPSED
    programme: ProgrammeIn = ProgrammeIn()
    abroad: AbroadIn | None = None
    distance: DistanceIn | None = None
    expert: ExpertIn | None = None

    def facts(self) -> TripFacts:
        """Return the domain value, not checked yet."""
        return TripFacts(
            country=self.country,
            place=self.place,
            departs_at=self.departs_at,
            returns_at=self.returns_at,
            first_day=self.departs_at.date(),
            last_day=self.returns_at.date(),
            meals=tuple([DayMeals(m.on, m.provided, m.abroad) for m in self.meals]),
            nights=tuple([Night(n.on, n.kind, n.bill, n.consent, n.country) for n in self.nights]),
            costs=tuple(Cost(c.kind, c.amount, c.kilometres, c.currency) for c in self.costs),
            local_transport=self.local_transport,
            local_transport_costs=self.local_transport_costs,
            no_diet=self.no_diet,
            mobilisation=self.mobilisation,
            nights_away=self.nights_away,
            abroad=None
            if self.abroad is None
            else self.abroad.part().placed(self.country, self.place),
            distance=None if self.distance is None else self.distance.part(),
            expert=None if self.expert is None else self.expert.part(),
        )

    def pin(self) -> Pin:
        """Return the choices a programme would have pinned."""
        chosen = self.programme
        return Pin(
            counting=self.counting,
            contract_concluded_on=self.contract.concluded_on,
            rate_list=self.contract.rate_list,
            domestic_legs=chosen.domestic_legs,
            several_countries=chosen.several_countries,
            exchange_rule=chosen.exchange_rule,
            call_opened_on=chosen.call_opened_on,
            unit_costs_opt_in=chosen.unit_costs_opt_in,
            compensation_percent=chosen.compensation_percent,
        )

    def time_violations(self) -> list[Violation]:
        """List times that do not exist in the zone, or have another one's offset."""
        if self.zone is None:
            return []
        zone = ZoneInfo(self.zone)
        return [
            violation
            for pointer, at in self._times()
            for violation in zone_violations(pointer, at, zone)
        ]

    def _times(self) -> list[tuple[str, datetime]]:
        times = [("/departs_at", self.departs_at), ("/returns_at", self.returns_at)]
        if self.abroad is not None:
            times.append(("/abroad/leaves/at", self.abroad.leaves.at))
            times.append(("/abroad/enters/at", self.abroad.enters.at))
        return times
