"""What holds whatever the rules: nothing is negative, lines add up, what is stored runs again."""

from datetime import date, timedelta
from decimal import Decimal

from domain.trips import lasting, trip
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.domain.abroad import Distance, Expert, Provided, Provision
from participants.domain.choices import Pin
from participants.domain.per_diem import Cost, CostKind, DayMeals, LodgingKind, Meal, Night
from participants.domain.rates import RateBook
from participants.domain.result_text import result_text
from participants.domain.rulesets import RULESETS, checked
from participants.domain.snapshot import rerun, snapshot_text
from participants.load import rate_sets, rates

HELD = RateBook(tuple(rate_sets()), tuple(rates()))
PIN = Pin(contract_concluded_on=date(2024, 12, 1), call_opened_on=date(2022, 2, 1))
CENTS = st.integers(0, 100_000).map(lambda cents: Decimal(cents) / 100)
BEGIN = "2026-03-27T17:00"
FEW = settings(max_examples=25, deadline=None)


def book(ruleset, facts):
    sets = tuple(each for each in HELD.sets if each.scheme in ruleset.schemes)
    codes, countries = {each.code for each in sets}, ruleset.countries(facts) | {"*"}
    rows = (r for r in HELD.rates if r.rate_set in codes and r.country in countries)
    return RateBook(sets, tuple(rows))


def computed(code, facts):
    """Compute what is right, and check on the way what every result has to keep."""
    ruleset = RULESETS[code]
    chosen = checked(ruleset, facts, PIN, book(ruleset, facts), [])
    result = ruleset.compute(facts, PIN, chosen)
    added: dict[str, Decimal] = {}
    for line in result.lines:
        assert line.amount.amount >= 0
        assert all(each.amount >= 0 for each in line.deductions)
        assert line.text.pl.endswith(".")
        assert line.text.en.endswith(".")
        code_of = line.amount.currency
        added[code_of] = added.get(code_of, Decimal(0)) + line.amount.amount
    assert {total.currency: total.amount for total in result.totals} == added
    stored = snapshot_text(ruleset.code, ruleset.version, facts, PIN, chosen)
    assert rerun(stored) == result_text(result)
    return result


def total(result):
    return sum((each.amount for each in result.totals), Decimal(0))


@st.composite
def experts(draw):
    facts = lasting(draw(st.integers(1, 9 * 1440)), begin=BEGIN)
    days = (facts.last_day - facts.first_day).days + 1
    working = draw(st.integers(0, days))
    provided = st.tuples(st.integers(0, days - 1), st.sampled_from(Provision), CENTS)
    expert = Expert(
        home_country=draw(st.sampled_from([None, "MD", "PL"])),
        working_days=working,
        travel_days=draw(st.integers(0, days - working)),
        official=draw(st.booleans()),
        provided=tuple(
            Provided(facts.first_day + timedelta(days=n), what, cost)
            for n, what, cost in draw(st.lists(provided, max_size=5))
        ),
    )
    return trip(facts.departs_at, facts.returns_at, country="MD", expert=expert)


@FEW
@given(experts(), CENTS)
def test_expert_when_any_mission_then_adds_up_and_what_is_provided_never_adds(facts, fee):
    plain = trip(facts.departs_at, facts.returns_at, country="MD", expert=Expert())
    without = Expert(home_country="PL", working_days=facts.expert.working_days, daily_fee=fee)
    nights = computed("EU_EXTERNAL", trip(facts.departs_at, facts.returns_at, country="MD"))
    assert total(computed("TAIEX", plain)) == total(nights)
    allowance = sum(
        (n.amount.amount for n in computed("TAIEX", facts).lines if n.kind == "allowance"),
        Decimal(0),
    )
    assert total(computed("TAIEX", facts)) - allowance <= total(nights)
    paid = trip(facts.departs_at, facts.returns_at, country="MD", expert=without)
    due = fee * facts.expert.working_days
    assert abs(total(computed("TWINNING", paid)) - total(nights) - due * Decimal("2.5")) <= Decimal(
        "0.01"
    )


@FEW
@given(st.integers(10, 12_000), st.booleans(), st.integers(0, 2), CENTS)
def test_distance_when_a_kilometre_longer_then_never_less(kilometres, green, days, support):
    def far(distance):
        return trip("2022-03-10T08:00", "2022-03-12T18:00", country="MD", distance=distance)

    def paid(length):
        known = Distance(length, green=green, travel_days=days, daily_support=support)
        return total(computed("ERASMUS_DISTANCE", far(known)))

    assert paid(kilometres + 1) >= paid(kilometres)
    assert paid(kilometres) >= support * days
    if kilometres >= 400:
        plain = total(computed("EU_UNIT_COSTS", far(Distance(kilometres))))
        assert total(computed("EU_UNIT_COSTS", far(Distance(kilometres + 1)))) >= plain


@FEW
@given(
    st.integers(1, 6 * 1440),
    st.sets(st.sampled_from(Meal)),
    st.sampled_from([None, LodgingKind.BILL, LodgingKind.FREE, LodgingKind.LUMP_SUM]),
    CENTS,
)
def test_gsa_when_a_minute_longer_then_never_less_before_deductions(minutes, meals, kind, bill):
    def american(length, **fields):
        return computed("US_GSA", lasting(length, begin=BEGIN, country="US", **fields))

    assert total(american(minutes + 1)) >= total(american(minutes))
    first = date.fromisoformat(BEGIN[:10])
    fields = {"meals": (DayMeals(first, tuple(sorted(meals))),)}
    if kind is not None:
        amount = bill if kind is LodgingKind.BILL else None
        fields["nights"] = (Night(first, kind, amount),)
    fed = american(minutes, **fields)
    days = [line for line in fed.lines if line.kind == "subsistence"]
    assert all(n.amount.amount >= 5 for n in days) or minutes <= 12 * 60


@FEW
@given(st.integers(1, 20 * 1440))
def test_nights_when_a_minute_longer_then_never_less(minutes):
    def abroad(length):
        return total(computed("EU_EXTERNAL", lasting(length, begin=BEGIN, country="MD")))

    assert abroad(minutes + 1) >= abroad(minutes)


@FEW
@given(CENTS, st.integers(0, 2000))
def test_costs_when_any_then_paid_as_they_are(price, kilometres):
    costs = (
        Cost(CostKind.TICKET, price),
        Cost(CostKind.MILEAGE, Decimal("1.15"), kilometres),
    )
    with_costs = total(computed("PL_DOMESTIC", lasting(600, costs=costs)))
    alone = total(computed("PL_DOMESTIC", lasting(600)))
    assert with_costs == alone + price + Decimal("1.15") * kilometres
