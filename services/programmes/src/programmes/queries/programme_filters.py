"""By what the list of programmes is narrowed; whatever is asked for together holds together."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Date, Text, cast, exists, func, literal, or_, select

from kit.auth import Caller
from kit.db.visible import visible
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.partner import PartnerRole
from programmes.domain.programme import ProgrammeKind, ProgrammeStatus
from programmes.storage.tables import (
    organisation,
    programme,
    programme_country,
    programme_identifier,
    programme_partner,
    programme_relation,
)

_p = programme.c
_o = organisation.c
_i, _n, _a, _r = (
    programme_identifier.c,
    programme_country.c,
    programme_partner.c,
    programme_relation.c,
)
_ENDS: Final = func.coalesce(_p.ends_to, cast(_p.ends_derived.op("->>")(literal("to", Text)), Date))


_STARTS: Final = func.coalesce(_p.starts_from, _p.contract_concluded_on)


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of each programme; absent is not asked.

    `country` has any part in it, itself or by an organisation, with `role` only as a partner of
    that role; `partner` is the code of an organisation. `during` finds programmes that may have
    run then: they start with their contract if no start is stated, a bound that nothing states is
    open, and a programme without any date is not found. `under` is the code of a
    programme it is related to, `q` a part of the title in any case.
    """

    identifier: str | None = None
    country: str | None = None
    partner: str | None = None
    role: PartnerRole | None = None
    kind: ProgrammeKind | None = None
    status: ProgrammeStatus | None = None
    instrument: str | None = None
    under: str | None = None
    during: FuzzyDate | None = None
    q: str | None = None

    @property
    def asked(self) -> dict[str, object]:
        """The filters as a cursor remembers them."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def conditions(self, by: Caller) -> Iterator[ColumnElement[bool]]:
        """Yield what a row must fulfil; a programme above that `by` does not see is none."""
        plain: tuple[tuple[Column[Any], str | None], ...] = (
            (_p.kind, self.kind),
            (_p.status, self.status),
            (_p.instrument, self.instrument),
        )
        yield from (column == value for column, value in plain if value is not None)
        if self.identifier is not None:
            yield exists().where(_i.programme_id == _p.id, _i.value == self.identifier)
        if self.q is not None:
            yield func.lower(_p.title).contains(self.q.lower(), autoescape=True)
        if self.under is not None:
            yield _under(self.under, by)
        yield from self._taking_part()
        yield from self._running()

    def _taking_part(self) -> Iterator[ColumnElement[bool]]:
        role = () if self.role is None else (_a.role == self.role,)
        here = (_a.programme_id == _p.id, *role)
        if self.country is not None:
            named = exists().where(_n.programme_id == _p.id, _n.country == self.country)
            home = select(_o.code).where(_o.country == self.country)
            own = or_(_a.country == self.country, _a.organisation.in_(home))
            partner = exists().where(*here, own)
            yield partner if role else or_(named, partner)
        if self.partner is not None:
            yield exists().where(*here, _a.organisation == self.partner)
        if role and self.country is None and self.partner is None:
            yield exists().where(*here)

    def _running(self) -> Iterator[ColumnElement[bool]]:
        if self.during is not None:
            yield or_(_STARTS.is_not(None), _ENDS.is_not(None))
            yield or_(_STARTS.is_(None), self.during.latest >= _STARTS)
            yield or_(_ENDS.is_(None), self.during.earliest <= _ENDS)


NOTHING: Final = Filters()


def _under(code: str, by: Caller) -> ColumnElement[bool]:
    other = programme.alias("above")
    seen = visible(other.c.audience, by)
    above = select(other.c.id).where(other.c.code == code, seen).scalar_subquery()
    return exists().where(_r.programme_id == _p.id, _r.to_id == above)
