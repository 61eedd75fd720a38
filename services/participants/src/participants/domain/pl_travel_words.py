"""What is said about nights, local transport and documented costs of Polish trips."""

from typing import Final

from participants.domain.phrases import Phrase

NIGHT: Final = Phrase(
    "Nocleg z {on} na {next}",  # the date ends with a full stop
    "Night from {on} to {next}.",
    was=("Nocleg z {on}.", "Night beginning on {on}."),
)
FREE: Final = Phrase(
    "Nocleg zapewniono bezpłatnie: ani zwrot kosztów, ani ryczałt nie przysługuje.",
    "The night was provided free of charge: nothing is due.",
    was=("Nocleg zapewniony bezpłatnie.", "The night was provided free of charge."),
)
TRANSIT: Final = Phrase(
    "Czas przejazdu: ryczałt za nocleg nie przysługuje.",
    "Spent travelling: no lump sum for the night.",
)
DAILY_RETURN: Final = Phrase(
    "Codzienny powrót był możliwy: ryczałt za nocleg nie przysługuje.",
    "A daily return was possible: no lump sum for the night.",
)
BILL: Final = Phrase(
    "Rachunek na {bill} mieści się w limicie 20 diet ({limit}): zwrot w pełnej wysokości.",
    "The bill of {bill} is within the limit of 20 diets ({limit}): reimbursed in full.",
    was=(
        "Rachunek {bill} mieści się w limicie 20 diet ({limit}).",
        "The bill of {bill} is within the limit of 20 diets ({limit}).",
    ),
)
BILL_AGREED: Final = Phrase(
    "Rachunek na {bill} przekracza limit 20 diet ({limit}): zwrot w pełnej wysokości za zgodą "
    "pracodawcy.",
    "The bill of {bill} exceeds the limit of 20 diets ({limit}): reimbursed in full, as the "
    "employer consented.",
    was=(
        "Rachunek {bill} ponad limit 20 diet ({limit}), za zgodą pracodawcy.",
        "The bill of {bill} exceeds 20 diets ({limit}); the employer consented.",
    ),
)
BILL_CUT: Final = Phrase(
    "Rachunek na {bill} przekracza limit 20 diet: zwrot do wysokości limitu, {limit}.",
    "The bill of {bill} exceeds the limit of 20 diets: reimbursed up to the limit, {limit}.",
    was=(
        "Rachunek {bill} ponad limit 20 diet: zwrot do {limit}.",
        "The bill of {bill} exceeds 20 diets: {limit} are reimbursed.",
    ),
)
SHORT_NIGHT: Final = Phrase(
    "Między godz. 21:00 a 7:00 przypada mniej niż 6 godzin noclegu: ryczałt nie przysługuje.",
    "Less than 6 hours of it fall between 21:00 and 07:00: no lump sum is due.",
    was=(
        "Między 21:00 a 7:00 przypada mniej niż 6 godzin: ryczałt nie przysługuje.",
        "Less than 6 hours fall between 21:00 and 07:00: no lump sum is due.",
    ),
)
LUMP_SUM: Final = Phrase(
    "Brak rachunku: ryczałt w wysokości 150% diety, {amount}.",
    "No bill: a lump sum of 150% of the diet, {amount}.",
    was=("Ryczałt 150% diety: {amount}.", "Lump sum of 150% of the diet: {amount}."),
)
TRANSPORT: Final = Phrase(
    "Ryczałt na dojazdy komunikacją miejscową za rozpoczętą dobę {number}: 20% diety, {amount}.",
    "Lump sum for local transport in started period {number}: 20% of the diet, {amount}.",
    was=(
        "Dojazdy miejscowe, 20% diety za rozpoczętą dobę {number}: {amount}.",
        "Local transport, 20% of the diet for started period {number}: {amount}.",
    ),
)
TRANSPORT_AT_COST: Final = Phrase(
    "Dojazdy komunikacją miejscową w udokumentowanej wysokości {amount}, na wniosek pracownika "
    "za zgodą pracodawcy.",
    "Local transport at its documented cost of {amount}, asked for by the employee and agreed by "
    "the employer.",
    was=(
        "Dojazdy miejscowe w udokumentowanej wysokości {amount}, za zgodą pracodawcy.",
        "Local transport at documented cost, {amount}, agreed by the employer.",
    ),
)
TICKETS: Final = Phrase(
    "Bilety na przejazd: {amount}.",
    "Tickets: {amount}.",
    was=("Bilety: {amount}.", "Tickets: {amount}."),
)
MILEAGE: Final = Phrase(
    "Przejazd samochodem prywatnym: {distance} km po {unit}, razem {amount}.",
    "Private car: {distance} km at {unit}, {amount} in all.",
    was=(
        "Samochód prywatny: {distance} km po {unit}: {amount}.",
        "Private car: {distance} km at {unit}: {amount}.",
    ),
)
OTHER_COSTS: Final = Phrase(
    "Inne niezbędne wydatki, udokumentowane i uznane przez pracodawcę: {amount}.",
    "Other necessary costs, documented and accepted by the employer: {amount}.",
)
