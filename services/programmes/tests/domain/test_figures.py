from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_programmes import SOURCE

from kit.money import MoneyScale
from programmes.domain.errors import FigureInvalid
from programmes.domain.figures import (
    FigureKind,
    Qualifier,
    QualityFlag,
    assess,
    printed_amount,
    published,
)


def figure(kind, text, amount=None, qualifier=Qualifier.EXACT, currency="EUR"):
    return published(
        kind, text=text, amount=amount, currency=currency, qualifier=qualifier, source=SOURCE
    )


def test_published_total_when_it_has_three_decimals_then_is_flagged_and_corrected_by_suggestion():
    total, grant, printed, suggested, own = assess(
        [figure(FigureKind.TOTAL, "464 044,084"), figure(FigureKind.GRANT, "394 438,11")]
    )
    assert total.amount_published == "464 044,084"
    assert total.amount is None
    assert total.quality_flags == (QualityFlag.MONEY_SCALE, QualityFlag.COFINANCING_MISMATCH)
    assert total.amount_suggested == Decimal("464044.84")
    assert "394438.11" in total.suggestion_basis
    assert (grant.amount, grant.quality_flags) == (Decimal("394438.11"), ())
    assert (printed.rate, suggested.rate) == (Decimal("0.850001"), Decimal("0.850000"))
    assert (own.kind, own.amount) == (FigureKind.OWN, Decimal("69606.73"))
    assert {each.qualifier for each in (printed, suggested, own)} == {Qualifier.DERIVED}
    assert all(each.amount_published is None for each in (printed, suggested, own))
    assert own.amount + grant.amount == total.amount_suggested


def test_total_and_grant_when_they_agree_then_nothing_is_flagged():
    total, _, rate, own = assess(
        [figure(FigureKind.TOTAL, "464 044,84"), figure(FigureKind.GRANT, "394 438,11")]
    )
    assert (total.quality_flags, total.amount_suggested) == ((), None)
    assert (rate.rate, own.amount) == (Decimal("0.850000"), Decimal("69606.73"))


def test_total_when_rate_is_no_whole_percent_then_is_not_doubted():
    total, *_ = assess([figure(FigureKind.TOTAL, "1000"), figure(FigureKind.GRANT, "333,33")])
    assert total.quality_flags == ()


def test_grant_when_larger_than_total_then_is_flagged_and_nothing_derived():
    found = assess([figure(FigureKind.TOTAL, "100"), figure(FigureKind.GRANT, "200")])
    assert found[0].quality_flags == (QualityFlag.GRANT_EXCEEDS_TOTAL,)
    assert len(found) == 2


def test_figure_when_printed_in_words_then_keeps_text_and_given_amount():
    around = figure(
        FigureKind.TOTAL, "around 5 million Euro", Decimal("5000000.00"), Qualifier.APPROXIMATE
    )
    (same,) = assess([around])
    assert (same.amount_published, same.amount) == ("around 5 million Euro", Decimal("5000000.00"))
    assert same.quality_flags == ()


def test_amount_when_given_with_too_many_decimals_then_is_refused():
    with pytest.raises(MoneyScale):
        figure(FigureKind.TOTAL, "464 044,084", Decimal("464044.084"))


@pytest.mark.parametrize(
    ("text", "amount", "currency", "qualifier"),
    [
        (None, None, "EUR", Qualifier.EXACT),
        ("5", None, None, Qualifier.EXACT),
        ("about five", None, "EUR", Qualifier.APPROXIMATE),
        (None, Decimal(5), None, Qualifier.NOT_STATED),
        ("5", Decimal(5), "EUR", Qualifier.DERIVED),
    ],
)
def test_figure_when_it_contradicts_itself_then_is_refused(text, amount, currency, qualifier):
    with pytest.raises(FigureInvalid):
        figure(FigureKind.TOTAL, text, amount, qualifier, currency)


@given(st.integers(0, 10**11))
def test_printed_amount_when_written_the_polish_way_then_reads_back(cents):
    text = f"{cents // 100:,}".replace(",", " ") + f",{cents % 100:02d}"
    assert printed_amount(text) == Decimal(cents) / 100


@given(st.integers(1, 10**11), st.integers(1, 100))
def test_own_part_when_derived_then_adds_up_to_the_total(cents, percent):
    total = Decimal(cents) / 100
    grant = (total * percent / 100).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
    text = f"{total:.2f}".replace(".", ",")
    found = assess(
        [
            figure(FigureKind.TOTAL, text),
            figure(FigureKind.GRANT, f"{grant:.2f}".replace(".", ",")),
        ]
    )
    assert QualityFlag.COFINANCING_MISMATCH not in found[0].quality_flags
    own = next(each for each in found if each.kind is FigureKind.OWN)
    assert own.amount + grant == total
