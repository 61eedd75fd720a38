"""What clients may ask of programmes: order, members, parts, and only some codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Text, cast, select

from kit.auth import Caller
from kit.db.unit import Unit
from kit.db.visible import visible
from programmes.domain.errors import NoSuchProgramme
from programmes.queries import shapes
from programmes.queries.parts import UNKNOWN
from programmes.queries.programmes import TAG, TAG_OF_ALL, Tagged, list_of, programme_of
from programmes.storage.tables import (
    budget_figure,
    budget_line,
    milestone,
    programme,
    programme_country,
    programme_partner,
)

_p = programme.c


class Sort(StrEnum):
    """Orders of the list; a minus turns one round."""

    CODE = "code"
    CODE_DOWN = "-code"
    TITLE = "title"
    TITLE_DOWN = "-title"
    UPDATED = "updated_at"
    UPDATED_DOWN = "-updated_at"


class Expand(StrEnum):
    """Parts that come with each programme if they are asked for."""

    PARTNERS = "partners"
    COUNTRIES = "countries"
    BUDGET_FIGURES = "budget_figures"
    MILESTONES = "milestones"
    BUDGET_LINES = "budget_lines"


FIELDS: Final = tuple(shapes.PROGRAMME_MEMBERS)
_BRIEF: Final = tuple(shapes.BRIEF_MEMBERS)
_EXPANDED: Final[Mapping[Expand, ColumnElement[Any]]] = {
    Expand.PARTNERS: list_of(programme_partner, shapes.PARTNER, programme_partner.c.id),
    Expand.COUNTRIES: list_of(
        programme_country, shapes.COUNTRY, programme_country.c.role, programme_country.c.country
    ),
    Expand.BUDGET_FIGURES: list_of(budget_figure, shapes.FIGURE, budget_figure.c.id),
    Expand.MILESTONES: list_of(milestone, shapes.MILESTONE, milestone.c.edtf, milestone.c.kind),
    Expand.BUDGET_LINES: list_of(budget_line, shapes.LINE, budget_line.c.code),
}
_ORDERS: Final[Mapping[str, list[Column[Any]]]] = {
    "code": [_p.code],
    "title": [_p.title, _p.code],
    "updated_at": [_p.updated_at, _p.code],
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a programme is shown. `fields` are members of FIELDS; empty means the usual ones."""

    fields: tuple[str, ...] = ()
    expand: tuple[Expand, ...] = ()

    def shape(self, usual: tuple[str, ...] = FIELDS) -> ColumnElement[Any]:
        """Return the JSON of one programme."""
        names = self.fields or usual
        plain = {name: each for name, each in shapes.PROGRAMME_MEMBERS.items() if name in names}
        return shapes.members(**plain, **{part.value: _EXPANDED[part] for part in self.expand})


@dataclass(frozen=True, slots=True)
class View:
    """How the list is asked for: its order, only some codes, and what is shown of each."""

    sort: Sort = Sort.CODE
    codes: tuple[str, ...] = ()
    shown: Shown = Shown()

    @property
    def order(self) -> list[Column[Any]]:
        """The columns of the order; they end with the code, which is unique."""
        return _ORDERS[self.sort.removeprefix("-")]

    @property
    def descending(self) -> bool:
        """Whether the order is turned round."""
        return self.sort.startswith("-")

    @property
    def shape(self) -> ColumnElement[Any]:
        """The JSON of one programme; without `fields` it is brief."""
        return self.shown.shape(_BRIEF)


PLAIN: Final = View()


async def one(unit: Unit, code: str, shown: Shown, *, by: Caller) -> Tagged:
    """Return a programme, or what was asked of it, with its ETag; raises NoSuchProgramme."""
    if shown == Shown():
        return await programme_of(unit, code, by=by)
    tag = TAG_OF_ALL if shown.expand else TAG
    chosen = select(cast(shown.shape(), Text).label("body"), tag.label("tag"))
    async with unit.read() as read:
        row = await read.first(chosen.where(_p.code == code, visible(_p.audience, by)))
    if row is None:
        raise NoSuchProgramme(UNKNOWN)
    return row.body, row.tag
