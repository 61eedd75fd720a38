"""Claims of the synthetic officers of NO-COMP, once their trips have money: by the real commands.

Three invented clerks declare, check and settle what each trip was computed at. Those of the first
training are also paid, a fortnight after it and in cash, for nobody invents an account: so what
is certified is partly committed and partly spent. A second run finds nothing left to do. Waits
until the worker has followed the seats and the funds.
"""

import asyncio
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from kit.auth import SEES_ALL, Caller
from kit.db.unit import Unit
from kit.errors import Unavailable
from participants.commands.claims_in_bulk import (
    certify_as_computed,
    declare_as_computed,
    pay_in_cash,
)
from participants.commands.settlement_jobs import ask_settlement_job, settle_batch
from participants.config import Config
from participants.load import OFFICERS
from participants.queries.claims import first_end, synthetic_trips

PROGRAMME: Final = "NO-COMP"
_PAYER: Final = "PL-BGHQ"
_AT_ONCE: Final = 500
_POLL_S: Final = 0.2
_PATIENCE: Final = 900
_PAID_AFTER: Final = timedelta(days=14)


def _clerk(subject: str) -> Caller:
    return Caller("service:participants", subject, "PL-BGHQ", "PL", frozenset({SEES_ALL}))


_DECLARES, _CHECKS, _PAYS = (_clerk(f"synthetic-{step}") for step in ("declares", "checks", "pays"))


async def load_claims(unit: Unit, _config: Config | None, _arguments: Sequence[str]) -> int:
    """Take every synthetic trip from its funds to its payment; return 0.

    Raises Unavailable where the trips do not get their money.
    """
    await _await_funds(unit)
    declared = await declare_as_computed(unit, PROGRAMME, most=_AT_ONCE, by=_DECLARES)
    certified = await certify_as_computed(unit, PROGRAMME, most=_AT_ONCE, by=_CHECKS)
    if certified:
        await ask_settlement_job(unit, PROGRAMME, payer=_PAYER, override=None, by=_PAYS)
    while await settle_batch(unit):
        pass
    paid = await _pay_first(unit)
    _say(f"synthetic claims: {declared} declared, {certified} certified, {paid} paid")
    return 0


async def _pay_first(unit: Unit) -> int:
    """Pay the trips that ended first: every payment is booked, and everybody waits for that."""
    end = await first_end(unit, PROGRAMME)
    if end is None:
        return 0
    on = end + _PAID_AFTER
    return await pay_in_cash(unit, PROGRAMME, on=on, ended_by=end, most=_AT_ONCE, by=_PAYS)


async def _await_funds(unit: Unit) -> None:
    waiting = OFFICERS
    for _ in range(_PATIENCE):
        waiting = OFFICERS - await synthetic_trips(unit, PROGRAMME)
        if waiting <= 0:
            return
        await asyncio.sleep(_POLL_S)
    raise Unavailable(f"{waiting} synthetic trips have no money: do the workers run?")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
