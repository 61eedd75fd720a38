"""What is wrong with the facts of a Polish foreign trip: every violation, with its field."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from kit.errors import Violation
from participants.domain.abroad import Abroad, Transfers
from participants.domain.checks import amount_violations, general_violations
from participants.domain.moments import clock_reading, day_reading
from participants.domain.per_diem import LocalTransport, LodgingKind, NoDiet, TripFacts

_EUR: Final = "EUR"
_EVENING: Final = 21 * 3600
_MORNING: Final = 31 * 3600
_WAYS: Final = {None: 0, Transfers.ONE: 1, Transfers.BOTH: 2}


def violations(facts: TripFacts) -> list[Violation]:
    """List what is wrong with the facts of a foreign trip."""
    found = general_violations(facts, _EUR)
    if facts.country == "PL":
        message = "PL_FOREIGN covers trips abroad only."
        found.append(Violation("/country", "country_not_covered", message))
    found.extend(_not_covered(facts))
    if facts.abroad is not None:
        found.extend(_borders(facts, facts.abroad))
        found.extend(_stays(facts.abroad))
        found.extend(_transfers(facts.abroad))
        found.extend(_days(facts.abroad))
    told = {violation.pointer for violation in found}
    found.extend(each for each in _nights(facts) if each.pointer not in told)
    return found


def _not_covered(facts: TripFacts) -> Iterator[Violation]:
    stated = {
        "/mobilisation": facts.mobilisation,
        "/nights_away": facts.nights_away is not None,
        "/distance": facts.distance is not None,
        "/expert": facts.expert is not None,
        "/no_diet": facts.no_diet is NoDiet.HOME_VISIT,
        "/local_transport": facts.local_transport is LocalTransport.ACTUAL,
    }
    for pointer, present in stated.items():
        if present:
            message = "PL_FOREIGN has no such thing: it pays by chapter 3 of the regulation."
            yield Violation(pointer, "not_covered_by_ruleset", message)


def _borders(facts: TripFacts, abroad: Abroad) -> Iterator[Violation]:
    for name, border in (("leaves", abroad.leaves), ("enters", abroad.enters)):
        if not facts.departs_at <= border.at <= facts.returns_at:
            message = "The border is crossed between the departure and the return."
            yield Violation(f"/abroad/{name}/at", "crossing_outside_trip", message)
    if abroad.enters.at <= abroad.leaves.at:
        message = "The way back crosses the border after the way out."
        yield Violation("/abroad/enters/at", "crossings_in_wrong_order", message)


def _stays(abroad: Abroad) -> Iterator[Violation]:
    last = abroad.leaves.at
    for index, stay in enumerate(abroad.stays):
        pointer = f"/abroad/stays/{index}"
        if stay.country == "PL":
            message = "A destination abroad is not in Poland."
            yield Violation(f"{pointer}/country", "country_not_covered", message)
        if stay.since is None:
            if index:
                message = "Every destination after the first says since when."
                yield Violation(f"{pointer}/since", "stay_without_beginning", message)
            continue
        if index == 0 and stay.since != abroad.leaves.at:
            message = "The first destination counts from the border."
            yield Violation(f"{pointer}/since", "stay_not_from_border", message)
        if not last <= stay.since < abroad.enters.at or (index and stay.since == last):
            message = "Destinations follow one another between the two border crossings."
            yield Violation(f"{pointer}/since", "stay_outside_foreign_part", message)
        last = max(last, stay.since)


def _transfers(abroad: Abroad) -> Iterator[Violation]:
    """Yield stays that take a town over one diet for transfers: s.17(1) gives one in each town.

    Two stays may share it, half each. Whether stays that name no town are in one is not known.
    """
    ways: Counter[tuple[str, str]] = Counter()
    for index, stay in enumerate(abroad.stays):
        town = (stay.country, (stay.place or "").casefold())
        ways[town] += _WAYS[stay.transfers]
        if stay.place and stay.transfers is not None and ways[town] > _WAYS[Transfers.BOTH]:
            message = "Transfers in one town are one diet, however many stays are in it."
            yield Violation(f"/abroad/stays/{index}/transfers", "transfers_paid_twice", message)


def _days(abroad: Abroad) -> Iterator[Violation]:
    first, last = abroad.leaves.at.date(), abroad.enters.at.date()
    for index, on in enumerate(abroad.hospital):
        if not first <= on <= last:
            message = "The day in hospital must lie in the foreign part of the trip."
            yield Violation(f"/abroad/hospital/{index}", "day_not_travelled", message)
    for index, money in enumerate(abroad.food_money):
        if not first <= money.on <= last:
            message = "Cash for food belongs to a day of the foreign part of the trip."
            yield Violation(f"/abroad/food_money/{index}/on", "day_not_travelled", message)
        yield from amount_violations(f"/abroad/food_money/{index}/amount", money.amount, _EUR)


def _nights(facts: TripFacts) -> Iterator[Violation]:
    after = clock_reading(facts.departs_at) - _MORNING
    before = clock_reading(facts.returns_at) - _EVENING
    for index, night in enumerate(facts.nights):
        if not after < day_reading(night.on) < before:
            message = "No part of the night is in the trip."
            yield Violation(f"/nights/{index}/on", "night_not_travelled", message)
        if night.kind is LodgingKind.DAILY_RETURN and night.country != "PL":
            message = "A daily return is a reason of the domestic rules."
            yield Violation(f"/nights/{index}/kind", "not_covered_by_ruleset", message)
