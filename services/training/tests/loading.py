"""The service's own data, loaded once for all workers while a programme keeps changing."""

import asyncio
import itertools
from contextlib import suppress

from make_training import known_programme

from kit.db.engine import Database
from kit.db.unit import Unit
from kit.testing.clock import HeldClock
from kit.testing.patience import served
from training.load import load
from training.main import SERVICE

PROGRAMMES = ("EAP-PCP", "PPTI-5", "EUCPN-PAT", "THB-PL", "NO-STRUCT", "NO-COMP")


def unit_of(database):
    return Unit(database, HeldClock(), actor="test", cause="test")


async def fill(address):
    database = await Database.at(address, SERVICE.constraints)
    unit = unit_of(database)
    for code in PROGRAMMES:
        await known_programme(unit, code)
    worker = asyncio.create_task(_programme_keeps_changing(unit))
    await load(unit, None)
    worker.cancel()
    with suppress(asyncio.CancelledError):
        await worker
    await database.close()


async def _programme_keeps_changing(unit):
    """What the worker may do while data are loaded: every event of NO-COMP gets a new version."""
    for sequence in itertools.count(2):
        marks = ("org:MD-MIA", "org:RO-MOI")[: 1 + sequence % 2]
        await served(known_programme, unit, "NO-COMP", marks=marks, seq=sequence)
        await asyncio.sleep(0.25)
