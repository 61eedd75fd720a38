"""What a contract says of travel, as requests give it."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from kit.wire import WHOLE, Code, Day, Flag, Request
from programmes.domain.programme import Rulesets
from programmes.domain.travel_choices import (
    Counting,
    DomesticLegs,
    SeveralCountries,
    TravelChoices,
)


class TravelChoicesIn(Request):
    """What the contract says of travel where the rules leave a choice; null: it says nothing.

    The rule for exchange rates is recorded with PUT exchange-rule.
    """

    counting: Counting | None = None
    rate_list: Code | None = None
    domestic_legs: DomesticLegs | None = None
    several_countries: SeveralCountries | None = None
    call_opened_on: Day | None = None
    unit_costs_opt_in: Flag | None = None
    compensation_percent: Annotated[int, Field(ge=0, le=1000), WHOLE] | None = None

    def choices(self, former: TravelChoices | None = None) -> TravelChoices:
        """Return the domain value: the former choices with those sent in their place."""
        return replace(former or TravelChoices(), **self.model_dump(exclude_unset=True))


class RulesetsIn(Request):
    """Codes of the per-diem rulesets that bind travel at home and abroad."""

    domestic: Code | None = None
    abroad: Code | None = None

    def rulesets(self, former: Rulesets | None = None) -> Rulesets:
        """Return the domain value: the former codes with those sent in their place."""
        return replace(former or Rulesets(), **self.model_dump(exclude_unset=True))
