"""A programmes service in memory, for tests of code that talks to it.

It keeps state and refuses like the real one; the tests of this contract run against both.
"""

from decimal import Decimal

from contracts.programmes.models import BudgetLine, Overview, Programme
from kit.errors import Kind
from kit.http import RemoteError


class FakeProgrammes:
    """Answers from `overviews`, by code: fill it with what the caller may see."""

    def __init__(self) -> None:
        self.overviews: dict[str, Overview] = {}
        self._answered: dict[str, BudgetLine] = {}

    async def programme(self, code: str) -> Programme:
        """Return a programme."""
        return (await self.overview(code)).programme

    async def overview(self, code: str) -> Overview:
        """Return a programme with what hangs on it."""
        if code not in self.overviews:
            raise _refused(Kind.NOT_FOUND, "programmes.no_such_programme")
        return self.overviews[code]

    async def raise_budget_line(
        self, code: str, line: str, more: Decimal, currency: str, *, key: str
    ) -> BudgetLine:
        """Give a budget line more money; `key` makes a repetition harmless."""
        if key in self._answered:
            return self._answered[key]
        known = self._lines(code)
        if line not in known:
            raise _refused(Kind.NOT_FOUND, "programmes.no_such_budget_line")
        if known[line].currency != currency:
            raise _refused(Kind.CONFLICT, "kit.currencies_differ")
        raised = known[line].model_copy(
            update={
                "amount": known[line].amount + more,
                "available": known[line].available + more,
            }
        )
        lines = list((known | {line: raised}).values())
        self.overviews[code] = self.overviews[code].model_copy(update={"budget_lines": lines})
        self._answered[key] = raised
        return raised

    def _lines(self, code: str) -> dict[str, BudgetLine]:
        found = self.overviews.get(code)
        return {} if found is None else {each.code: each for each in found.budget_lines}


def _refused(kind: Kind, code: str) -> RemoteError:
    return RemoteError("programmes", kind, code, "the fake refuses like the real service")
