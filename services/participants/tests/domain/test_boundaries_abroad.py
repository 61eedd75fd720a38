"""Where a rule for trips abroad turns: each of these failed for some change of the engine."""

from datetime import date
from decimal import Decimal

import pytest
from domain.abroad import foreign_book, going, settled, stay
from domain.trips import domestic_book, of_kind, rate, rate_set, told, trip

from participants.domain.abroad import FoodMoney, Transfers
from participants.domain.choices import DomesticLegs, Pin, SeveralCountries
from participants.domain.errors import TripFactsRefused
from participants.domain.per_diem import DayMeals, LocalTransport, LodgingKind, Meal, Night
from participants.domain.pl_foreign import PL_FOREIGN
from participants.domain.pl_foreign_rules import LODGING_BILL
from participants.domain.rates import NoRate, RateBook
from participants.domain.rulesets import checked
from participants.domain.us_gsa import US_GSA

ADDED = Pin(domestic_legs=DomesticLegs.SUMMED)
BREAKFAST, LUNCH, DINNER = Meal.BREAKFAST, Meal.LUNCH, Meal.DINNER


def on(day, month=6, year=2024):
    return date(year, month, day)


def diets(facts, pin=None, country=None):
    return of_kind(settled(facts, pin), "subsistence", country)


def refusals(facts):
    with pytest.raises(TripFactsRefused) as caught:
        checked(PL_FOREIGN, facts, Pin(), foreign_book(), [])
    return [(each.pointer, each.code) for each in caught.value.errors]


@pytest.mark.parametrize(
    ("border", "due", "taken"),
    [("2024-06-10T14:00", "0.00 PLN", 1), ("2024-06-10T13:59", "0.00 PLN", 0)],
)
def test_leg_when_8_hours_with_lunch_then_half_a_diet_is_reduced_and_below_there_is_none(
    border, due, taken
):
    facts = going(
        border,
        "2024-06-12T10:00",
        begin="2024-06-10T06:00",
        meals=(DayMeals(on(10), (LUNCH,), abroad=False),),
    )
    (leg,) = [line for line in settled(facts).lines if line.country == "PL"]
    assert f"{leg.amount.amount} PLN" == due
    assert len(leg.deductions) == taken


@pytest.mark.parametrize(
    ("begin", "out", "back", "end", "due"),
    [
        # 18 h and 20 h: the second period begins on the way back, after the diet has changed.
        (
            "2022-12-29T20:00", "2022-12-30T14:00", "2023-01-02T06:00", "2023-01-03T02:00",
            ["38.00 PLN", "45.00 PLN"],
        ),
        # 24 h and 6 h: the second period begins with the second leg, not with the end of the first.
        (
            "2022-12-30T14:00", "2022-12-31T14:00", "2023-01-02T06:00", "2023-01-02T12:00",
            ["38.00 PLN", "22.50 PLN"],
        ),
        # 30 h and 2 h: the second period begins in the first leg, after the diet has changed.
        (
            "2022-12-31T06:00", "2023-01-01T12:00", "2023-01-02T06:00", "2023-01-02T08:00",
            ["38.00 PLN", "22.50 PLN"],
        ),
        # 18 h and 32 h: the second period begins 6 hours into the way back, the third 30 hours.
        (
            "2022-12-27T20:00", "2022-12-28T14:00", "2022-12-30T20:00", "2023-01-01T04:00",
            ["38.00 PLN", "38.00 PLN", "22.50 PLN"],
        ),
        ("2024-06-10T05:00", "2024-06-10T10:00", "2024-06-12T10:00", "2024-06-12T15:00",
         ["22.50 PLN"]),
    ],
)  # fmt: skip
def test_legs_when_added_then_each_period_is_rated_where_it_begins(begin, out, back, end, due):
    assert diets(going(out, back, begin=begin, end=end), ADDED, "PL") == due


def test_leg_when_only_on_the_way_back_then_domestic_rates_are_chosen():
    facts = going("2024-06-10T08:00", "2024-06-11T08:00", end="2024-06-11T17:00")
    assert diets(facts, country="PL") == ["22.50 PLN"]
    no_legs = settled(going("2024-06-10T08:00", "2024-06-11T08:00"))
    assert [row.country for row in no_legs.rates] == ["DE"]


def test_leg_when_the_annex_began_after_the_diet_then_the_diet_of_its_day():
    facts = going("2022-12-05T17:00", "2022-12-06T10:00", begin="2022-12-05T08:00")
    assert diets(facts) == ["19.00 PLN", "49.00 EUR"]


def test_night_in_poland_when_there_are_no_legs_or_no_rate_is_that_old_then_still_by_the_diet():
    nights = (
        Night(on(10), LodgingKind.LUMP_SUM, country="PL"),
        Night(on(11), LodgingKind.LUMP_SUM),
    )
    facts = going("2024-06-10T08:00", "2024-06-12T08:00", nights=nights)
    assert of_kind(settled(facts), "lodging") == ["67.50 PLN", "42.50 EUR"]
    assert of_kind(settled(going("2024-06-10T08:00", "2024-06-12T08:00", nights=nights[:1])), (
        "lodging"
    )) == ["67.50 PLN"]  # fmt: skip
    first = (Night(on(28, 2, 2013), LodgingKind.LUMP_SUM),)
    facts = going("2013-03-01T09:00", "2013-03-02T09:00", begin="2013-03-01T00:30", nights=first)
    assert of_kind(settled(facts), "lodging") == ["45.00 PLN"]


@pytest.mark.parametrize(
    ("hour", "meal", "shares"),
    [
        ("08:00:05", BREAKFAST, [1, 0]),
        ("08:00:00", BREAKFAST, [0, 1]),
        ("13:00:05", LUNCH, [1, 0]),
        ("13:00:00", LUNCH, [0, 1]),
        ("19:00:05", DINNER, [1, 0]),
        ("19:00:00", DINNER, [0, 1]),
    ],
)
def test_meal_abroad_when_eaten_as_a_period_begins_then_it_belongs_to_that_one(hour, meal, shares):
    """A period that begins five seconds later leaves the meal to the one before."""
    facts = going(f"2024-06-10T{hour}", f"2024-06-12T{hour}", meals=(DayMeals(on(11), (meal,)),))
    assert [len(n.deductions) for n in settled(facts).lines] == shares


def test_periods_when_they_run_through_countries_then_each_is_paid_where_it_begins():
    through = Pin(several_countries=SeveralCountries.PERIOD_START)
    stays = (stay("DE"), stay("CZ", "2024-06-11T07:00"), stay("FR", "2024-06-12T09:00"))
    facts = going("2024-06-10T08:00", "2024-06-13T18:00", stays=stays)
    assert diets(facts, through) == ["49.00 EUR", "41.00 EUR", "41.00 EUR", "27.50 EUR"]
    two = going("2024-06-10T08:00", "2024-06-12T20:00", stays=stays[:2])
    assert diets(two, through) == ["49.00 EUR", "41.00 EUR", "20.50 EUR"]


def test_place_when_a_stay_in_the_same_country_follows_then_nights_go_by_their_own_place():
    bill = Decimal(340)
    stays = (
        stay("US", "2024-06-10T14:00-04:00", place="New York"),
        stay("US", "2024-06-12T12:00-04:00", place="Chicago"),
    )
    nights = tuple(Night(on(day), LodgingKind.BILL, bill) for day in (10, 11, 12))
    begin = "2024-06-10T20:00+02:00"
    facts = going(begin, "2024-06-14T08:00", country="US", stays=stays, nights=nights)
    assert of_kind(settled(facts), "lodging") == ["340.00 USD", "340.00 USD", "200.00 USD"]


def test_country_when_it_has_no_row_beside_one_that_has_then_the_row_for_others():
    stays = (stay("DE"), stay("XK", "2024-06-11T08:00"))
    facts = going("2024-06-10T08:00", "2024-06-12T08:00", stays=stays)
    assert diets(facts) == ["49.00 EUR", "41.00 EUR"]
    nights = (Night(on(10), LodgingKind.LUMP_SUM), Night(on(11), LodgingKind.LUMP_SUM, None))
    assert PL_FOREIGN.countries(going("2024-06-10T08:00", "2024-06-12T08:00", nights=nights)) == {
        "PL", "DE",
    }  # fmt: skip


def test_night_when_its_country_is_stated_then_the_limit_of_that_one_and_the_next_night_its_own():
    bill = Decimal(190)
    nights = (
        Night(on(10), LodgingKind.BILL, bill),
        Night(on(11), LodgingKind.BILL, bill, country="FR"),
        Night(on(12), LodgingKind.BILL, bill),
    )
    facts = going("2024-06-10T08:00", "2024-06-13T08:00", nights=nights)
    assert of_kind(settled(facts), "lodging") == ["170.00 EUR", "190.00 EUR", "170.00 EUR"]
    late = (Night(on(12), LodgingKind.BILL, Decimal(340), country="US"),)
    there = (stay("US", "2024-06-10T06:00-04:00", place="New York"),)
    facts = going(
        "2024-06-10T12:00+02:00", "2024-06-12T20:00", end="2024-06-13T06:00",
        country="US", stays=there, nights=late,
    )  # fmt: skip
    assert of_kind(settled(facts), "lodging") == ["340.00 USD"]


def test_bill_when_zero_or_just_at_the_limit_then_as_it_is_and_no_consent_is_used():
    nights = (
        Night(on(10), LodgingKind.BILL, Decimal("0.00")),
        Night(on(11), LodgingKind.BILL, Decimal(170), consent=True),
    )
    lines = [
        line
        for line in settled(going("2024-06-10T08:00", "2024-06-12T08:00", nights=nights)).lines
        if line.kind == "lodging"
    ]
    assert [str(line.amount.amount) for line in lines] == ["0.00", "170.00"]
    assert all(line.rules == (LODGING_BILL,) for line in lines)


def test_transfer_when_at_the_destination_then_due_without_a_night():
    for place, overnight, due in (
        ("Berlin", False, "49.00 EUR"),
        ("Berlin", True, "49.00 EUR"),
        ("Bonn", False, "0.00 EUR"),
        ("Bonn", True, "49.00 EUR"),
    ):
        there = stay("DE", place=place, overnight=overnight, transfers=Transfers.BOTH)
        facts = going("2024-06-10T08:00", "2024-06-10T20:00", place="Berlin", stays=(there,))
        assert of_kind(settled(facts), "transfer") == [due]


@pytest.mark.parametrize(
    ("named", "where", "due"),
    [
        ("Berlin", {"country": "CH"}, "88.00 CHF"),
        ("Berlin", {"country": "CH", "place": "Bern"}, "88.00 CHF"),
        (None, {"country": "DE", "place": "Bonn"}, "49.00 EUR"),
        (None, {"country": "DE"}, "49.00 EUR"),
        ("Berlin", {"country": "DE"}, "0.00 EUR"),
    ],
)
def test_transfer_when_stays_alone_name_the_destination_then_due_without_a_night(named, where, due):
    """Dz.U. 2013 poz. 167: s.17(1) pays at the destination; s.13(2), there may be several."""
    there = stay(**where, overnight=False, transfers=Transfers.BOTH)
    facts = going("2024-06-10T08:00", "2024-06-10T20:00", place=named, stays=(there,))
    assert of_kind(settled(facts), "transfer") == [due]
    assert settled(facts).version == PL_FOREIGN.version


def test_annex_when_it_begins_as_the_trip_leaves_or_ends_then_from_that_day():
    assert diets(going("2022-11-29T08:00", "2022-11-30T08:00", country="FR")) == ["55.00 EUR"]
    facts = going("2022-11-28T10:00", "2022-11-29T15:00", country="DE")
    assert [row.rate_set for row in settled(facts).rates] == ["PL-FOR-2013", "PL-FOR-2022"]
    last = (Night(on(29, 11, 2022), LodgingKind.BILL, Decimal(160)),)
    facts = going("2022-11-28T10:00", "2022-11-30T10:00", nights=last)
    assert of_kind(settled(facts), "lodging") == ["160.00 EUR"]
    facts = going("2026-06-10T08:00", "2026-06-11T08:00")
    assert [row.rate_set for row in settled(facts).rates] == ["PL-FOR-2022"]


def test_local_transport_when_the_annex_changes_then_a_tenth_of_each_diet():
    lump = LocalTransport.LUMP_SUM
    facts = going("2022-11-27T10:00", "2022-11-30T15:00", country="FR", local_transport=lump)
    assert of_kind(settled(facts), "local_transport") == ["8.20 EUR", "11.00 EUR"]


def test_night_in_poland_when_the_country_abroad_has_the_row_for_others_then_still_domestic():
    nights = (Night(on(10), LodgingKind.LUMP_SUM), Night(on(11), LodgingKind.LUMP_SUM))
    facts = going(
        "2024-06-11T08:00", "2024-06-12T08:00", begin="2024-06-10T08:00",
        country="XK", nights=nights,
    )  # fmt: skip
    assert of_kind(settled(facts), "lodging") == ["67.50 PLN", "35.00 EUR"]


def test_rate_when_the_annex_names_neither_the_country_nor_others_then_the_field_is_told():
    code, begins = "PL-FOR-TEST", date(2022, 11, 29)
    row = rate(code, "DE", "49.00", begins, lodging_limit=Decimal(170))
    book = RateBook(
        (*domestic_book().sets, rate_set("PL_FOREIGN", code, begins)),
        (*domestic_book().rates, row),
    )

    def missing(**fields):
        facts = going("2024-06-10T08:00", "2024-06-12T08:00", **fields)
        with pytest.raises(NoRate) as caught:
            PL_FOREIGN.select(book, facts, Pin())
        return caught.value.pointer

    assert missing(country="FR") == "/country"
    stays = (stay("DE"), stay("FR", "2024-06-11T08:00"))
    assert missing(stays=stays) == "/abroad/stays/1/country"
    nights = tuple(Night(on(10), LodgingKind.FREE, country=code) for code in ("PL", "FR"))
    assert missing(nights=nights) == "/nights/1/country"
    facts = going("2024-06-10T08:00", "2024-06-12T08:00", nights=nights[:1])
    assert {found.country for found in PL_FOREIGN.select(book, facts, Pin())} == {"DE", "PL"}


@pytest.mark.parametrize(
    ("begin", "end", "evening", "wrong"),
    [
        ("2024-06-10T08:00:00", "2024-06-11T21:00:00", 11, True),
        ("2024-06-10T08:00:00", "2024-06-11T21:00:10", 11, False),
        ("2024-06-10T07:00:00", "2024-06-11T20:00:00", 9, True),
        ("2024-06-10T07:00:10", "2024-06-11T20:00:00", 9, True),
        ("2024-06-10T06:59:50", "2024-06-11T20:00:00", 9, False),
        ("2024-06-10T06:59:50", "2024-06-11T20:00:00", 8, True),
    ],
)
def test_night_when_no_part_of_it_is_travelled_then_refused_once(begin, end, evening, wrong):
    nights = (Night(on(evening), LodgingKind.FREE),)
    found = told(PL_FOREIGN, going(begin, end, nights=nights))
    assert found == ([("/nights/0/on", "night_not_travelled")] if wrong else [])


def test_night_when_two_evenings_before_the_trip_then_refused_wherever_it_is():
    nights = tuple(Night(on(day, 3, 2026), LodgingKind.FREE) for day in (8, 9))
    facts = trip("2026-03-10T01:00", "2026-03-12T08:00", country="US", nights=nights)
    assert told(US_GSA, facts) == [("/nights/0/on", "night_not_travelled")]


def test_crossings_when_at_one_instant_then_no_time_abroad():
    facts = going("2024-06-10T08:00", "2024-06-10T08:00", end="2024-06-10T09:00")
    assert told(PL_FOREIGN, facts) == [("/abroad/enters/at", "crossings_in_wrong_order")]


def test_stays_when_out_of_order_or_at_the_way_back_then_each_is_told():
    stays = (stay("DE"), stay("CZ", "2024-06-12T08:00"), stay("FR", "2024-06-11T08:00"))
    facts = going("2024-06-10T08:00", "2024-06-13T08:00", stays=stays)
    assert told(PL_FOREIGN, facts) == [("/abroad/stays/2/since", "stay_outside_foreign_part")]
    stays = (stay("DE"), stay("CZ", "2024-06-13T08:00"))
    facts = going("2024-06-10T08:00", "2024-06-13T08:00", stays=stays)
    assert told(PL_FOREIGN, facts) == [("/abroad/stays/1/since", "stay_outside_foreign_part")]


def test_days_abroad_when_the_first_or_the_last_then_accepted():
    days = (on(10), on(13))
    cash = tuple(FoodMoney(day, Decimal(10)) for day in days)
    facts = going("2024-06-10T08:00", "2024-06-13T08:00", hospital=days, food_money=cash)
    assert told(PL_FOREIGN, facts) == []


def test_amounts_when_two_currencies_meet_then_each_night_and_day_has_that_of_its_place():
    """Tokyo to 12 June 10:00, then Germany; the night before belongs to where midnight fell."""
    stays = (stay("JP", "2024-06-10T15:00+09:00"), stay("DE", "2024-06-12T10:00+02:00"))
    there = {"country": "JP", "stays": stays}
    begin, end = "2024-06-10T08:00+02:00", "2024-06-15T10:00"

    def scale(evening, day):
        nights = (Night(on(evening), LodgingKind.BILL, Decimal("90.50")),)
        cash = (FoodMoney(on(day), Decimal("10.50")),)
        facts = going(begin, end, nights=nights, food_money=cash, **there)
        rows = PL_FOREIGN.select(foreign_book(), facts, Pin())
        return [each.pointer for each in PL_FOREIGN.scale(facts, Pin(), rows)]

    assert scale(11, 11) == ["/nights/0/bill", "/abroad/food_money/0/amount"]
    assert scale(12, 12) == []
    night = (Night(on(14), LodgingKind.BILL, Decimal("90.50"), country="JP"),)
    facts = going(
        begin, "2024-06-14T20:00", end="2024-06-15T06:00", country="DE",
        stays=(stay("DE"),), nights=night,
    )  # fmt: skip
    assert refusals(facts) == [("/nights/0/bill", "money_scale")]
    cash = (FoodMoney(on(10), Decimal("10.50")),)
    facts = going(
        "2024-06-10T15:00", "2024-06-14T20:00", begin="2024-06-10T08:00",
        country="JP", food_money=cash,
    )  # fmt: skip
    assert refusals(facts) == [("/abroad/food_money/0/amount", "money_scale")]
