"""Brings the service's own data in: rate sets as published, and the synthetic officers of NO-COMP.

Everything goes through the commands and is known again by code or id: loading twice writes
nothing twice. The officers' trips come with the seats that training tells of.
"""

import csv
import sys
import uuid
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from kit.db.unit import Unit
from participants.commands.people import register_people
from participants.commands.rates import register_rate_sets
from participants.config import Config
from participants.domain.person import Person, registered
from participants.domain.rates import Completeness, Rate, RateSet, RateSetStatus

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
    for row in _rows("rate_sets.csv"):
        begins = row.pop("effective_from")
        status, held = row.pop("status"), row.pop("completeness")
        yield RateSet(
            effective_from=date.fromisoformat(begins) if begins else None,
            status=RateSetStatus(status),
            completeness=Completeness(held),
            **row,
        )


def rates() -> Iterator[Rate]:
    """Read the rates of the data folder, with source and confidence as they were found."""
    for row in _rows("rates.csv"):
        limit = row["lodging_limit"]
        yield Rate(
            rate_set=row["rate_set"],
            country=row["country"],
            place=row["place"] or None,
            currency=row["currency"],
            allowance=Decimal(row["allowance"]).quantize(Decimal("0.01")),
            lodging_limit=Decimal(limit).quantize(Decimal("0.01")) if limit else None,
            valid_from=date.fromisoformat(row["valid_from"]),
            source=row["source"],
            confidence=row["confidence"],
        )


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


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
