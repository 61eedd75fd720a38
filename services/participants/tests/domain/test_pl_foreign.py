"""Polish foreign rules: time abroad, thirds and halves, board, nights, transfers, legs, annexes."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from domain.abroad import codes, diets, foreign_book, going, instant, settled, stay, totals
from domain.trips import trip as plain_trip

from participants.domain.abroad import FoodMoney, Transfers, Way
from participants.domain.choices import Counting, DomesticLegs, Pin, SeveralCountries
from participants.domain.per_diem import (
    Cost,
    CostKind,
    DayMeals,
    LocalTransport,
    LodgingKind,
    Meal,
    Night,
)
from participants.domain.pl_foreign import PL_FOREIGN
from participants.domain.result_text import result_text
from participants.domain.snapshot import rerun, snapshot_text

ALL = tuple(Meal)
SUMMED = Pin(domestic_legs=DomesticLegs.SUMMED)


def days(first, last, *meals):
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return tuple(DayMeals(begin + timedelta(days=n), meals) for n in range((end - begin).days + 1))


@pytest.mark.parametrize(
    ("back", "due"),
    [
        ("2024-06-10T08:01", "16.33"),
        ("2024-06-10T16:00", "16.33"),
        ("2024-06-10T16:01", "24.50"),
        ("2024-06-10T20:00", "24.50"),
        ("2024-06-10T20:01", "49"),
        ("2024-06-11T08:00", "49"),
        ("2024-06-11T08:01", "65.33"),
        ("2024-06-11T16:00", "65.33"),
        ("2024-06-11T18:00", "73.50"),
        ("2024-06-11T20:01", "98"),
    ],
)
def test_diet_when_at_a_boundary_then_thirds_and_halves_of_section_13(back, due):
    assert diets(going("2024-06-10T08:00", back)) == {"EUR": Decimal(due)}


def test_diet_when_golden_case_then_as_the_domain_model_says():
    board = days("2023-11-23", "2023-11-27", Meal.BREAKFAST, Meal.LUNCH)
    trip = going("2023-11-23T06:00", "2023-11-28T18:00", country="XT", meals=board)
    assert diets(trip) == {"EUR": Decimal("162.50")}
    trip = going("2023-11-23T06:00", "2023-11-28T18:01", country="XT", meals=board)
    assert diets(trip) == {"EUR": Decimal("187.50")}


def test_third_when_not_exact_then_rounded_half_up():
    assert diets(going("2024-06-10T08:00", "2024-06-10T09:00")) == {"EUR": Decimal("16.33")}
    third = going("2024-06-10T08:00", "2024-06-10T09:00", country="CZ")
    assert diets(third) == {"EUR": Decimal("13.67")}


def test_switzerland_when_50_hours_then_205_33_and_not_what_a_calendar_gives():
    trip = going("2024-06-10T10:00", "2024-06-12T12:00", country="CH")
    assert diets(trip) == {"CHF": Decimal("205.33")}


@pytest.mark.parametrize(
    ("back", "meals", "due"),
    [
        ("2024-06-11T08:00", ALL, "12.25"),
        ("2024-06-10T14:00", ALL, "4.08"),
        ("2024-06-10T19:30", ALL, "6.13"),
        ("2024-06-10T22:00", (Meal.BREAKFAST,), "41.65"),
        ("2024-06-10T22:00", (Meal.LUNCH, Meal.DINNER), "19.60"),
        ("2024-06-10T15:00", (Meal.BREAKFAST, Meal.LUNCH), "0.00"),
        ("2024-06-10T15:00", (Meal.BREAKFAST,), "8.98"),
    ],
)
def test_board_when_provided_then_section_14(back, meals, due):
    trip = going("2024-06-10T08:00", back, meals=days("2024-06-10", "2024-06-10", *meals))
    assert diets(trip) == {"EUR": Decimal(due)}
    line = settled(trip).lines[0]
    off = sum(each.amount for each in line.deductions)
    assert off <= line.base
    if set(meals) == set(ALL):
        assert line.rules[-1].id == "PL-FOR-FULL-BOARD"
        assert "25% tak ustalonej diety" in line.text.pl


def test_meals_when_periods_begin_at_noon_then_counted_where_they_were_eaten():
    trip = going(
        "2024-06-10T12:00", "2024-06-12T12:00", meals=days("2024-06-11", "2024-06-11", *ALL)
    )
    first, second = (line for line in settled(trip).lines if line.kind == "subsistence")
    assert [d.what for d in first.deductions] == ["breakfast"]
    assert [d.what for d in second.deductions] == ["lunch", "dinner"]


def test_food_money_when_received_then_the_diet_only_tops_it_up():
    day = date(2024, 6, 10)
    for received, due in (("30.00", "19.00"), ("49.00", "0.00"), ("80.00", "0.00")):
        money = (FoodMoney(day, Decimal(received)),)
        trip = going("2024-06-10T08:00", "2024-06-11T08:00", food_money=money)
        assert diets(trip) == {"EUR": Decimal(due)}


def test_hospital_when_a_day_then_a_quarter_of_the_diet():
    trip = going("2024-06-10T08:00", "2024-06-12T08:00", hospital=(date(2024, 6, 11),))
    assert diets(trip) == {"EUR": Decimal("61.25")}


@pytest.mark.parametrize(
    ("night", "due"),
    [
        (Night(date(2024, 6, 10), LodgingKind.BILL, Decimal(120)), "120.00"),
        (Night(date(2024, 6, 10), LodgingKind.BILL, Decimal(170)), "170.00"),
        (Night(date(2024, 6, 10), LodgingKind.BILL, Decimal("170.01")), "170.00"),
        (Night(date(2024, 6, 10), LodgingKind.BILL, Decimal(300), consent=True), "300.00"),
        (Night(date(2024, 6, 10), LodgingKind.LUMP_SUM), "42.50"),
        (Night(date(2024, 6, 10), LodgingKind.FREE), "0.00"),
        (Night(date(2024, 6, 10), LodgingKind.TRANSIT), "0.00"),
    ],
)
def test_night_when_abroad_then_bill_to_the_limit_or_a_quarter_of_it(night, due):
    result = settled(going("2024-06-10T08:00", "2024-06-11T18:00", nights=(night,)))
    (line,) = (line for line in result.lines if line.kind == "lodging")
    assert str(line.amount.amount) == due


def test_night_when_shorter_than_6_hours_abroad_then_the_lump_sum_is_due():
    night = (Night(date(2024, 6, 10), LodgingKind.LUMP_SUM),)
    result = settled(going("2024-06-10T20:00", "2024-06-11T02:00", nights=night))
    assert [str(n.amount.amount) for n in result.lines if n.kind == "lodging"] == ["42.50"]


def test_limit_when_in_a_named_city_then_that_of_the_city_however_written():
    for place, due in (
        (None, "50.00"),
        ("Boston", "50.00"),
        ("new york", "87.50"),
        ("Waszyngton", "75.00"),
    ):
        night = (Night(date(2024, 6, 10), LodgingKind.LUMP_SUM),)
        out, back = "2024-06-10T08:00", "2024-06-12T08:00"
        result = settled(going(out, back, country="US", place=place, nights=night))
        assert [str(n.amount.amount) for n in result.lines if n.kind == "lodging"] == [due], place
        assert "słabe potwierdzenie" in result.remarks[-1].pl


def test_legs_when_4_hours_each_then_nothing_unless_the_programme_adds_them():
    trip = going(
        "2024-06-10T10:00", "2024-06-10T18:00", begin="2024-06-10T06:00", end="2024-06-10T22:00"
    )
    assert totals(settled(trip)) == {"EUR": "16.33", "PLN": "0.00"}
    assert totals(settled(trip, SUMMED)) == {"EUR": "16.33", "PLN": "22.50"}
    assert {c.name: c.value for c in settled(trip, SUMMED).choices}["domestic_legs"] == "summed"


def test_legs_when_8_and_12_hours_then_45_either_way():
    trip = going(
        "2024-06-10T10:00", "2024-06-10T11:00", begin="2024-06-10T02:00", end="2024-06-10T23:00"
    )
    assert totals(settled(trip))["PLN"] == totals(settled(trip, SUMMED))["PLN"] == "45.00"


def test_legs_when_meals_nights_and_transport_are_in_poland_then_by_domestic_rules():
    trip = going(
        "2024-06-11T08:30",
        "2024-06-12T08:30",
        begin="2024-06-10T12:00",
        end="2024-06-12T10:00",
        meals=(
            DayMeals(date(2024, 6, 10), (Meal.DINNER,)),
            DayMeals(date(2024, 6, 11), (Meal.LUNCH,)),
        ),
        nights=(
            Night(date(2024, 6, 10), LodgingKind.LUMP_SUM),
            Night(date(2024, 6, 11), LodgingKind.LUMP_SUM),
        ),
        legs_local_transport=True,
    )
    assert totals(settled(trip)) == {"EUR": "76.80", "PLN": "119.25"}


def test_countries_when_two_are_named_then_each_is_judged_alone():
    stays = (stay("DE"), stay("CZ", "2024-06-10T18:00"))
    trip = going("2024-06-10T08:00", "2024-06-11T05:00", stays=stays, way=Way.AIR)
    assert diets(trip) == {"EUR": Decimal("24.50") + Decimal("20.50")}
    through = Pin(several_countries=SeveralCountries.PERIOD_START)
    assert diets(trip, through) == {"EUR": Decimal(49)}


def test_countries_when_only_one_is_named_then_its_rate_for_the_whole_time():
    trip = going("2024-06-10T08:00", "2024-06-11T05:00", way=Way.AIR)
    assert diets(trip) == {"EUR": Decimal(49)}


def test_totals_when_currencies_differ_then_never_added():
    stays = (stay("DE"), stay("CH", "2024-06-11T08:00"))
    ticket = (
        Cost(CostKind.TICKET, Decimal(100), currency="USD"),
        Cost(CostKind.TICKET, Decimal(7)),
    )
    trip = going("2024-06-10T08:00", "2024-06-12T08:00", stays=stays, costs=ticket)
    assert totals(settled(trip)) == {"CHF": "88.00", "EUR": "49.00", "PLN": "7.00", "USD": "100.00"}


def test_annex_when_it_changes_inside_the_trip_then_by_the_beginning_of_the_period():
    nights = tuple(Night(date(2022, 11, n), LodgingKind.LUMP_SUM) for n in (27, 28, 29))
    trip = going("2022-11-27T10:00", "2022-11-30T10:00", country="FR", nights=nights)
    lines = settled(trip).lines
    assert [str(n.base) for n in lines if n.kind == "subsistence"] == ["41.00", "41.00", "55.00"]
    assert [str(n.amount.amount) for n in lines if n.kind == "lodging"] == [
        "35.00",
        "35.00",
        "50.00",
    ]


def test_country_when_the_annex_does_not_name_it_then_the_row_for_others():
    result = settled(going("2024-06-10T08:00", "2024-06-11T08:00", country="XK"))
    assert (totals(result), result.rates[0].country) == ({"EUR": "41.00"}, "*")


def test_time_when_far_away_then_meals_go_by_the_clock_of_the_place():
    stays = (stay("JP", "2024-06-10T12:00+02:00"),)
    trip = going("2024-06-10T12:00", "2024-06-12T12:00", country="JP", stays=stays)
    assert diets(trip) == {"JPY": Decimal(15064)}
    tokyo = (stay("JP", "2024-06-10T19:00+09:00"),)
    eaten = (DayMeals(date(2024, 6, 11), (Meal.DINNER,)),)
    trip = going("2024-06-10T12:00", "2024-06-12T12:00", country="JP", stays=tokyo, meals=eaten)
    assert [len(line.deductions) for line in settled(trip).lines] == [0, 1]
    here = going("2024-06-10T12:00", "2024-06-12T12:00", country="JP", meals=eaten)
    assert [len(line.deductions) for line in settled(here).lines] == [0, 1]


def test_clocks_when_they_change_then_elapsed_time_counts_unless_pinned():
    spring = going("2024-03-30T20:00", "2024-03-31T08:30")
    assert diets(spring) == {"EUR": Decimal("24.50")}
    assert diets(spring, Pin(counting=Counting.WALL_CLOCK)) == {"EUR": Decimal(49)}
    autumn = going("2024-10-26T20:00", "2024-10-27T08:00")
    assert diets(autumn) == {"EUR": Decimal(49)}
    assert diets(autumn, Pin(counting=Counting.WALL_CLOCK)) == {"EUR": Decimal("24.50")}


def test_meal_when_the_clocks_changed_before_it_then_in_the_period_of_its_local_hour():
    eaten = (DayMeals(date(2024, 4, 1), (Meal.BREAKFAST,)),)
    trip = going("2024-03-30T07:30", "2024-04-02T07:30", meals=eaten)
    assert [len(line.deductions) for line in settled(trip).lines] == [0, 1, 0]


def test_borders_when_not_known_then_the_whole_trip_is_abroad_and_that_is_said():
    result = settled(plain_trip("2024-06-10T08:00", "2024-06-11T08:00", country="DE"))
    assert totals(result) == {"EUR": "49.00"}
    assert "zagraniczny" in result.assumptions[0].pl


@pytest.mark.parametrize(
    ("out", "back", "pointer", "code"),
    [
        ("2024-06-10T08:00", "2024-06-11T16:00", "/abroad/leaves/at", "crossing_outside_trip"),
        ("2024-06-10T12:00", "2024-06-11T22:00", "/abroad/enters/at", "crossing_outside_trip"),
        ("2024-06-11T12:00", "2024-06-11T11:00", "/abroad/enters/at", "crossings_in_wrong_order"),
    ],
)
def test_border_when_crossed_outside_the_trip_then_the_field_is_named(out, back, pointer, code):
    trip = going(out, back, begin="2024-06-10T10:00", end="2024-06-11T20:00")
    assert codes(trip) == [(pointer, code)]


def test_facts_when_wrong_everywhere_then_every_field_is_told():
    trip = going(
        "2024-06-10T08:00",
        "2024-06-12T08:00",
        country="PL",
        stays=(
            stay("DE", "2024-06-10T09:00"),
            stay("PL", "2024-06-11T08:00"),
            stay("FR"),
            stay("CH", "2024-06-20T08:00"),
        ),
        hospital=(date(2024, 7, 1),),
        food_money=(FoodMoney(date(2024, 7, 1), Decimal("-1.005")),),
        nights=(Night(date(2024, 6, 12), LodgingKind.DAILY_RETURN),),
        nights_away=2,
        local_transport=LocalTransport.ACTUAL,
    )
    assert codes(trip) == [
        ("/country", "country_not_covered"),
        ("/nights_away", "not_covered_by_ruleset"),
        ("/local_transport", "not_covered_by_ruleset"),
        ("/abroad/stays/0/since", "stay_not_from_border"),
        ("/abroad/stays/1/country", "country_not_covered"),
        ("/abroad/stays/2/since", "stay_without_beginning"),
        ("/abroad/stays/3/since", "stay_outside_foreign_part"),
        ("/abroad/hospital/0", "day_not_travelled"),
        ("/abroad/food_money/0/on", "day_not_travelled"),
        ("/abroad/food_money/0/amount", "amount_negative"),
        ("/abroad/food_money/0/amount", "money_scale"),
        ("/nights/0/on", "night_not_travelled"),
        ("/nights/0/kind", "not_covered_by_ruleset"),
    ]


def test_snapshot_when_run_again_then_gives_the_same_bytes():
    trip = going(
        "2024-06-10T10:00",
        "2024-06-14T18:00",
        begin="2024-06-10T02:00",
        end="2024-06-15T22:00",
        stays=(stay("DE", transfers=Transfers.ONE), stay("JP", "2024-06-11T18:00+09:00")),
        meals=days("2024-06-10", "2024-06-14", *ALL),
        nights=(Night(date(2024, 6, 11), LodgingKind.BILL, Decimal(9000)),),
        food_money=(FoodMoney(date(2024, 6, 12), Decimal(5)),),
        local_transport=LocalTransport.LUMP_SUM,
    )
    pin = Pin(domestic_legs=DomesticLegs.SUMMED)
    rates = PL_FOREIGN.select(foreign_book(), trip, pin)
    text = snapshot_text(PL_FOREIGN.code, PL_FOREIGN.version, trip, pin, rates)
    assert rerun(text) == result_text(PL_FOREIGN.compute(trip, pin, rates))
    assert instant("2024-06-10T10:00").isoformat() in text
