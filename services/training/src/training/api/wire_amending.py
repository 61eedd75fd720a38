"""Request models of /v1: an event planned otherwise."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from kit.wire import Code, Country, Flag, Request
from training.api.wire import (
    GivenFuzzyDate,
    GivenPlace,
    GivenTravel,
    Minutes,
    Percent,
    Seats,
    Slug,
    Zone,
)
from training.api.words import Prose, Words
from training.domain import fuzzy_date, training_event
from training.domain.training_event import EventPlan


class EventPatch(Request):
    """A merge patch (RFC 7396): members sent replace, null removes what is optional."""

    # Made by a factory, these stay out of the document: they are never used (see `change`).
    title: Words = Field(default_factory=str)
    dates: GivenFuzzyDate | None = None
    zone: Zone = Field(default_factory=str)
    place: GivenPlace | None = None
    topic: Slug | None = None
    capacity: Seats | None = None
    host: Code | None = None
    countries: Annotated[tuple[Country, ...], Field(max_length=60)] = ()
    institutions: Annotated[tuple[Words, ...], Field(max_length=40)] = ()
    travel: GivenTravel | None = None
    budget_line_code: Code | None = None
    mandatory_minutes: Minutes | None = None
    note: Prose | None = None
    component: Code | None = None
    action_code: Code | None = None
    attended_percent: Percent = Field(default_factory=int)
    training_of_trainers: Flag = False

    def change(self) -> Callable[[EventPlan], EventPlan]:
        """Return what the patch does to a plan, or raise DatesInvalid or PlanInvalid."""
        made: dict[str, Any] = {
            "dates": self.dates.dates() if self.dates else fuzzy_date.UNKNOWN,
            "place": self.place.place() if self.place else training_event.NOWHERE,
            "travel": self.travel.travel() if self.travel else None,
        }
        asked = {name: made.get(name, getattr(self, name)) for name in self.model_fields_set}
        return lambda plan: replace(plan, **asked)
