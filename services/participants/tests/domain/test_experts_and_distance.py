"""Experts and distances: TAIEX, twinning, Erasmus+ bands, unit costs by day of the call, GSA."""

from datetime import date
from decimal import Decimal

import pytest
from domain.trips import rate, rate_set, run, trip

from participants.domain.abroad import Distance, Expert, Provided, Provision
from participants.domain.choices import Pin
from participants.domain.distance_bands import ERASMUS_DISTANCE, EU_UNIT_COSTS
from participants.domain.eu_experts import TAIEX, TWINNING
from participants.domain.per_diem import Cost, CostKind, DayMeals, LodgingKind, Meal, Night
from participants.domain.rates import NoRate, RateBook
from participants.domain.result_text import result_text
from participants.domain.snapshot import rerun, snapshot_text
from participants.domain.us_gsa import US_GSA
from participants.load import rate_sets, rates

CONTRACT = Pin(contract_concluded_on=date(2024, 12, 1))
LIST = RateBook(
    (rate_set("EU_EXTERNAL", "EU", date(2024, 11, 8)),),
    (rate("EU", "MD", "200.00", date(2024, 11, 8)),),
)
HELD = RateBook(tuple(rate_sets()), tuple(rates()))


def mission(expert, **fields):
    return trip("2025-03-10T08:00", "2025-03-12T18:00", country="MD", expert=expert, **fields)


def total(result):
    return {each.currency: str(each.amount) for each in result.totals}


def taiex(expert):
    return total(run(mission(expert), ruleset=TAIEX, book=LIST, pin=CONTRACT))


def test_taiex_when_hotel_and_catering_are_provided_then_deducted_to_nothing_at_most():
    assert taiex(Expert()) == {"EUR": "400.00"}
    hotel = Provided(date(2025, 3, 10), Provision.HOTEL, Decimal("90.50"))
    lunch = Provided(date(2025, 3, 12), Provision.CATERING, Decimal(300))
    assert taiex(Expert(provided=(hotel,))) == {"EUR": "309.50"}
    assert taiex(Expert(provided=(hotel, lunch))) == {"EUR": "109.50"}


def test_taiex_when_official_then_250_for_each_working_and_travel_day():
    assert taiex(Expert(official=True, working_days=2, travel_days=1)) == {"EUR": "1150.00"}
    assert taiex(Expert(working_days=2, travel_days=1)) == {"EUR": "400.00"}


def test_taiex_when_at_home_then_nothing():
    at_home = Expert(home_country="MD", official=True, working_days=2)
    assert taiex(at_home) == {"EUR": "0.00"}


def test_twinning_when_computed_then_fee_compensation_per_diem_and_travel():
    expert = Expert(daily_fee=Decimal(350), working_days=3)
    ticket = (Cost(CostKind.TICKET, Decimal("412.30")),)
    result = run(mission(expert, costs=ticket), ruleset=TWINNING, book=LIST, pin=CONTRACT)
    amounts = [(line.kind.value, str(line.amount.amount)) for line in result.lines]
    assert amounts == [
        ("fee", "1050.00"),
        ("fee", "1575.00"),
        ("subsistence", "200.00"),
        ("subsistence", "200.00"),
        ("travel", "412.30"),
    ]
    assert {c.name: c.value for c in result.choices}["compensation_percent"] == "150"
    text = snapshot_text(
        TWINNING.code, TWINNING.version, mission(expert, costs=ticket), CONTRACT, result.rates
    )
    assert rerun(text) == result_text(result)


@pytest.mark.parametrize(
    ("expert", "codes"),
    [
        (Expert(working_days=4), ["/expert/working_days"]),
        (Expert(working_days=-1), ["/expert/working_days"]),
        (Expert(daily_fee=Decimal("-1.005")), ["/expert/daily_fee"] * 2),
        (
            Expert(provided=(Provided(date(2025, 4, 1), Provision.HOTEL, Decimal(1)),)),
            ["/expert/provided/0/on", "/expert"],
        ),
    ],
)
def test_expert_when_facts_are_wrong_then_the_field_is_named(expert, codes):
    assert [v.pointer for v in TWINNING.violations(mission(expert))] == codes


def test_twinning_when_costs_are_no_travel_or_kilometres_are_amiss_then_refused():
    costs = (
        Cost(CostKind.TICKET, Decimal(100), kilometres=5),
        Cost(CostKind.MILEAGE, Decimal("0.89")),
        Cost(CostKind.OTHER, Decimal(25)),
    )
    assert [(v.pointer, v.code) for v in TWINNING.violations(mission(Expert(), costs=costs))] == [
        ("/costs/0/kilometres", "kilometres_missing_or_extra"),
        ("/costs/1/kilometres", "kilometres_missing_or_extra"),
        ("/costs/2/kind", "not_covered_by_ruleset"),
    ]


def journey(kilometres, **fields):
    distance = Distance(kilometres, **fields)
    return trip("2022-03-10T08:00", "2022-03-12T18:00", country="MD", distance=distance)


def paid_for(kilometres, pin=None, ruleset=ERASMUS_DISTANCE, **fields):
    chosen = pin or Pin(call_opened_on=date(2022, 2, 1))
    result = run(journey(kilometres, **fields), ruleset=ruleset, book=HELD, pin=chosen)
    return result.totals[0].amount


@pytest.mark.parametrize(
    ("kilometres", "standard", "green"),
    [
        (10, 23, 23),
        (99, 23, 23),
        (100, 180, 210),
        (499, 180, 210),
        (500, 275, 320),
        (1999, 275, 320),
        (2000, 360, 410),
        (3999, 530, 610),
        (4000, 820, 820),
        (7999, 820, 820),
        (8000, 1500, 1500),
    ],
)
def test_band_when_at_an_edge_then_the_amount_of_the_round_trip(kilometres, standard, green):
    assert paid_for(kilometres) == standard
    assert paid_for(kilometres, green=True) == green


def test_band_when_below_the_smallest_then_no_rate():
    with pytest.raises(NoRate) as error:
        paid_for(9)
    assert error.value.pointer == "/distance/kilometres"


def test_travel_days_when_supported_then_two_or_six_if_green():
    assert paid_for(600, travel_days=2, daily_support=Decimal(70)) == 415
    assert paid_for(600, green=True, travel_days=6, daily_support=Decimal(70)) == 740
    found = ERASMUS_DISTANCE.violations(journey(600, travel_days=3, daily_support=Decimal(70)))
    assert [v.code for v in found] == ["too_many_travel_days"]


def test_activity_days_when_over_fourteen_then_the_others_at_seventy_percent():
    support = {"daily_support": Decimal("148.00")}
    assert paid_for(600, activity_days=3, **support) == 275 + 444
    long = trip(
        "2022-03-10T08:00",
        "2022-03-28T18:00",
        country="MD",
        distance=Distance(600, travel_days=2, activity_days=16, **support),
    )
    result = run(
        long, ruleset=ERASMUS_DISTANCE, book=HELD, pin=Pin(call_opened_on=date(2022, 2, 1))
    )
    found = [(line.number, str(line.factor), line.amount.amount) for line in result.lines[1:]]
    assert found == [(1, "2", 296), (2, "14", 2072), (3, "7/5", Decimal("207.20"))]
    assert [line.rules[0].id for line in result.lines[2:]] == [
        "ERASMUS-INDIVIDUAL-SUPPORT",
        "ERASMUS-SUPPORT-FROM-DAY-15",
    ]
    assert result.lines[3].text.en == (
        "Individual support from the 15th day of the activity: 2 days at 70% of 148.00 EUR, "
        "207.20 EUR in all."
    )


def test_days_when_no_support_is_stated_then_the_band_alone():
    facts, pin = journey(600, travel_days=2), Pin(call_opened_on=date(2022, 2, 1))
    rows = ERASMUS_DISTANCE.select(HELD, facts, pin)
    assert [line.kind for line in ERASMUS_DISTANCE.compute(facts, pin, rows).lines] == ["travel"]


@pytest.mark.parametrize(
    ("ruleset", "fields", "refused"),
    [
        (ERASMUS_DISTANCE, {"activity_days": 2}, [("/distance/daily_support", "amount_missing")]),
        (
            ERASMUS_DISTANCE,
            {"activity_days": 4, "daily_support": Decimal(70)},
            [("/distance/activity_days", "days_outside_trip")],
        ),
        (
            ERASMUS_DISTANCE,
            {"activity_days": -1, "daily_support": Decimal(70)},
            [("/distance/activity_days", "days_outside_trip")],
        ),
        (
            EU_UNIT_COSTS,
            {"activity_days": 3, "daily_support": Decimal(70)},
            [("/distance", "not_covered_by_ruleset")],
        ),
    ],
)
def test_activity_days_when_not_payable_then_refused(ruleset, fields, refused):
    found = ruleset.violations(journey(600, **fields))
    assert [(v.pointer, v.code) for v in found] == refused


def test_remark_when_a_band_is_weakly_attested_then_it_is_of_no_country():
    pin = Pin(call_opened_on=date(2024, 2, 1))
    (said,) = run(journey(4000), ruleset=ERASMUS_DISTANCE, book=HELD, pin=pin).remarks
    assert said.pl.startswith("Stawka: 4000-7999 km, wykaz ERA-DIST-2024-1, ma słabe")
    assert said.en.startswith("The rate for 4000-7999 km in ERA-DIST-2024-1 is weakly")


def test_table_when_two_begin_on_one_day_then_the_one_that_corrects_the_other():
    assert paid_for(4000, Pin(call_opened_on=date(2024, 1, 1)), green=True) == 1188
    assert paid_for(4000, Pin(call_opened_on=date(2023, 12, 31)), green=True) == 820
    assert paid_for(8000, Pin(call_opened_on=date(2019, 1, 1)), green=True) == 1500
    with pytest.raises(NoRate) as error:
        paid_for(8000, Pin(call_opened_on=date(2018, 12, 31)))
    assert error.value.code == "no_list"


def test_table_when_the_call_opened_on_the_day_then_the_second_of_which_no_copy_is_held():
    before = Pin(call_opened_on=date(2023, 7, 25))
    assert paid_for(700, before, EU_UNIT_COSTS) == 209
    opted = Pin(call_opened_on=date(2023, 7, 25), unit_costs_opt_in=True)
    for pin in (Pin(call_opened_on=date(2023, 7, 26)), opted):
        with pytest.raises(NoRate) as error:
            paid_for(700, pin, EU_UNIT_COSTS)
        assert "EU-UC-2023" in error.value.reason
    with pytest.raises(NoRate) as error:
        paid_for(700, Pin(), EU_UNIT_COSTS)
    assert error.value.code == "no_call_date"
    assert paid_for(8000, Pin(rate_list="ERA-DIST-EARLIER")) == 1100


def american(begin, end, **fields):
    return run(trip(begin, end, country="US", **fields), ruleset=US_GSA, book=HELD)


def test_gsa_when_every_meal_is_provided_then_the_incidentals_are_left():
    meals = tuple(DayMeals(date(2026, 3, n), tuple(Meal)) for n in (10, 11, 12))
    result = american("2026-03-10T08:00", "2026-03-12T18:00", meals=meals)
    days = [str(line.amount.amount) for line in result.lines if line.kind == "subsistence"]
    assert days == ["5.00", "5.00", "5.00"]
    assert total(result) == {"USD": "235.00"}


def test_gsa_when_twelve_hours_or_less_then_nothing():
    assert total(american("2026-03-10T08:00", "2026-03-10T20:00")) == {"USD": "0.00"}
    assert total(american("2026-03-10T08:00", "2026-03-10T20:01")) == {"USD": "51.00"}


def test_gsa_when_nights_are_stated_then_bills_to_the_limit():
    nights = (
        Night(date(2026, 3, 10), LodgingKind.BILL, Decimal("140.00")),
        Night(date(2026, 3, 11), LodgingKind.FREE),
    )
    result = american("2026-03-10T08:00", "2026-03-12T18:00", nights=nights, place="M&IE 92")
    assert total(result) == {"USD": "230.00"}
    result = american("2026-03-10T08:00", "2026-03-12T18:00", nights=nights)
    assert total(result) == {"USD": "280.00"}


def test_gsa_when_no_rates_are_held_for_the_year_then_no_rate():
    with pytest.raises(NoRate):
        american("2027-03-10T08:00", "2027-03-12T18:00")
