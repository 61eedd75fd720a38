"""What records of training add to the figures of a programme, as last told.

Whatever is told again replaces what was told before, so that a correction, a cancellation or an
event that moves to another action changes the figures, and a repetition does not.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from kit.errors import DomainError, Kind
from programmes.domain.indicator import Measure

HELD: Final = ("completed", "reported")
"""States of an event that took place."""
DROPPED: Final = "cancelled"
TRAININGS: Final = ("training", "advanced_training", "on_the_spot_training")
"""Kinds of event that are trainings in the words of the plans."""
MEASURES: Final = (
    "s_held",
    "_places",
    "_participants",
    "_persons",
    "_attendances",
    "_units",
    "_headcount",
    "_experts",
    "_expert_days",
)
"""What is counted of each kind of event, after the name of the kind; `event` is any kind."""
_FIGURE: Final = re.compile(rf"[a-z]+(_[a-z]+)*?({'|'.join(MEASURES)})")
_ACTION: Final = re.compile(r"([A-Za-z]{2})-0*([1-9][0-9]*)")


class FigureUnknown(DomainError):
    """Nothing is counted under this name."""

    kind = Kind.INVALID
    code = "programmes.figure_unknown"
    title = "There is no such figure to compute from"
    advice = "Name a kind of event, or `event`, followed by one of the endings in `allowed`."


def require_figure(name: str | None) -> None:
    """Raise FigureUnknown unless it is no figure at all or one that is counted."""
    if name is not None and _FIGURE.fullmatch(name) is None:
        raise FigureUnknown(f"{name} is not counted", allowed=list(MEASURES))


def action_named(code: str | None) -> str | None:
    """Return the name of the action an event belongs to, such as MD-3; None if it names none.

    It is the country of a plan and the number of an action there; `md-03` means the same.
    """
    found = _ACTION.fullmatch(code or "")
    return None if found is None else f"{found[1].upper()}-{found[2]}"


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """An event as last told; `participants` and `expert_days` are absent until they are known."""

    event_id: UUID
    programme_code: str
    kind: str
    status: str
    action_code: str | None
    component_code: str | None
    starts_on: date | None
    ends_on: date | None
    country: str | None
    city: str | None
    participants: int | None
    expert_days: Decimal | None
    sequence: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class ToldSeat:
    """A seat at an event; what a fact does not tell is absent and stays as told before."""

    nomination_id: UUID
    event_id: UUID
    participant_id: UUID
    sequence: int
    organisation: str | None = None
    unit_code: str | None = None
    present: bool | None = None


@dataclass(frozen=True, slots=True)
class ToldSeries:
    """What kind of events a series has."""

    series_id: UUID
    programme_code: str
    kind: str
    sequence: int


@dataclass(frozen=True, slots=True)
class ToldHeadcount:
    """How many took part in an event or a series, and what was counted."""

    report_id: UUID
    programme_code: str
    event_id: UUID | None
    series_id: UUID | None
    participants: int
    basis: str
    sequence: int


@dataclass(frozen=True, slots=True)
class ToldExpert:
    """An expert at an event; `assigned` no more once withdrawn."""

    assignment_id: UUID
    event_id: UUID | None
    participant_id: UUID | None
    role: str
    assigned: bool
    sequence: int


Told = ToldEvent | ToldSeat | ToldSeries | ToldHeadcount | ToldExpert


@dataclass(frozen=True, slots=True)
class Computed:
    """What records add up to; `synthetic` if they are invented, for lack of real ones.

    The measure is `over` where some of the events counted have not told theirs.
    """

    measure: Measure
    synthetic: bool
