"""What an estimate fills in where a trip's facts are not known yet, in words an officer reads."""

from collections.abc import Iterable
from typing import Final

from participants.domain.phrases import Phrase, Said

WHOLE_DAYS: Final = "whole_days"
NO_MEALS_OR_LODGING: Final = "no_meals_or_lodging"
NO_BORDER: Final = "no_border"

ASSUMPTIONS: Final = {
    WHOLE_DAYS: Phrase(
        "Godziny wyjazdu i powrotu nie są znane: przyjęto całe dni kalendarzowe.",
        "Times of departure and return are not known: whole calendar days are assumed.",
    ),
    NO_MEALS_OR_LODGING: Phrase(
        "Posiłki i noclegi nie są jeszcze znane: nie ujęto potrąceń ani kosztów noclegu.",
        "Meals and nights are not known yet: no deductions and no lodging are included.",
    ),
    NO_BORDER: Phrase(
        "Chwile przekroczenia granicy nie są znane: cały czas podróży przyjęto za zagraniczny.",
        "The border crossings are not known: the whole trip is taken as spent abroad.",
    ),
}


def spelled(codes: Iterable[str]) -> tuple[Said, ...]:
    """Return the sentences of the given assumption codes, in their order."""
    return tuple(ASSUMPTIONS[code].of() for code in codes)
