"""The programmes service over HTTP, for other code of Entente."""

from decimal import Decimal
from typing import Protocol, TypeVar

import httpx
from pydantic import BaseModel

from contracts.programmes.models import BudgetLine, Overview, Programme
from kit.http import refuse

T = TypeVar("T", bound=BaseModel)


class Programmes(Protocol):
    """What can be asked of the programmes service; refusals are RemoteError."""

    async def programme(self, code: str) -> Programme:
        """Return a programme."""
        ...

    async def overview(self, code: str) -> Overview:
        """Return a programme with what hangs on it."""
        ...

    async def raise_budget_line(
        self, code: str, line: str, more: Decimal, currency: str, *, key: str
    ) -> BudgetLine:
        """Give a budget line more money; `key` makes a repetition harmless."""
        ...


class ProgrammesClient:
    """Asks the real service. The httpx client brings base URL, policy and authorisation."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def programme(self, code: str) -> Programme:
        """Return a programme."""
        return _read(await self._client.get(f"/v1/programmes/{code}"), Programme)

    async def overview(self, code: str) -> Overview:
        """Return a programme with what hangs on it."""
        return _read(await self._client.get(f"/v1/programmes/{code}/overview"), Overview)

    async def raise_budget_line(
        self, code: str, line: str, more: Decimal, currency: str, *, key: str
    ) -> BudgetLine:
        """Give a budget line more money; `key` makes a repetition harmless."""
        answer = await self._client.post(
            f"/v1/programmes/{code}/budget-lines/{line}/raises",
            json={"amount": {"amount": f"{more:f}", "currency": currency}},
            headers={"Idempotency-Key": key},
        )
        return _read(answer, BudgetLine)


def _read(answer: httpx.Response, model: type[T]) -> T:
    refuse("programmes", answer)
    return model.model_validate_json(answer.content)
