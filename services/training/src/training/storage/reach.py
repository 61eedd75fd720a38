"""Counters of reach: kept as events are counted, one statement for each event."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Text,
    Uuid,
    bindparam,
    delete,
    distinct,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from kit.db.unit import Tx
from training.domain.nomination import PRESENT
from training.domain.reach import Shown
from training.domain.training_event import HELD
from training.storage.tables import nomination, training_event
from training.storage.tables_reach import person_alias, reach_event

_HELD: Final = sorted(status.value for status in HELD)
_PRESENT: Final = sorted(status.value for status in PRESENT)
# What an event counts is compared with what it counted before, and only the difference is added
# to the counters. Rows are written in the order of their keys, so that two events of a series
# that are counted at once wait for one another instead of both for ever.
_COUNT: Final = text("""
WITH
event_before AS (
    SELECT event_id, programme_code, series_id, kind, region, place, held, left_out, synthetic
    FROM reach_event WHERE event_id = :event_id
),
event_now AS (
    SELECT id AS event_id, programme_code, series_id, kind, region, country || '/' || city AS place,
           status = ANY(:held_states) AS held, :left_out AS left_out, synthetic
    FROM training_event WHERE id = :event_id
),
people_before AS (
    SELECT nomination_id, event_id, person, country, organisation, unit_code, by_country
    FROM reach_person WHERE event_id = :event_id
),
people_now AS (
    SELECT n.id AS nomination_id, n.event_id, coalesce(a.same_as, n.participant_id) AS person,
           n.country, n.organisation, n.unit_code, n.country = ANY(:countries) AS by_country
    FROM nomination n LEFT JOIN person_alias a ON a.participant_id = n.participant_id
    WHERE :total AND n.event_id = :event_id AND n.status = ANY(:present_states)
),
kept_event AS (
    INSERT INTO reach_event (event_id, programme_code, series_id, kind, region, place, held,
                             left_out, synthetic)
    SELECT event_id, programme_code, series_id, kind, region, place, held, left_out, synthetic
    FROM event_now
    ON CONFLICT (event_id) DO UPDATE SET
        programme_code = excluded.programme_code, series_id = excluded.series_id,
        kind = excluded.kind, region = excluded.region, place = excluded.place,
        held = excluded.held, left_out = excluded.left_out, synthetic = excluded.synthetic
),
forgotten_people AS (
    DELETE FROM reach_person r
    WHERE r.event_id = :event_id
      AND NOT EXISTS (SELECT FROM people_now p WHERE p.nomination_id = r.nomination_id)
),
kept_people AS (
    INSERT INTO reach_person (nomination_id, event_id, person, country, organisation, unit_code,
                              by_country)
    SELECT nomination_id, event_id, person, country, organisation, unit_code, by_country
    FROM (TABLE people_now EXCEPT TABLE people_before) AS changed
    ON CONFLICT (nomination_id) DO UPDATE SET
        person = excluded.person, country = excluded.country,
        organisation = excluded.organisation, unit_code = excluded.unit_code,
        by_country = excluded.by_country
),
full_before AS (
    SELECT e.programme_code, e.series_id, e.kind, e.region, p.*
    FROM people_before p CROSS JOIN event_before e
),
full_now AS (
    SELECT e.programme_code, e.series_id, e.kind, e.region, p.*
    FROM people_now p CROSS JOIN event_now e
),
people AS (
    SELECT -1 AS n, b.* FROM (TABLE full_before EXCEPT TABLE full_now) AS b
    UNION ALL
    SELECT 1 AS n, b.* FROM (TABLE full_now EXCEPT TABLE full_before) AS b
),
events AS (
    SELECT -1 AS n, b.* FROM (TABLE event_before EXCEPT TABLE event_now) AS b
    UNION ALL
    SELECT 1 AS n, b.* FROM (TABLE event_now EXCEPT TABLE event_before) AS b
),
people_in AS (
    SELECT p.n, s.scope, d.dimension, d.key, p.person::text AS person, p.organisation, p.unit_code
    FROM people p
    CROSS JOIN LATERAL (VALUES
        ('event:' || p.event_id, 1), ('series:' || p.series_id, 2),
        ('programme:' || p.programme_code, 3)) AS s(scope, width)
    CROSS JOIN LATERAL (VALUES
        ('', '', 1), ('country', CASE WHEN p.by_country THEN p.country END, 1),
        ('voivodeship', p.region, 2), ('kind', p.kind, 3)) AS d(dimension, key, least)
    WHERE s.scope IS NOT NULL AND d.key IS NOT NULL AND d.least <= s.width
),
events_in AS (
    SELECT e.n, s.scope, d.dimension, d.key, e.event_id::text AS event, e.place, e.held,
           e.left_out, e.synthetic
    FROM events e
    CROSS JOIN LATERAL (VALUES
        ('event:' || e.event_id, 1), ('series:' || e.series_id, 2),
        ('programme:' || e.programme_code, 3)) AS s(scope, width)
    CROSS JOIN LATERAL (VALUES
        ('', '', 1), ('voivodeship', e.region, 2), ('kind', e.kind, 3)) AS d(dimension, key, least)
    WHERE s.scope IS NOT NULL AND d.key IS NOT NULL AND d.least <= s.width
),
counted AS (
    SELECT scope, measure, dimension, key, member, sum(n) AS n FROM (
        SELECT scope, 'persons' AS measure, dimension, key, person AS member, n FROM people_in
        UNION ALL
        SELECT scope, 'institutions', dimension, key, organisation, n FROM people_in
        UNION ALL
        SELECT scope, 'units', dimension, key, unit_code, n FROM people_in
        UNION ALL
        SELECT scope, 'places', dimension, key, place, n FROM events_in WHERE held
    ) AS members
    WHERE member IS NOT NULL
    GROUP BY scope, measure, dimension, key, member HAVING sum(n) <> 0
),
seen AS (
    INSERT INTO reach_seen (scope, measure, dimension, key, member, times)
    SELECT scope, measure, dimension, key, member, n FROM counted
    ORDER BY scope, measure, dimension, key, member
    ON CONFLICT (scope, measure, dimension, key, member)
        DO UPDATE SET times = reach_seen.times + excluded.times
    RETURNING new.scope, new.measure, new.dimension, new.key,
              (new.times > 0)::int - (coalesce(old.times, 0) > 0)::int AS n
)
INSERT INTO reach_cell (scope, measure, dimension, key, value)
SELECT scope, measure, dimension, key, sum(n) FROM (
    SELECT scope, measure, dimension, key, n FROM seen
    UNION ALL
    SELECT scope, 'attendances', dimension, key, n FROM people_in
    UNION ALL
    SELECT scope, 'events', dimension, key, n FROM events_in WHERE held
    UNION ALL
    SELECT scope, 'left_out', dimension, key, n FROM events_in WHERE left_out
    UNION ALL
    SELECT scope, 'synthetic', dimension, key, n FROM events_in WHERE held AND synthetic
) AS changes
GROUP BY scope, measure, dimension, key HAVING sum(n) <> 0
ORDER BY scope, measure, dimension, key
ON CONFLICT (scope, measure, dimension, key)
    DO UPDATE SET value = reach_cell.value + excluded.value
""").bindparams(
    bindparam("held_states", _HELD, type_=ARRAY(Text)),
    bindparam("present_states", _PRESENT, type_=ARRAY(Text)),
    bindparam("countries", type_=ARRAY(Text)),
    bindparam("total", type_=Boolean),
    bindparam("left_out", type_=Boolean),
    bindparam("event_id", type_=Uuid),
)


async def people_at(tx: Tx, event_id: UUID) -> tuple[int, Mapping[str, int]]:
    """Return how many persons were at an event, in all and by country."""
    person = func.coalesce(person_alias.c.same_as, nomination.c.participant_id)
    statement = (
        select(
            func.coalesce(nomination.c.country, "").label("country"),
            func.count(distinct(person)).label("persons"),
        )
        .outerjoin(person_alias, person_alias.c.participant_id == nomination.c.participant_id)
        .where(nomination.c.event_id == event_id, nomination.c.status.in_(_PRESENT))
        .group_by(func.rollup(nomination.c.country))
    )
    rows = (await tx.sql.execute(statement)).all()
    persons = sum(number for country, number in rows if not country)
    return persons, {country: number for country, number in rows if country}


async def count(tx: Tx, event_id: UUID, shown: Shown, *, left_out: bool) -> None:
    """Make the counters say of an event, which is locked, what it is now and shows now."""
    await tx.sql.execute(
        _COUNT,
        {
            "event_id": event_id,
            "total": shown.total,
            "countries": sorted(shown.countries),
            "left_out": left_out,
        },
    )


async def same_person(tx: Tx, participant_id: UUID, into: UUID) -> Sequence[UUID]:
    """Keep that two participants are one person; return the events either was nominated for."""
    alias = person_alias
    person = select(alias.c.same_as).where(alias.c.participant_id == into).scalar_subquery()
    target = func.coalesce(person, into)
    await tx.sql.execute(
        update(alias).where(alias.c.same_as == participant_id).values(same_as=target)
    )
    new = insert(alias).values(participant_id=participant_id, same_as=target)
    kept = new.on_conflict_do_update(
        index_elements=["participant_id"], set_={"same_as": new.excluded.same_as}
    )
    await tx.sql.execute(kept.returning(alias.c.same_as))
    of_person = select(alias.c.participant_id).where(alias.c.same_as == target)
    statement = (
        select(nomination.c.event_id)
        .where(or_(nomination.c.participant_id == into, nomination.c.participant_id.in_(of_person)))
        .distinct()
        .order_by(nomination.c.event_id)
    )
    return (await tx.sql.execute(statement)).scalars().all()


async def own_person(tx: Tx, participant_id: UUID) -> Sequence[UUID]:
    """Forget that a participant was somebody else; return the events either was nominated for."""
    alias = person_alias
    gone = delete(alias).where(alias.c.participant_id == participant_id)
    was = (await tx.sql.execute(gone.returning(alias.c.same_as))).scalar()
    if was is None:
        return []
    of_person = select(alias.c.participant_id).where(alias.c.same_as == was)
    either = nomination.c.participant_id.in_([participant_id, was])
    statement = (
        select(nomination.c.event_id)
        .where(or_(either, nomination.c.participant_id.in_(of_person)))
        .distinct()
        .order_by(nomination.c.event_id)
    )
    return (await tx.sql.execute(statement)).scalars().all()


async def not_counted(tx: Tx, *, most: int) -> Sequence[UUID]:
    """Return events that were held and are not counted yet, the oldest first."""
    counted = select(reach_event.c.event_id)
    statement = (
        select(training_event.c.id)
        .where(training_event.c.status.in_(_HELD), training_event.c.id.not_in(counted))
        .order_by(training_event.c.id)
        .limit(most)
    )
    return (await tx.sql.execute(statement)).scalars().all()
