"""What a programme may choose about per diems (RULES 9), each with the words a clerk reads.

Whatever applied is stored with the result: another programme may have chosen differently.
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
    """How diets run where the employer named several destinations; the regulation is silent.

    `each_country`: the time in each country is cut into its own 24-hour periods.
    `period_start`: periods run through, and each is paid at the rate of where it begins.
    """

    EACH_COUNTRY = "each_country"
    PERIOD_START = "period_start"


class ExchangeRule(StrEnum):
    """How a contract converts money (RULES 9.8). The engine stores it and converts nothing."""

    ECB_DAILY = "ecb_daily"
    INFOREURO_MONTH_OF_COST = "inforeuro_month_of_cost"
    INFOREURO_MONTH_OF_SUBMISSION = "inforeuro_month_of_submission"
    INFOREURO_AVERAGE_OF_PERIOD = "inforeuro_average_of_period"
    NBP_DAY_BEFORE = "nbp_day_before"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Pin:
    """The choices of a programme (RULES 9) that a calculation depends on; stored with it.

    `contract_concluded_on` and `rate_list` choose the EU list; the travel date never does.
    `call_opened_on` and `unit_costs_opt_in` choose the table of unit costs for travel.
    `compensation_percent` is what a twinning contract adds to expert fees for management.
    """

    counting: Counting = Counting.ELAPSED
    contract_concluded_on: date | None = None
    rate_list: str | None = None
    domestic_legs: DomesticLegs = DomesticLegs.SEPARATE
    several_countries: SeveralCountries = SeveralCountries.EACH_COUNTRY
    exchange_rule: ExchangeRule | None = None
    call_opened_on: date | None = None
    unit_costs_opt_in: bool = False
    compensation_percent: int = 150


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice that applied to a calculation: its name and the value it had."""

    name: str
    value: str | None
