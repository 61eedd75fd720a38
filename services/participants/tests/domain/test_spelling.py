"""One name in many spellings, and the numbers of accounts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import DomainError
from participants.domain.identity import account
from participants.domain.spelling import folded, sounds, spelled


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Łukasz Żółć", "ZOLC LUKASZ"),
        ("Сергій Коваленко", "Serhii Kovalenko"),
        ("გიორგი მაისურაძე", "Giorgi Maisuradze"),
        ("Արամ Սարգսյան", "Aram Sargsyan"),
        ("Müller-Weiß", "muller weiss"),
    ],
)
def test_name_when_spelled_in_another_alphabet_then_the_same(one, other):
    assert spelled(one) == spelled(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Serhii Kovalenko", "Sergey Kovalenko"),
        ("Sargsyan Aram", "Aram Sarkisian"),
        ("Nataliya Shevchenko", "Наталія Шевченко"),
        ("Andrzej Wójcik", "Andrzej Vojcik"),
    ],
)
def test_name_when_it_sounds_alike_then_the_same(one, other):
    assert sounds(one) == sounds(other)


def test_name_when_it_is_another_one_then_differs():
    assert len({sounds(name) for name in ("Ivan Petrov", "Petru Ivanov", "Ion Popa")}) == 3


@given(st.text(max_size=60))
def test_name_when_folded_then_plain_and_stable(text):
    plain = folded(text)
    assert plain.isascii()
    assert folded(plain) == plain
    assert spelled(text) == spelled(*reversed(text.split()))


@pytest.mark.parametrize(
    ("iban", "good"),
    [
        ("PL61109010140000071219812874", True),
        ("GB82 WEST 1234 5698 7654 32", True),
        ("MD24AG000225100013104168", True),
        ("PL61109010140000071219812875", False),
        ("PL6110901014000007121981287", False),
        ("61PL109010140000071219812874", False),
        ("", False),
    ],
)
def test_account_when_check_digits_are_wrong_then_refused(iban, good):
    if good:
        assert account("X", iban, None).iban == iban.replace(" ", "")
        return
    with pytest.raises(DomainError) as refused:
        account("X", iban, None)
    assert refused.value.errors[0].pointer == "/iban"
