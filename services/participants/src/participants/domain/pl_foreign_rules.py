"""PL_FOREIGN: the rules of Dz.U. 2013 poz. 167, chapter 3, by name."""

from fractions import Fraction
from functools import partial
from typing import Final

from participants.domain.abroad import Way
from participants.domain.explained import Rule, rule_of
from participants.domain.per_diem import Meal
from participants.domain.pl_travel import ACT

_rule = partial(rule_of, ACT)
TIME: Final = {
    Way.LAND: _rule("PL-FOR-TIME-LAND", "12"),
    Way.AIR: _rule("PL-FOR-TIME-AIR", "12"),
    Way.SEA: _rule("PL-FOR-TIME-SEA", "12"),
}
FULL_24H: Final = _rule("PL-FOR-DIET-FULL-24H", "13(3)")
THIRD: Final = _rule("PL-FOR-DIET-TO-8H", "13(3)")
HALF: Final = _rule("PL-FOR-DIET-8H-TO-12H", "13(3)")
OVER_12: Final = _rule("PL-FOR-DIET-OVER-12H", "13(3)")
DESTINATION: Final = _rule("PL-FOR-DESTINATION", "13(2)")
FULL_BOARD: Final = _rule("PL-FOR-FULL-BOARD", "14(1)")
MEALS: Final = _rule("PL-FOR-MEALS", "14(2)-(3)")
FOOD_MONEY: Final = _rule("PL-FOR-FOOD-MONEY", "14(4)")
HOSPITAL: Final = _rule("PL-FOR-HOSPITAL", "15")
LODGING_BILL: Final = _rule("PL-FOR-LODGING-BILL", "16")
LODGING_LUMP: Final = _rule("PL-FOR-LODGING-LUMP-SUM", "16")
LODGING_TRANSIT: Final = _rule("PL-FOR-LODGING-TRANSIT", "16")
LODGING_CONSENT: Final = _rule("PL-FOR-LODGING-CONSENT", "16")
LODGING_FREE: Final = _rule("PL-FOR-LODGING-FREE", "16")
TRANSFER: Final = _rule("PL-FOR-TRANSFER", "17(1)")
HALF_TRANSFER: Final = _rule("PL-FOR-TRANSFER-ONE-WAY", "17(2)")
TRANSPORT: Final = _rule("PL-FOR-TRANSPORT", "17(3)")
NO_TRANSPORT: Final = _rule("PL-FOR-NO-TRANSPORT", "17(4)")
LEGS: Final = _rule("PL-FOR-DOMESTIC-LEG", "21")
LEGS_SEPARATE: Final = Rule(
    "PL-FOR-DOMESTIC-LEGS-SEPARATE",
    f"{ACT} s.21; position of the ministry of labour, 2011-04-11 and 2021-09-24",
    f"{ACT} § 21; stanowisko ministerstwa pracy z 11.04.2011 r. i 24.09.2021 r.",
)
LEGS_SUMMED: Final = Rule(
    "PL-FOR-DOMESTIC-LEGS-SUMMED",
    f"{ACT} s.21; rule of the employer",
    f"{ACT} § 21; zasady pracodawcy",
)

MEAL_PERCENT: Final = {Meal.BREAKFAST: 15, Meal.LUNCH: 30, Meal.DINNER: 30}
BOARD: Final = frozenset(Meal)
QUARTER: Final = Fraction(1, 4)
TENTH: Final = Fraction(1, 10)
