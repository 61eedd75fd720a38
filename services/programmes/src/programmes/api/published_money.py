"""What the data files state of money, and the commands that bring each statement in."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from kit.auth import Caller
from kit.db.unit import Unit
from programmes.api.published import Step
from programmes.api.requests_money import NewFunding, NewStatedLine
from programmes.commands import funding

_DATA: Final = Path(__file__).parent.parent / "data"


class _Money(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    programme: str
    funding_sources: list[NewFunding]
    budget_lines: list[NewStatedLine]


_FOUND: Final = TypeAdapter(list[_Money])


def money_steps(unit: Unit, by: Caller) -> Iterator[Step]:
    """Yield who pays, and what for, as sources state it."""
    found = _FOUND.validate_json((_DATA / "money.json").read_bytes())
    paying = [(each.programme, new) for each in found for new in each.funding_sources]
    yield Step(
        "funding_sources",
        [(code, new.funder, new.kind.value) for code, new in paying],
        [partial(funding.state_funding, unit, code, new.funding(), by=by) for code, new in paying],
    )
    lines = [(each.programme, new) for each in found for new in each.budget_lines]
    yield Step(
        "stated_lines",
        [(code, new.code) for code, new in lines],
        [partial(funding.state_line, unit, code, new.stated(), by=by) for code, new in lines],
    )
