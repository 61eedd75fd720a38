"""What holds for every foreign trip, whatever its times: properties, not examples."""

from dataclasses import replace
from datetime import UTC, date, timedelta
from decimal import Decimal

from domain.abroad import diets, foreign_book, going, instant, settled
from domain.trips import WARSAW
from hypothesis import given
from hypothesis import strategies as st

from participants.domain.abroad import Border, Stay, Way
from participants.domain.choices import Counting, DomesticLegs, Pin, SeveralCountries
from participants.domain.per_diem import DayMeals, LocalTransport, LodgingKind, Meal, Night
from participants.domain.pl_foreign import PL_FOREIGN
from participants.domain.result_text import result_text
from participants.domain.snapshot import rerun, snapshot_text

STARTS = st.sampled_from(
    ["2024-06-10T08:00", "2024-03-30T22:15", "2024-10-26T23:40", "2022-11-28T13:00"]
)
MINUTES = st.integers(1, 12 * 24 * 60)
PINS = st.builds(
    Pin,
    counting=st.sampled_from(Counting),
    domestic_legs=st.sampled_from(DomesticLegs),
    several_countries=st.sampled_from(SeveralCountries),
)


def later(start, minutes):
    return (instant(start).astimezone(UTC) + timedelta(minutes=minutes)).astimezone(WARSAW)


@given(STARTS, MINUTES)
def test_minute_when_added_then_never_lowers_the_diet(start, minutes):
    shorter = going(start, later(start, minutes).isoformat())
    longer = going(start, later(start, minutes + 1).isoformat())
    assert diets(longer)["EUR"] >= diets(shorter)["EUR"]


@given(STARTS, st.integers(1, 8), st.integers(1, 24 * 60))
def test_trip_when_split_at_a_24_hour_boundary_then_the_same(start, days, rest):
    cut, end = later(start, days * 1440), later(start, days * 1440 + rest)
    whole = diets(going(start, end.isoformat()))["EUR"]
    first = diets(going(start, cut.isoformat()))["EUR"]
    assert first + diets(going(cut.isoformat(), end.isoformat()))["EUR"] == whole


@st.composite
def trips(draw):
    start = draw(STARTS)
    minutes, out, back = draw(MINUTES), draw(st.integers(0, 2000)), draw(st.integers(0, 2000))
    leaves, enters = later(start, out), later(start, out + minutes)
    cut = draw(st.integers(1, minutes))
    stays = (Stay("DE"),)
    if cut < minutes:
        country = draw(st.sampled_from(["FR", "CH", "JP", "DE"]))
        stays = (*stays, Stay(country, since=later(start, out + cut)))
    facts = going(
        leaves.isoformat(),
        enters.isoformat(),
        begin=start,
        end=later(start, out + minutes + back).isoformat(),
        stays=stays,
        local_transport=draw(st.sampled_from([LocalTransport.NONE, LocalTransport.LUMP_SUM])),
        legs_local_transport=draw(st.booleans()),
    )
    return facts, draw(st.lists(st.sets(st.sampled_from(Meal)), max_size=12))


@given(trips(), PINS)
def test_result_when_any_trip_then_adds_up_is_never_negative_and_runs_again(made, pin):
    facts, board = made
    count = (facts.last_day - facts.first_day).days + 1
    days = [facts.first_day + timedelta(days=n) for n in range(min(count, len(board)))]
    meals = tuple(DayMeals(on, tuple(sorted(m))) for on, m in zip(days, board, strict=False))
    nights = tuple(Night(on, LodgingKind.LUMP_SUM) for on in days[: count - 1])
    facts = going_with(facts, meals, nights)
    result = settled(facts, pin)
    added: dict[str, Decimal] = {}
    for line in result.lines:
        assert line.amount.amount >= 0
        off = sum((each.amount for each in line.deductions), Decimal(0))
        assert off <= line.base
        added[line.amount.currency] = added.get(line.amount.currency, Decimal(0)) + (
            line.amount.amount
        )
    assert {t.currency: t.amount for t in result.totals} == added
    rates = PL_FOREIGN.select(foreign_book(), facts, pin)
    text = snapshot_text(PL_FOREIGN.code, PL_FOREIGN.version, facts, pin, rates)
    assert rerun(text) == result_text(result)


def going_with(facts, meals, nights):
    return replace(facts, meals=meals, nights=nights)


@given(st.integers(0, 30), st.sampled_from(list(Way)))
def test_meal_when_added_then_the_diet_of_partial_board_never_grows(hours, way):
    end = later("2024-06-10T08:00", 60 * hours + 600)
    plain = going("2024-06-10T08:00", end.isoformat(), way=way)
    breakfast = (DayMeals(date(2024, 6, 10), (Meal.BREAKFAST,)),)
    fed = going("2024-06-10T08:00", end.isoformat(), way=way, meals=breakfast)
    assert diets(fed)["EUR"] <= diets(plain)["EUR"]
    assert plain.abroad.leaves == Border(instant("2024-06-10T08:00"), way)
