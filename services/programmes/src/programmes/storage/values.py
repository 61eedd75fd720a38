"""Domain values and the JSON in which they are stored; the API shows the same JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import Range

from programmes.domain.fuzzy_date import FuzzyDate, Precision
from programmes.domain.programme import FundingRules, Identifier, Objective, Rulesets
from programmes.domain.source import Count, CountBasis, CountQualifier, Source
from programmes.domain.travel_choices import (
    Counting,
    DomesticLegs,
    SeveralCountries,
    TravelChoices,
)

Json = dict[str, Any]


def fuzzy_json(fuzzy: FuzzyDate) -> Json:
    """Return the stored form of a date."""
    return {
        "from": fuzzy.earliest and fuzzy.earliest.isoformat(),
        "to": fuzzy.latest and fuzzy.latest.isoformat(),
        "precision": fuzzy.precision.value,
        "text": fuzzy.text,
        "edtf": fuzzy.edtf,
    }


def fuzzy(stored: Json) -> FuzzyDate:
    """Return a date from its stored form."""
    return FuzzyDate(
        _day(stored["from"]), _day(stored["to"]), Precision(stored["precision"]), stored["text"]
    )


def _day(iso: str | None) -> date | None:
    return None if iso is None else date.fromisoformat(iso)


def spanning(begin: FuzzyDate, end: FuzzyDate) -> Range[date]:
    """Return every day between two dates at their widest; open where a date is not stated."""
    return Range(begin.earliest, end.latest, bounds="[]")


def source_json(source: Source | None) -> Json | None:
    """Return the stored form of a source."""
    return None if source is None else asdict(source)


def cited(source: Source) -> Json:
    """Return the stored form of a source that is always there."""
    return asdict(source)


def source(stored: Json | None) -> Source | None:
    """Return a source from its stored form."""
    return None if stored is None else Source(**stored)


def citations(stored: Json) -> Mapping[str, Source]:
    """Return the source of each field."""
    return {field: Source(**value) for field, value in stored.items()}


def count(stored: Json) -> Count:
    """Return a count from its stored form."""
    return Count(
        stored["subject"],
        stored["value"],
        CountQualifier(stored["qualifier"]),
        CountBasis(stored["basis"]),
        Source(**stored["source"]),
    )


def objective(stored: Json) -> Objective:
    """Return an objective from its stored form."""
    return Objective(stored["kind"], stored["text"], Source(**stored["source"]))


def funding_rules(stored: Json | None) -> FundingRules | None:
    """Return funding rules from their stored form."""
    if stored is None:
        return None
    covered = tuple(stored["covered"])
    return FundingRules(stored["participation"], covered, Source(**stored["source"]))


def rulesets(stored: Json) -> Rulesets:
    """Return the pinned rulesets from their stored form."""
    return Rulesets(**stored)


def travel_choices(stored: Json | None) -> TravelChoices | None:
    """Return what a contract says of travel from its stored form."""
    if stored is None:
        return None
    counting, legs = stored["counting"], stored["domestic_legs"]
    several = stored["several_countries"]
    return TravelChoices(
        counting=counting and Counting(counting),
        rate_list=stored["rate_list"],
        domestic_legs=legs and DomesticLegs(legs),
        several_countries=several and SeveralCountries(several),
        call_opened_on=_day(stored["call_opened_on"]),
        unit_costs_opt_in=stored["unit_costs_opt_in"],
        compensation_percent=stored["compensation_percent"],
    )


def travel_choices_json(choices: TravelChoices | None) -> Json | None:
    """Return the stored form of what a contract says of travel."""
    if choices is None:
        return None
    opened = choices.call_opened_on
    return asdict(choices) | {"call_opened_on": opened and opened.isoformat()}


def identifier(stored: Json) -> Identifier:
    """Return an identifier from its stored form."""
    return Identifier(**stored)
