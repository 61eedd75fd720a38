"""Nominating many at once: judged item by item, read and stored in a few statements for all."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar
from uuid import UUID

from kit.auth import STAFF, Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.errors import DomainError
from kit.ids import uuid7s
from training.commands.bulk import Storing, carry_out
from training.commands.telling import nomination_changed
from training.domain.batch import (
    ItemReport,
    Mode,
    Outcome,
    Report,
    Sent,
    apart_at_once,
    compared,
    followed,
    refused,
    twice,
)
from training.domain.eligibility import must_be_eligible
from training.domain.errors import NominationExists, NoSuchEvent
from training.domain.errors_batch import ItemConflict
from training.domain.errors_seats import EventsOverlap, ParticipantErased
from training.domain.nomination import Nomination, NominationStatus, Origin
from training.domain.training_event import EventStatus, TrainingEvent
from training.storage import erased, many_nominations, programmes, quotas

_OPEN = frozenset({EventStatus.NOMINATIONS_OPEN})
_TURN: Final = 50
T = TypeVar("T")
R = TypeVar("R")
Grounds = tuple[TrainingEvent, Mapping[str, Any] | None] | DomainError


async def nominate_batch(
    unit: Unit,
    sent: Sequence[Sent],
    flawed: Sequence[ItemReport],
    *,
    mode: Mode,
    validate_only: bool,
    by: Caller,
) -> Report:
    """Nominate many in the name of the caller's organisation; nothing is kept on validation.

    `flawed` are items refused before. An atomic batch with a refused item keeps nothing.
    """
    storing = nominating(sent, by=by)
    return await carry_out(unit, sent, flawed, storing, mode=mode, validate_only=validate_only)


def nominating(sent: Sequence[Sent], *, by: Caller) -> Storing:
    """Return what stores some of the items that were sent; it knows which of all come twice."""
    people = [each.candidate.participant_id for each in sent]
    return partial(_store, repeated=twice(sent), everybody=erased.groups_of(people), by=by)


async def _store(
    tx: Tx, sent: Sequence[Sent], *, repeated: set[int], everybody: Sequence[int], by: Caller
) -> list[ItemReport]:
    """Store some of the items; the groups of `everybody` are locked before any event."""
    await many_nominations.lock_senders(tx, by.organisation)
    await erased.lock(tx, everybody)
    event_ids = sorted({each.event_id for each in sent})
    people = [each.candidate.participant_id for each in sent]
    ids = [each.external_id for each in sent]
    book = _Book(
        now=_Now(tx, by, number=len(sent)),
        grounds=await _grounds(tx, event_ids, by=by),
        known=await many_nominations.by_external_ids(tx, by.organisation, ids),
        taken=await many_nominations.standing_pairs(tx, [each.event_id for each in sent], people),
        elsewhere=await many_nominations.overlapping_pairs(tx, event_ids, people),
        repeated=repeated,
        erased=await erased.among(tx, people),
    )
    # The database is never idle: it writes what the portion before told, then what is new.
    reports = await _meanwhile(tx.write_changes(), book.report_on, sent)
    tell = partial(_tell, tx)
    await _meanwhile(many_nominations.add_all(tx, book.new), tell, book.new)
    for each in await many_nominations.save_sent(tx, book.changed):
        tell(each)
    return reports


async def _meanwhile(
    writing: Coroutine[Any, Any, None], act: Callable[[T], R], each_of: Sequence[T]
) -> list[R]:
    """Return what is made of each while the database writes, which now and then gets a turn."""
    made: list[R] = []
    task = asyncio.create_task(writing)
    try:
        for start in range(0, len(each_of), _TURN):
            await asyncio.sleep(0)
            made += [act(each) for each in each_of[start : start + _TURN]]
    finally:
        await task
    return made


def _tell(tx: Tx, nomination: Nomination) -> None:
    tx.tell(nomination_changed(nomination), about=nomination)


async def _grounds(tx: Tx, event_ids: Sequence[UUID], *, by: Caller) -> dict[UUID, Grounds]:
    """Lock the events; return each with the decision on the country, or what refuses all."""
    events = await many_nominations.lock_events(tx, event_ids, by=by)
    codes = sorted({event.plan.programme_code for event in events.values()})
    running = {code: await _running(tx, code, by=by) for code in codes}
    decisions = {code: await quotas.decisions_on(tx, code, by.country) for code in codes}
    grounds: dict[UUID, Grounds] = dict.fromkeys(
        event_ids, NoSuchEvent("there is no such training event")
    )
    for event_id, event in events.items():
        code = event.plan.programme_code
        try:
            _must_take_nominations(event, running[code])
            day = event.plan.dates.earliest or home_day(tx.now)
            grounds[event_id] = event, must_be_eligible(decisions[code], event.plan, day)
        except DomainError as refusal:
            grounds[event_id] = refusal
    return grounds


async def _running(tx: Tx, code: str, *, by: Caller) -> DomainError | None:
    """Return why nobody is nominated in a programme now, None if somebody may be."""
    try:
        (await programmes.get(tx, code, by=by)).must_run()
    except DomainError as refusal:
        return refusal
    return None


def _must_take_nominations(event: TrainingEvent, refusal: DomainError | None) -> None:
    if refusal is not None:
        raise refusal
    event.must_be(_OPEN)


class _Now:
    """When a batch is stored and for whom: what all its nominations have alike."""

    def __init__(self, tx: Tx, by: Caller, *, number: int) -> None:
        self._ids = uuid7s(tx.now, number)
        self._organisation, self._country = by.organisation, by.country
        self._audience = frozenset({STAFF, f"org:{by.organisation}"})

    def nomination(
        self, sent: Sent, event: TrainingEvent, eligibility: Mapping[str, Any] | None
    ) -> Nomination:
        """Return what is submitted by an item."""
        candidate = sent.candidate
        return Nomination(
            id=next(self._ids),
            version=1,
            audience=self._audience,
            event_id=event.id,
            participant_id=candidate.participant_id,
            organisation=self._organisation,
            country=self._country,
            unit_code=candidate.unit_code,
            status=NominationStatus.SUBMITTED,
            rank=None,
            reason=None,
            synthetic=event.plan.synthetic,
            role=candidate.role,
            origin=Origin.BATCH,
            external_id=sent.external_id,
            source_version=sent.source_version,
            source_digest=sent.digest,
            eligibility=eligibility,
            overlap_reason=candidate.overlap_reason,
        )


@dataclass(frozen=True, slots=True)
class _Book:
    """What a batch adds and changes, item by item."""

    now: _Now
    grounds: Mapping[UUID, Grounds]
    known: Mapping[str, Nomination]
    taken: set[tuple[UUID, UUID]]
    elsewhere: set[tuple[UUID, UUID]]
    repeated: set[int]
    erased: set[UUID]
    new: list[Nomination] = field(default_factory=list)
    changed: list[Nomination] = field(default_factory=list)
    booked: dict[UUID, list[TrainingEvent]] = field(default_factory=lambda: defaultdict(list))

    def report_on(self, sent: Sent) -> ItemReport:
        """Return what becomes of an item."""
        known = self.known.get(sent.external_id)
        try:
            outcome, stands = self._decide(known, sent)
        except DomainError as refusal:
            return refused(sent.index, sent.external_id, refusal, sent.line, known)
        place = (sent.index, sent.external_id)
        return ItemReport(*place, outcome, stands.id, (), sent.line, stands.status)

    def _decide(self, known: Nomination | None, sent: Sent) -> tuple[Outcome, Nomination]:
        if sent.index in self.repeated:
            raise ItemConflict("the external id comes twice in this request")
        if known is None:
            return Outcome.CREATED, self._add(sent)
        outcome = compared(known, sent)
        if outcome is Outcome.UPDATED:
            self.changed.append(followed(known, sent))
        return outcome, known

    def _add(self, sent: Sent) -> Nomination:
        grounds = self.grounds[sent.event_id]
        if isinstance(grounds, DomainError):
            raise grounds
        event, eligibility = grounds
        who = sent.candidate.participant_id
        if who in self.erased:
            raise ParticipantErased("nobody is to be found under this id any more")
        if (event.id, who) in self.taken:
            raise NominationExists("the participant is nominated for this event already")
        if self._overlaps(event, who) and sent.candidate.overlap_reason is None:
            raise EventsOverlap("another event elsewhere is at that time")
        self.taken.add((event.id, who))
        if len(self.grounds) > 1:
            self.booked[who].append(event)
        made = self.now.nomination(sent, event, eligibility)
        self.new.append(made)
        return made

    def _overlaps(self, event: TrainingEvent, who: UUID) -> bool:
        if self.elsewhere and (event.id, who) in self.elsewhere:
            return True
        others = self.booked.get(who, ()) if self.booked else ()
        return any(apart_at_once(event.plan, other.plan) for other in others)
