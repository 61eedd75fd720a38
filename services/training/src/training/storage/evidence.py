"""Attendance and head-count reports as rows: what proves that an event took place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from kit.auth import Caller
from kit.db.rows import ByName
from kit.db.unit import Hot, Tx
from kit.db.visible import visible
from kit.errors import StaleVersion
from training.domain.attendance import DayPresence
from training.domain.errors import NoSuchReport
from training.domain.event_kind import EventKind
from training.domain.figures import Source
from training.domain.headcount import Headcount, HeadcountReport
from training.storage.parts import count_json, count_of, source_json
from training.storage.tables import attendance, headcount_report
from training.storage.tables_attendance import attendance_correction

_t = headcount_report
_of_programme = select(*_t.c).where(_t.c.programme_code == bindparam("programme")).order_by(_t.c.id)
_LOCK_ALL: Final = Hot(_of_programme.with_for_update())


async def add_presence(
    tx: Tx, presence: Mapping[UUID, Sequence[DayPresence]], *, recorded_by: str
) -> None:
    """Store the days of presence of each nomination, once and for all."""
    rows = [
        {
            "nomination_id": nomination_id,
            "day": each.day,
            "minutes": each.minutes,
            "recorded_at": tx.now,
            "recorded_by": recorded_by,
        }
        for nomination_id, days in presence.items()
        for each in days
    ]
    if rows:
        await tx.sql.execute(insert(attendance), rows)


async def correct_presence(
    tx: Tx, nomination_id: UUID, days: Sequence[DayPresence], *, reason: str, recorded_by: str
) -> None:
    """Store the days of presence that take the place of those on record, and why."""
    await tx.sql.execute(
        insert(attendance_correction).values(
            nomination_id=nomination_id,
            days=[{"day": each.day.isoformat(), "minutes": each.minutes} for each in days],
            reason=reason,
            recorded_at=tx.now,
            recorded_by=recorded_by,
        )
    )


async def add_report(tx: Tx, report: HeadcountReport) -> None:
    """Store a new head-count report."""
    count = report.count
    await tx.sql.execute(
        insert(_t).values(
            id=report.id,
            version=report.version,
            audience=sorted(report.audience),
            programme_code=report.programme_code,
            kind=report.kind.value,
            reference=count.reference,
            event_id=count.event_id,
            series_id=count.series_id,
            **_figures(count),
        )
    )


async def has_report(tx: Tx, event_id: UUID) -> bool:
    """Tell whether a head count of the event is on record."""
    statement = select(_t.c.id).where(_t.c.event_id == event_id).limit(1)
    return (await tx.sql.execute(statement)).first() is not None


async def reported_participants(tx: Tx, event_id: UUID) -> int | None:
    """Return the head count of an event that was filed last, None if there is none."""
    statement = select(_t.c.participants).where(_t.c.event_id == event_id).order_by(_t.c.id.desc())
    count = count_of((await tx.sql.execute(statement.limit(1))).scalar())
    return None if count is None else count.value


async def lock_reports_of(tx: Tx, programme_code: str) -> Sequence[HeadcountReport]:
    """Lock and return every head-count report of a programme."""
    return [report_of(row) for row in await tx.hot_rows(_LOCK_ALL, programme=programme_code)]


async def get_report(tx: Tx, report_id: UUID, *, by: Caller) -> HeadcountReport:
    """Return a report that the caller may see, or raise NoSuchReport."""
    statement = select(*_t.c).where(_t.c.id == report_id, visible(_t.c.audience, by))
    row = (await tx.sql.execute(statement)).mappings().first()
    if row is None:
        raise NoSuchReport("there is no such head-count report")
    return report_of(row)


async def save_report(tx: Tx, report: HeadcountReport) -> HeadcountReport:
    """Store what a report says, and who may see it, as its next version; or raise StaleVersion."""
    saved = replace(report, version=report.version + 1)
    statement = update(_t).where(_t.c.id == report.id, _t.c.version == report.version)
    changed = statement.values(
        version=saved.version, audience=sorted(saved.audience), **_figures(saved.count)
    )
    if (await tx.sql.execute(changed)).rowcount != 1:
        raise StaleVersion("the head-count report has changed meanwhile")
    return saved


def _figures(count: Headcount) -> dict[str, Any]:
    return {
        "participants": count_json(count.participants),
        "participants_of": count.participants_of,
        "units": count_json(count.units),
        "units_of": count.units_of,
        "source": source_json(count.source),
    }


def report_of(row: ByName) -> HeadcountReport:
    """Return the report of a row with every column."""
    participants = count_of(row["participants"])
    assert participants is not None  # noqa: S101 (the column is NOT NULL)
    count = Headcount(
        reference=row["reference"],
        event_id=row["event_id"],
        series_id=row["series_id"],
        participants=participants,
        participants_of=row["participants_of"],
        units=count_of(row["units"]),
        units_of=row["units_of"],
        source=Source(**row["source"]),
    )
    kind = EventKind(row["kind"])
    return HeadcountReport(
        row["id"], row["version"], frozenset(row["audience"]), row["programme_code"], kind, count
    )
