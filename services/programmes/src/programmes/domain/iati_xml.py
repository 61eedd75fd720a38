"""The IATI 2.03 document of a programme. Elements stand in the order the schema demands."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kit.money import Money
from programmes.domain.iati import (
    ORGANISATION_CODES,
    ROLE_CODES,
    STATUS_CODES,
    Activity,
    BudgetItem,
    Participant,
    Result,
    ResultPeriod,
    SpentSum,
    told_participants,
)
from programmes.domain.indicator import Measure
from programmes.domain.source import CountQualifier

_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OTHER_IDENTIFIER: Final = "A9"
_COMMITTED: Final = "2"
_OUTPUT: Final = "1"
_UNIT: Final = "1"


def iati_document(activity: Activity) -> bytes:
    """Return the programme as an IATI file, or raise NotExportable with all that is missing."""
    activity.demand()
    generated = activity.updated.isoformat(timespec="seconds")
    root = Element("iati-activities", {"version": "2.03", "generated-datetime": generated})
    root.append(_activity(activity))
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _activity(activity: Activity) -> Element:
    element = Element(
        "iati-activity",
        {
            "last-updated-datetime": activity.updated.isoformat(timespec="seconds"),
            _LANGUAGE: activity.language,
        },
    )
    for child in _children(activity):
        element.append(child)
    return element


def _children(activity: Activity) -> Iterator[Element]:
    publisher = activity.publisher
    yield _text(Element("iati-identifier"), activity.identifier())
    reporting = Element("reporting-org", ref=publisher.ref, type=publisher.type_code)
    yield _narrated(reporting, publisher.name)
    yield _narrated(Element("title"), activity.title)
    yield _narrated(Element("description", type="1"), activity.description or activity.title)
    yield from (_participating(each) for each in told_participants(activity.participants))
    yield from _identifiers(activity)
    yield Element("activity-status", code=STATUS_CODES[activity.status])
    yield from _dates(activity)
    yield from (Element("recipient-country", code=each) for each in activity.recipients)
    yield from (_budget(each) for each in activity.budgets)
    yield from (_transaction(each) for each in activity.spent())
    yield from _relatives(activity)
    yield from _results(activity)


def _participating(participant: Participant) -> Element:
    element = Element("participating-org", role=ROLE_CODES[participant.role])
    if participant.ref:
        element.set("ref", participant.ref)
    if participant.type in ORGANISATION_CODES:
        element.set("type", ORGANISATION_CODES[participant.type])
    return _narrated(element, participant.name)


def _identifiers(activity: Activity) -> Iterator[Element]:
    for each in activity.identifiers:
        element = Element("other-identifier", ref=_clean(each.value), type=_OTHER_IDENTIFIER)
        if each.issuer:
            _narrated(SubElement(element, "owner-org"), each.issuer)
        yield element


def _dates(activity: Activity) -> Iterator[Element]:
    for code, day, words in activity.dates():
        yield _narrated(
            Element("activity-date", {"iso-date": day.isoformat(), "type": code}), words
        )


def _budget(item: BudgetItem) -> Element:
    element = Element("budget", type="2" if item.revised else "1", status=_COMMITTED)
    _period(element, item.begins, item.ends)
    _value(element, item.money, item.valued_on)
    return element


def _transaction(spent: SpentSum) -> Element:
    element = Element("transaction")
    SubElement(element, "transaction-type", code=spent.kind.value)
    SubElement(element, "transaction-date", {"iso-date": spent.on.isoformat()})
    _value(element, spent.money, spent.on)
    return element


def _relatives(activity: Activity) -> Iterator[Element]:
    for each in activity.relatives:
        if code := each.type_code:
            yield Element("related-activity", ref=activity.identifier(each.code), type=code)


def _results(activity: Activity) -> Iterator[Element]:
    for result in activity.results:
        periods = [each for each in _periods(activity, result) if each is not None]
        if periods:
            element = Element("result", {"type": _OUTPUT, "aggregation-status": "0"})
            _narrated(SubElement(element, "title"), result.title)
            indicator = SubElement(element, "indicator", measure=_UNIT, ascending="1")
            _narrated(SubElement(indicator, "title"), result.title)
            _baseline(indicator, result)
            indicator.extend(periods)
            yield element


def _baseline(indicator: Element, result: Result) -> None:
    if result.baseline and result.shown(result.baseline[1]):
        year, value = result.baseline
        SubElement(indicator, "baseline", year=str(year), value=_plain(value))


def _periods(activity: Activity, result: Result) -> Iterator[Element | None]:
    for period in result.periods:
        yield _result_period(activity, result, period)


def _result_period(activity: Activity, result: Result, period: ResultPeriod) -> Element | None:
    """Return a period with an approved value large enough to be told, or nothing."""
    days = activity.result_days(period)
    if days is None or period.actual is None or not result.shown(period.actual.value):
        return None
    element = Element("period")
    _period(element, *days)
    if period.target is not None and result.shown(period.target):
        SubElement(element, "target", value=_plain(period.target))
    actual = SubElement(element, "actual", value=_plain(period.actual.value))
    _narrated(SubElement(actual, "comment"), _meant(period.actual))
    return element


def _meant(measure: Measure) -> str:
    qualifier = "" if measure.qualifier is CountQualifier.EXACT else f"{measure.qualifier}; "
    return f"{qualifier}counted: {measure.basis}"


def _period(element: Element, begins: date, ends: date) -> None:
    SubElement(element, "period-start", {"iso-date": begins.isoformat()})
    SubElement(element, "period-end", {"iso-date": ends.isoformat()})


def _value(element: Element, money: Money, on: date) -> None:
    value = SubElement(element, "value", {"currency": money.currency, "value-date": on.isoformat()})
    value.text = _number(money.amount)


def _narrated(element: Element, words: str | None) -> Element:
    if words:
        _text(SubElement(element, "narrative"), words)
    return element


def _text(element: Element, text: str) -> Element:
    element.text = _clean(text)
    return element


def _clean(text: str) -> str:
    """Leave out the characters that XML has no way to write."""
    return _NOT_XML.sub("", text)


def _number(value: Decimal) -> str:
    return f"{value:f}"


def _plain(count: Decimal) -> str:
    """Return a count without the zeros of its storage."""
    return f"{count.normalize():f}"
