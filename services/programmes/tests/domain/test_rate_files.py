"""Rate files in the formats of their publishers, and what is refused. The numbers are synthetic."""

import json
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.domain.exchange_rates import Publisher
from programmes.domain.rate_files import (
    LARGEST,
    RateFileInvalid,
    RateFileTooLarge,
    read_ecb_csv,
    read_ecb_xml,
    read_inforeuro_history,
    read_inforeuro_month,
    read_nbp_json,
    read_nbp_xml,
)

ECB_XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
    xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
  <Cube>
    <Cube time='2026-01-12'>
      <Cube currency='USD' rate='1.1111'/><Cube currency='PLN' rate='4.2'/>
    </Cube>
    <Cube time='2026-01-09'><Cube currency='USD' rate='1.2222'/></Cube>
  </Cube>
</gesmes:Envelope>"""
NBP_TABLE = {
    "table": "A",
    "no": "006/A/NBP/2026",
    "effectiveDate": "2026-01-12",
    "rates": [
        {"currency": "euro", "code": "EUR", "mid": 4.2001},
        {"currency": "forint (Węgry)", "code": "HUF", "mid": 0.010943},
    ],
}
NBP_SERIES = {
    "table": "A",
    "currency": "euro",
    "code": "EUR",
    "rates": [{"no": "006/A/NBP/2026", "effectiveDate": "2026-01-12", "mid": 4.2001}],
}
NBP_XML = """<?xml version="1.0" encoding="utf-8"?>
<ArrayOfExchangeRatesTable xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <ExchangeRatesTable><Table>A</Table><No>006/A/NBP/2026</No>
    <EffectiveDate>2026-01-12</EffectiveDate>
    <Rates>
      <Rate><Currency>euro</Currency><Code>EUR</Code><Mid>4.2001</Mid></Rate>
      <Rate><Currency>forint (Węgry)</Currency><Code>HUF</Code><Mid>0.010943</Mid></Rate>
    </Rates>
  </ExchangeRatesTable>
</ArrayOfExchangeRatesTable>""".encode()
NBP_SERIES_XML = b"""<ExchangeRatesSeries><Table>A</Table><Currency>euro</Currency><Code>EUR</Code>
  <Rates><Rate><No>006/A/NBP/2026</No><EffectiveDate>2026-01-12</EffectiveDate><Mid>4.2001</Mid></Rate>
  </Rates></ExchangeRatesSeries>"""
MONTH = [
    {"country": "Poland", "currency": "Zloty", "isoA3Code": "PLN", "isoA2Code": "PL", "value": 4.2},
    {"country": "Germany", "isoA3Code": "EUR", "isoA2Code": "DE", "value": 1},
    {"country": "France", "isoA3Code": "EUR", "isoA2Code": "FR", "value": 1},
    {"country": "Senegal", "isoA3Code": "XOF", "value": 655.957, "comment": None},
    {"country": "Mali", "isoA3Code": "XOF", "value": 655.957},
    {"country": "Zimbabwe", "isoA3Code": "ZIG", "value": 29.2},
]
HISTORY = [
    {
        "currencyIso": "PLN",
        "refCurrencyIso": "EUR",
        "amount": 4.2,
        "dateStart": "01/02/2026",
        "dateEnd": "28/02/2026",
    }
]


def brief(rates):
    return {(rate.base, rate.quote, rate.valid_from.isoformat()): str(rate.value) for rate in rates}


def as_json(thing):
    return json.dumps(thing).encode()


def test_ecb_xml_when_read_then_a_rate_for_each_day_and_currency():
    assert brief(read_ecb_xml(ECB_XML)) == {
        ("EUR", "USD", "2026-01-12"): "1.1111",
        ("EUR", "PLN", "2026-01-12"): "4.2",
        ("EUR", "USD", "2026-01-09"): "1.2222",
    }


@pytest.mark.parametrize("day", ["12 January 2026", "2026-01-12"])
def test_ecb_csv_when_wide_then_gaps_are_no_rates(day):
    text = f"Date, USD, PLN, HRK, \n{day}, 1.1111, 4.2, N/A, \n"
    assert brief(read_ecb_csv(text.encode())) == {
        ("EUR", "USD", "2026-01-12"): "1.1111",
        ("EUR", "PLN", "2026-01-12"): "4.2",
    }


def test_ecb_csv_when_from_the_data_portal_then_the_same():
    text = (
        "KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE\n"
        "EXR.D.PLN.EUR.SP00.A,D,PLN,EUR,SP00,A,2026-01-12,4.2\n"
        "EXR.D.PLN.EUR.SP00.A,D,PLN,EUR,SP00,A,2026-01-13,NaN\n"
    )
    assert brief(read_ecb_csv(text.encode())) == {("EUR", "PLN", "2026-01-12"): "4.2"}


def test_ecb_csv_when_monthly_then_refused():
    text = "FREQ,CURRENCY,TIME_PERIOD,OBS_VALUE\nM,PLN,2026-01,4.2\n"
    with pytest.raises(RateFileInvalid):
        read_ecb_csv(text.encode())


@pytest.mark.parametrize(
    "read",
    [lambda: read_nbp_json(as_json([NBP_TABLE])), lambda: read_nbp_xml(NBP_XML)],
    ids=["json", "xml"],
)
def test_nbp_when_a_table_then_zlotys_for_one_unit_with_the_number_of_the_table(read):
    rates = read()
    assert brief(rates) == {
        ("EUR", "PLN", "2026-01-12"): "4.2001",
        ("HUF", "PLN", "2026-01-12"): "0.010943",
    }
    assert {rate.reference for rate in rates} == {"006/A/NBP/2026"}


@pytest.mark.parametrize(
    "read",
    [lambda: read_nbp_json(as_json(NBP_SERIES)), lambda: read_nbp_xml(NBP_SERIES_XML)],
    ids=["json", "xml"],
)
def test_nbp_when_a_series_then_the_same(read):
    (rate,) = read()
    assert (rate.publisher, rate.base, rate.quote) == (Publisher.NBP, "EUR", "PLN")
    assert (rate.value, rate.reference) == (Decimal("4.2001"), "006/A/NBP/2026")


def test_nbp_when_another_table_then_refused():
    with pytest.raises(RateFileInvalid):
        read_nbp_json(as_json([NBP_TABLE | {"table": "C"}]))


def test_inforeuro_month_when_read_then_each_currency_once_for_the_whole_month():
    rates = read_inforeuro_month(as_json(MONTH), 2026, 2)
    assert brief(rates) == {
        ("EUR", "PLN", "2026-02-01"): "4.2",
        ("EUR", "XOF", "2026-02-01"): "655.957",
        ("EUR", "ZIG", "2026-02-01"): "29.2",
    }
    assert {rate.valid_to for rate in rates} == {date(2026, 2, 28)}


def test_inforeuro_history_when_read_then_days_are_day_month_year():
    (rate,) = read_inforeuro_history(as_json(HISTORY))
    assert (rate.valid_from, rate.valid_to) == (date(2026, 2, 1), date(2026, 2, 28))


def test_rates_when_one_currency_has_two_then_refused():
    twice = [*MONTH, {"isoA3Code": "PLN", "value": 4.3}]
    with pytest.raises(RateFileInvalid):
        read_inforeuro_month(as_json(twice), 2026, 2)


@pytest.mark.parametrize(
    "row",
    [
        {"no": "006/A/NBP/2026\0"}, {"no": "\ud800"}, {"no": "x" * 100_000}, {"no": {"a": 1}},
        {"no": None}, {"no": "example@example.org"}, {"no": "\u0660/A/NBP/2026"},
        {"effectiveDate": "\u0662\u0660\u0662\u0666-01-12"}, {"mid": "\u0664"},
        {"mid": "example@example.org"}, {"effectiveDate": "example@example.org"},
    ],
)  # fmt: skip
def test_nbp_when_a_row_holds_what_the_bank_never_writes_then_refused_without_it(row):
    with pytest.raises(RateFileInvalid) as refused:
        read_nbp_json(as_json(NBP_SERIES | {"rates": [NBP_SERIES["rates"][0] | row]}))
    assert "example@" not in refused.value.detail


def test_currency_when_none_then_refused_without_it():
    with pytest.raises(RateFileInvalid) as refused:
        read_inforeuro_month(as_json([{"isoA3Code": "example@example.org", "value": 1}]), 2026, 2)
    assert "example@" not in refused.value.detail


def test_number_when_no_computer_holds_it_then_refused():
    with pytest.raises(RateFileInvalid):
        read_nbp_json(b'[{"no": 1e9999999999999999999}]')


@pytest.mark.parametrize("read", [read_ecb_xml, read_nbp_xml])
def test_xml_when_deep_then_refused_before_it_is_built(read):
    with pytest.raises(RateFileInvalid, match="deeper"):
        read(b"<a>" * 21 + b"</a>" * 21)


@pytest.mark.parametrize("value", ["0", "-1", "1e400", "1e999999999", "NaN", '"4,2"', "null", "[]"])
def test_rate_when_it_is_no_number_above_zero_then_refused(value):
    text = f'[{{"isoA3Code": "PLN", "value": {value}}}]'
    with pytest.raises(RateFileInvalid):
        read_inforeuro_month(text.encode(), 2026, 2)


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY x "x">]><a>&x;</a>',
        b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>',
        b"<a>&x;</a>",
        b"<a>",
        b"<a/>",
        b"\xff\xfe<\x00a\x00/\x00>\x00",
        b"",
    ],
)
def test_xml_when_with_a_document_type_or_broken_then_refused(content):
    for read in (read_ecb_xml, read_nbp_xml):
        with pytest.raises(RateFileInvalid):
            read(content)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"[[]]", b"[" * 100_000, b"[{}]", b"NaN"])
def test_json_when_not_what_the_publisher_sends_then_refused(content):
    with pytest.raises(RateFileInvalid):
        read_inforeuro_month(content, 2026, 2)
    with pytest.raises(RateFileInvalid):
        read_nbp_json(content)


def test_file_when_too_large_then_refused_before_it_is_read():
    for read in (read_ecb_xml, read_ecb_csv, read_nbp_json, read_nbp_xml, read_inforeuro_history):
        with pytest.raises(RateFileTooLarge):
            read(b" " * (LARGEST + 1))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_bytes_when_anything_then_rates_or_a_refusal(content):
    for read in (read_ecb_xml, read_ecb_csv, read_nbp_json, read_nbp_xml, read_inforeuro_history):
        with suppress(RateFileInvalid):
            assert read(content)
