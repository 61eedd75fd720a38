"""Rules at their turning points, one by one: what a small change of the engine would break."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from domain.abroad import foreign_book, going, settled, stay
from domain.trips import domestic_book, lasting, rate, rate_set, run, trip

from participants.domain.abroad import FoodMoney
from participants.domain.choices import Pin
from participants.domain.errors import TripFactsRefused
from participants.domain.local_time import zone_violations
from participants.domain.per_diem import DayMeals, LodgingKind, Meal, Night
from participants.domain.pl_foreign import PL_FOREIGN
from participants.domain.rates import NoRate, RateBook, RateSetStatus
from participants.domain.rulesets import checked

WARSAW = ZoneInfo("Europe/Warsaw")
TEN = date(2024, 6, 10)


def refused(facts):
    with pytest.raises(TripFactsRefused) as caught:
        checked(PL_FOREIGN, facts, Pin(), foreign_book(), [])
    return [(each.pointer, each.code) for each in caught.value.errors]


def test_amounts_when_finer_than_the_currency_of_their_place_then_refused():
    """A yen has no smaller unit: what a euro bill may say, a bill from Tokyo may not."""
    night = Night(TEN, LodgingKind.BILL, Decimal("9000.50"))
    there = {"country": "JP", "stays": (stay("JP", "2024-06-10T17:00+09:00"),)}
    begin, end = "2024-06-10T10:00", "2024-06-12T10:00"
    assert refused(going(begin, end, nights=(night,), **there)) == [
        ("/nights/0/bill", "money_scale")
    ]
    cash = (FoodMoney(TEN, Decimal("1000.5")),)
    assert refused(going(begin, end, food_money=cash, **there)) == [
        ("/abroad/food_money/0/amount", "money_scale")
    ]
    at_home = Night(TEN, LodgingKind.BILL, Decimal("300.50"), country="PL")
    in_germany = Night(date(2024, 6, 11), LodgingKind.BILL, Decimal("90.50"), country="DE")
    facts = going(begin, end, nights=(at_home, in_germany), **there)
    assert "DE" in PL_FOREIGN.countries(facts)
    assert checked(PL_FOREIGN, facts, Pin(), foreign_book(), [])


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("2026-03-29T01:59:00+01:00", []),
        ("2026-03-29T02:00:00+01:00", ["local_time_does_not_exist"]),
        ("2026-03-29T02:59:00+02:00", ["local_time_does_not_exist"]),
        ("2026-03-29T03:00:00+02:00", []),
        ("2026-10-25T02:30:00+02:00", []),
        ("2026-10-25T02:30:00+01:00", []),
        ("2026-10-25T02:30:00+03:00", ["offset_disagrees_with_zone"]),
        ("2026-10-25T03:00:00+02:00", ["offset_disagrees_with_zone"]),
    ],
)
def test_local_time_when_the_clocks_change_then_only_real_ones_pass(written, codes):
    found = zone_violations("/departs_at", datetime.fromisoformat(written), WARSAW)
    assert [each.code for each in found] == codes
    assert all(each.pointer == "/departs_at" for each in found)


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati"])
def test_zone_when_its_offset_is_odd_then_its_own_times_pass(zone):
    here = datetime(2026, 3, 2, 8, tzinfo=UTC).astimezone(ZoneInfo(zone))
    assert zone_violations("/x", here, ZoneInfo(zone)) == []
    assert zone_violations("/x", here + timedelta(0), WARSAW)


def test_leap_day_when_travelled_then_a_day_like_any_other():
    facts = lasting(24 * 60 * 2, begin="2024-02-28T08:00")
    assert [str(line.amount.amount) for line in run(facts).lines] == ["45.00", "45.00"]
    eaten = (DayMeals(date(2024, 2, 29), (Meal.BREAKFAST,)),)
    lines = run(lasting(24 * 60 * 2, begin="2024-02-28T08:00", meals=eaten)).lines
    assert [len(line.deductions) for line in lines] == [0, 1]


def test_meal_when_said_to_be_on_a_side_of_the_border_then_counted_there():
    begin, end = "2024-06-10T12:30", "2024-06-11T12:30"
    for abroad, lines in ((None, [0, 1]), (True, [0, 1]), (False, [1, 0])):
        eaten = (DayMeals(TEN, (Meal.LUNCH,), abroad),)
        trip = going(begin, end, begin="2024-06-10T04:00", meals=eaten)
        found = [n for n in settled(trip).lines if n.kind == "subsistence"]
        assert [len(n.deductions) for n in found] == lines, abroad


def test_diet_when_a_set_is_a_draft_or_older_than_the_regulation_then_never_used():
    known = domestic_book()
    draft = rate_set("PL_DOMESTIC", "PL-DOM-2026", date(2026, 1, 1), status=RateSetStatus.DRAFT)
    old = rate_set("PL_DOMESTIC", "PL-DOM-2007", date(2007, 1, 1))
    rows = (
        rate("PL-DOM-2026", "PL", "60", date(2026, 1, 1)),
        rate("PL-DOM-2007", "PL", "23", date(2007, 1, 1)),
    )
    book = RateBook((*known.sets, draft, old), (*known.rates, *rows))
    assert [str(rate.allowance) for rate in run(lasting(600), book=book).rates] == ["45.00"]
    with pytest.raises(NoRate):
        run(trip("2013-02-28T08:00", "2013-02-28T20:00"), book=book)


def test_rates_when_one_begins_on_the_day_of_departure_then_told_once():
    result = run(trip("2023-01-01T08:00", "2023-01-02T20:00"))
    assert [str(rate.allowance) for rate in result.rates] == ["45.00"]


@pytest.mark.parametrize(
    ("back", "due"),
    [("16:00:01", "24.50"), ("20:00:01", "49.00"), ("08:00:01", "16.33")],
)
def test_diet_abroad_when_a_second_over_a_band_then_the_next_band(back, due):
    (line,) = (
        n
        for n in settled(going("2024-06-10T08:00", f"2024-06-10T{back}")).lines
        if n.kind == "subsistence"
    )
    assert str(line.amount.amount) == due


def test_hospital_when_a_day_is_cut_by_a_period_then_the_one_that_holds_its_noon():
    """Periods begin at 12:30, so the noon of the 11th belongs to the first of them."""
    trip_abroad = going("2024-06-10T12:30", "2024-06-12T12:30", hospital=(date(2024, 6, 11),))
    lines = [n for n in settled(trip_abroad).lines if n.kind == "subsistence"]
    assert [len(n.deductions) for n in lines] == [1, 0]


def test_period_when_its_instants_have_parts_of_a_second_then_keeps_them():
    begin = datetime(2026, 3, 2, 8, 0, 0, 250_000, WARSAW)
    line = run(trip(begin, begin + timedelta(hours=9))).lines[0]
    assert (line.begins_at, line.ends_at) == (begin, begin + timedelta(hours=9))
