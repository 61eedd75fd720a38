"""Nominating many at once: judged item by item, stored in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from kit.auth import Caller
from kit.db.unit import Tx, Unit
from kit.errors import DomainError
from training.commands.nominations import must_take_nominations, nomination_of
from training.commands.seating import eligibility_of
from training.commands.telling import nomination_changed
from training.domain.batch import Flaw, ItemReport, Mode, Outcome, Report, Sent, compared, twice
from training.domain.errors import NominationExists
from training.domain.errors_batch import ItemConflict
from training.domain.errors_seats import EventsOverlap
from training.domain.nomination import Nomination, Origin
from training.domain.training_event import TrainingEvent
from training.storage import many_nominations, training_events

Grounds = tuple[TrainingEvent, Mapping[str, object] | None] | DomainError


class _NotToBeKeptError(Exception):
    """Ends a transaction whose effects are not wanted."""


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
    report = Report(())
    try:
        async with unit.begin() as tx:
            judged = await _store(tx, sent, by=by)
            items = sorted([*judged, *flawed], key=lambda each: each.index)
            report = tx.result(Report(tuple(items)))
            _must_be_kept(report, mode, validate_only=validate_only)
    except _NotToBeKeptError:
        return report
    return report


def _must_be_kept(report: Report, mode: Mode, *, validate_only: bool) -> None:
    if validate_only or (mode is Mode.ATOMIC and not report.flawless):
        raise _NotToBeKeptError


async def _store(tx: Tx, sent: Sequence[Sent], *, by: Caller) -> list[ItemReport]:
    grounds = {
        event_id: await _grounds(tx, event_id, by=by)
        for event_id in sorted({each.event_id for each in sent})
    }
    known = await many_nominations.by_external_ids(
        tx, by.organisation, [s.external_id for s in sent]
    )
    taken = await many_nominations.standing_pairs(tx, list(grounds), [_who(each) for each in sent])
    elsewhere = await many_nominations.overlapping_pairs(tx, list(grounds), [_who(s) for s in sent])
    book = _Book(
        tx,
        grounds=grounds,
        known=known,
        taken=taken,
        elsewhere=elsewhere,
        repeated=twice(sent),
        by=by,
    )
    reports = [book.report_on(each) for each in sent]
    await many_nominations.add_all(tx, book.new)
    for each in [*book.new, *await many_nominations.save_sent(tx, book.changed)]:
        tx.tell(nomination_changed(each), about=each)
    return reports


async def _grounds(tx: Tx, event_id: UUID, *, by: Caller) -> Grounds:
    """Lock an event and return it with the decision on the country, or what refuses all."""
    try:
        event = await training_events.lock(tx, event_id, by=by)
        await must_take_nominations(tx, event, by=by)
        return event, await eligibility_of(tx, event, by.country)
    except DomainError as refusal:
        return refusal


def _who(sent: Sent) -> UUID:
    return sent.candidate.participant_id


class _Book:
    """What a batch adds and changes, item by item."""

    def __init__(
        self,
        tx: Tx,
        *,
        grounds: Mapping[UUID, Grounds],
        known: Mapping[str, Nomination],
        taken: set[tuple[UUID, UUID]],
        elsewhere: set[tuple[UUID, UUID]],
        repeated: set[int],
        by: Caller,
    ) -> None:
        self.new: list[Nomination] = []
        self.changed: list[Nomination] = []
        self._tx, self._by = tx, by
        self._grounds, self._known, self._taken = grounds, known, taken
        self._elsewhere, self._repeated = elsewhere, repeated

    def report_on(self, sent: Sent) -> ItemReport:
        """Return what becomes of an item."""
        try:
            outcome, nomination_id = self._decide(sent)
        except DomainError as refusal:
            flaw = Flaw(f"/items/{sent.index}", refusal.code, refusal.detail)
            return ItemReport(sent.index, sent.external_id, Outcome.REFUSED, None, (flaw,))
        return ItemReport(sent.index, sent.external_id, outcome, nomination_id)

    def _decide(self, sent: Sent) -> tuple[Outcome, UUID]:
        if sent.index in self._repeated:
            raise ItemConflict("the external id comes twice in this request")
        found = self._known.get(sent.external_id)
        if found is not None:
            return self._again(found, sent), found.id
        return Outcome.CREATED, self._add(sent)

    def _again(self, known: Nomination, sent: Sent) -> Outcome:
        outcome = compared(known, sent)
        if outcome is Outcome.UPDATED:
            self.changed.append(_as_sent(known, sent))
        return outcome

    def _add(self, sent: Sent) -> UUID:
        grounds = self._grounds[sent.event_id]
        if isinstance(grounds, DomainError):
            raise grounds
        event, eligibility = grounds
        pair = sent.event_id, _who(sent)
        if pair in self._taken:
            raise NominationExists("the participant is nominated for this event already")
        if pair in self._elsewhere and sent.candidate.overlap_reason is None:
            raise EventsOverlap("another event elsewhere is at that time")
        self._taken.add(pair)
        made = nomination_of(self._tx, event, sent.candidate, by=self._by)
        made = replace(made, eligibility=eligibility, origin=Origin.BATCH)
        self.new.append(_as_sent(made, sent))
        return made.id


def _as_sent(nomination: Nomination, sent: Sent) -> Nomination:
    return replace(
        nomination,
        external_id=sent.external_id,
        source_version=sent.source_version,
        source_digest=sent.digest,
        unit_code=sent.candidate.unit_code,
        role=sent.candidate.role,
    )
