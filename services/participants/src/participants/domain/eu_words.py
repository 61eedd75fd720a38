"""What is said about per diems of EU external action, TAIEX and twinning."""

from typing import Final

from participants.domain.abroad import Provision
from participants.domain.phrases import Phrase

WORKING_DAYS: Final = (
    ("dzień roboczy", "dni robocze", "dni roboczych"),
    ("working day", "working days"),
)
MISSION_DAYS: Final = (
    ("dzień pracy lub przejazdu", "dni pracy lub przejazdu", "dni pracy lub przejazdu"),
    ("working or travel day", "working or travel days"),
)

MOBILISATION: Final = Phrase(
    "Przejazd w związku z mobilizacją, demobilizacją lub urlopem nie jest misją: dieta nie "
    "przysługuje.",
    "Travel for mobilisation, demobilisation or leave is no mission: no per diem is due.",
    was=(
        "Przejazd w związku z mobilizacją, demobilizacją lub urlopem nie jest misją: brak diety.",
        "Travel for mobilisation, demobilisation or leave is no mission: no per diem is due.",
    ),
)
NO_NIGHT: Final = Phrase(
    "Bez noclegu poza stałym miejscem pracy dieta nie przysługuje.",
    "Without an overnight stay away from the base of operations no per diem is due.",
    was=(
        "Bez noclegu poza miejscem pracy dieta nie przysługuje.",
        "Without an overnight stay away from the base of operations no per diem is due.",
    ),
)
NIGHT: Final = Phrase(
    "Nocleg {number}, z {on} na {next}: najwyżej {amount} według wykazu {list}, wyznaczonego przez "
    "umowę. Kwota obejmuje nocleg, posiłki, przejazdy miejscowe i drobne wydatki.",
    "Night {number}, from {on} to {next}: at most {amount} by list {list}, fixed by the contract. "
    "It covers lodging, meals, local travel and sundry expenses.",
    was=(
        (
            "Nocleg {number} z {on}: najwyżej {amount} według listy {list} określonej "
            "przez umowę; obejmuje nocleg, posiłki, przejazdy miejscowe i drobne wydatki."
        ),
        (
            "Night {number}, beginning on {on}: at most {amount} by list {list}, fixed "
            "by the contract; it covers lodging, meals, local travel and sundry expenses."
        ),
    ),
)
AT_HOME: Final = Phrase(
    "Wydarzenie odbywa się w kraju eksperta: dieta nie przysługuje.",
    "The event is in the expert's own country: no per diem is due.",
)
PROVIDED: Final = Phrase(
    "Zapewnił organizator: {what}. Do wypłaty: {due}.",
    "Provided by the organiser: {what}. Due: {due}.",
    was=("Zapewniono: {what}. Należy się {due}.", "Provided: {what}. Due {due}."),
)
WHAT: Final = {
    Provision.HOTEL: Phrase(
        "hotel, potrącenie {off}", "hotel, {off} off", was=("hotel -{off}", "hotel -{off}")
    ),
    Provision.CATERING: Phrase(
        "wyżywienie, potrącenie {off}",
        "catering, {off} off",
        was=("wyżywienie -{off}", "catering -{off}"),
    ),
}
FIXED: Final = Phrase(
    "Stały dodatek urzędnika: {counted} po {each}, razem {due}.",
    "Fixed allowance of an official: {counted} at {each}, {due} in all.",
    was=(
        "Stały dodatek urzędnika: {days} dni roboczych i dni przejazdu x {each}: {due}.",
        "Fixed allowance of an official: {days} working and travel days x {each}: {due}.",
    ),
)
FEE: Final = Phrase(
    "Honorarium eksperta: {counted} po {each}, razem {due}.",
    "Expert's fee: {counted} at {each}, {due} in all.",
    was=(
        "Honorarium eksperta: {days} dni roboczych x {each}: {due}.",
        "Expert's fee: {days} working days x {each}: {due}.",
    ),
)
COMPENSATION: Final = Phrase(
    "Rekompensata kosztów zarządzania: {percent}% honorarium {fee}, czyli {due}.",
    "Compensation for management costs: {percent}% of the fee of {fee}, that is {due}.",
)
