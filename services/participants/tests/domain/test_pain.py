"""Payment files as banks read them: the schema, sums, characters, decimals of each currency."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import resources
from uuid import UUID

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.commands.pain import Payment, plain, written
from participants.domain.errors import PaymentCannotMove
from participants.domain.identity import BankAccount
from participants.domain.settlement import PaymentFile

IBAN = "PL61109010140000071219812874"


@pytest.fixture(scope="module")
def schema():
    with resources.as_file(resources.files("sepaxml") / "schemas/pain.001.001.09.xsd") as path:
        return xmlschema.XMLSchema(path)


def file(currency, total, payments, **fields):
    known = {
        "id": UUID(int=7),
        "version": 1,
        "audience": frozenset({"staff"}),
        "payer": "PL-CF",
        "payer_name": "Fundusz Współpracy & <Partnerzy>",
        "payer_iban": IBAN,
        "payer_bic": None,
        "currency": currency,
        "payments": payments,
        "total": Decimal(total),
        "executes_on": date(2026, 3, 9),
        "made_by": "payer",
        "made_at": datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    }
    return PaymentFile(**(known | fields))


def payment(amount, holder="Canary", number=1, text="NO_COMP x", **account):
    holds = BankAccount(holder=holder, iban=IBAN, bic=account.get("bic"))
    return Payment(holds, Decimal(amount), f"{number:032x}", text)


def texts(document, tag):
    return re.findall(rf"<{tag}[^>]*>([^<]*)<", document.decode())


@pytest.mark.parametrize(
    ("currency", "amounts", "total", "charges"),
    [
        ("EUR", ("0.01", "1000000.10"), "1000000.11", "SLEV"),
        ("PLN", ("60.00", "0.50"), "60.50", "SHAR"),
        ("JPY", ("1500", "1"), "1501", "SHAR"),
        ("KWD", ("1.005", "0.995"), "2.000", "SHAR"),
    ],
)
def test_file_when_written_then_sums_and_decimals_are_those_of_the_currency(
    schema, currency, amounts, total, charges
):
    payments = [payment(each, number=number) for number, each in enumerate(amounts)]
    document = written(file(currency, total, len(amounts)), payments)
    schema.validate(document.decode())
    assert texts(document, "InstdAmt") == list(amounts)
    assert texts(document, "CtrlSum") == [total, total]
    assert texts(document, "NbOfTxs") == ["2", "2"]
    assert texts(document, "ChrgBr") == [charges]
    assert set(re.findall(r'Ccy="(...)"', document.decode())) == {currency}
    assert ("<Cd>SEPA</Cd>" in document.decode()) is (currency == "EUR")
    assert texts(document, "MsgId") == [UUID(int=7).hex]
    assert document == written(file(currency, total, len(amounts)), payments)


def test_payer_when_it_is_the_fund_then_is_debtor_and_initiates(schema):
    document = written(file("PLN", "1.00", 1, payer_bic="BREXPLPW"), [payment("1.00")])
    schema.validate(document.decode())
    assert texts(document, "Nm") == [
        "Fundusz Wspolpracy + Partnerzy", "Fundusz Wspolpracy + Partnerzy", "Canary",
    ]  # fmt: skip
    assert texts(document, "BICFI") == ["BREXPLPW"]
    assert "NOTPROVIDED" not in texts(document, "Id")


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Żółć Łękawska", "Zolc Lekawska"),
        ("Оксана Ковальчук", "Oksana Koval'chuk"),
        ("ნინო", "nino"),
        ("A & B <script>", "A + B script"),
        ("]]>--!", "--"),
        ("😀😀", "NOTPROVIDED"),
        ("//a//b//", "a/b"),
        ("x" * 200, "x" * 70),
        ("me@home_1", "me(at)home-1"),
    ],
)
def test_name_when_hostile_then_written_in_the_characters_banks_take(schema, name, read):
    document = written(file("PLN", "1.00", 1), [payment("1.00", holder=name, text=name)])
    schema.validate(document.decode())
    assert texts(document, "Nm")[-1] == read
    assert len(texts(document, "Ustrd")[0]) <= 140


@settings(max_examples=50)
@given(st.text(max_size=200), st.integers(min_value=1, max_value=140))
def test_text_when_any_then_plain_short_and_never_empty(text, most):
    found = plain(text, most)
    assert re.fullmatch(r"[A-Za-z0-9/?:().,'+ -]+", found)
    assert len(found) <= max(most, len("NOTPROVIDED"))
    assert "//" not in found
    assert not found.startswith("/")


def test_file_when_the_schema_refuses_then_it_is_not_handed_out():
    with pytest.raises(PaymentCannotMove):
        written(file("PLN", "1.00", 1, payer_iban="not an account"), [payment("1.00")])
