"""Calendars over HTTP, read back by a parser that did not write them."""

from datetime import date
from uuid import uuid4

import pytest
from ical.calendar_stream import IcsCalendarStream
from make_training import (
    GEORGIA,
    MOLDOVA,
    OFFICER,
    known_programme,
    moved,
    opened,
    planned,
    submitted,
)

from training.commands import events
from training.domain.fuzzy_date import FuzzyDate, Precision, on_days
from training.domain.training_event import EventStatus

LONG = "Zażółć gęślą jaźń w Świętokrzyskiem; " * 4
MAY = FuzzyDate(date(2015, 5, 1), date(2015, 5, 31), Precision.MONTH, "end of May 2015", "2015-05")
YEAR = FuzzyDate(date(2015, 1, 1), date(2015, 12, 31), Precision.YEAR, "2015", "2015")


async def read(client, headers, path):
    answer = await client.get(f"/v1/{path}/calendar.ics", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return answer, IcsCalendarStream.calendar_from_ics(answer.text).events


async def test_calendar_of_an_event_when_parsed_then_says_what_the_event_is(client, signed, unit):
    event = await opened(unit, title=LONG.strip())
    answer, [entry] = await read(client, signed(MOLDOVA), f"events/{event.id}")
    assert (entry.uid, entry.summary, entry.location) == (
        str(event.id),
        LONG.strip(),
        "Warszawa, PL",
    )
    assert (entry.dtstart, entry.dtend) == (date(2026, 5, 4), date(2026, 5, 7))
    assert (entry.status, entry.sequence) == ("TENTATIVE", event.version - 1)
    lines = answer.content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() for line in lines if line)


async def test_calendar_when_the_event_moves_on_then_keeps_its_uid_and_counts(client, signed, unit):
    event = await opened(unit)
    _, [before] = await read(client, signed(MOLDOVA), "programmes/EAP-PCP")
    put_off = events.Step(EventStatus.POSTPONED, "No visas")
    event = await events.take_step(unit, event.id, put_off, expected=event.version, by=OFFICER)
    _, [postponed] = await read(client, signed(MOLDOVA), "programmes/EAP-PCP")
    assert (postponed.status, "Postponed: No visas" in postponed.description) == ("TENTATIVE", True)
    event = await moved(unit, event, EventStatus.CONFIRMED)
    _, [confirmed] = await read(client, signed(MOLDOVA), "programmes/EAP-PCP")
    await events.cancel_event(unit, event.id, reason="Flood", expected=event.version, by=OFFICER)
    _, [cancelled] = await read(client, signed(MOLDOVA), "programmes/EAP-PCP")
    found = (before, confirmed, cancelled)
    assert len({each.uid for each in found}) == 1
    assert [each.status for each in found] == ["TENTATIVE", "CONFIRMED", "CANCELLED"]
    assert before.sequence < confirmed.sequence < cancelled.sequence
    assert before.dtstamp <= cancelled.dtstamp
    assert "Cancelled: Flood" in cancelled.description


@pytest.mark.parametrize(
    ("dates", "days"), [(MAY, (date(2015, 5, 1), date(2015, 6, 1))), (YEAR, None)]
)
async def test_calendar_when_days_are_not_exact_then_a_month_is_tentative_and_a_year_left_out(
    client, signed, unit, dates, days
):
    await known_programme(unit)
    event = await planned(unit, dates=dates, reference="FUZZY")
    exact = await planned(unit, dates=on_days(date(2015, 6, 1), date(2015, 6, 1)))
    _, entries = await read(client, signed(MOLDOVA), "programmes/EAP-PCP")
    shown = {each.uid: each for each in entries}
    assert (shown[str(exact.id)].dtstart, shown[str(exact.id)].dtend) == (
        date(2015, 6, 1), date(2015, 6, 2),
    )  # fmt: skip
    if days is None:
        assert str(event.id) not in shown
        refused = await client.get(f"/v1/events/{event.id}/calendar.ics", headers=signed(MOLDOVA))
        assert (refused.status_code, refused.json()["code"]) == (409, "training.event_without_days")
        return
    entry = shown[str(event.id)]
    assert (entry.dtstart, entry.dtend, entry.status) == (*days, "TENTATIVE")
    assert "end of May 2015" in entry.description


async def test_calendar_when_known_then_is_not_sent_again(client, signed, unit):
    event = await opened(unit)
    ministry = signed(MOLDOVA)
    for path in (f"events/{event.id}", "programmes/EAP-PCP", "organisations/PL-MOI"):
        first, _ = await read(client, ministry, path)
        known = ministry | {"if-none-match": first.headers["etag"]}
        again = await client.get(f"/v1/{path}/calendar.ics", headers=known)
        assert (again.status_code, again.content) == (304, b"")
        same, _ = await read(client, ministry, path)
        assert same.content == first.content
    await moved(unit, event, EventStatus.NOMINATIONS_CLOSED)
    changed = await client.get("/v1/programmes/EAP-PCP/calendar.ics", headers=known)
    assert changed.status_code == 200


async def test_calendar_of_an_organisation_when_read_then_holds_what_concerns_it(
    client, signed, unit
):
    await known_programme(unit, marks=("org:MD-MIA", "org:GE-MIA"))
    attended = await opened(unit, known=False)
    await planned(unit, reference="OTHER")
    await submitted(unit, attended.id)
    seen = {}
    for caller in (OFFICER, MOLDOVA, GEORGIA):
        _, entries = await read(client, signed(caller), "organisations/MD-MIA")
        seen[caller.organisation] = [each.uid for each in entries]
    assert seen == {"PL-MOI": [str(attended.id)], "MD-MIA": [str(attended.id)], "GE-MIA": []}
    _, hosted = await read(client, signed(MOLDOVA), "organisations/PL-MOI")
    assert len(hosted) == 2


async def test_calendar_when_invisible_then_is_answered_like_unknown(client, signed, unit):
    event = await opened(unit)
    headers = signed(GEORGIA) | {"entente-request-id": "01980000-0000-7000-8000-000000000000"}
    for seen, unknown in (
        (f"events/{event.id}", f"events/{uuid4()}"),
        ("programmes/EAP-PCP", "programmes/NO-SUCH"),
    ):
        answers = [
            await client.get(f"/v1/{path}/calendar.ics", headers=headers)
            for path in (seen, unknown)
        ]
        assert answers[0].status_code == 404
        assert answers[0].content == answers[1].content


async def test_calendar_when_read_then_takes_few_statements(client, signed, unit, count_queries):
    await opened(unit)
    async with count_queries(2):
        await client.get("/v1/programmes/EAP-PCP/calendar.ics", headers=signed(MOLDOVA))
