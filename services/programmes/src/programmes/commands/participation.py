"""Participation of countries: begun, and changed by decisions alone."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from contracts.programmes.facts import PartChanged, ParticipationChanged, ParticipationScope
from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.governance import Decision, rows_made
from programmes.domain.participation import (
    Participation,
    ParticipationStatus,
    append,
)
from programmes.domain.programme import Programme
from programmes.domain.source import Source
from programmes.storage import cooperation, participation, programmes


@dataclass(frozen=True, slots=True)
class _Told:
    """A record that is never changed, as facts are about it: seen like its programme."""

    id: UUID
    version: int
    audience: frozenset[str]


async def begin_participation(
    unit: Unit,
    code: str,
    country: str,
    valid_from: FuzzyDate,
    *,
    source: Source | None,
    by: Caller,
) -> ParticipationStatus:
    """Record that a country takes part from a date on: the first row of its history.

    Refused if it has a history already: then a decision changes it.
    """
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        known = await participation.of(tx, programme.id, code)
        first = ParticipationStatus(
            id=uuid7(tx.now),
            programme=code,
            country=country,
            seq=1,
            status=Participation.ACTIVE,
            valid_from=valid_from,
            decided_by=None,
            decision_text=None,
            source=source,
        )
        append(known, first)
        await _store(tx, programme, first)
        return tx.result(first)


async def record_decision(
    unit: Unit,
    code: str,
    make: Callable[[Callable[[], UUID]], Decision],
    *,
    by: Caller,
) -> Decision:
    """Record a decision and, in the same transaction, the participation rows it makes.

    `make` gets a source of new ids. Refused, and nothing is recorded, if a status cannot follow,
    would begin before the one it follows, the meeting is unknown or cancelled, or the decision
    not taken yet.
    """
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        made = make(lambda: uuid7(tx.now))
        made.must_be_taken(home_day(tx.now))
        if made.meeting is not None:
            await cooperation.require_meeting(tx, programme.id, made.meeting)
        rows = rows_made(made, await participation.of(tx, programme.id, code))
        await participation.add_decision(tx, programme.id, made)
        fact = PartChanged(programme_code=code, part="decision", key=str(made.id))
        tx.tell(fact, about=_Told(made.id, 1, programme.audience))
        for row in rows:
            await _store(tx, programme, row)
        return tx.result(made)


async def _store(tx: Tx, programme: Programme, row: ParticipationStatus) -> None:
    await participation.add(tx, programme.id, row)
    scope = row.scope and ParticipationScope(
        components_in=sorted(row.scope.components_in),
        topics_out=sorted(row.scope.topics_out),
        kinds_out=sorted(row.scope.kinds_out),
    )
    fact = ParticipationChanged(
        programme_code=programme.code,
        country=row.country,
        seq=row.seq,
        status=row.status,
        valid_from=row.valid_from.edtf,
        decision_id=row.decision_id,
        decision_text=row.decision_text,
        scope=scope,
    )
    tx.tell(fact, about=_Told(row.id, row.seq, programme.audience))
