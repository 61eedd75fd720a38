"""Money of claims in any currency: decimals, sums, what was computed split to the last unit."""

import json
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.money import Money
from participants.domain.claim import ClaimItem, ClaimState, Decision, ItemKind, ReasonCode
from participants.domain.declaring import as_computed, declared
from participants.domain.errors import ClaimInvalid
from participants.domain.settlement import settled
from participants.domain.trip import Journey, TripState, opened

DAY = date(2026, 2, 2)


def trip(currency, country="PL", last=DAY):
    journey = Journey(
        country=country, city=None, first_day=DAY, last_day=last, departs_at=None, returns_at=None
    )
    made = opened(
        UUID(int=1), person_id=UUID(int=2), programme_code="P-1", organisation="PL-MOI",
        country="PL", journey=journey,
    )  # fmt: skip
    amount = Money.rounded(Decimal(100), currency)
    return made.estimated(amount, ruleset="X", budget_line_code=None).funded()


def claimed(currency, *amounts, kind=ItemKind.OTHER, of=None):
    items = [
        ClaimItem(number=n, day=DAY, kind=kind, declared=Decimal(amount))
        for n, amount in enumerate(amounts, start=1)
    ]
    return declared(
        UUID(int=3), of or trip(currency), items, currency=currency, revision=1, by="clerk",
        today=date(2026, 6, 1),
    )  # fmt: skip


def test_claim_when_its_items_add_up_to_what_no_budget_holds_then_refused():
    assert claimed("PLN", "999999999999.98", "0.01").declared == Decimal("999999999999.99")
    with pytest.raises(ClaimInvalid) as refused:
        claimed("PLN", "999999999999.99", "0.01")
    assert [(e.pointer, e.code) for e in refused.value.errors] == [("/items", "sum_too_large")]


@pytest.mark.parametrize(
    ("currency", "amounts", "total", "too_fine"),
    [
        ("JPY", ("1500", "1"), "1501", "1.5"),
        ("KWD", ("1.005", "0.9"), "1.905", "1.0005"),
        ("PLN", ("45", "0.5"), "45.50", "0.005"),
    ],
)
def test_claim_when_its_currency_has_other_decimals_then_kept_shown_and_settled_in_them(
    currency, amounts, total, too_fine
):
    claim = claimed(currency, *amounts)
    assert str(claim.declared) == total
    checking = claim.under_check("checker", None)
    whole = [Decision(number=i.number, certified=i.declared) for i in claim.items]
    decided = checking.decided(whole, "checker")
    assert (decided.state, str(decided.certified)) == (ClaimState.CERTIFIED, total)
    made = settled(UUID(int=4), decided, None, payer="X", by="payer", override=None)
    assert (str(made.payable), str(made.to_return)) == (total, str(made.advanced))
    with pytest.raises(ClaimInvalid) as refused:
        claimed(currency, too_fine)
    assert [e.code for e in refused.value.errors] == ["money_scale"]
    first, *rest = claim.items
    parts = Decision(
        number=1, certified=first.declared - Decimal(too_fine), deducted=Decimal(too_fine),
        reason=ReasonCode.ARITHMETIC,
    )  # fmt: skip
    others = [Decision(number=i.number, certified=i.declared) for i in rest]
    with pytest.raises(ClaimInvalid) as refused:
        checking.decided([parts, *others], "checker")
    assert {e.code for e in refused.value.errors} >= {"money_scale"}


@pytest.mark.parametrize(
    ("kind", "country", "days", "accepted"),
    [
        (ItemKind.BAGGAGE, "DE", 3, False),
        (ItemKind.BAGGAGE, "DE", 32, True),
        (ItemKind.BAGGAGE, "JP", 3, True),
        (ItemKind.BAGGAGE, "PL", 60, False),
        (ItemKind.MEDICAL, "DE", 3, True),
        (ItemKind.MEDICAL, "PL", 3, False),
    ],
)
def test_baggage_and_medical_costs_when_asked_then_as_sections_18_and_19_say(
    kind, country, days, accepted
):
    of = trip("EUR", country, last=date.fromordinal(DAY.toordinal() + days - 1))
    if accepted:
        assert claimed("EUR", "10.00", kind=kind, of=of).state is ClaimState.SUBMITTED
        return
    with pytest.raises(ClaimInvalid) as refused:
        claimed("EUR", "10.00", kind=kind, of=of)
    assert [e.pointer for e in refused.value.errors] == ["/items/0/kind"]


cents = st.integers(min_value=0, max_value=10**7).map(lambda n: Decimal(n) / 100)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 9), cents, cents), min_size=1, max_size=20))
def test_items_when_filled_in_then_add_up_to_the_total_to_the_cent(lines):
    rate = Decimal("0.2345")
    told = [
        {"kind": "subsistence", "on": f"2026-02-0{day + 1}"[:10] if day < 9 else "2026-02-10",
         "begins_at": None, "amount": {"amount": str(amount), "currency": currency}}
        for day, euro, zloty in lines
        for currency, amount in (("EUR", euro), ("PLN", zloty))
    ]  # fmt: skip
    euro = sum((line[1] for line in lines), Decimal(0))
    zloty = sum((line[2] for line in lines), Decimal(0))
    total = Money.rounded(euro + Money.rounded(rate * zloty, "EUR").amount, "EUR")
    items = as_computed(json.dumps({"lines": told}), total, {"PLN": rate}, DAY)
    assert sum((item.declared for item in items), Decimal(0)) == (total.amount if items else 0)
    assert all(item.declared > 0 for item in items)
    assert [item.number for item in items] == list(range(1, len(items) + 1))


def test_claim_when_nothing_is_asked_then_refused():
    with pytest.raises(ClaimInvalid) as refused:
        claimed("EUR")
    assert [e.code for e in refused.value.errors] == ["nothing_claimed"]
    nothing = json.dumps({"lines": []})
    assert as_computed(nothing, Money.zero("EUR"), {}, DAY) == []


def test_trip_when_claimed_then_cannot_be_cancelled_and_returned_can_be_claimed_again():
    claimed_trip = trip("PLN").after_travel(TripState.CLAIMED)
    returned = claimed_trip.after_travel(TripState.RETURNED)
    assert returned.after_travel(TripState.CLAIMED).version == claimed_trip.version + 2
    verified = claimed_trip.after_travel(TripState.VERIFIED)
    assert verified.after_travel(TripState.SETTLED).state is TripState.SETTLED
