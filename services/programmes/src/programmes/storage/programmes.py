"""Rows of programmes, of their identifiers, and of what hangs on them without a life of its own."""

from dataclasses import asdict
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by

from kit.auth import Caller
from kit.db.rows import ByName
from kit.db.unit import Hot, Tx
from kit.db.visible import visible_to
from kit.errors import StaleVersion
from programmes.domain.errors import NoSuchProgramme
from programmes.domain.exchange_rates import RateRule
from programmes.domain.partner import CountryRole
from programmes.domain.programme import (
    BELOW,
    Milestone,
    Profile,
    Programme,
    ProgrammeKind,
    ProgrammeStatus,
    Relation,
    TitleQualifier,
)
from programmes.domain.source import Source
from programmes.storage import values
from programmes.storage.tables import (
    milestone,
    programme,
    programme_country,
    programme_identifier,
    programme_relation,
)
from programmes.storage.tables_money import rate_terms

_UNKNOWN = "no programme of this code is visible to you"
_c = programme.c
_i = programme_identifier.c
_identifiers = (
    select(
        func.json_agg(
            aggregate_order_by(
                func.json_build_object("scheme", _i.scheme, "value", _i.value, "issuer", _i.issuer),
                _i.scheme,
                _i.value,
            )
        )
    )
    .where(_i.programme_id == _c.id)
    .correlate(programme)
    .scalar_subquery()
    .label("identifiers")
)

_exchange_rule = (
    select(rate_terms.c.rule)
    .where(rate_terms.c.programme_id == _c.id)
    .correlate(programme)
    .scalar_subquery()
    .label("exchange_rule")
)
_whole = (
    select(programme, _identifiers, _exchange_rule)
    .where(_c.code == bindparam("code"))
    .with_for_update(of=programme)
)
_LOCK: Final = Hot(_whole)
_LOCK_SEEN: Final = Hot(_whole.where(visible_to(_c.audience)))


async def lock(tx: Tx, code: str, *, by: Caller, expected: int | None = None) -> Programme:
    """Return a programme for change.

    Raises NoSuchProgramme if it is unknown or not visible, StaleVersion if it is not at the
    `expected` version.
    """
    row = await tx.hot(_LOCK_SEEN, code=code, marks=list(by.audience))
    if row is None:
        raise NoSuchProgramme(_UNKNOWN)
    found = _programme(row)
    if expected is not None and expected != found.version:
        raise StaleVersion("the programme is at another version")
    return found


async def find_locked(tx: Tx, code: str) -> Programme | None:
    """Return a programme for change whoever asks, or None; for what other services ask."""
    row = await tx.hot(_LOCK, code=code)
    return None if row is None else _programme(row)


async def days(tx: Tx, code: str) -> tuple[date | None, date | None]:
    """Return the first and the last day a programme may have; None where none is stated."""
    row = (await tx.sql.execute(select(_c.starts_from, _c.ends_to).where(_c.code == code))).one()
    return row.starts_from, row.ends_to


def _programme(row: ByName) -> Programme:
    rule = row["exchange_rule"]
    return Programme(
        id=row["id"],
        version=row["version"],
        audience=frozenset(row["audience"]),
        profile=_profile(row),
        per_diem_line=row["per_diem_line"],
        exchange_rule=None if rule is None else RateRule(rule),
    )


def _profile(row: ByName) -> Profile:
    return Profile(
        code=row["code"],
        title=row["title"],
        title_qualifier=TitleQualifier(row["title_qualifier"]),
        kind=ProgrammeKind(row["kind"]),
        status=ProgrammeStatus(row["status"]),
        start=values.fuzzy(row["starts"]),
        end=values.fuzzy(row["ends"]),
        duration_months=row["duration_months"],
        contract_concluded_on=row["contract_concluded_on"],
        rulesets=values.rulesets(row["rulesets"]),
        website=row["website"],
        identifiers=tuple(values.identifier(each) for each in row["identifiers"] or ()),
        objectives=tuple(values.objective(each) for each in row["objectives"]),
        target_groups=tuple(row["target_groups"]),
        funding_rules=values.funding_rules(row["funding_rules"]),
        counts=tuple(values.count(each) for each in row["counts"]),
        citations=values.citations(row["citations"]),
        instrument=row["instrument"],
        implementer_types=tuple(row["implementer_types"]),
        status_reason=row["status_reason"],
        travel_choices=values.travel_choices(row["travel_choices"]),
    )


def _row(it: Programme) -> dict[str, Any]:
    about = it.profile
    derived = about.end_derived
    return {
        "version": it.version,
        "audience": sorted(it.audience),
        "code": about.code,
        "title": about.title,
        "title_qualifier": about.title_qualifier,
        "kind": about.kind,
        "status": about.status,
        "starts": values.fuzzy_json(about.start),
        "ends": values.fuzzy_json(about.end),
        "ends_derived": derived and values.fuzzy_json(derived),
        "starts_from": about.start.earliest,
        "ends_to": about.end.latest,
        "duration_months": about.duration_months,
        "contract_concluded_on": about.contract_concluded_on,
        "rulesets": asdict(about.rulesets),
        "travel_choices": values.travel_choices_json(about.travel_choices),
        "per_diem_line": it.per_diem_line,
        "website": about.website,
        "objectives": [asdict(each) for each in about.objectives],
        "target_groups": list(about.target_groups),
        "funding_rules": about.funding_rules and asdict(about.funding_rules),
        "counts": [asdict(each) for each in about.counts],
        "citations": {field: asdict(source) for field, source in about.citations.items()},
        "instrument": about.instrument,
        "implementer_types": list(about.implementer_types),
        "status_reason": about.status_reason,
    }


async def add(tx: Tx, new: Programme) -> None:
    """Store a new programme; raises ProgrammeCodeTaken or IdentifierTaken."""
    await tx.sql.execute(insert(programme).values(id=new.id, updated_at=tx.now, **_row(new)))
    await _add_identifiers(tx, new)


async def save(tx: Tx, changed: Programme) -> None:
    """Store a changed programme; raises StaleVersion if it was changed meanwhile."""
    statement = (
        update(programme)
        .where(_c.id == changed.id, _c.version == changed.version - 1)
        .values(updated_at=tx.now, **_row(changed))
    )
    if (await tx.sql.execute(statement)).rowcount != 1:
        raise StaleVersion("the programme was changed meanwhile")


async def save_identifiers(tx: Tx, changed: Programme) -> None:
    """Store identifiers in place of the former ones; raises IdentifierTaken."""
    await tx.sql.execute(delete(programme_identifier).where(_i.programme_id == changed.id))
    await _add_identifiers(tx, changed)


async def _add_identifiers(tx: Tx, it: Programme) -> None:
    rows = [{"programme_id": it.id, **asdict(each)} for each in it.profile.identifiers]
    if rows:
        await tx.sql.execute(insert(programme_identifier), rows)


async def countries_of(tx: Tx, programme_id: UUID) -> list[str]:
    """Return the countries the programme is for or that take part."""
    chosen = select(programme_country.c.country).where(
        programme_country.c.programme_id == programme_id
    )
    return list((await tx.sql.scalars(chosen)).all())


async def add_country(
    tx: Tx, programme_id: UUID, country: str, role: CountryRole, source: Source | None
) -> None:
    """Store a country's role; raises CountryRoleDuplicate."""
    await tx.sql.execute(
        insert(programme_country).values(
            programme_id=programme_id,
            country=country,
            role=role,
            source=values.source_json(source),
        )
    )


async def is_under(tx: Tx, lower: UUID, upper: UUID) -> bool:
    """Say whether a programme is under another one, by however many steps."""
    r = programme_relation.c
    below = r.type.in_(sorted(BELOW))
    path = select(r.to_id).where(r.programme_id == lower, below).cte("path", recursive=True)
    path = path.union(select(r.to_id).join(path, path.c.to_id == r.programme_id).where(below))
    found = await tx.sql.execute(select(path.c.to_id).where(path.c.to_id == upper))
    return found.first() is not None


async def add_relation(tx: Tx, programme_id: UUID, new: Relation, to_id: UUID) -> None:
    """Store how a programme stands to another; raises RelationDuplicate or RelationToItself."""
    await tx.sql.execute(
        insert(programme_relation).values(
            programme_id=programme_id,
            type=new.type,
            to_id=to_id,
            additional=new.additional,
            source=values.source_json(new.source),
        )
    )


async def add_milestone(tx: Tx, programme_id: UUID, new: Milestone) -> None:
    """Store a milestone; raises MilestoneDuplicate."""
    await tx.sql.execute(
        insert(milestone).values(
            programme_id=programme_id,
            kind=new.kind,
            edtf=new.on.edtf,
            on_date=values.fuzzy_json(new.on),
            actor=new.actor,
            reference=new.reference,
            source=values.cited(new.source),
        )
    )
