"""PL_FOREIGN: the rules of Dz.U. 2013 poz. 167, chapter 3, by name, with the words for each."""

from fractions import Fraction
from typing import Final

from participants.domain.abroad import NoTransport, Way
from participants.domain.per_diem import Meal, Rule, Words
from participants.domain.pl_travel import ACT

TIME: Final = {
    Way.LAND: Rule("PL-FOR-TIME-LAND", f"{ACT} s.12"),
    Way.AIR: Rule("PL-FOR-TIME-AIR", f"{ACT} s.12"),
    Way.SEA: Rule("PL-FOR-TIME-SEA", f"{ACT} s.12"),
}
FULL_24H: Final = Rule("PL-FOR-DIET-FULL-24H", f"{ACT} s.13(3)")
THIRD: Final = Rule("PL-FOR-DIET-TO-8H", f"{ACT} s.13(3)")
HALF: Final = Rule("PL-FOR-DIET-8H-TO-12H", f"{ACT} s.13(3)")
OVER_12: Final = Rule("PL-FOR-DIET-OVER-12H", f"{ACT} s.13(3)")
DESTINATION: Final = Rule("PL-FOR-DESTINATION", f"{ACT} s.13(2)")
FULL_BOARD: Final = Rule("PL-FOR-FULL-BOARD", f"{ACT} s.14(1)")
MEALS: Final = Rule("PL-FOR-MEALS", f"{ACT} s.14(2)-(3)")
FOOD_MONEY: Final = Rule("PL-FOR-FOOD-MONEY", f"{ACT} s.14(4)")
HOSPITAL: Final = Rule("PL-FOR-HOSPITAL", f"{ACT} s.15")
LODGING_BILL: Final = Rule("PL-FOR-LODGING-BILL", f"{ACT} s.16")
LODGING_LUMP: Final = Rule("PL-FOR-LODGING-LUMP-SUM", f"{ACT} s.16")
LODGING_TRANSIT: Final = Rule("PL-FOR-LODGING-TRANSIT", f"{ACT} s.16")
LODGING_CONSENT: Final = Rule("PL-FOR-LODGING-CONSENT", f"{ACT} s.16")
LODGING_FREE: Final = Rule("PL-FOR-LODGING-FREE", f"{ACT} s.16")
TRANSFER: Final = Rule("PL-FOR-TRANSFER", f"{ACT} s.17(1)")
HALF_TRANSFER: Final = Rule("PL-FOR-TRANSFER-ONE-WAY", f"{ACT} s.17(2)")
TRANSPORT: Final = Rule("PL-FOR-TRANSPORT", f"{ACT} s.17(3)")
NO_TRANSPORT: Final = Rule("PL-FOR-NO-TRANSPORT", f"{ACT} s.17(4)")
LEGS: Final = Rule("PL-FOR-DOMESTIC-LEG", f"{ACT} s.21")
LEGS_SEPARATE: Final = Rule(
    "PL-FOR-DOMESTIC-LEGS-SEPARATE",
    f"{ACT} s.21; position of the ministry of labour, 2011-04-11 and 2021-09-24",
)
LEGS_SUMMED: Final = Rule("PL-FOR-DOMESTIC-LEGS-SUMMED", f"{ACT} s.21; rule of the employer")

MEAL_PERCENT: Final = {Meal.BREAKFAST: 15, Meal.LUNCH: 30, Meal.DINNER: 30}
BOARD: Final = frozenset(Meal)
QUARTER: Final = Fraction(1, 4)
TENTH: Final = Fraction(1, 10)

WHY: Final = {
    FULL_24H: Words("pełna doba: cała dieta", "a full 24 hours: the whole diet"),
    THIRD: Words("niepełna doba, do 8 godzin: 1/3 diety", "up to 8 hours: one third of the diet"),
    HALF: Words(
        "niepełna doba, ponad 8 do 12 godzin: 1/2 diety",
        "more than 8 and up to 12 hours: half the diet",
    ),
    OVER_12: Words(
        "niepełna doba, ponad 12 godzin: cała dieta", "more than 12 hours: the whole diet"
    ),
}
MEAL_WORD: Final = {
    Meal.BREAKFAST: Words("śniadanie", "breakfast"),
    Meal.LUNCH: Words("obiad", "lunch"),
    Meal.DINNER: Words("kolacja", "dinner"),
}
WAY_OUT: Final = {
    Way.LAND: Words("przekroczenie granicy", "crossing the border"),
    Way.AIR: Words("start samolotu z ostatniego lotniska w kraju", "take-off in Poland"),
    Way.SEA: Words("wyjście statku z ostatniego portu polskiego", "leaving the last Polish port"),
}
WAY_BACK: Final = {
    Way.LAND: Words("przekroczenie granicy", "crossing the border"),
    Way.AIR: Words("lądowanie na pierwszym lotnisku w kraju", "landing in Poland"),
    Way.SEA: Words(
        "wejście statku do pierwszego portu polskiego", "entering the first Polish port"
    ),
}
WHY_NO_TRANSPORT: Final = {
    NoTransport.COMPANY_CAR: Words(
        "podróż samochodem służbowym", "the trip was made in a company car"
    ),
    NoTransport.PRIVATE_CAR: Words(
        "podróż samochodem prywatnym", "the trip was made in a private car"
    ),
    NoTransport.MOTORCYCLE: Words("podróż motocyklem", "the trip was made by motorcycle"),
    NoTransport.MOPED: Words("podróż motorowerem", "the trip was made by moped"),
    NoTransport.FREE_TRANSPORT: Words(
        "zapewniono bezpłatne dojazdy", "transport was provided free of charge"
    ),
    NoTransport.NO_COST: Words("pracownik nie ponosi tych kosztów", "there was no such cost"),
}
