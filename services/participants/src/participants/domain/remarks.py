"""What stands beside a result: the choices that applied and what a clerk should know of rates."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from participants.domain.choices import Choice, Pin
from participants.domain.countries import where
from participants.domain.explained import Result
from participants.domain.per_diem import TripFacts
from participants.domain.phrases import Phrase, Said, Words
from participants.domain.rates import ANY_COUNTRY, Rate

_WELL_ATTESTED: Final = ("two or more", "two independent", "three independent", "official")
_ALWAYS: Final = ("counting", "exchange_rule")

Compute = Callable[[TripFacts, Pin, tuple[Rate, ...]], Result]


def is_weak(rate: Rate) -> bool:
    """Tell whether a rate rests on a single or secondary source."""
    return not rate.confidence.startswith(_WELL_ATTESTED)


@lru_cache(maxsize=1024)
def applied(pin: Pin, names: tuple[str, ...]) -> tuple[Choice, ...]:
    """Return the named choices of a programme, and those that every calculation rests on."""
    values = ((name, getattr(pin, name)) for name in (*_ALWAYS, *names))
    return tuple(Choice(name, None if value is None else str(value)) for name, value in values)


WEAK: Final = Phrase(
    "Stawka: {where}, wykaz {rate_set}, ma słabe potwierdzenie źródłowe ({confidence}). Przed "
    "podpisaniem należy ją sprawdzić.",
    "The rate for {where} in {rate_set} is weakly attested ({confidence}). Check it before you "
    "sign.",
    was=(
        (
            "Stawka {code} z wykazu {rate_set} ma słabe potwierdzenie źródłowe "
            "({raw}): sprawdź ją przed podpisaniem."
        ),
        ("The rate for {code} in {rate_set} is weakly attested ({raw}): check it before you sign."),
    ),
)
_POLISH: Final = {
    "single source": "jedno źródło",
    "unchanged from the two-source 2013 annex": "jak w załączniku z 2013 r., znanym z dwóch źródeł",
    "transcription of the official PDF in an open-source tool": (
        "odpis urzędowego pliku PDF w programie o otwartym kodzie"
    ),
    "PDF itself not seen": "samego pliku nie widziano",
    "complete list": "pełny wykaz",
    "copy of the official page in a blog": "kopia strony urzędowej na blogu",
    "saved copy of the official page": "zapisana kopia strony urzędowej",
    "secondary site": "strona pośrednia",
}


_IN_PART: Final = {
    "PARTIAL": Words("wykaz niepełny", "held in part"),
    "PARTIAL: one country only": Words(
        "wykaz niepełny: tylko to państwo", "held in part: this country only"
    ),
    "PARTIAL: EU-28 complete": Words(
        "wykaz niepełny: 28 państw UE w komplecie", "held in part: the 28 states of the EU"
    ),
    "other countries only A..Cuba": Words(
        "z innych państw tylko od Afganistanu do Kuby (według nazw angielskich)",
        "of other countries only Afghanistan to Cuba",
    ),
    "PARTIAL: non-EU-15 countries A..Guam": Words(
        "wykaz niepełny: spoza UE-15 tylko od Afganistanu do Guamu (według nazw angielskich)",
        "held in part: outside the EU of 15 only Afghanistan to Guam",
    ),
    "superseded 2002-04-30": Words("zastąpiona 30.04.2002 r.", "superseded on 30 April 2002"),
    "EUR 193 from 2001-07-30 to 2002-04-29": Words(
        "193 EUR od 30.07.2001 r. do 29.04.2002 r.", "EUR 193 from 30 July 2001 to 29 April 2002"
    ),
    "EUR 189 from 2001-07-30 to 2002-04-29": Words(
        "189 EUR od 30.07.2001 r. do 29.04.2002 r.", "EUR 189 from 30 July 2001 to 29 April 2002"
    ),
}


@lru_cache(maxsize=4096)
def weak_in_words(rate: Rate) -> Said:
    """Say how weakly a rate is attested, also where its list is held in part.

    A band of kilometres is the same for every country: it stands alone.
    """
    parts = rate.confidence.split("; ")
    known = [_IN_PART.get(part) or Words(_POLISH.get(part, part), part) for part in parts]
    words = Words("; ".join(each.pl for each in known), "; ".join(each.en for each in known))
    said = _weak(rate)
    told = {"confidence": words}
    if rate.country == ANY_COUNTRY and rate.place is not None:
        told["where"] = Words(rate.place, rate.place)
    return said.phrase.of(**said.values | told)


@lru_cache(maxsize=4096)
def _weak(rate: Rate) -> Said:
    code = rate.country if rate.place is None else f"{rate.country}, {rate.place}"
    polish = "; ".join(_POLISH.get(part, part) for part in rate.confidence.split("; "))
    return WEAK.of(
        code=code,
        where=where(rate.country, rate.place),
        rate_set=rate.rate_set,
        raw=rate.confidence,
        confidence=Words(polish, rate.confidence),
    )


def with_remarks(
    compute: Compute, version: str, *names: str, weak: Callable[[Rate], Said] = _weak
) -> Compute:
    """Return the edition `version` of a computation: it also tells its choices and weak rates."""

    def computed(facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Result:
        result = compute(facts, pin, rates)
        told = [weak(rate) for rate in rates if is_weak(rate)]
        return replace(
            result,
            version=version,
            choices=applied(pin, names),
            remarks=(*result.remarks, *told),
        )

    return computed
