"""Importing attendance: many records of presence at one event, judged one by one."""

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from kit.auth import Caller
from kit.db.unit import Tx, Unit
from kit.errors import DomainError
from training.commands.bulk import Storing, carry_out
from training.commands.presence import roll_of, store_presence
from training.domain.attendance_import import Attributed, SentPresence, named, storable
from training.domain.batch import ItemReport, Mode, Outcome, Report, refused
from training.domain.presence import Refusal, refuse
from training.domain.roll import Entry, Roll
from training.domain.training_event import TAKING_PLACE, TrainingEvent
from training.storage import many_nominations, sessions, training_events


async def import_attendance(
    unit: Unit,
    event_id: UUID,
    sent: Sequence[SentPresence],
    flawed: Sequence[ItemReport],
    *,
    mode: Mode,
    validate_only: bool,
    by: Caller,
) -> Report:
    """Record many presences; nothing is kept on validation.

    Refused as a whole: NoSuchEvent, NominationsClosed, NotConfirmed, MandatoryMinutesUnknown.
    """
    storing = importing(sent, event_id=event_id, by=by)
    return await carry_out(unit, sent, flawed, storing, mode=mode, validate_only=validate_only)


async def must_take_attendance(tx: Tx, event_id: UUID, *, by: Caller) -> None:
    """Refuse an event that the caller cannot see or that does not take place."""
    (await training_events.get(tx, event_id, by=by)).must_be(TAKING_PLACE)


def importing(_sent: Sequence[SentPresence], *, event_id: UUID, by: Caller) -> Storing:
    """Return what stores some of the records that were sent."""
    return partial(_store, event_id=event_id, by=by)


async def _store(
    tx: Tx, sent: Sequence[SentPresence], *, event_id: UUID, by: Caller
) -> list[ItemReport]:
    event = await training_events.lock(tx, event_id, by=by)
    event.must_be(TAKING_PLACE)
    nominated = await many_nominations.people_by_external_ids(tx, event_id, named(sent))
    reports: dict[int, ItemReport] = {}
    due: list[Attributed] = []
    for each in sent:
        who = each.participant_id or nominated.get((each.organisation, each.external_id))
        if who is None:
            refusal = refuse(Refusal.NOT_NOMINATED, "nobody is nominated under this external id")
            reports[each.index] = refused(each.index, each.claim.nonce, refusal, each.line)
        else:
            due.append(Attributed(each, who))
    while due:
        now, due = storable(due)
        event = await training_events.lock_known(tx, event_id)
        reports |= {each.index: each for each in await _store_some(tx, event, now, by=by)}
    return list(reports.values())


async def _store_some(
    tx: Tx, event: TrainingEvent, records: Sequence[Attributed], *, by: Caller
) -> list[ItemReport]:
    claims = [each.sent.claim for each in records]
    roll = await roll_of(tx, event, [each.participant_id for each in records], claims)
    judged = {each.sent.index: _judged(roll, each) for each in records}
    entries = [found for found in judged.values() if isinstance(found, Entry)]
    if entries:
        await store_presence(tx, event, entries, by=by)
    ids = await _numbers(tx, roll, records)
    return [_report(each, judged[each.sent.index], ids) for each in records]


def _judged(roll: Roll, record: Attributed) -> Entry | DomainError | None:
    try:
        return roll.judge(record.participant_id, record.sent.claim)
    except DomainError as refusal:
        return refusal


async def _numbers(
    tx: Tx, roll: Roll, records: Sequence[Attributed]
) -> Mapping[tuple[int, str], int]:
    """Return the numbers of the records on file, by session and nonce."""
    numbers = {session.id: number for number, session in roll.sessions.items()}
    keys = [
        (roll.sessions[claim.session].id, claim.nonce)
        for claim in (each.sent.claim for each in records)
        if claim.session in roll.sessions
    ]
    found = await sessions.by_nonce(tx, keys)
    return {(numbers[each.session_id], each.nonce): each.id for each in found}


def _report(
    record: Attributed,
    judged: Entry | DomainError | None,
    ids: Mapping[tuple[int, str], int],
) -> ItemReport:
    sent, claim = record.sent, record.sent.claim
    if isinstance(judged, DomainError):
        return refused(sent.index, claim.nonce, judged, sent.line)
    outcome = Outcome.UNCHANGED if judged is None else Outcome.CREATED
    number = ids.get((claim.session, claim.nonce))
    return ItemReport(sent.index, claim.nonce, outcome, number, (), sent.line)
