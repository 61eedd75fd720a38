"""Published budget figures: kept as printed, checked, corrected only by suggestion.

`464 044,084` euro is very probably a slip for 464 044,84: times 85 % that is 394 438,11, exactly
the published grant. The text stays, the doubt is flagged, the correction is offered.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from kit.money import MoneyScale, half_up, minor_digits
from programmes.domain.errors import FigureInvalid
from programmes.domain.source import Source

_PRINTED: Final = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})*(?:,\d+)?|\d+(?:,\d+)?")
_RATE_STEP: Final = Decimal("0.000001")
_PERCENT: Final = Decimal("0.01")
_WHOLE_PERCENT: Final = Decimal("0.00001")  # a rate this near to a whole percent is one
_TOLERANCE: Final = Decimal("0.01")


class FigureKind(StrEnum):
    """What the figure is an amount, or a rate, of."""

    TOTAL = "total"
    GRANT = "grant"
    OWN = "own"
    LINE = "line"
    GRANT_RATE = "grant_rate"


class Qualifier(StrEnum):
    """How the figure is meant; `derived` is computed here and never presented as published."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    AT_LEAST = "at_least"
    DERIVED = "derived"
    NOT_STATED = "not_stated"


class QualityFlag(StrEnum):
    """What is doubtful about a published figure."""

    MONEY_SCALE = "money_scale"
    COFINANCING_MISMATCH = "cofinancing_mismatch"
    GRANT_EXCEEDS_TOTAL = "grant_exceeds_total"


@dataclass(frozen=True, slots=True)
class BudgetFigure:
    """One figure of a programme.

    `amount` is in whole minor units of `currency`, or absent where the text cannot be one;
    `rate` (six decimals, 1 = 100 %) is given for a grant rate alone; `basis` tells how a derived
    figure was computed.
    """

    id: UUID | None
    kind: FigureKind
    amount_published: str | None
    amount: Decimal | None
    rate: Decimal | None
    currency: str | None
    qualifier: Qualifier
    quality_flags: tuple[QualityFlag, ...]
    amount_suggested: Decimal | None
    suggestion_basis: str | None
    basis: str | None
    source: Source | None


def published(
    kind: FigureKind,
    *,
    text: str | None,
    amount: Decimal | None,
    currency: str | None,
    qualifier: Qualifier,
    source: Source,
) -> BudgetFigure:
    """Return a figure as published.

    The amount is read from the text where none is given. An amount given with more decimals than
    its currency has raises MoneyScale; a text with more is kept, without an amount.
    Raises FigureInvalid if the parts contradict one another.
    """
    stated = qualifier is not Qualifier.NOT_STATED
    if stated != (text is not None and currency is not None) or qualifier is Qualifier.DERIVED:
        raise FigureInvalid("text and currency belong to a stated figure, and to no other")
    if not stated and amount is not None:
        raise FigureInvalid("an amount that is not stated cannot be given")
    if amount is not None and currency is not None and not _fits(amount, currency):
        raise MoneyScale(f"{amount} is not an amount of {currency}")
    if amount is None and text is not None and currency is not None:
        read = printed_amount(text)
        if read is None:
            raise FigureInvalid("the amount cannot be read from the text: give it")
        amount = half_up(read, currency) if _fits(read, currency) else None
    return BudgetFigure(
        None, kind, text, amount, None, currency, qualifier, (), None, None, None, source
    )


def printed_amount(text: str) -> Decimal | None:
    """Read an amount as Polish texts print it, `394 438,11`; None if it is not only a number."""
    found = _PRINTED.fullmatch(text)
    if found is None:
        return None
    return Decimal(re.sub(r"\s", "", text).replace(",", "."))


def _fits(amount: Decimal, currency: str) -> bool:
    return half_up(amount, currency) == amount


def assess(figures: Iterable[BudgetFigure]) -> list[BudgetFigure]:
    """Return the published figures with their flags, and after them what can be derived.

    Derived are the grant rate of the amounts as printed and, where a correction is suggested,
    of the corrected total, and the own part.
    """
    plain = [_plain(figure) for figure in figures if figure.qualifier is not Qualifier.DERIVED]
    totals = [figure for figure in plain if figure.kind is FigureKind.TOTAL]
    grants = [figure for figure in plain if figure.kind is FigureKind.GRANT]
    pair = (totals[0], grants[0]) if len(totals) == len(grants) == 1 else None
    if pair is None or pair[0].currency != pair[1].currency:
        return [_scaled(figure) for figure in plain]
    checked = _checked(*pair)
    return [checked if each is pair[0] else _scaled(each) for each in plain] + [
        *_derived(checked, pair[1])
    ]


def _plain(figure: BudgetFigure) -> BudgetFigure:
    return replace(figure, quality_flags=(), amount_suggested=None, suggestion_basis=None)


def _printed(figure: BudgetFigure) -> Decimal | None:
    if figure.amount is not None:
        return figure.amount
    return None if figure.amount_published is None else printed_amount(figure.amount_published)


def _scaled(figure: BudgetFigure) -> BudgetFigure:
    """Flag a text with more decimals than its currency has."""
    printed = _printed(figure)
    if printed is None or figure.currency is None or _fits(printed, figure.currency):
        return figure
    return replace(figure, quality_flags=(*figure.quality_flags, QualityFlag.MONEY_SCALE))


def _checked(total: BudgetFigure, grant: BudgetFigure) -> BudgetFigure:
    """Flag a total that does not go with its grant, and suggest one that does."""
    flagged = _scaled(total)
    whole, part, currency = _printed(total), grant.amount, total.currency
    if whole is None or part is None or currency is None:
        return flagged
    flags = flagged.quality_flags
    if part > whole:
        return replace(flagged, quality_flags=(*flags, QualityFlag.GRANT_EXCEEDS_TOTAL))
    rate = _whole_percent(part, whole)
    if rate is None or abs(part - half_up(whole * rate, currency)) <= _TOLERANCE:
        return flagged
    flagged = replace(flagged, quality_flags=(*flags, QualityFlag.COFINANCING_MISMATCH))
    fitting = [each for each in _one_digit_less(whole, currency) if _agrees(each, rate, part)]
    if len(fitting) != 1:
        return flagged
    basis = f"one decimal less is {fitting[0]}; {rate:.0%} of it is {part}, the published grant"
    return replace(flagged, amount_suggested=fitting[0], suggestion_basis=basis)


def _whole_percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return the co-financing rate if it is a whole percent, as rates are agreed."""
    if whole == 0:
        return None
    nearest = (part / whole).quantize(_PERCENT)
    return nearest if abs(part / whole - nearest) < _WHOLE_PERCENT else None


def _one_digit_less(printed: Decimal, currency: str) -> Sequence[Decimal]:
    """Return the amounts that leaving out one decimal of the text would give."""
    units, _, decimals = f"{printed:f}".partition(".")
    if len(decimals) != minor_digits(currency) + 1:
        return ()
    shorter = {decimals[:at] + decimals[at + 1 :] for at in range(len(decimals))}
    return sorted(Decimal(f"{units}.{each}") for each in shorter)


def _agrees(total: Decimal, rate: Decimal, grant: Decimal) -> bool:
    return (total * rate).quantize(grant) == grant


def _derived(total: BudgetFigure, grant: BudgetFigure) -> Iterator[BudgetFigure]:
    part = grant.amount
    for whole, name in ((_printed(total), "as printed"), (total.amount_suggested, "as suggested")):
        if whole is None or part is None or part > whole or whole == 0:
            continue
        rate = (part / whole).quantize(_RATE_STEP)
        yield _computed(FigureKind.GRANT_RATE, None, rate, f"grant / total {name}", total)
        if total.currency is not None and _fits(whole, total.currency):
            own = half_up(whole - part, total.currency)
            yield _computed(FigureKind.OWN, own, None, f"total {name} less grant", total)


def _computed(
    kind: FigureKind, amount: Decimal | None, rate: Decimal | None, basis: str, total: BudgetFigure
) -> BudgetFigure:
    currency = None if amount is None else total.currency
    return BudgetFigure(
        None, kind, None, amount, rate, currency, Qualifier.DERIVED, (), None, None, basis, None
    )
