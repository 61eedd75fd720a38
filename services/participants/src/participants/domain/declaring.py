"""Declaring what a trip cost: by hand, or as it was computed; every rule about an item."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from kit.errors import Violation
from kit.money import Money, allocate, half_up
from participants.domain.claim import Claim, ClaimItem, ClaimState, ItemKind, too_fine
from participants.domain.errors import ClaimCannotMove, ClaimInvalid
from participants.domain.trip import CLAIMABLE, NO_BUDGET_HOLDS, Trip, TripState

_LONG: Final = timedelta(days=30)
_IN_EUROPE: Final = frozenset(
    {
        "AD", "AL", "AT", "BA", "BE", "BG", "BY", "CH", "CZ", "DE", "DK", "EE",
        "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
        "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO",
        "RS", "SE", "SI", "SK", "SM", "UA", "VA", "XK",
    }
)  # fmt: skip
_KINDS: Final[Mapping[str, ItemKind]] = {
    "fee": ItemKind.OTHER,
    "allowance": ItemKind.OTHER,
    **{kind.value: kind for kind in ItemKind},
}


def declared(
    claim_id: UUID,
    trip: Trip,
    items: Sequence[ClaimItem],
    *,
    currency: str,
    revision: int,
    by: str,
    today: date | None,
) -> Claim:
    """Return a new claim for a trip that is over, or a draft where `today` is None.

    Refused: ClaimInvalid, with every violation; a claim on a trip that does not take place, is
    not over, or has no money committed.
    """
    state = ClaimState.DRAFT if today is None else ClaimState.SUBMITTED
    if today is None:
        must_take_place(trip)
    else:
        must_be_over(trip, today)
    return Claim(
        id=claim_id,
        version=1,
        audience=trip.audience,
        trip_id=trip.id,
        person_id=trip.person_id,
        programme_code=trip.programme_code,
        budget_line_code=trip.budget_line_code,
        revision=revision,
        currency=currency,
        declared_by=by,
        synthetic=trip.synthetic,
        state=state,
        items=checked(trip, items, currency),
    )


def checked(trip: Trip, items: Sequence[ClaimItem], currency: str) -> tuple[ClaimItem, ...]:
    """Return the items with their amounts in the decimals of the currency, or ClaimInvalid."""
    found = list(_faults(trip, items, currency))
    if found:
        raise ClaimInvalid("the claim cannot be accepted", errors=found)
    return tuple(replace(item, declared=half_up(item.declared, currency)) for item in items)


def must_take_place(trip: Trip) -> None:
    """Raise ClaimCannotMove for a trip that was cancelled."""
    if trip.state is TripState.CANCELLED:
        reason = "" if trip.reason is None else trip.reason.code
        raise ClaimCannotMove("the trip was cancelled", state=str(trip.state), reason=reason)


def must_be_over(trip: Trip, today: date) -> None:
    """Raise ClaimCannotMove unless the trip took place and has money committed.

    `today` is the civil day in the zone of the operator.
    """
    must_take_place(trip)
    last = trip.journey.last_day
    if trip.estimate is None or last is None:
        raise ClaimCannotMove("the trip has no per diem yet", state=str(trip.state))
    if today < last:
        raise ClaimCannotMove("the trip is not over yet", state=str(trip.state))
    if trip.state not in CLAIMABLE:
        raise ClaimCannotMove("no money is committed that is not claimed", state=str(trip.state))


def _faults(trip: Trip, items: Sequence[ClaimItem], currency: str) -> Iterator[Violation]:
    if trip.estimate is not None and trip.estimate.currency != currency:
        committed = trip.estimate.currency
        yield Violation("/currency", "currency_differs", f"the money is committed in {committed}")
    if not items:
        yield Violation("/items", "nothing_claimed", "there is nothing to claim")
    if sum((item.declared for item in items), Decimal(0)) >= NO_BUDGET_HOLDS:
        yield Violation("/items", "sum_too_large", "must add up to less than 1000000000000")
    seen: set[date] = set()
    for index, item in enumerate(items):
        at = f"/items/{index}"
        yield from _amount_faults(f"{at}/amount", item.declared, currency)
        yield from _kind_faults(f"{at}/kind", trip, item.kind)
        if not _is_of_trip(trip, item.day):
            yield Violation(f"{at}/day", "day_outside_trip", "must be a day of the trip")
        if item.kind is ItemKind.SUBSISTENCE:
            if item.day in seen:
                yield Violation(f"{at}/day", "day_twice", "the day has an allowance already")
            seen.add(item.day)


def _is_of_trip(trip: Trip, day: date) -> bool:
    first, last = trip.journey.first_day, trip.journey.last_day
    return first is not None and last is not None and first <= day <= last


def _amount_faults(at: str, amount: Decimal, currency: str) -> Iterator[Violation]:
    if amount <= 0:
        yield Violation(at, "amount_not_positive", "must be more than zero")
    if too_fine(amount, currency):
        yield Violation(at, "money_scale", f"has too many decimals for {currency}")


def _kind_faults(at: str, trip: Trip, kind: ItemKind) -> Iterator[Violation]:
    """Refuse what Dz.U. 2013 poz. 167 s.18 and s.19 give on foreign trips only.

    Baggage by air: trips of more than 30 days, or outside Europe. Where it is open whether a
    country is in Europe, the check decides.
    """
    if kind is ItemKind.MEDICAL and trip.is_domestic:
        yield Violation(at, "medical_not_due", "medical costs are for trips abroad (s.19)")
    if kind is ItemKind.BAGGAGE and not _may_send_baggage(trip):
        text = "baggage is for trips abroad over 30 days or outside Europe (s.18)"
        yield Violation(at, "baggage_not_due", text)


def _may_send_baggage(trip: Trip) -> bool:
    span = trip.journey.during
    long = span is not None and span[1] - span[0] > _LONG
    return not trip.is_domestic and (long or trip.journey.country not in _IN_EUROPE)


def as_computed(
    result: str, total: Money, rates: Mapping[str, Decimal], first_day: date
) -> list[ClaimItem]:
    """Return items for every line of a stored result, by day and kind, numbered from one.

    They add up to `total`. Lines of other currencies count at `rates`, what one unit is worth in
    that of the total; the last minor units go to the largest remainders.
    """
    stored: dict[str, Any] = json.loads(result)
    sums: dict[tuple[date, ItemKind], Decimal] = {}
    for line in stored["lines"]:
        day = date.fromisoformat((line["on"] or line["begins_at"] or first_day.isoformat())[:10])
        paid = line["amount"]
        amount = Decimal(paid["amount"]) * rates.get(paid["currency"], Decimal(1))
        key = (day, _KINDS[line["kind"]])
        sums[key] = sums.get(key, Decimal(0)) + amount
    due = [(key, amount) for key, amount in sorted(sums.items()) if amount > 0]
    parts = allocate(total, [amount for _, amount in due]) if due else []
    paid = [(key, part.amount) for (key, _), part in zip(due, parts, strict=True) if part.amount]
    return [
        ClaimItem(number=number, day=day, kind=kind, declared=amount)
        for number, ((day, kind), amount) in enumerate(paid, start=1)
    ]
