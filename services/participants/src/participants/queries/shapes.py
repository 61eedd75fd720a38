"""What the API shows of each record, built as JSON by the database in one pass."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Text, case, cast, func, literal_column, null

from participants.storage.standings import Sees, merged_into, standing
from participants.storage.tables import person, rate, rate_set, trip

Json = ColumnElement[Any]


def members(**columns: Any) -> Json:  # noqa: ANN401 (columns of any type)
    """Return an object with these members, in this order."""
    pairs = [part for name, column in columns.items() for part in (_name(name), column)]
    return func.json_build_object(*pairs)


def _name(name: str) -> ColumnElement[str]:
    return literal_column(f"'{name}'", Text)


def _money(amount: ColumnElement[Any], currency: ColumnElement[Any]) -> Json:
    shown = members(amount=cast(amount, Text), currency=currency)
    return case((amount.is_not(None), shown), else_=null())


def instant(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Return an instant as RFC 3339 in UTC."""
    form: ColumnElement[str] = literal_column("""'YYYY-MM-DD"T"HH24:MI:SS"Z"'""")
    return func.to_char(func.timezone("UTC", column), form)


def etag(version: ColumnElement[Any]) -> ColumnElement[str]:
    """Return the strong ETag of a version."""
    return func.concat(literal_column("""'"v'"""), version, literal_column("""'"'"""))


_p = person.c
_t = trip.c
_s = rate_set.c
_r = rate.c


def person_seen(sees: Sees) -> Json:
    """Return a person, and what became of the record as far as the caller sees it."""
    return members(
        id=_p.id,
        etag=etag(_p.version),
        public_ref=_p.public_ref,
        role=_p.role,
        organisation=_p.organisation,
        country=_p.country,
        unit_code=_p.unit_code,
        origin=_p.origin,
        synthetic=_p.synthetic,
        standing=standing(),
        merged_into=merged_into(sees),
    )


TRIP: Final = members(
    id=_t.id,
    etag=etag(_t.version),
    person_id=_t.person_id,
    nomination_id=_t.nomination_id,
    event_id=_t.event_id,
    programme_code=_t.programme_code,
    organisation=_t.organisation,
    country=_t.country,
    destination=members(country=_t.destination_country, city=_t.destination_city),
    first_day=_t.first_day,
    last_day=_t.last_day,
    departs_at=instant(_t.departs_at),
    returns_at=instant(_t.returns_at),
    budget_line_code=_t.budget_line_code,
    synthetic=_t.synthetic,
    state=_t.state,
    reason=case(
        (_t.reason_code.is_not(None), members(code=_t.reason_code, text=_t.reason)), else_=null()
    ),
    ruleset=_t.ruleset,
    revision=_t.revision,
    estimate=_money(_t.estimate_amount, _t.estimate_currency),
    totals=func.coalesce(_t.totals, literal_column("'[]'::jsonb")),
    exchange=_t.exchange,
    attendance=_t.attendance,
    available=_money(_t.available_amount, _t.available_currency),
)
RATE_SET: Final = members(
    code=_s.code,
    scheme=_s.scheme,
    title=_s.title,
    legal_reference=_s.legal_reference,
    effective_from=_s.effective_from,
    status=_s.status,
    completeness=_s.completeness,
    source=_s.source,
    note=_s.note,
    checksum=_s.checksum,
    corrects=_s.corrects,
    published_at=instant(_s.published_at),
)
RATE: Final = members(
    country=_r.country,
    place=func.nullif(_r.place, literal_column("''")),
    currency=_r.currency,
    allowance=cast(_r.allowance, Text),
    lodging_limit=cast(_r.lodging_limit, Text),
    valid_from=_r.valid_from,
    source=_r.source,
    confidence=_r.confidence,
    further=_r.parts,
)
