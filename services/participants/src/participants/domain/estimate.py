"""From a trip and its programme's pin to an estimate, or to the reason why there is none."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from participants.domain.assumptions import NO_MEALS_OR_LODGING, WHOLE_DAYS
from participants.domain.choices import Pin
from participants.domain.decoding import decoded
from participants.domain.explained import Result
from participants.domain.per_diem import Ruleset, TripFacts
from participants.domain.rates import NoRate, Rate, RateBook
from participants.domain.rulesets import RULESETS
from participants.domain.trip import Reason, Trip, TripState


@dataclass(frozen=True, slots=True)
class ProgrammePin:
    """The local copy of what a programme fixed; `sequence` is the version it was copied from.

    `domestic` and `abroad` are codes of rulesets, null while the programme has not chosen.
    """

    code: str
    sequence: int
    status: str
    domestic: str | None
    abroad: str | None
    budget_line_code: str | None
    choices: Pin = field(default_factory=Pin)


@dataclass(frozen=True, slots=True)
class Calculation:
    """A result together with everything it was computed from, so that it can be run again."""

    ruleset: Ruleset
    facts: TripFacts
    pin: Pin
    rates: tuple[Rate, ...]
    result: Result


class CannotEstimate(Exception):
    """The estimate waits for something; `state` is what the trip becomes, `reason` says why."""

    def __init__(self, state: TripState, code: str, text: str) -> None:
        super().__init__(text)
        self.state = state
        self.reason = Reason(code, text)


def ruleset_for(trip: Trip, pin: ProgrammePin | None) -> Ruleset:
    """Return the ruleset the programme pinned for this trip, or raise CannotEstimate."""
    if trip.journey.country is None:
        raise _facts("destination_unknown", "The destination of the trip is not known yet.")
    if pin is None:
        text = f"The programme {trip.programme_code} is not known here yet."
        raise CannotEstimate(TripState.NEEDS_RULESET, "programme_unknown", text)
    code = pin.domestic if trip.is_domestic else pin.abroad
    where = "inside the country" if trip.is_domestic else "abroad"
    if code is None:
        text = f"The programme {pin.code} has pinned no ruleset for trips {where}."
        raise CannotEstimate(TripState.NEEDS_RULESET, "no_ruleset_pinned", text)
    if code not in RULESETS:
        text = f"The ruleset {code}, pinned for trips {where}, cannot be computed yet."
        raise CannotEstimate(TripState.NEEDS_RULESET, "ruleset_not_supported", text)
    return RULESETS[code]


def facts_for(trip: Trip) -> TripFacts:
    """Return the facts of a trip as far as they are known, naming what is assumed."""
    if trip.travel_facts is not None:
        return decoded(TripFacts, json.loads(trip.travel_facts))
    journey = trip.journey
    span = journey.during
    if span is None or journey.first_day is None or journey.last_day is None:
        raise _facts("dates_unknown", "The dates of the trip are not known yet.")
    departs_at, returns_at = span
    return TripFacts(
        country=journey.country or "",
        place=journey.city,
        departs_at=departs_at,
        returns_at=returns_at,
        first_day=journey.first_day,
        last_day=journey.last_day,
        assumed=_assumed(journey.departs_at, journey.returns_at),
    )


def _facts(code: str, text: str) -> CannotEstimate:
    return CannotEstimate(TripState.NEEDS_FACTS, code, text)


def _assumed(departs_at: datetime | None, returns_at: datetime | None) -> tuple[str, ...]:
    if departs_at is None or returns_at is None:
        return (WHOLE_DAYS, NO_MEALS_OR_LODGING)
    return (NO_MEALS_OR_LODGING,)


def estimate(trip: Trip, pin: ProgrammePin | None, book: RateBook) -> Calculation:
    """Compute what a trip will cost by its programme's rules, or raise CannotEstimate.

    `book` holds the rate sets of the pinned ruleset. No other list stands in for a missing rate.
    """
    ruleset = ruleset_for(trip, pin)
    choices = pin.choices if pin is not None else Pin()
    facts = facts_for(trip)
    violations = ruleset.violations(facts)
    if violations:
        text = " ".join(violation.message for violation in violations)
        raise CannotEstimate(TripState.NEEDS_RULESET, violations[0].code, text)
    try:
        rates = ruleset.select(book, facts, choices)
    except NoRate as error:
        raise CannotEstimate(TripState.NEEDS_RATE, error.code, error.reason) from error
    return Calculation(ruleset, facts, choices, rates, ruleset.compute(facts, choices, rates))
