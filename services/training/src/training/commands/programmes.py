"""Keeping the local copies of programmes, and who may see what hangs on them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from kit.db.unit import Tx, Unit
from training.commands.telling import (
    assignment_changed,
    event_changed,
    headcount_reported,
    series_changed,
)
from training.domain.event_series import EventSeries
from training.domain.expert import Assignment
from training.domain.headcount import HeadcountReport
from training.domain.programme import Programme
from training.domain.training_event import TrainingEvent
from training.storage import event_series, evidence, experts, programmes, training_events

_Record = TypeVar("_Record", TrainingEvent, EventSeries, HeadcountReport, Assignment)


async def copy_programme(unit: Unit, copy: Programme) -> None:
    """Store what a programme is now; an older state than the one here changes nothing.

    When others than before may see the programme, so they may its events, series and reports;
    whoever no longer may is told that they went out of scope.
    """
    async with unit.begin() as tx:
        known = await programmes.find(tx, copy.code)
        if known is not None and known.sequence >= copy.sequence:
            return
        await programmes.put(tx, copy)
        if known is not None and known.audience != copy.audience:
            await _show_to(tx, copy.code, copy.audience)


async def _show_to(tx: Tx, programme_code: str, audience: frozenset[str]) -> None:
    for event in _shown(await training_events.lock_all_of(tx, programme_code), audience):
        saved = await training_events.save(tx, replace(event, audience=audience))
        tx.tell(event_changed(saved), about=saved, lost=event.audience - audience)
    for series in _shown(await event_series.lock_all_of(tx, programme_code), audience):
        kept = await event_series.save(tx, replace(series, audience=audience))
        tx.tell(series_changed(kept), about=kept, lost=series.audience - audience)
    for assignment in _shown(await experts.lock_shown_of(tx, programme_code), audience):
        seen = await experts.save(tx, replace(assignment, audience=audience))
        tx.tell(assignment_changed(seen), about=seen, lost=assignment.audience - audience)
    for report in _shown(await evidence.lock_reports_of(tx, programme_code), audience):
        filed = await evidence.save_report(tx, replace(report, audience=audience))
        tx.tell(headcount_reported(filed), about=filed, lost=report.audience - audience)


def _shown(records: Sequence[_Record], audience: frozenset[str]) -> list[_Record]:
    return [record for record in records if record.audience != audience]
