"""Brings the service's own data in: rate sets as published, and the synthetic officers of NO-COMP.

Everything goes through the commands and is known again by code or id: loading twice writes
nothing twice. The officers' trips come with the seats that training tells of.
"""

import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kit.db.unit import Unit
from participants.commands.people import register_people
from participants.commands.rates import register_rate_sets
from participants.config import Config
from participants.domain.person import Person, registered
from participants.domain.rate_files import rate_sets_in, rates_in
from participants.domain.rates import Rate, RateSet

_DATA: Final = Path(__file__).parent / "data"
_NAMESPACE: Final = uuid.UUID("5c2b7f0e-8f0a-5b7c-9a59-3f6f0d1f5a11")
OFFICERS: Final = 495
OFFICES: Final = 89


async def load(unit: Unit, _config: Config) -> None:
    """Load everything that is not on record yet; a line per step goes to standard output."""
    sets, rows = list(rate_sets()), list(rates())
    new = await register_rate_sets(unit, sets, rows)
    _say(f"rate sets: {new} new, {len(sets) - new} known")
    officers = list(synthetic_officers())
    new = await register_people(unit, officers)
    _say(f"synthetic officers: {new} new, {len(officers) - new} known")


def rate_sets() -> Iterator[RateSet]:
    """Read the rate sets of the data folder."""
    with (_DATA / "rate_sets.csv").open(encoding="utf-8", newline="") as file:
        yield from rate_sets_in(file)


def rates() -> Iterator[Rate]:
    """Read the rates of the data folder, with source and confidence as they were found."""
    for name in ("rates.csv", "rates_with_parts.csv"):
        with (_DATA / name).open(encoding="utf-8", newline="") as file:
            yield from rates_in(file)


def synthetic_officers() -> Iterator[Person]:
    """Make the officers that stand for the 495 of the source: same ids as in training's data.

    The 89 field offices take turns, so that each sends five or six.
    """
    for number in range(1, OFFICERS + 1):
        yield registered(
            uuid.uuid5(_NAMESPACE, f"entente:synthetic:no-comp:officer:{number}"),
            organisation="PL-BGHQ",
            country="PL",
            unit_code=f"SYN-FO-{(number - 1) % OFFICES + 1:02d}",
            synthetic=True,
        )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
