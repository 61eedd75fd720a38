"""What is said about Polish business trips abroad."""

from typing import Final

from participants.domain.abroad import NoTransport, Way
from participants.domain.per_diem import Meal
from participants.domain.phrases import Phrase, Words

PERIOD: Final = Phrase(
    "Doba {number} za granicą ({where}): od {begins} do {ends} ({length}).",
    "Period {number} abroad ({where}): from {begins} to {ends} ({length}).",
    was=(
        "Doba {number} za granicą ({country}), od {begins} do {ends} ({length}).",
        "Period {number} abroad ({country}), from {begins} to {ends} ({length}).",
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
FULL_24H: Final = Phrase(
    "Za pełną dobę przysługuje cała dieta",
    "For a full 24 hours the whole diet is due",
    was=("pełna doba: cała dieta", "a full 24 hours: the whole diet"),
)
THIRD: Final = Phrase(
    "Za niepełną dobę trwającą do 8 godzin przysługuje 1/3 diety",
    "For up to 8 hours one third of the diet is due",
    was=("niepełna doba, do 8 godzin: 1/3 diety", "up to 8 hours: one third of the diet"),
)
HALF: Final = Phrase(
    "Za niepełną dobę trwającą ponad 8 do 12 godzin przysługuje połowa diety",
    "For more than 8 and up to 12 hours half the diet is due",
    was=(
        "niepełna doba, ponad 8 do 12 godzin: 1/2 diety",
        "more than 8 and up to 12 hours: half the diet",
    ),
)
OVER_12: Final = Phrase(
    "Za niepełną dobę trwającą ponad 12 godzin przysługuje cała dieta",
    "For more than 12 hours the whole diet is due",
    was=("niepełna doba, ponad 12 godzin: cała dieta", "more than 12 hours: the whole diet"),
)
_MEAL_WAS: Final = (
    "Zapewniono {meal}: {percent}% diety, -{off}.",
    "{meal} provided: {percent}% of the diet, -{off}.",
)
MEAL: Final = Phrase(
    "Zapewniono {meal}: potrącenie {percent}% diety, {off}.",
    "{meal} provided: {percent}% of the diet off, {off}.",
    was=_MEAL_WAS,
)
MEAL_CUT: Final = Phrase(
    "Zapewniono {meal}: potrącenie {percent}% diety, lecz nie więcej, niż pozostało, {off}.",
    "{meal} provided: {percent}% of the diet off, but no more than was left, {off}.",
    was=_MEAL_WAS,
)
HOSPITAL: Final = Phrase(
    "Pobyt w szpitalu: przysługuje 25% tak ustalonej diety, potrącenie {off}.",
    "Day in hospital: 25% of the diet so fixed is due, {off} off.",
    was=(
        "Pobyt w szpitalu: należy się 25% tak ustalonej diety (-{off}).",
        "Day in hospital: 25% of the diet so fixed is due (-{off}).",
    ),
)
FULL_BOARD: Final = Phrase(
    "Zapewniono bezpłatne całodzienne wyżywienie: przysługuje 25% tak ustalonej diety, "
    "potrącenie {off}.",
    "Full board was provided free of charge: 25% of the diet so fixed is due, {off} off.",
    was=(
        "Zapewniono bezpłatne całodzienne wyżywienie: należy się 25% tak ustalonej diety (-{off}).",
        "Full board was provided free of charge: 25% of the diet so fixed is due (-{off}).",
    ),
)
FOOD_MONEY: Final = Phrase(
    "Otrzymano należność pieniężną na wyżywienie: przysługuje tylko wyrównanie do wysokości "
    "diety, potrącenie {off}.",
    "Cash for food was received: only what is missing to the diet is due, {off} off.",
    was=(
        "Otrzymano pieniądze na wyżywienie: dieta przysługuje tylko jako wyrównanie (-{off}).",
        "Cash for food was received: only what is missing to the diet is due (-{off}).",
    ),
)
DUE: Final = Phrase("Do wypłaty: {due}.", "Due: {due}.", was=("Do wypłaty {due}.", "Due {due}."))
MEAL_WORD: Final = {
    Meal.BREAKFAST: Words("śniadanie", "Breakfast"),
    Meal.LUNCH: Words("obiad", "Lunch"),
    Meal.DINNER: Words("kolację", "Dinner"),
}
NIGHT: Final = Phrase(
    "Nocleg z {on} na {next} ({where}).",
    "Night from {on} to {next} ({where}).",
    was=("Nocleg z {on} ({country}).", "Night beginning on {on} ({country})."),
)
FREE: Final = Phrase(
    "Nocleg zapewniono bezpłatnie: ani zwrot kosztów, ani ryczałt nie przysługuje.",
    "The night was provided free of charge: nothing is due.",
    was=("Nocleg zapewniono bezpłatnie.", "The night was provided free of charge."),
)
TRANSIT: Final = Phrase(
    "Czas przejazdu: ryczałt za nocleg nie przysługuje.",
    "Spent travelling: no lump sum for the night.",
    was=(
        "Noc w podróży: ryczałt za nocleg nie przysługuje.",
        "Spent travelling: no lump sum for the night.",
    ),
)
LUMP_SUM: Final = Phrase(
    "Brak rachunku: ryczałt w wysokości 25% limitu {limit}, czyli {amount}.",
    "No bill: a lump sum of 25% of the limit of {limit}, that is {amount}.",
    was=(
        "Bez rachunku: ryczałt 25% limitu {limit}, czyli {amount}.",
        "No bill: a lump sum of 25% of the limit of {limit}, that is {amount}.",
    ),
)
BILL: Final = Phrase(
    "Rachunek na {bill} mieści się w limicie {limit}: zwrot w pełnej wysokości.",
    "The bill of {bill} is within the limit of {limit}: reimbursed in full.",
    was=(
        "Rachunek {bill} mieści się w limicie {limit}.",
        "The bill of {bill} is within the limit of {limit}.",
    ),
)
BILL_AGREED: Final = Phrase(
    "Rachunek na {bill} przekracza limit {limit}: zwrot w pełnej wysokości za zgodą pracodawcy.",
    "The bill of {bill} exceeds the limit of {limit}: reimbursed in full, as the employer "
    "consented.",
    was=(
        "Rachunek {bill} ponad limit {limit}: zwrot w całości za zgodą pracodawcy.",
        "The bill of {bill} exceeds the limit of {limit}; the employer consented.",
    ),
)
BILL_CUT: Final = Phrase(
    "Rachunek na {bill} przekracza limit: zwrot do wysokości limitu, {limit}.",
    "The bill of {bill} exceeds the limit: reimbursed up to the limit, {limit}.",
    was=(
        "Rachunek {bill} ponad limit: zwrot do wysokości limitu {limit}.",
        "The bill of {bill} exceeds the limit: {limit} are reimbursed.",
    ),
)
NO_TRANSPORT: Final = Phrase(
    "Ryczałty na dojazdy nie przysługują: {why}.",
    "No lump sums for transfers and local transport: {why}.",
)
TRANSFERS: Final = Phrase(
    "Dojazd z dworca, lotniska lub portu i z powrotem ({where}): ryczałt w wysokości jednej diety, "
    "{due}.",
    "Transfers from and to the station, airport or port ({where}): one diet, {due}.",
    was=(
        (
            "Dojazdy z dworca, lotniska lub portu i z powrotem ({code}): ryczałt w wysokości "
            "jednej diety, {due}."
        ),
        "Transfers to and from the station, airport or port ({code}): one diet, {due}.",
    ),
)
ONE_TRANSFER: Final = Phrase(
    "Dojazd z dworca, lotniska lub portu albo z powrotem, tylko w jedną stronę ({where}): ryczałt "
    "w wysokości połowy diety, {due}.",
    "Transfer from or to the station, airport or port, one way only ({where}): half a diet, {due}.",
    was=(
        (
            "Dojazd w jedną stronę między dworcem, lotniskiem lub portem ({code}): "
            "ryczałt w wysokości połowy diety, {due}."
        ),
        "One transfer to or from the station, airport or port ({code}): half a diet, {due}.",
    ),
)
NO_TRANSFER: Final = Phrase(
    "Dojazd z dworca, lotniska lub portu ({where}): miejscowość nie była docelowa ani nie było "
    "w niej noclegu, ryczałt nie przysługuje.",
    "Transfers ({where}): neither the destination nor a place of an overnight stay, "
    "no lump sum is due.",
    was=(
        (
            "Dojazd ({code}): miejscowość nie była docelowa i nie było tam noclegu, "
            "ryczałt nie przysługuje."
        ),
        (
            "Transfers ({code}): neither the destination nor a place of an overnight stay, "
            "no lump sum is due."
        ),
    ),
)
TRANSPORT: Final = Phrase(
    "Dojazdy komunikacją miejscową ({where}): 10% diety za każdą rozpoczętą dobę, {periods} po "
    "{each}, razem {due}.",
    "Local transport ({where}): 10% of the diet for each started 24 hours, {periods} at {each}, "
    "{due} in all.",
    was=(
        (
            "Dojazdy miejscowe ({country}): 10% diety za każdą rozpoczętą dobę, {days} x {each}: "
            "{due}."
        ),
        (
            "Local transport ({country}): 10% of the diet for each started 24 hours, "
            "{days} x {each}: {due}."
        ),
    ),
)
LEG_OUT: Final = Phrase(
    "Odcinek krajowy przed wyjazdem za granicę, liczony osobno jak podróż krajowa.",
    "Leg in Poland before going abroad, judged alone as a trip in Poland.",
    was=("Odcinek krajowy przed wyjazdem za granicę.", "Leg in Poland before going abroad."),
)
LEG_BACK: Final = Phrase(
    "Odcinek krajowy po powrocie z zagranicy, liczony osobno jak podróż krajowa.",
    "Leg in Poland after coming back, judged alone as a trip in Poland.",
    was=("Odcinek krajowy po powrocie z zagranicy.", "Leg in Poland after coming back."),
)
LEGS_SUMMED: Final = Phrase(
    "Odcinki krajowe liczone łącznie, według zasad pracodawcy.",
    "Legs in Poland added up, by the employer's own rules.",
)
SUMMED_PERIOD: Final = Phrase("Doba {number} ({length}).", "Period {number} ({length}).")
TIME: Final = Phrase(
    "Podróż zagraniczna trwała od {begins} ({out}) do {ends} ({back}), według czasu polskiego "
    "({section}).",
    "The foreign part lasted from {begins} ({out}) to {ends} ({back}), in Polish time ({section}).",
)
EACH_COUNTRY: Final = Phrase(
    "Pracodawca wskazał kilka państw docelowych: doby liczy się osobno w każdym z nich.",
    "The employer named several countries: periods are counted in each of them alone.",
)
PERIOD_START: Final = Phrase(
    "Pracodawca wskazał kilka państw docelowych: doby biegną nieprzerwanie, a każda ma stawkę "
    "państwa, w którym się zaczęła.",
    "The employer named several countries: periods run through, each at the rate of the "
    "country in which it began.",
)
WAY_OUT: Final = {
    Way.LAND: Phrase("przekroczenie granicy", "crossing the border").of(),
    Way.AIR: Phrase(
        "start samolotu z ostatniego lotniska w kraju",
        "take-off from the last Polish airport",
        was=("start samolotu z ostatniego lotniska w kraju", "take-off in Poland"),
    ).of(),
    Way.SEA: Phrase(
        "wyjście statku z ostatniego portu polskiego", "leaving the last Polish port"
    ).of(),
}
WAY_BACK: Final = {
    Way.LAND: Phrase("przekroczenie granicy", "crossing the border").of(),
    Way.AIR: Phrase(
        "lądowanie samolotu na pierwszym lotnisku w kraju",
        "landing at the first Polish airport",
        was=("lądowanie na pierwszym lotnisku w kraju", "landing in Poland"),
    ).of(),
    Way.SEA: Phrase(
        "wejście statku do pierwszego portu polskiego", "entering the first Polish port"
    ).of(),
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
