"""What is known of a trip beyond one country's domestic rules: borders, stays, experts, roads."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Way(StrEnum):
    """How the state border was crossed; it decides which instant counts (s.12)."""

    LAND = "land"
    AIR = "air"
    SEA = "sea"


class Transfers(StrEnum):
    """Which ways to and from a station, airport or port are paid by the traveller (s.17(2))."""

    BOTH = "both"
    ONE = "one"


class NoTransport(StrEnum):
    """Reasons of s.17(4) for which neither transfers nor local transport are paid."""

    COMPANY_CAR = "company_car"
    PRIVATE_CAR = "private_car"
    MOTORCYCLE = "motorcycle"
    MOPED = "moped"
    FREE_TRANSPORT = "free_transport"
    NO_COST = "no_cost"


@dataclass(frozen=True, slots=True)
class Border:
    """The instant of s.12 at which foreign time begins or ends, and by which way.

    Land: crossing the border. Air: take-off from the last, landing at the first Polish airport.
    Sea: leaving the last, entering the first Polish port.
    """

    at: datetime
    way: Way


@dataclass(frozen=True, slots=True)
class Stay:
    """A destination the employer named. `since` is null for the first: it begins at the border.

    `overnight`: a night was spent there. `transfers`: which transfers the traveller pays there.
    """

    country: str
    place: str | None = None
    since: datetime | None = None
    overnight: bool = True
    transfers: Transfers | None = None

    def named_in(self, country: str) -> str | None:
        """Return the town it names, in small letters, "" for none; null if in another country."""
        return (self.place or "").casefold() if self.country == country else None


@dataclass(frozen=True, slots=True)
class FoodMoney:
    """Cash for food received abroad for one day, in the currency of the diet (s.14(4))."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Abroad:
    """The foreign part of a Polish business trip.

    Without `stays` the country and place of the trip are the only destination. `hospital` are the
    days in hospital (s.15). `legs_local_transport`: 20 % of the domestic diet is due on the way.
    """

    leaves: Border
    enters: Border
    stays: tuple[Stay, ...] = ()
    no_transport: NoTransport | None = None
    legs_local_transport: bool = False
    hospital: tuple[date, ...] = ()
    food_money: tuple[FoodMoney, ...] = ()

    def placed(self, country: str, town: str | None) -> "Abroad":
        """Return it with the trip's town at the stays that are meant to be there.

        A stay in that country that names no town is in the trip's town, unless another stay is.
        """
        if town is None:
            return self
        here, named = town.casefold(), [each.named_in(country) for each in self.stays]
        meant = here if here in named else ""
        moved = zip(self.stays, named, strict=True)
        stays = tuple(replace(each, place=town) if at == meant else each for each, at in moved)
        return replace(self, stays=stays)


@dataclass(frozen=True, slots=True)
class Distance:
    """A journey paid by distance: whole kilometres one way, as the official calculator shows.

    `travel_days` are days on the road that the grant supports, at `daily_support` in euro each;
    `activity_days` those of the activity, at 70 % of it from the fifteenth.
    """

    kilometres: int
    green: bool = False
    travel_days: int = 0
    daily_support: Decimal | None = None
    activity_days: int = 0


class Provision(StrEnum):
    """What the organiser of an event paid in the expert's place."""

    HOTEL = "hotel"
    CATERING = "catering"


@dataclass(frozen=True, slots=True)
class Provided:
    """A hotel night or catering that the organiser paid, at its cost in euro."""

    on: date
    what: Provision
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """The mission of an expert: fee days, what was provided, and where the expert lives.

    `daily_fee` in euro is the twinning fee of one working day; `official` is a Member State
    official mobilised from a public administration, who gets the fixed allowance of TAIEX.
    """

    home_country: str | None = None
    working_days: int = 0
    travel_days: int = 0
    daily_fee: Decimal | None = None
    official: bool = False
    provided: tuple[Provided, ...] = ()
