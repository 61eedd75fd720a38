"""Polish domestic rules: bands, meals, nights, transport, rates by date, and clock changes."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from domain.trips import domestic_book, lasting, paid, run, trip
from hypothesis import given
from hypothesis import strategies as st

from participants.domain.choices import Counting, Pin
from participants.domain.per_diem import (
    Cost,
    CostKind,
    DayMeals,
    LocalTransport,
    LodgingKind,
    Meal,
    Night,
    NoDiet,
)
from participants.domain.pl_domestic import PL_DOMESTIC
from participants.domain.rates import NoRate
from participants.domain.result_text import result_text
from participants.domain.snapshot import rerun, snapshot_text

MINUTES = st.integers(1, 30 * 24 * 60)
H = 60


def diet(minutes, **fields):
    return paid(run(lasting(minutes, **fields)), "subsistence")


def codes(facts):
    return [(v.pointer, v.code) for v in PL_DOMESTIC.violations(facts)]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (1, "0"),
        (8 * H - 1, "0"),
        (8 * H, "22.50"),
        (12 * H, "22.50"),
        (12 * H + 1, "45"),
        (24 * H, "45"),
        (24 * H + 1, "67.50"),
        (32 * H, "67.50"),
        (32 * H + 1, "90"),
        (48 * H, "90"),
        (48 * H + 1, "112.50"),
    ],
)
def test_diet_when_at_a_boundary_then_the_band_of_section_7_decides(minutes, expected):
    assert diet(minutes) == Decimal(expected)


@given(MINUTES)
def test_diet_when_a_minute_longer_then_never_lower(minutes):
    assert diet(minutes + 1) >= diet(minutes)


@given(st.integers(1, 20), st.integers(1, 24 * H))
def test_diet_when_cut_at_a_24_hour_boundary_then_the_lines_before_it_stay(days, rest):
    whole = run(lasting(days * 24 * H + rest)).lines
    cut = run(lasting(days * 24 * H)).lines
    assert [line.amount for line in whole[:days]] == [line.amount for line in cut]
    if rest > 12 * H:
        assert paid(run(lasting(days * 24 * H + rest)), "subsistence") == diet(
            days * 24 * H
        ) + diet(rest)


@st.composite
def eventful(draw):
    facts = lasting(
        draw(MINUTES), begin=draw(st.sampled_from(["2022-12-30T05:17", "2026-03-28T22:40"]))
    )
    span = (facts.last_day - facts.first_day).days
    provided = draw(st.lists(st.tuples(st.integers(0, span), st.sets(st.sampled_from(Meal)))))
    meals = {facts.first_day.toordinal() + day: some for day, some in provided}
    return trip(
        facts.departs_at,
        facts.returns_at,
        meals=tuple(DayMeals(date.fromordinal(on), tuple(sorted(m))) for on, m in meals.items()),
        local_transport=draw(st.sampled_from([LocalTransport.NONE, LocalTransport.LUMP_SUM])),
    )


@given(eventful())
def test_result_when_computed_then_never_negative_and_lines_add_to_the_total(facts):
    result = run(facts)
    assert all(line.amount.amount >= 0 for line in result.lines)
    assert result.totals[0].amount == sum(line.amount.amount for line in result.lines)
    for line in result.lines:
        assert line.text.pl
        assert line.text.en
        assert line.rules
        off = sum((d.amount for d in line.deductions), Decimal(0))
        assert off <= line.base * line.factor.numerator / line.factor.denominator


@given(eventful())
def test_snapshot_when_run_again_then_gives_the_same_bytes(facts):
    rates = PL_DOMESTIC.select(domestic_book(), facts, Pin())
    first = result_text(PL_DOMESTIC.compute(facts, Pin(), rates))
    stored = snapshot_text("PL_DOMESTIC", PL_DOMESTIC.version, facts, Pin(), rates)
    assert rerun(stored).encode() == first.encode()


def test_meals_when_half_a_diet_is_due_then_taken_off_at_shares_of_the_full_one():
    facts = lasting(10 * H, meals=(DayMeals(date(2026, 3, 2), (Meal.BREAKFAST,)),))
    (line,) = run(facts).lines
    assert line.factor == Fraction(1, 2)
    assert [d.amount for d in line.deductions] == [Decimal("11.25")]
    assert line.amount.amount == Decimal("11.25")


def test_meals_when_worth_more_than_the_diet_then_nothing_is_left_and_nothing_is_owed():
    facts = lasting(10 * H, meals=(DayMeals(date(2026, 3, 2), (Meal.LUNCH, Meal.DINNER)),))
    (line,) = run(facts).lines
    assert [d.amount for d in line.deductions] == [Decimal("22.5"), Decimal(0)]
    assert line.amount.amount == 0


def test_meals_when_in_one_period_then_the_next_one_is_not_touched():
    on = (DayMeals(date(2026, 3, 2), tuple(Meal)), DayMeals(date(2026, 3, 3), (Meal.LUNCH,)))
    lines = run(lasting(40 * H, meals=on)).lines
    assert [line.amount.amount for line in lines] == [0, Decimal("22.5")]


@pytest.mark.parametrize(
    ("meal", "begin", "reduced"),
    [
        (Meal.BREAKFAST, "2026-03-02T07:59", 1),
        (Meal.BREAKFAST, "2026-03-02T08:01", 0),
        (Meal.LUNCH, "2026-03-02T13:00", 1),
        (Meal.LUNCH, "2026-03-02T13:01", 0),
        (Meal.DINNER, "2026-03-02T19:00", 1),
        (Meal.DINNER, "2026-03-02T19:01", 0),
    ],
)
def test_meal_when_its_usual_hour_decides_then_one_period_is_reduced(meal, begin, reduced):
    lines = run(lasting(40 * H, begin=begin, meals=(DayMeals(date(2026, 3, 3), (meal,)),))).lines
    assert [bool(line.deductions) for line in lines] == [reduced == 0, reduced == 1]


def test_rate_when_it_changes_inside_the_trip_then_each_period_has_that_of_its_beginning():
    result = run(trip("2022-12-30T18:00", "2023-01-02T18:00"))
    assert [line.base for line in result.lines] == [38, 38, 45]
    assert [rate.allowance for rate in result.rates] == [38, 45]


@pytest.mark.parametrize(
    ("begin", "end", "bases"),
    [
        ("2022-12-31T10:00", "2022-12-31T23:59", [38]),
        ("2023-01-01T00:00", "2023-01-01T14:00", [45]),
        ("2022-12-31T00:00", "2023-01-01T20:00", [38, 45]),
        ("2013-03-01T06:00", "2013-03-01T20:00", [30]),
    ],
)
def test_rate_when_a_period_begins_on_the_day_of_the_change_then_the_new_one(begin, end, bases):
    assert [line.base for line in run(trip(begin, end)).lines] == bases


def test_rate_when_trip_is_older_than_the_regulation_then_none_applies():
    with pytest.raises(NoRate, match="2013-03-01"):
        run(trip("2013-02-28T08:00", "2013-02-28T20:00"))


@pytest.mark.parametrize(
    ("begin", "end", "elapsed", "wall"),
    [
        # The night of 29 March 2026 is an hour short: 12 h on the wall are 11 h of travel.
        ("2026-03-28T20:00", "2026-03-29T08:30", "22.50", "45"),
        # The night of 25 October 2026 is an hour long: 12 h on the wall are 13 h of travel.
        ("2026-10-24T20:00", "2026-10-25T08:00", "45", "22.50"),
    ],
)
def test_diet_when_clocks_change_then_elapsed_time_counts_unless_pinned(begin, end, elapsed, wall):
    facts = trip(begin, end)
    assert paid(run(facts), "subsistence") == Decimal(elapsed)
    pin = Pin(counting=Counting.WALL_CLOCK)
    assert paid(run(facts, pin=pin), "subsistence") == Decimal(wall)


def test_lodging_when_bill_exceeds_20_diets_then_capped_unless_the_employer_consents():
    nights = (
        Night(date(2026, 3, 2), LodgingKind.BILL, Decimal(950)),
        Night(date(2026, 3, 3), LodgingKind.BILL, Decimal(950), consent=True),
        Night(date(2026, 3, 4), LodgingKind.BILL, Decimal(900)),
        Night(date(2026, 3, 5), LodgingKind.FREE),
        Night(date(2026, 3, 6), LodgingKind.TRANSIT),
        Night(date(2026, 3, 7), LodgingKind.DAILY_RETURN),
    )
    lines = [ln for ln in run(lasting(6 * 24 * H, nights=nights)).lines if ln.kind == "lodging"]
    assert [line.amount.amount for line in lines] == [900, 950, 900, 0, 0, 0]
    assert "is within the limit" in lines[2].text.en


@pytest.mark.parametrize(
    ("begin", "end", "due"),
    [
        ("2026-03-02T21:00", "2026-03-03T03:00", "67.5"),
        ("2026-03-02T20:00", "2026-03-03T02:59", "0"),
        ("2026-03-03T01:00", "2026-03-03T07:00", "67.5"),
        ("2026-03-03T01:01", "2026-03-03T08:00", "0"),
    ],
)
def test_lodging_when_six_hours_are_met_to_the_minute_then_due(begin, end, due):
    nights = (Night(date(2026, 3, 2), LodgingKind.LUMP_SUM),)
    assert paid(run(trip(begin, end, nights=nights)), "lodging") == Decimal(due)


def test_lodging_when_six_hours_fall_into_the_night_then_lump_sum_at_the_rate_of_its_evening():
    nights = (
        Night(date(2022, 12, 31), LodgingKind.LUMP_SUM),
        Night(date(2023, 1, 1), LodgingKind.LUMP_SUM),
        Night(date(2023, 1, 2), LodgingKind.LUMP_SUM),
    )
    result = run(trip("2022-12-31T12:00", "2023-01-03T02:59", nights=nights))
    lines = [line for line in result.lines if line.kind == "lodging"]
    assert [line.amount.amount for line in lines] == [57, Decimal("67.5"), 0]


def test_local_transport_when_documented_then_paid_instead_of_the_lump_sum():
    facts = lasting(
        48 * H, local_transport=LocalTransport.ACTUAL, local_transport_costs=Decimal("31.40")
    )
    assert paid(run(facts), "local_transport") == Decimal("31.40")


def test_diet_when_section_7_3_excludes_it_then_nothing_and_the_line_says_why():
    (line,) = run(lasting(20 * H, no_diet=NoDiet.OWN_RESIDENCE)).lines
    assert line.amount.amount == 0
    assert line.rules[0].reference == "Dz.U. 2013 poz. 167 s.7(3)"


def test_explanation_when_read_then_names_time_rate_rule_meals_and_amount():
    facts = lasting(14 * H, meals=(DayMeals(date(2026, 3, 2), (Meal.BREAKFAST,)),))
    (line,) = run(facts).lines
    assert line.text.en == (
        "Period 1: from 2 March 2026, 08:00 to 2 March 2026, 22:00 (14 h). "
        "Diet: 45.00 PLN (rate from 1 January 2023). For a trip of more than 12 hours the full "
        "diet is due: 45.00 PLN. Meals provided: breakfast, 25% of the full diet off: 11.25 PLN. "
        "Due: 33.75 PLN."
    )
    assert line.text.pl == (
        "Doba 1: od 2.03.2026 r. godz. 8:00 do 2.03.2026 r. godz. 22:00 (14 godz.). "
        "Stawka diety: 45,00 zł (od 1.01.2023 r.). Za podróż trwającą ponad 12 godzin przysługuje "
        "cała dieta: 45,00 zł. Zapewnione posiłki: śniadanie, potrącenie 25% diety: 11,25 zł. "
        "Do wypłaty: 33,75 zł."
    )


def test_violations_when_much_is_wrong_then_all_are_told_at_once():
    facts = trip(
        "2026-03-10T08:00",
        "2026-03-09T08:00",
        country="DE",
        meals=(DayMeals(date(2026, 4, 1), (Meal.LUNCH, Meal.LUNCH)),),
        nights=(Night(date(2026, 5, 1), LodgingKind.BILL, Decimal("-1.005")),),
        costs=(Cost(CostKind.TICKET, Decimal(-5)),),
        local_transport_costs=Decimal(3),
        mobilisation=True,
    )
    assert codes(facts) == [
        ("/returns_at", "trip_ends_before_it_starts"),
        ("/meals/0/on", "day_not_travelled"),
        ("/meals/0", "meal_repeated"),
        ("/nights/0/on", "night_not_travelled"),
        ("/nights/0/bill", "amount_negative"),
        ("/nights/0/bill", "money_scale"),
        ("/costs/0/amount", "amount_negative"),
        ("/country", "country_not_covered"),
        ("/mobilisation", "not_covered_by_ruleset"),
        ("/local_transport_costs", "amount_missing_or_unexpected"),
    ]
