"""What sources state of money: who pays, and what for, without inventing amounts."""

from kit.auth import Caller
from kit.db.unit import Unit
from programmes.commands.telling import save_and_tell
from programmes.domain.costing import StatedLine
from programmes.domain.financing import FundingSource
from programmes.storage import budgets, partners, programmes


async def state_funding(
    unit: Unit, code: str, stated: FundingSource, *, by: Caller
) -> FundingSource:
    """Keep that a source says who pays; refused if the funder is unknown or stated already."""
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        await budgets.must_know(tx, [stated.funder])
        await budgets.add_sources(tx, programme.id, None, [stated])
        await save_and_tell(tx, programme, await partners.of(tx, programme))
        return tx.result(stated)


async def state_line(unit: Unit, code: str, stated: StatedLine, *, by: Caller) -> StatedLine:
    """Keep that a source says what money is spent on; refused if it is stated already."""
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        await budgets.add_stated_line(tx, programme.id, stated)
        await save_and_tell(tx, programme, await partners.of(tx, programme))
        return tx.result(stated)
