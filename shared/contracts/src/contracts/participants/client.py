"""The participants service over HTTP, for other code of Entente."""

from collections.abc import Mapping
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

import httpx
from pydantic import BaseModel, TypeAdapter

from contracts.participants.models import PerDiem, Person, ProgrammeTotals, Trip
from kit.http import refuse

_PORTFOLIO: Final = TypeAdapter(dict[str, ProgrammeTotals])
T = TypeVar("T", bound=BaseModel)


class Participants(Protocol):
    """What can be asked of the participants service; refusals are RemoteError."""

    async def register_person(self, organisation: str, country: str, *, key: str) -> Person:
        """Make a person known under a pseudonym; `key` makes a repetition harmless."""
        ...

    async def person(self, person_id: UUID) -> Person:
        """Return one person."""
        ...

    async def open_trip(self, trip: Mapping[str, Any], *, key: str) -> Trip:
        """Open a trip that no seat led to, as the API describes it."""
        ...

    async def trip(self, trip_id: UUID) -> Trip:
        """Return one trip."""
        ...

    async def cancel_trip(self, trip_id: UUID, reason: str, *, etag: str, key: str) -> Trip:
        """End a trip that will not take place."""
        ...

    async def simulate(self, simulation: Mapping[str, Any]) -> PerDiem:
        """Compute a per diem without saving anything."""
        ...

    async def programme_totals(self, programme_code: str) -> ProgrammeTotals:
        """Return what a programme's trips add up to; zeros where there are none."""
        ...

    async def portfolio_totals(self) -> dict[str, ProgrammeTotals]:
        """Return the totals of every programme with trips, by code."""
        ...


class ParticipantsClient:
    """Asks the real service. The httpx client brings base URL, policy and authorisation."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def register_person(self, organisation: str, country: str, *, key: str) -> Person:
        """Make a person known under a pseudonym; `key` makes a repetition harmless."""
        body = {"organisation": organisation, "country": country}
        headers = {"Idempotency-Key": key}
        return _read(await self._client.post("/v1/persons", json=body, headers=headers), Person)

    async def person(self, person_id: UUID) -> Person:
        """Return one person."""
        return _read(await self._client.get(f"/v1/persons/{person_id}"), Person)

    async def open_trip(self, trip: Mapping[str, Any], *, key: str) -> Trip:
        """Open a trip that no seat led to, as the API describes it."""
        headers = {"Idempotency-Key": key}
        answer = await self._client.post("/v1/trips", json=dict(trip), headers=headers)
        return _read(answer, Trip)

    async def trip(self, trip_id: UUID) -> Trip:
        """Return one trip."""
        return _read(await self._client.get(f"/v1/trips/{trip_id}"), Trip)

    async def cancel_trip(self, trip_id: UUID, reason: str, *, etag: str, key: str) -> Trip:
        """End a trip that will not take place."""
        headers = {"Idempotency-Key": key, "If-Match": etag}
        path = f"/v1/trips/{trip_id}/cancellation"
        return _read(await self._client.post(path, json={"reason": reason}, headers=headers), Trip)

    async def simulate(self, simulation: Mapping[str, Any]) -> PerDiem:
        """Compute a per diem without saving anything."""
        path = "/v1/per-diem/simulations"
        return _read(await self._client.post(path, json=dict(simulation)), PerDiem)

    async def programme_totals(self, programme_code: str) -> ProgrammeTotals:
        """Return what a programme's trips add up to; zeros where there are none."""
        path = f"/v1/programme-totals/{programme_code}"
        return _read(await self._client.get(path), ProgrammeTotals)

    async def portfolio_totals(self) -> dict[str, ProgrammeTotals]:
        """Return the totals of every programme with trips, by code."""
        answer = await self._client.get("/v1/portfolio-totals")
        refuse("participants", answer)
        return _PORTFOLIO.validate_json(answer.content)


def _read(answer: httpx.Response, model: type[T]) -> T:
    refuse("participants", answer)
    return model.model_validate_json(answer.content)
