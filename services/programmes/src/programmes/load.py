"""Brings the service's own data in: what the sources state, through the service's commands.

Everything is known again by its natural key, so that loading a second time writes nothing.
"""

import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter

from kit.auth import SEES_ALL, Caller
from kit.db.unit import Unit
from programmes.api.published import Step, cooperation_steps, register_steps
from programmes.api.published_money import money_steps
from programmes.api.requests import (
    NewCountry,
    NewFigure,
    NewMilestone,
    NewOrganisation,
    NewPartner,
    NewProgramme,
    NewRelation,
    NewSource,
    cited,
)
from programmes.api.requests_money import NewBudgetLine
from programmes.commands import budget_lines, partners, programmes
from programmes.commands import registers as registering
from programmes.config import Config
from programmes.queries.inventory import Keys, cooperation, inventory, money, registers

_DATA: Final = Path(__file__).parent / "data"
LOADER: Final = Caller(
    client="service:programmes",
    subject="load",
    organisation="PL-MOI",
    country="PL",
    scopes=frozenset({SEES_ALL, "programmes:write"}),
)
T = TypeVar("T")


class PublishedProgramme(BaseModel):
    """A programme with all that hangs on it, as a data file states it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    programme: NewProgramme
    partners: list[NewPartner]
    countries: list[NewCountry]
    budget_figures: list[NewFigure]
    milestones: list[NewMilestone]
    relations: list[NewRelation]
    budget_lines: list[NewBudgetLine]


_ORGANISATIONS: Final = TypeAdapter(list[NewOrganisation])
_SOURCES: Final = TypeAdapter(list[NewSource])
_PROGRAMMES: Final = TypeAdapter(list[PublishedProgramme])


async def load(unit: Unit, _config: Config | None) -> None:
    """Load everything that is not on record yet; a line per step goes to standard output."""
    known = await inventory(unit)
    data = _PROGRAMMES.validate_json((_DATA / "programmes.json").read_bytes())
    found_sources = _SOURCES.validate_json((_DATA / "sources.json").read_bytes())
    await _each(
        "sources",
        found_sources,
        known.sources,
        lambda new: (new.code,),
        lambda new: registering.register_source(unit, new.document, by=LOADER),
    )
    found = _ORGANISATIONS.validate_json((_DATA / "organisations.json").read_bytes())
    await _each(
        "organisations",
        found,
        known.organisations,
        lambda new: (new.code,),
        lambda new: registering.register_organisation(unit, new.organisation, by=LOADER),
    )
    await _brought_in(register_steps(unit, LOADER), await registers(unit))
    await _each(
        "programmes",
        [each.programme for each in data],
        known.programmes,
        lambda new: (new.code,),
        lambda new: programmes.register_programme(unit, new.profile(), by=LOADER),
    )
    await _load_parts(unit, data)
    await _brought_in(cooperation_steps(unit, LOADER), await cooperation(unit))
    await _brought_in(money_steps(unit, LOADER), await money(unit))


async def _brought_in(steps: Iterable[Step], known: Mapping[str, Keys]) -> None:
    for step in steps:
        found = list(zip(step.keys, step.writes, strict=True))
        await _each(
            step.what.replace("_", " "),
            found,
            known[step.what],
            lambda it: it[0],
            lambda it: it[1](),
        )


async def _load_parts(unit: Unit, data: Sequence[PublishedProgramme]) -> None:
    known = await inventory(unit)
    await _each(
        "countries",
        [(each.programme.code, new) for each in data for new in each.countries],
        known.countries,
        lambda it: (it[0], it[1].country, it[1].role),
        lambda it: programmes.add_country(
            unit, it[0], it[1].country, it[1].role, source=cited(it[1].source), by=LOADER
        ),
    )
    await _each(
        "partners",
        [(each.programme.code, new) for each in data for new in each.partners],
        known.partners,
        lambda it: (it[0], it[1].organisation or it[1].country or "", it[1].role, it[1].scope),
        lambda it: partners.add_partner(unit, it[0], it[1].partner, by=LOADER),
    )
    await _each(
        "budget figures",
        [(each.programme.code, new) for each in data for new in each.budget_figures],
        known.figures,
        lambda it: (it[0], it[1].kind, it[1].source.document),
        lambda it: programmes.publish_budget_figure(unit, it[0], it[1].figure(), by=LOADER),
    )
    await _each(
        "milestones",
        [(each.programme.code, new) for each in data for new in each.milestones],
        known.milestones,
        lambda it: (it[0], it[1].kind, it[1].date.date().edtf),
        lambda it: programmes.record_milestone(unit, it[0], it[1].milestone(), by=LOADER),
    )
    await _each(
        "relations",
        [(each.programme.code, new) for each in data for new in each.relations],
        known.relations,
        lambda it: (it[0], it[1].type, it[1].to),
        lambda it: programmes.relate_programmes(unit, it[0], it[1].relation(), by=LOADER),
    )
    await _each(
        "budget lines",
        [(each.programme.code, new) for each in data for new in each.budget_lines],
        known.lines,
        lambda it: (it[0], it[1].code),
        lambda it: budget_lines.open_budget_line(unit, it[0], it[1].line, by=LOADER),
    )


async def _each(
    what: str,
    found: Sequence[T],
    known: Keys,
    key: Callable[[T], tuple[str, ...]],
    write: Callable[[T], Awaitable[object]],
) -> None:
    due = [new for new in found if key(new) not in known]
    for new in due:
        await write(new)
    sys.stdout.write(f"{what}: {len(due)} new, {len(found) - len(due)} known\n")
    sys.stdout.flush()
