"""What is said about the diets of Polish domestic trips."""

from typing import Final

from participants.domain.per_diem import Meal, NoDiet
from participants.domain.phrases import Phrase, Words

PERIOD: Final = Phrase(
    "Doba {number}: od {begins} do {ends} ({length}).",
    "Period {number}: from {begins} to {ends} ({length}).",
    was=(
        "Doba {number}, od {begins} do {ends} ({length}).",
        "Period {number}, from {begins} to {ends} ({length}).",
    ),
)
DIET: Final = Phrase(
    "Stawka diety: {diet} (od {since}). {why}: {part}.",
    "Diet: {diet} (rate from {since}). {why}: {part}.",
    was=(
        "Dieta {diet} (stawka od {since}); {why}: {part}.",
        "Diet {diet} (rate from {since}); {why}: {part}.",
    ),
)
NONE_UNDER_8: Final = Phrase(
    "Za podróż krótszą niż 8 godzin dieta nie przysługuje",
    "For a trip of less than 8 hours no diet is due",
    was=(
        "podróż krótsza niż 8 godzin: dieta nie przysługuje",
        "trip under 8 hours: no diet is due",
    ),
)
HALF_8_TO_12: Final = Phrase(
    "Za podróż trwającą od 8 do 12 godzin przysługuje połowa diety",
    "For a trip of 8 to 12 hours half the diet is due",
    was=("podróż od 8 do 12 godzin: połowa diety", "trip of 8 to 12 hours: half the diet"),
)
FULL_OVER_12: Final = Phrase(
    "Za podróż trwającą ponad 12 godzin przysługuje cała dieta",
    "For a trip of more than 12 hours the full diet is due",
    was=("podróż ponad 12 godzin: pełna dieta", "trip of more than 12 hours: the full diet"),
)
FULL_PERIOD: Final = Phrase(
    "Za pełną dobę przysługuje cała dieta",
    "For a full 24 hours the full diet is due",
    was=("pełna doba: pełna dieta", "a full 24 hours: the full diet"),
)
HALF_REMAINDER: Final = Phrase(
    "Za rozpoczętą dobę trwającą do 8 godzin przysługuje połowa diety",
    "For a started 24 hours, up to 8 hours of it, half the diet is due",
    was=(
        "rozpoczęta doba, do 8 godzin: połowa diety",
        "a started 24 hours, up to 8 hours of it: half the diet",
    ),
)
FULL_REMAINDER: Final = Phrase(
    "Za rozpoczętą dobę trwającą ponad 8 godzin przysługuje cała dieta",
    "For a started 24 hours, more than 8 hours of it, the full diet is due",
    was=(
        "rozpoczęta doba, ponad 8 godzin: pełna dieta",
        "a started 24 hours, more than 8 hours of it: the full diet",
    ),
)
WHY_NONE: Final = {
    NoDiet.OWN_RESIDENCE: Phrase(
        "Dieta nie przysługuje: delegowanie do miejscowości zamieszkania pracownika.",
        "No diet is due: the traveller was sent to the place where they live.",
    ),
    NoDiet.HOME_VISIT: Phrase(
        "Dieta nie przysługuje: dojazd do domu w dniu wolnym.",
        "No diet is due: the traveller was on a visit home on a day off.",
    ),
}
MEALS: Final = Phrase(
    "Zapewnione posiłki: {meals}. Do wypłaty: {due}.",
    "Meals provided: {meals}. Due: {due}.",
    was=(
        "Zapewnione posiłki: {meals}. Do wypłaty {due}.",
        "Meals provided: {meals}. Due {due}.",
    ),
)
_MEAL_WAS: Final = (
    "{meal} ({percent}% pełnej diety) -{off}",
    "{meal} ({percent}% of the full diet) -{off}",
)
MEAL: Final = Phrase(
    "{meal}, potrącenie {percent}% diety: {off}",
    "{meal}, {percent}% of the full diet off: {off}",
    was=_MEAL_WAS,
)
MEAL_CUT: Final = Phrase(
    "{meal}, potrącenie {percent}% diety, lecz nie więcej, niż pozostało: {off}",
    "{meal}, {percent}% of the full diet off, but no more than was left: {off}",
    was=_MEAL_WAS,
)
MEAL_WORD: Final = {
    Meal.BREAKFAST: Words("śniadanie", "breakfast"),
    Meal.LUNCH: Words("obiad", "lunch"),
    Meal.DINNER: Words("kolacja", "dinner"),
}
