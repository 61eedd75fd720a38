"""Explanations as a travel clerk reads them: amounts, dates and grammar of both languages."""

from datetime import date
from decimal import Decimal

import pytest
from domain.abroad import going, settled, stay
from domain.trips import lasting, run, trip

from participants.domain.abroad import Distance, Expert, Provided, Provision, Transfers, Way
from participants.domain.choices import Pin
from participants.domain.distance_bands import ERASMUS_DISTANCE
from participants.domain.eu_experts import TAIEX, TWINNING
from participants.domain.explained import rule_of
from participants.domain.per_diem import (
    DayMeals,
    LocalTransport,
    LodgingKind,
    Meal,
    Night,
)
from participants.domain.phrases import Amount, Counted, Phrase
from participants.domain.rates import RateBook
from participants.domain.us_gsa import US_GSA
from participants.load import rate_sets, rates

HELD = RateBook(tuple(rate_sets()), tuple(rates()))
CONTRACT = Pin(contract_concluded_on=date(2024, 12, 1), call_opened_on=date(2022, 2, 1))


def said(result, language="pl"):
    return [getattr(line.text, language) for line in result.lines]


def test_foreign_trip_when_read_then_says_leg_periods_nights_transfers_and_transport():
    result = settled(
        going(
            "2024-06-10T13:00",
            "2024-06-12T00:30",
            begin="2024-06-10T04:30",
            end="2024-06-12T01:00",
            place="Berlin",
            way=Way.AIR,
            stays=(stay("DE", place="Berlin", transfers=Transfers.ONE),),
            meals=(DayMeals(date(2024, 6, 11), (Meal.LUNCH, Meal.DINNER)),),
            nights=(
                Night(date(2024, 6, 10), LodgingKind.BILL, Decimal(210)),
                Night(date(2024, 6, 11), LodgingKind.LUMP_SUM),
            ),
            local_transport=LocalTransport.LUMP_SUM,
        )
    )
    assert said(result) == [
        (
            "Odcinek krajowy przed wyjazdem za granicę, liczony osobno jak podróż krajowa. Doba "
            "1: od 10.06.2024 r. godz. 4:30 do 10.06.2024 r. godz. 13:00 (8 godz. 30 min). Stawka "
            "diety: 45,00 zł (od 1.01.2023 r.). Za podróż trwającą od 8 do 12 godzin przysługuje "
            "połowa diety: 22,50 zł."
        ),
        (
            "Doba 1 za granicą (Niemcy): od 10.06.2024 r. godz. 13:00 do 11.06.2024 r. godz. "
            "13:00 (24 godz.). Stawka diety: 49,00 EUR (od 29.11.2022 r.). Za pełną dobę "
            "przysługuje cała dieta: 49,00 EUR."
        ),
        (
            "Doba 2 za granicą (Niemcy): od 11.06.2024 r. godz. 13:00 do 12.06.2024 r. godz. 0:30 "
            "(11 godz. 30 min). Stawka diety: 49,00 EUR (od 29.11.2022 r.). Za niepełną dobę "
            "trwającą ponad 8 do 12 godzin przysługuje połowa diety: 24,50 EUR. Zapewniono obiad: "
            "potrącenie 30% diety, 14,70 EUR. Zapewniono kolację: potrącenie 30% diety, lecz nie "
            "więcej, niż pozostało, 9,80 EUR. Do wypłaty: 0,00 EUR."
        ),
        (
            "Odcinek krajowy po powrocie z zagranicy, liczony osobno jak podróż krajowa. Doba 1: "
            "od 12.06.2024 r. godz. 0:30 do 12.06.2024 r. godz. 1:00 (30 min). Stawka diety: "
            "45,00 zł (od 1.01.2023 r.). Za podróż krótszą niż 8 godzin dieta nie przysługuje: "
            "0,00 zł."
        ),
        (
            "Nocleg z 10.06.2024 r. na 11.06.2024 r. (Niemcy). Rachunek na 210,00 EUR przekracza "
            "limit: zwrot do wysokości limitu, 170,00 EUR."
        ),
        (
            "Nocleg z 11.06.2024 r. na 12.06.2024 r. (Niemcy). Brak rachunku: ryczałt w wysokości "
            "25% limitu 170,00 EUR, czyli 42,50 EUR."
        ),
        (
            "Dojazd z dworca, lotniska lub portu albo z powrotem, tylko w jedną stronę (Berlin, "
            "Niemcy): ryczałt w wysokości połowy diety, 24,50 EUR."
        ),
        (
            "Dojazdy komunikacją miejscową (Niemcy): 10% diety za każdą rozpoczętą dobę, 2 doby po "
            "4,90 EUR, razem 9,80 EUR."
        ),
    ]
    assert result.remarks[0].pl == (
        "Podróż zagraniczna trwała od 10.06.2024 r. godz. 13:00 (start samolotu z ostatniego "
        "lotniska w kraju) do 12.06.2024 r. godz. 0:30 (lądowanie samolotu na pierwszym lotnisku w "
        "kraju), według czasu polskiego (Dz.U. 2013 poz. 167 § 12)."
    )
    assert said(result, "en")[1] == (
        "Period 1 abroad (Germany): from 10 June 2024, 13:00 to 11 June 2024, 13:00 (24 h). Diet: "
        "49.00 EUR (rate from 29 November 2022). For a full 24 hours the whole diet is due: "
        "49.00 EUR."
    )
    assert {rule.reference_pl for rule in result.lines[2].rules} == {
        "Dz.U. 2013 poz. 167 § 13 ust. 3",
        "Dz.U. 2013 poz. 167 § 14 ust. 2-3",
    }


def test_domestic_night_when_read_then_the_date_ends_the_sentence_once():
    nights = (Night(date(2026, 3, 2), LodgingKind.BILL, Decimal("12345.60")),)
    (line,) = (n for n in run(lasting(24 * 60, nights=nights)).lines if n.kind == "lodging")
    assert line.text.pl == (
        "Nocleg z 2.03.2026 r. na 3.03.2026 r. Rachunek na 12\N{NO-BREAK SPACE}345,60 zł "
        "przekracza limit 20 diet: zwrot do wysokości limitu, 900,00 zł."
    )
    assert "The bill of 12,345.60 PLN exceeds" in line.text.en


def test_taiex_when_read_then_says_what_was_provided_and_the_allowance():
    provided = (
        Provided(date(2025, 3, 10), Provision.HOTEL, Decimal("90.5")),
        Provided(date(2025, 3, 10), Provision.CATERING, Decimal(30)),
    )
    expert = Expert(official=True, working_days=1, provided=provided)
    mission = trip("2025-03-10T08:00", "2025-03-11T18:00", country="MD", expert=expert)
    night, fixed = run(mission, ruleset=TAIEX, book=HELD, pin=CONTRACT).lines
    assert night.text.pl == (
        "Nocleg 1, z 10.03.2025 r. na 11.03.2025 r.: najwyżej 250,00 EUR według wykazu "
        "EU-EXT-2024-11-08, wyznaczonego przez umowę. Kwota obejmuje nocleg, posiłki, przejazdy "
        "miejscowe i drobne wydatki. Zapewnił organizator: hotel, potrącenie 90,50 EUR; "
        "wyżywienie, potrącenie 30,00 EUR. Do wypłaty: 129,50 EUR."
    )
    assert fixed.text.pl == (
        "Stały dodatek urzędnika: 1 dzień pracy lub przejazdu po 250,00 EUR, razem 250,00 EUR."
    )
    assert "1 working or travel day at 250.00 EUR" in fixed.text.en


@pytest.mark.parametrize(
    ("days", "polish", "english"),
    [
        (1, "1 dzień roboczy", "1 working day"),
        (2, "2 dni robocze", "2 working days"),
        (5, "5 dni roboczych", "5 working days"),
        (12, "12 dni roboczych", "12 working days"),
        (22, "22 dni robocze", "22 working days"),
    ],
)
def test_twinning_fee_when_days_are_counted_then_in_the_right_case(days, polish, english):
    expert = Expert(daily_fee=Decimal(350), working_days=days)
    mission = trip("2025-03-01T08:00", "2025-03-30T18:00", country="MD", expert=expert)
    fee = run(mission, ruleset=TWINNING, book=HELD, pin=CONTRACT).lines[0].text
    assert f"Honorarium eksperta: {polish} po 350,00 EUR" in fee.pl
    assert f"Expert's fee: {english} at 350.00 EUR" in fee.en


def test_distance_when_read_then_says_band_table_and_travel_days():
    distance = Distance(600, green=True, travel_days=5, daily_support=Decimal(70))
    journey = trip("2022-03-10T08:00", "2022-03-12T18:00", country="MD", distance=distance)
    assert said(run(journey, ruleset=ERASMUS_DISTANCE, book=HELD, pin=CONTRACT)) == [
        (
            "Odległość w jedną stronę: 600 km, przedział 500-1999 km według tabeli ERA-DIST-2021: "
            "320,00 EUR za podróż w obie strony. Stawka za ekologiczny środek podróży."
        ),
        "Wsparcie indywidualne: 5 dni podróży po 70,00 EUR, razem 350,00 EUR.",
    ]


def test_gsa_when_read_then_says_the_share_of_the_day_and_the_meals():
    meals = (DayMeals(date(2026, 3, 10), (Meal.LUNCH,)),)
    stay_there = trip("2026-03-10T08:00", "2026-03-12T18:00", country="US", meals=meals)
    first, second, *_ = run(stay_there, ruleset=US_GSA, book=HELD).lines
    assert first.text.pl == (
        "10.03.2026 r.: wyżywienie i drobne wydatki, w pierwszym lub ostatnim dniu 75% stawki "
        "68,00 USD: 51,00 USD. Zapewniono: obiad, potrącenie 19,00 USD. Do wypłaty: 32,00 USD."
    )
    assert second.text.en == "11 March 2026: meals and incidentals at the full rate of 68.00 USD."


def test_amount_when_written_then_by_the_rules_of_each_language_and_edition():
    phrase = Phrase("{sum}", "{sum}")
    for value, currency, polish, english in (
        ("22.5", "PLN", "22,50 zł", "22.50 PLN"),
        ("9000", "JPY", "9000 JPY", "9000 JPY"),
        ("1234567.895", "EUR", "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,90 EUR", None),
    ):
        words = phrase.of(sum=Amount(Decimal(value), currency)).words()
        assert words.pl == polish
        assert english is None or words.en == english
    unit = Amount(Decimal("1.1545"), "PLN", exact=True)
    assert phrase.of(sum=unit).words() == ("1,1545 zł", "1.1545 PLN")
    assert phrase.of(sum=unit).words(2) == ("1,1545 PLN", "1.1545 PLN")
    assert phrase.of(sum=Counted(13, ("a", "b", "c"), ("d", "e"))).words() == ("13 c", "13 e")


def test_phrase_when_its_languages_disagree_on_gaps_then_refused():
    with pytest.raises(ValueError, match="gaps"):
        Phrase("{a} i {b}", "{b} and {a}")


def test_rule_when_it_has_a_section_then_a_paragraph_in_polish():
    assert rule_of("Act", "X", "14(2)-(3)").reference_pl == "Act § 14 ust. 2-3"
    assert rule_of("Act", "X", "12").reference_pl == "Act § 12"
    assert rule_of("Act", "X", "7(2)").reference == "Act s.7(2)"
