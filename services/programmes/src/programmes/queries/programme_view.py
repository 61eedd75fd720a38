"""What clients may ask of the list of programmes: order, members, parts, and only some codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Column, ColumnElement

from programmes.queries import shapes
from programmes.queries.programmes import list_of
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


FIELDS: Final = tuple(shapes.BRIEF_MEMBERS)
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
class View:
    """How the list is asked for. `fields` are members of FIELDS; empty means all of them."""

    sort: Sort = Sort.CODE
    codes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    expand: tuple[Expand, ...] = ()

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
        """The JSON of one programme."""
        names = self.fields or FIELDS
        plain = {name: each for name, each in shapes.BRIEF_MEMBERS.items() if name in names}
        return shapes.members(**plain, **{part.value: _EXPANDED[part] for part in self.expand})


PLAIN: Final = View()
