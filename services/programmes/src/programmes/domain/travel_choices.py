"""What a contract says of travel where the rules leave a choice (per-diem RULES, part 9).

Participants computes by them; a choice that is absent is the one the rules take by default.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Counting(StrEnum):
    """How time is measured (RULES 9.5): between instants, or by the clock on the wall."""

    ELAPSED = "elapsed"
    WALL_CLOCK = "wall_clock"


class DomesticLegs(StrEnum):
    """How the parts of a foreign trip inside Poland count (RULES 9.2): each alone, or added."""

    SEPARATE = "separate"
    SUMMED = "summed"


class SeveralCountries(StrEnum):
    """How diets run over several destinations: in each country anew, or through, by period."""

    EACH_COUNTRY = "each_country"
    PERIOD_START = "period_start"


@dataclass(frozen=True, slots=True)
class TravelChoices:
    """The choices on record; the rule for exchange rates (RULES 9.8) is recorded by itself.

    `rate_list` is the EU list that the contract names. `call_opened_on` and `unit_costs_opt_in`
    choose the table of unit costs for travel. `compensation_percent` is what a twinning contract
    adds to expert fees for management.
    """

    counting: Counting | None = None
    rate_list: str | None = None
    domestic_legs: DomesticLegs | None = None
    several_countries: SeveralCountries | None = None
    call_opened_on: date | None = None
    unit_costs_opt_in: bool | None = None
    compensation_percent: int | None = None
