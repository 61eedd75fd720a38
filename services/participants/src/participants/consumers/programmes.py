"""What the programmes service tells: the rules a programme fixed, and whether there is money."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from contracts.programmes.facts import (
    BudgetLineOpened,
    BudgetLineRaised,
    FundsCommitted,
    FundsRefused,
    ProgrammeChanged,
    TravelChoices,
)
from kit.db.unit import Unit
from kit.facts import Envelope, Fact
from kit.feed.follow import Handler
from kit.money import Money
from participants.commands import programmes, trips
from participants.domain.choices import (
    Counting,
    DomesticLegs,
    ExchangeRule,
    Pin,
    SeveralCountries,
)
from participants.domain.estimate import ProgrammePin
from participants.domain.trip import Reason

_WHY = {
    "budget_exceeded": "The budget line has less money left than the trip needs.",
    "currency_differs": "The budget line is in another currency than the per diem.",
    "no_such_line": "The programme has no such budget line.",
    "line_closed": "The budget line is closed.",
}


async def on_programme_changed(unit: Unit, fact: ProgrammeChanged, meta: Envelope) -> None:
    """Copy the programme's rules and estimate the trips that waited for them."""
    pin = ProgrammePin(
        code=fact.programme_code,
        sequence=meta.sequence,
        status=fact.status,
        domestic=fact.rulesets.domestic,
        abroad=fact.rulesets.abroad,
        budget_line_code=fact.per_diem_budget_line,
        choices=choices_of(fact),
    )
    await programmes.pin_programme(unit, pin)


_WORDS: Final[Mapping[str, Callable[[str], object]]] = {
    "counting": Counting,
    "domestic_legs": DomesticLegs,
    "several_countries": SeveralCountries,
    "exchange_rule": ExchangeRule,
}


def choices_of(fact: ProgrammeChanged) -> Pin:
    """Return what the programme's contract chose; what it leaves open is as the rules take it.

    Raises ValueError for a choice these rules do not know: the fact is parked, and seen.
    """
    chosen: dict[str, Any] = {
        name: _WORDS[name](value) if name in _WORDS else value
        for name, value in fact.travel_choices or TravelChoices()
        if value is not None
    }
    return replace(Pin(contract_concluded_on=fact.contract_concluded_on), **chosen)


async def on_funds_committed(unit: Unit, fact: FundsCommitted, _meta: Envelope) -> None:
    """Note that a trip is paid for."""
    await trips.mark_funded(unit, fact.trip_id, revision=fact.revision)


async def on_funds_refused(unit: Unit, fact: FundsRefused, _meta: Envelope) -> None:
    """Note that a trip lacks money, and how much there is."""
    available = fact.available
    await trips.mark_needs_funds(
        unit,
        fact.trip_id,
        revision=fact.revision,
        reason=Reason(fact.reason, _WHY.get(fact.reason, "The money was refused.")),
        available=None if available is None else Money(available.amount, available.currency),
    )


async def on_budget_line_raised(unit: Unit, fact: BudgetLineRaised, _meta: Envelope) -> None:
    """Ask again for the trips that wait for money of this line."""
    await trips.request_funds_again(unit, fact.programme_code, fact.budget_line_code)


async def on_budget_line_opened(unit: Unit, fact: BudgetLineOpened, _meta: Envelope) -> None:
    """Ask again for the trips that named this line before it existed."""
    await trips.request_funds_again(unit, fact.programme_code, fact.budget_line_code)


HANDLERS: Final[Mapping[type[Fact], Handler]] = {
    ProgrammeChanged: on_programme_changed,
    FundsCommitted: on_funds_committed,
    FundsRefused: on_funds_refused,
    BudgetLineRaised: on_budget_line_raised,
    BudgetLineOpened: on_budget_line_opened,
}
