"""Calendars as iCalendar text (RFC 5545), which any calendar program can subscribe to."""

from datetime import timedelta
from typing import Final

from icalendar import Calendar, Event

from training.domain.calendar import CalendarEntry, CalendarFeed, Certainty
from training.domain.event_kind import LABELS
from training.domain.training_event import EventStatus, Place

_REFRESH: Final = timedelta(hours=1)
_WITH_REASON: Final = {EventStatus.CANCELLED: "Cancelled", EventStatus.POSTPONED: "Postponed"}


def calendar_text(feed: CalendarFeed) -> bytes:
    """Return a calendar; the same feed gives the same bytes."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Entente//Training//EN")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, _line(feed.name))
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    for entry in feed.entries:
        calendar.add_component(_component(entry))
    text: bytes = calendar.to_ical()
    return text


def _component(entry: CalendarEntry) -> Event:
    event, plan = entry.event, entry.event.plan
    component = Event()
    component.add("uid", str(event.id))
    component.add("dtstamp", entry.changed_at)
    component.add("last-modified", entry.changed_at)
    component.add("sequence", event.version - 1)
    component.add("dtstart", entry.first)
    component.add("dtend", entry.last + timedelta(days=1))
    component.add("status", entry.certainty.value)
    busy = entry.certainty is Certainty.CONFIRMED
    component.add("transp", "OPAQUE" if busy else "TRANSPARENT")
    component.add("summary", _line(plan.title))
    component.add("description", "\n".join(_described(entry)))
    component.add("categories", [LABELS[plan.kind][0], plan.programme_code])
    if place := _place(plan.place):
        component.add("location", _line(place))
    return component


def _described(entry: CalendarEntry) -> list[str]:
    plan = entry.event.plan
    lines = [f"{LABELS[plan.kind][0]} · {plan.programme_code} · {plan.reference}"]
    if not plan.dates.exact:
        lines.append(f"Date as published: {_line(plan.dates.text or 'approximate')}")
    if entry.event.status in _WITH_REASON and entry.event.reason:
        lines.append(f"{_WITH_REASON[entry.event.status]}: {_line(entry.event.reason)}")
    if plan.synthetic:
        lines.append("Synthetic: this event was made up for demonstration.")
    return lines


def _place(place: Place) -> str:
    return ", ".join(part for part in (place.venue, place.city, place.country) if part)


def _line(text: str) -> str:
    """Return a text without control characters, which iCalendar forbids."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
