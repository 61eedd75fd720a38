"""Where a rule turns, found by changing the engine: each of these failed for some change of it."""

from datetime import date
from decimal import Decimal

import pytest
from domain.trips import of_kind, rate, rate_set, run, told, trip

from participants.domain import us_gsa, us_gsa_nights
from participants.domain.abroad import Distance, Expert
from participants.domain.choices import Pin
from participants.domain.distance_bands import ERASMUS_DISTANCE, EU_UNIT_COSTS, OPTED_IN
from participants.domain.errors import TripFactsRefused
from participants.domain.eu_experts import TAIEX, TWINNING
from participants.domain.eu_external import EU_EXTERNAL
from participants.domain.per_diem import Cost, CostKind, LodgingKind, Night
from participants.domain.pl_domestic import PL_DOMESTIC
from participants.domain.rates import NoRate, RateBook, rate_of
from participants.domain.result_text import result_text
from participants.domain.rulesets import checked, edition_of
from participants.domain.us_gsa import US_GSA
from participants.load import rate_sets, rates

HELD = RateBook(tuple(rate_sets()), tuple(rates()))


def on(day, month=6, year=2024):
    return date(year, month, day)


def test_mileage_when_its_rate_has_four_decimals_as_in_the_act_then_accepted_and_shown():
    """0.8358 PLN stood in the regulation until 2023; the sum is rounded, the rate is not."""
    mileage = Cost(CostKind.MILEAGE, Decimal("0.8358"), 250)
    result = run(trip("2022-05-12T08:00", "2022-05-12T21:00", costs=(mileage,)))
    assert of_kind(result, "travel") == ["208.95 PLN"]
    assert "0,8358" in result_text(result)
    finer = Cost(CostKind.MILEAGE, Decimal("0.83581"), 250)
    ticket = Cost(CostKind.TICKET, Decimal("0.8358"))
    costs = (finer, ticket, Cost(CostKind.MILEAGE, Decimal("-0.8358"), 2))
    facts = trip("2022-05-12T08:00", "2022-05-12T21:00", costs=costs)
    assert told(PL_DOMESTIC, facts) == [
        ("/costs/0/amount", "money_scale"),
        ("/costs/1/amount", "money_scale"),
        ("/costs/2/amount", "amount_negative"),
    ]


def test_costs_when_in_a_currency_of_their_own_then_its_decimals_count():
    yen = Cost(CostKind.TICKET, Decimal("100.50"), currency="JPY")
    dinar = Cost(CostKind.TICKET, Decimal("1.005"), currency="KWD")
    wrong = [("/costs/0/amount", "money_scale")]
    assert told(PL_DOMESTIC, trip("2026-03-02T08:00", "2026-03-03T08:00", costs=(yen, dinar))) == (
        wrong
    )
    facts = trip("2026-03-02T08:00", "2026-03-03T08:00", country="MD", costs=(yen, dinar))
    assert told(TWINNING, facts) == wrong


def journey(kilometres, **fields):
    distance = None if kilometres is None else Distance(kilometres, **fields.pop("of", {}))
    return trip("2022-03-10T08:00", "2022-03-12T18:00", country="MD", distance=distance, **fields)


def bands(*begins):
    """Return tables of unit costs that begin on these days, each paying its number from 0 km."""
    sets = tuple(rate_set("EU_UNIT_COSTS", f"UC-{day}", day) for day in begins)
    rows = tuple(
        rate(f"UC-{day}", "*", f"{n}.00", day, parts=(("km_to", Decimal(500)),))
        for n, day in enumerate(begins, 1)
    )
    return RateBook(sets, rows)


def test_unit_costs_when_opted_in_then_the_table_of_26_july_2023_and_no_later_one():
    book = bands(date(2021, 1, 12), date(2023, 7, 26), date(2023, 7, 27))
    plain, opted = (
        Pin(call_opened_on=date(2022, 2, 1), unit_costs_opt_in=each) for each in (False, True)
    )
    assert paid_once(book, plain) == ("1.00", False)
    assert paid_once(book, opted) == ("2.00", True)


def paid_once(book, pin):
    (line,) = run(journey(0), ruleset=EU_UNIT_COSTS, book=book, pin=pin).lines
    return str(line.amount.amount), OPTED_IN in line.rules


def test_opting_in_when_the_scheme_is_another_then_plays_no_part():
    begins = date(2021, 1, 1)
    row = rate("E", "*", "180.00", begins, parts=(("km_from", Decimal(100)),))
    book = RateBook((rate_set("ERASMUS_DISTANCE", "E", begins),), (row,))
    pin = Pin(call_opened_on=date(2022, 2, 1), unit_costs_opt_in=True)
    (line,) = run(journey(100), ruleset=ERASMUS_DISTANCE, book=book, pin=pin).lines
    assert OPTED_IN not in line.rules


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (journey(0), []),
        (journey(-1), [("/distance/kilometres", "amount_negative")]),
        (journey(500, of={"green": True}), [("/distance", "not_covered_by_ruleset")]),
        (
            journey(500, of={"travel_days": 1, "daily_support": Decimal(50)}),
            [("/distance", "not_covered_by_ruleset")],
        ),
        (
            journey(500, nights=(Night(on(10, 3, 2022), LodgingKind.FREE),)),
            [("/nights", "not_covered_by_ruleset")],
        ),
        (
            journey(500, costs=(Cost(CostKind.TICKET, Decimal(5)),)),
            [("/costs", "not_covered_by_ruleset")],
        ),
    ],
)
def test_unit_costs_when_something_is_beside_the_distance_then_the_field_is_told(facts, found):
    assert told(EU_UNIT_COSTS, facts) == found


def test_distance_when_missing_then_told_once():
    begins = date(2021, 1, 1)
    row = rate("E", "*", "180.00", begins, parts=(("km_from", Decimal(100)),))
    book = RateBook((rate_set("ERASMUS_DISTANCE", "E", begins),), (row,))
    with pytest.raises(TripFactsRefused) as caught:
        checked(ERASMUS_DISTANCE, journey(None), Pin(call_opened_on=date(2022, 2, 1)), book, [])
    assert [(each.pointer, each.code) for each in caught.value.errors] == [
        ("/distance", "distance_missing")
    ]


def test_rates_when_written_alike_then_equal_and_otherwise_not():
    one, same = (rate("X", "MD", "45.00", on(1)) for _ in range(2))
    assert one == same
    assert one != rate("X", "MD", "45", on(1))
    assert one != rate("X", "GE", "45.00", on(1))
    assert one != "X"


@pytest.mark.parametrize("general", ["except Kinshasa", "other", None])
def test_rate_when_no_place_is_asked_for_then_never_that_of_a_city(general):
    edition = rate_set("X", "X", on(1))
    rows = (
        rate("X", "CD", "300.00", on(1), place="Kinshasa"),
        rate("X", "CD", "200.00", on(1), place=general),
    )
    for book in (RateBook((edition,), rows), RateBook((edition,), rows[::-1])):
        for place in (None, "Goma"):
            found = rate_of(book, edition, "CD", place, on(1))
            assert found is not None
            assert found.allowance == Decimal(200)
    assert rate_of(RateBook((edition,), rows[:1]), edition, "CD", None, on(1)) is None


def gsa(begins, *rows):
    code = f"GSA-{begins}"
    found = [
        rate(code, "US", "68.00", day, currency="USD", lodging_limit=Decimal(limit))
        for day, limit in rows or [(begins, 110)]
    ]
    later = rate_set("EU_EXTERNAL", "LATER", date(2026, 1, 1))
    return RateBook((rate_set("US_GSA", code, begins), later), tuple(found))


def american(begin, end, book, **fields):
    return run(trip(begin, end, country="US", **fields), ruleset=US_GSA, book=book)


def test_gsa_when_the_fiscal_year_ends_then_its_rates_do_and_not_a_day_before():
    book = gsa(date(2025, 10, 1))
    for first in (30, 28):
        american(f"2026-09-{first}T06:00", "2026-09-30T22:00", book)
    for begin in ("2026-10-01T06:00", "2026-09-30T06:00"):
        with pytest.raises(NoRate) as caught:
            american(begin, "2026-10-01T22:00", book)
        assert caught.value.code == "no_list"
    american("2026-10-14T06:00", "2026-10-14T22:00", gsa(date(2025, 10, 15)))
    leap = gsa(date(2027, 10, 1))
    american("2028-09-30T06:00", "2028-09-30T22:00", leap)
    with pytest.raises(NoRate):
        american("2028-10-01T06:00", "2028-10-01T22:00", leap)


def test_gsa_when_the_season_changes_then_each_night_has_its_own_rate():
    book = gsa(date(2025, 10, 1), (date(2025, 10, 1), 259), (date(2026, 9, 1), 272))
    result = american("2026-08-31T06:00", "2026-09-02T22:00", book)
    assert of_kind(result, "lodging") == ["259.00 USD", "272.00 USD"]
    text = result_text(result)
    assert "Night from 31 August 2026 to 1 September 2026" in text.replace("\u00a0", " ")


def remarks(place, end="2026-03-12", version=US_GSA.version):
    facts = trip("2026-03-10T06:00", f"{end}T22:00", country="US", place=place)
    rows = US_GSA.select(HELD, facts, Pin())
    result = edition_of("US_GSA", version).compute(facts, Pin(), rows)
    return [said.en for said in result.remarks if "weakly" not in said.en]


def test_gsa_when_the_list_is_silent_of_the_place_then_a_remark_says_what_was_taken():
    (unlisted,) = remarks("San Francisco")
    assert unlisted.startswith("San Francisco has no rate in US-GSA-FY2026: the standard rate")
    (tier,) = remarks("M&IE 92")
    assert tier.startswith("US-GSA-FY2026 has no lodging limit for M&IE 92")
    assert remarks(None) == remarks("M&IE 92", "2026-03-10") == []
    assert remarks("San Francisco", version=us_gsa.SECOND) == []
    agreed = tuple(
        Night(on(n, 3, 2026), LodgingKind.BILL, Decimal(259), consent=True) for n in (10, 11)
    )
    result = american("2026-03-10T06:00", "2026-03-12T22:00", HELD, place="M&IE 92", nights=agreed)
    assert [str(total.amount) for total in result.totals] == ["748.00"]


def test_gsa_when_nights_are_told_then_each_says_how_it_was_spent_and_paid():
    bill = LodgingKind.BILL
    nights = (
        Night(on(9, 3, 2026), bill, Decimal(110)),
        Night(on(10, 3, 2026), bill, Decimal("110.01")),
        Night(on(11, 3, 2026), bill, Decimal(140), consent=True),
        Night(on(12, 3, 2026), LodgingKind.FREE),
        Night(on(13, 3, 2026), LodgingKind.TRANSIT),
        Night(on(14, 3, 2026), LodgingKind.DAILY_RETURN),
        Night(on(15, 3, 2026), LodgingKind.LUMP_SUM),
    )
    result = american("2026-03-09T06:00", "2026-03-16T22:00", HELD, nights=nights)
    told = [line for line in result.lines if line.kind == "lodging"]
    assert [line.text.en.partition(". ")[2] for line in told] == [
        "The bill of 110.00 USD is within the rate of 110.00 USD: reimbursed in full.",
        "The bill of 110.01 USD exceeds the rate: reimbursed up to the rate, 110.00 USD.",
        (
            "The bill of 140.00 USD exceeds the rate of 110.00 USD: reimbursed in full, as the "
            "employer agreed."
        ),
        "Lodging was free: nothing is due.",
        "Spent on the way: nothing is due.",
        "Returned that day: nothing is due.",
        "Due up to the rate: 110.00 USD.",
    ]
    agreed = [line.number for line in told if "US-GSA-ACTUAL-EXPENSE" in {r.id for r in line.rules}]
    assert agreed == [3]


def test_gsa_when_no_lodging_rate_is_held_then_a_night_says_so_and_no_limit_of_nothing():
    nights = (
        Night(on(10, 3, 2026), LodgingKind.BILL, Decimal(216), consent=True),
        Night(on(11, 3, 2026), LodgingKind.BILL, Decimal(216)),
        Night(on(12, 3, 2026), LodgingKind.LUMP_SUM),
    )
    result = american("2026-03-10T06:00", "2026-03-13T22:00", HELD, place="M&IE 92", nights=nights)
    told = [line.text.pl for line in result.lines if line.kind == "lodging"]
    assert told[0].replace("\u00a0", " ") == (
        "Nocleg z 10.03.2026 r. na 11.03.2026 r. Wykaz US-GSA-FY2026 nie zawiera stawki za nocleg "
        "w tej miejscowości: zwrot według rachunku na 216,00 USD, za zgodą pracodawcy."
    )
    assert all("zwrot nie przysługuje" in text for text in told[1:])
    assert of_kind(result, "lodging") == ["216.00 USD", "0.00 USD", "0.00 USD"]
    agreed = [line for line in result.lines if us_gsa_nights.ACTUAL in line.rules]
    assert [line.on for line in agreed] == [on(10, 3, 2026)]


def test_gsa_when_the_fiscal_year_ends_on_the_way_then_each_list_says_what_it_has_not():
    facts = trip("2024-09-30T06:00", "2024-10-01T22:00", country="US", place="M&IE 79")
    rows = US_GSA.select(HELD, facts, Pin())
    told = [said.en for said in US_GSA.compute(facts, Pin(), rows).remarks]
    assert told[0].startswith("US-GSA-FY2024 has no lodging limit for M&IE 79")
    assert told[1].startswith("M&IE 79 has no rate in US-GSA-FY2025: the standard rate was taken")
    before = edition_of("US_GSA", us_gsa.THIRD).compute(facts, Pin(), rows).remarks
    assert not any("FY2025: the standard" in said.en for said in before)


def test_gsa_when_a_night_is_free_then_the_line_pays_no_part_of_the_rate():
    nights = (
        Night(on(10, 3, 2026), LodgingKind.FREE),
        Night(on(11, 3, 2026), LodgingKind.LUMP_SUM),
    )
    result = american("2026-03-10T06:00", "2026-03-12T22:00", gsa(date(2025, 10, 1)), nights=nights)
    assert [line.factor for line in result.lines if line.kind == "lodging"] == [0, 1]


LIST = RateBook(
    (rate_set("EU_EXTERNAL", "EU", date(2024, 11, 8)),),
    (rate("EU", "MD", "200.00", date(2024, 11, 8)),),
)


@pytest.mark.parametrize(
    ("expert", "fees"),
    [
        (Expert(working_days=2), []),
        (Expert(daily_fee=Decimal(350)), []),
        (Expert(daily_fee=Decimal(350), working_days=2), ["700.00 EUR", "1050.00 EUR"]),
    ],
)
def test_twinning_when_there_is_no_fee_or_no_working_day_then_no_line_for_it(expert, fees):
    facts = trip("2025-03-10T08:00", "2025-03-12T18:00", country="MD", expert=expert)
    pin = Pin(contract_concluded_on=date(2024, 12, 1))
    assert of_kind(run(facts, ruleset=TWINNING, book=LIST, pin=pin), "fee") == fees


def test_expert_when_days_of_work_and_travel_are_more_than_the_trip_then_refused():
    def mission(**fields):
        return trip("2025-03-10T08:00", "2025-03-12T18:00", country="MD", **fields)

    assert told(TAIEX, mission(expert=Expert(working_days=2, travel_days=1))) == []
    too_many = mission(expert=Expert(working_days=2, travel_days=2))
    assert told(TAIEX, too_many) == [("/expert/working_days", "days_outside_trip")]
    ticket = mission(costs=(Cost(CostKind.TICKET, Decimal(5)),))
    assert told(TAIEX, ticket) == [("/costs", "not_covered_by_ruleset")]


@pytest.mark.parametrize(
    ("end", "nights", "fits"),
    [("2025-03-10", 0, True), ("2025-03-10", 1, False), ("2025-03-11", 1, True),
     ("2025-03-11", -1, False)],
)  # fmt: skip
def test_nights_away_when_stated_then_none_to_as_many_as_the_trip_has(end, nights, fits):
    facts = trip("2025-03-10T08:00", f"{end}T20:00", country="MD", nights_away=nights)
    assert (told(EU_EXTERNAL, facts) == []) is fits
