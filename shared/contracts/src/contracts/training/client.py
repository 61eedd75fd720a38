"""The training service over HTTP, for other code of Entente."""

from typing import Final, Protocol, TypeVar
from uuid import UUID

import httpx
from pydantic import BaseModel, TypeAdapter

from contracts.training.models import Decision, Event, Nomination, ProgrammeTotals
from kit.http import refuse

_PORTFOLIO: Final = TypeAdapter(dict[str, ProgrammeTotals])
T = TypeVar("T", bound=BaseModel)


class Training(Protocol):
    """What can be asked of the training service; refusals are RemoteError."""

    async def event(self, event_id: UUID) -> Event:
        """Return one event."""
        ...

    async def nominate(self, event_id: UUID, participant_id: UUID, *, key: str) -> Nomination:
        """Nominate a participant; `key` makes a repetition harmless."""
        ...

    async def decide(self, nomination_id: UUID, decision: Decision, *, key: str) -> Nomination:
        """Endorse, accept or confirm a nomination."""
        ...

    async def programme_totals(self, programme_code: str) -> ProgrammeTotals:
        """Return what a programme's training adds up to; empty where nothing is on record."""
        ...

    async def portfolio_totals(self) -> dict[str, ProgrammeTotals]:
        """Return the totals of every programme with records, by code."""
        ...


class TrainingClient:
    """Asks the real service. The httpx client brings base URL, policy and authorisation."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def event(self, event_id: UUID) -> Event:
        """Return one event."""
        return _read(await self._client.get(f"/v1/events/{event_id}"), Event)

    async def nominate(self, event_id: UUID, participant_id: UUID, *, key: str) -> Nomination:
        """Nominate a participant; `key` makes a repetition harmless."""
        body = {"event_id": str(event_id), "participant_id": str(participant_id)}
        headers = {"Idempotency-Key": key}
        answer = await self._client.post("/v1/nominations", json=body, headers=headers)
        return _read(answer, Nomination)

    async def decide(self, nomination_id: UUID, decision: Decision, *, key: str) -> Nomination:
        """Endorse, accept or confirm a nomination."""
        path = f"/v1/nominations/{nomination_id}/{decision}"
        return _read(await self._client.post(path, headers={"Idempotency-Key": key}), Nomination)

    async def programme_totals(self, programme_code: str) -> ProgrammeTotals:
        """Return what a programme's training adds up to; empty where nothing is on record."""
        answer = await self._client.get(f"/v1/programme-totals/{programme_code}")
        return _read(answer, ProgrammeTotals)

    async def portfolio_totals(self) -> dict[str, ProgrammeTotals]:
        """Return the totals of every programme with records, by code."""
        answer = await self._client.get("/v1/portfolio-totals")
        refuse("training", answer)
        return _PORTFOLIO.validate_json(answer.content)


def _read(answer: httpx.Response, model: type[T]) -> T:
    refuse("training", answer)
    return model.model_validate_json(answer.content)
