"""What the API shows of each record, built as JSON by the database in one pass."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Text, case, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.elements import KeyedColumnElement

from programmes.domain.figures import Qualifier
from programmes.storage.tables import (
    budget_figure,
    budget_line,
    commitment,
    milestone,
    organisation,
    programme,
    programme_country,
    programme_identifier,
    programme_partner,
    source_document,
)

Json = ColumnElement[Any]
_EMPTY: ColumnElement[Any] = literal_column("'[]'::json")


def members(**columns: Any) -> Json:  # noqa: ANN401 (columns of any type)
    """Return an object with these members, in this order."""
    pairs = [part for name, column in columns.items() for part in (literal_name(name), column)]
    return func.json_build_object(*pairs)


def literal_name(name: str) -> ColumnElement[str]:
    """Return a member's name as SQL; names are ours, never a caller's."""
    return literal_column(f"'{name.rstrip('_')}'", Text)


def gathered(shape: Json, *order: Any) -> Json:  # noqa: ANN401 (columns of any type)
    """Return every row's shape as a list, empty if there is none."""
    return func.coalesce(func.json_agg(aggregate_order_by(shape, *order)), _EMPTY)


def text(column: KeyedColumnElement[Any] | ColumnElement[Any]) -> ColumnElement[str]:
    """Return an amount as the decimal string it is stored as."""
    return cast(column, Text)


def instant(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Return an instant as RFC 3339 in UTC."""
    form: ColumnElement[str] = literal_column("""'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'""")
    return func.to_char(func.timezone("UTC", column), form)


_o = organisation.c
_s = source_document.c
_p = programme.c
_i = programme_identifier.c
_a = programme_partner.c
_n = programme_country.c
_f = budget_figure.c
_m = milestone.c
_l = budget_line.c
_k = commitment.c

ORGANISATION = members(
    code=_o.code,
    name=_o.name,
    type=_o.type,
    country=_o.country,
    parent=_o.parent,
    aliases=_o.aliases,
    source=_o.source,
    version=_o.version,
)
SOURCE = members(
    code=_s.code,
    title=_s.title,
    publisher=_s.publisher,
    language=_s.language,
    url=_s.url,
    published_at=_s.published,
    retrieved_at=_s.retrieved,
    note=_s.note,
    version=_s.version,
)
_IDENTIFIERS = (
    select(
        gathered(members(scheme=_i.scheme, value=_i.value, issuer=_i.issuer), _i.scheme, _i.value)
    )
    .where(_i.programme_id == _p.id)
    .correlate(programme)
    .scalar_subquery()
)
BRIEF_MEMBERS: Final[dict[str, Json]] = {
    "code": _p.code,
    "title": _p.title,
    "kind": _p.kind,
    "status": _p.status,
    "start": _p.starts,
    "end": _p.ends,
    "end_derived": _p.ends_derived,
    "version": _p.version,
}
BRIEF = members(**BRIEF_MEMBERS)
PROGRAMME_MEMBERS: Final[dict[str, Json]] = {
    "code": _p.code,
    "title": _p.title,
    "title_qualifier": _p.title_qualifier,
    "kind": _p.kind,
    "status": _p.status,
    "start": _p.starts,
    "end": _p.ends,
    "end_derived": _p.ends_derived,
    "duration_months": _p.duration_months,
    "contract_concluded_on": _p.contract_concluded_on,
    "rulesets": _p.rulesets,
    "travel_choices": _p.travel_choices,
    "per_diem_budget_line": _p.per_diem_line,
    "website": _p.website,
    "identifiers": _IDENTIFIERS,
    "objectives": _p.objectives,
    "target_groups": _p.target_groups,
    "funding_rules": _p.funding_rules,
    "counts": _p.counts,
    "citations": _p.citations,
    "instrument": _p.instrument,
    "implementer_types": _p.implementer_types,
    "status_reason": _p.status_reason,
    "version": _p.version,
}
PROGRAMME = members(**PROGRAMME_MEMBERS)
_PARTNER_NAME = (
    select(_o.name).where(_o.code == _a.organisation).correlate(programme_partner).scalar_subquery()
)
PARTNER = members(
    id=_a.id,
    organisation=_a.organisation,
    name=_PARTNER_NAME,
    country=_a.country,
    role=_a.role,
    scope=_a.scope,
    valid_from=_a.valid_from,
    valid_to=_a.valid_to,
    ended=_a.ended,
    source=_a.source,
    version=_a.version,
)
COUNTRY = members(id=_n.id, country=_n.country, role=_n.role, source=_n.source)
FIGURE = members(
    id=case((_f.qualifier != Qualifier.DERIVED, _f.id)),
    kind=_f.kind,
    amount_published=_f.amount_published,
    amount=text(_f.amount),
    rate=text(_f.rate),
    currency=_f.currency,
    qualifier=_f.qualifier,
    quality_flags=_f.quality_flags,
    amount_suggested=text(_f.amount_suggested),
    suggestion_basis=_f.suggestion_basis,
    basis=_f.basis,
    source=_f.source,
)
MILESTONE = members(
    id=_m.id,
    kind=_m.kind,
    date=_m.on_date,
    actor=_m.actor,
    reference=_m.reference,
    source=_m.source,
)
LINE = members(
    code=_l.code,
    title=_l.title,
    category=_l.category,
    amount=text(_l.amount),
    reserved=text(_l.reserved),
    committed=text(_l.committed),
    spent=text(_l.spent),
    released=text(_l.released),
    available=text(
        _l.amount
        + func.round(_l.amount * _l.tolerance / 100, 2)
        - _l.reserved
        - _l.committed
        - _l.spent
    ),
    tolerance=text(_l.tolerance),
    currency=_l.currency,
    state=_l.state,
    synthetic=_l.synthetic,
    version=_l.version,
)
COMMITMENT = members(
    id=_k.id,
    trip_id=_k.trip_id,
    revision=_k.revision,
    amount=text(_k.amount),
    currency=_k.currency,
    state=_k.state,
    reason=_k.reason,
    available=text(_k.available),
    version=_k.version,
    updated_at=instant(_k.updated_at),
)
