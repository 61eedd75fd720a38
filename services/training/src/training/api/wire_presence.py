"""Request and answer models of /v1: sessions and presence at them."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from kit.reply import etag
from kit.wire import CLEAN, WHOLE, Answer, Code, Country, Flag, Instant, Ref, Request, When
from training.api.wire import GivenSource, ShownSource
from training.api.wire_nominations import CodeLabel, Codelist, Role
from training.api.words import Words
from training.commands.presence import Correction
from training.commands.walk_ins import WalkIn
from training.domain import presence, session
from training.domain.nomination import Candidate
from training.domain.presence import PresenceSource

Nonce = Annotated[
    str, StringConstraints(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$"), CLEAN
]
Number = Annotated[int, Field(ge=1, le=1000), WHOLE]
DayMinutes = Annotated[int, Field(ge=0, le=1440), WHOLE]


class SessionTimes(Request):
    """A session as planned; both ends with offset, or neither where only the subject is known."""

    title: Words
    starts_at: When | None = None
    ends_at: When | None = None
    minutes: Annotated[int, Field(ge=1, le=1440), WHOLE] | None = None
    mandatory: Flag = True
    source: GivenSource | None = None

    def plan(self, number: int) -> session.SessionPlan:
        """Return the domain value, or raise SessionInvalid."""
        return session.SessionPlan(
            number=number,
            title=self.title,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            minutes=self.minutes,
            mandatory=self.mandatory,
            source=self.source.source() if self.source else None,
        )


class NewSession(SessionTimes):
    """A session to plan under a number of its own."""

    number: Number


class Session(Answer):
    """A session of an event; `minutes` is what counts for attendance."""

    id: UUID
    etag: str
    event_id: UUID
    number: int
    title: str
    starts_at: Instant | None
    ends_at: Instant | None
    minutes: int | None
    mandatory: bool
    source: ShownSource | None

    @classmethod
    def of(cls, found: session.Session) -> Self:
        """Return the wire form."""
        plan = found.plan
        return cls(
            id=found.id,
            etag=etag(found.version),
            event_id=found.event_id,
            number=plan.number,
            title=plan.title,
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
            minutes=plan.counted_minutes,
            mandatory=plan.mandatory,
            source=ShownSource.of(plan.source) if plan.source else None,
        )


class GivenStay(Request):
    """From when to when, or how many minutes; nothing at all means the whole session.

    Coming without leaving is a scan at the door; leaving without coming ends that stay.
    """

    came_at: When | None = None
    left_at: When | None = None
    minutes: DayMinutes | None = None

    def stay(self) -> presence.Stay:
        """Return the domain value."""
        return presence.Stay(self.came_at, self.left_at, self.minutes)


class NewPresence(GivenStay):
    """One scan, or one line of a signed list; the same nonce is the same record."""

    participant_id: Ref
    session: Number
    nonce: Nonce
    source: PresenceSource = PresenceSource.SCAN
    departed_from: Words | None = None

    def claim(self) -> presence.Claim:
        """Return the domain value."""
        return presence.Claim(
            self.session, self.nonce, self.source, self.stay(), self.departed_from
        )


class WalkInPresence(GivenStay):
    """At which session somebody was let in; the same nonce is the same record."""

    session: Number
    nonce: Nonce
    departed_from: Words | None = None

    def claim(self) -> presence.Claim:
        """Return the domain value."""
        source = PresenceSource.WALK_IN
        return presence.Claim(self.session, self.nonce, source, self.stay(), self.departed_from)


class NewWalkIn(Request):
    """Who came without a seat: an opaque id, from which organisation, and why they were let in.

    `presence` proves it; an event with sessions needs it.
    """

    participant_id: Ref
    organisation: Code
    country: Country
    unit_code: Code | None = None
    role: Role = "participant"
    overlap_reason: Words | None = None
    reason: Words
    presence: WalkInPresence | None = None

    def came(self) -> WalkIn:
        """Return what the command takes."""
        return WalkIn(
            Candidate(self.participant_id, self.unit_code, self.role, self.overlap_reason),
            self.organisation,
            self.country,
            self.reason,
            self.presence.claim() if self.presence else None,
        )


class NewCorrection(GivenStay):
    """What takes the place of a record, and why, free of personal data."""

    nonce: Nonce
    reason: Words

    def correction(self) -> Correction:
        """Return what the command takes."""
        return Correction(self.nonce, self.stay(), self.reason)


class Presence(Answer):
    """A record of presence; one that `corrects` another stands in its place."""

    id: int
    nomination_id: UUID
    session_id: UUID
    nonce: str
    came_at: Instant | None
    left_at: Instant | None
    minutes: int
    source: PresenceSource
    departed_from: str | None
    corrects: int | None
    reason: str | None
    recorded_at: Instant

    @classmethod
    def of(cls, found: presence.Presence) -> Self:
        """Return the wire form."""
        return cls(
            id=found.id,
            nomination_id=found.nomination_id,
            session_id=found.session_id,
            nonce=found.nonce,
            came_at=found.stay.came_at,
            left_at=found.stay.left_at,
            minutes=found.minutes,
            source=found.source,
            departed_from=found.departed_from,
            corrects=found.corrects,
            reason=found.reason,
            recorded_at=found.recorded_at,
        )


def attendance_refusal_codes() -> Codelist:
    """Return the reasons for refusing a record with their English and Polish names."""
    named = presence.REFUSALS.items()
    return Codelist(
        items=[CodeLabel(code=each.value, label={"en": en, "pl": pl}) for each, (en, pl) in named]
    )
