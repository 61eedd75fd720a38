"""What a clerk records of a trip: how it went, and the exchange rates of its programme's rule."""

from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import Field

from kit.errors import Violation
from kit.wire import Amount, Code, Country, Currency, Flag, Request
from participants.api.requests import LocalTime, NightCount, TripDay, Words, Zone
from participants.api.simulation import (
    AbroadIn,
    CostIn,
    DistanceIn,
    ExpertIn,
    MealsIn,
    NightIn,
    Simulation,
)
from participants.domain.exchange import Exchange, GivenRate
from participants.domain.per_diem import LocalTransport, NoDiet, TripFacts

Worth = Annotated[Amount, Field(gt=0, lt=10**9)]
_ANY: Final = "ANY"


class Destination(Request):
    """Where the trip went, if it went elsewhere than planned."""

    country: Country
    city: Words | None = None


class TravelFacts(Request):
    """How a trip went: the facts of a simulation, for this trip. It replaces all told before.

    With `zone`, the offsets of departure, return and the borders must be those of that zone.
    """

    destination: Destination | None = None
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
    abroad: AbroadIn | None = None
    distance: DistanceIn | None = None
    expert: ExpertIn | None = None

    def facts(self) -> TripFacts:
        """Return the domain value; its country is empty where it is the planned one."""
        return self._simulated().facts()

    def time_violations(self) -> list[Violation]:
        """List times that do not exist in the zone, or have another one's offset."""
        return self._simulated().time_violations()

    def _simulated(self) -> Simulation:
        own: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields}
        gone = own.pop("destination")
        country, place = ("", None) if gone is None else (gone.country, gone.city)
        return Simulation.model_construct(ruleset=_ANY, country=country, place=place, **own)


class GivenRateIn(Request):
    """What one unit of a currency is worth on a day; `source` names the table, such as an NBP one.

    For example `045-A-NBP-2026`: letters, digits and dashes.
    """

    currency: Currency
    rate: Worth
    on: TripDay
    source: Code


class ExchangeIn(Request):
    """Rates into the currency of the budget line, by the rule of the programme's contract."""

    into: Currency
    rates: Annotated[tuple[GivenRateIn, ...], Field(min_length=1, max_length=20)]

    def exchange(self) -> Exchange:
        """Return the domain value."""
        rates = tuple(
            GivenRate(each.currency, Decimal(each.rate), each.on, each.source)
            for each in self.rates
        )
        return Exchange(self.into, rates)
