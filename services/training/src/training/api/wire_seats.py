"""Request and answer models of /v1: quotas, rejection and replacement."""

import re
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from kit.wire import WHOLE, Answer, Code, Ref, Request
from training.api.wire_nominations import Nomination, Role
from training.api.words import Words
from training.domain import nomination, quota
from training.domain.quota import Dimension
from training.domain.training_event import TrainingEvent

_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,39}")
_KEYS: Final = {
    Dimension.COUNTRY: re.compile(r"[A-Z]{2}"),
    Dimension.ORGANISATION: _CODE,
    Dimension.UNIT: _CODE,
    Dimension.ROLE: re.compile(r"[a-z][a-z0-9_-]{0,39}"),
}


class GivenQuota(Request):
    """Seats set aside for a country (ISO 3166-1), an organisation, a unit or a role."""

    dimension: Dimension
    key: Words
    seats: Annotated[int, Field(ge=1, le=10_000), WHOLE]

    @model_validator(mode="after")
    def _key_can_be(self) -> Self:
        """Refuse a key that no nomination has: its seats would be for nobody."""
        if _KEYS[self.dimension].fullmatch(self.key) is None:
            raise PydanticCustomError("quota_key", "`key` is no code of this dimension")
        return self


class NewQuotas(Request):
    """All quotas of an event; they take the place of those it had."""

    quotas: Annotated[tuple[GivenQuota, ...], Field(max_length=200)]

    def wanted(self) -> list[quota.Quota]:
        """Return the domain values."""
        return [quota.Quota(each.dimension, each.key, each.seats) for each in self.quotas]


class ShownQuota(Answer):
    """Seats set aside, and how many of them are taken."""

    dimension: Dimension
    key: str
    seats: int
    taken: int


class Quotas(Answer):
    """The seats of an event and what is set aside of them."""

    event_id: UUID
    capacity: int | None
    taken: int
    quotas: list[ShownQuota]

    @classmethod
    def of(cls, event: TrainingEvent, quotas: list[quota.Quota]) -> Self:
        """Return the wire form."""
        shown = [
            ShownQuota(dimension=each.dimension, key=each.key, seats=each.seats, taken=each.taken)
            for each in quotas
        ]
        return cls(event_id=event.id, capacity=event.plan.capacity, taken=event.taken, quotas=shown)


class Rejection(Request):
    """Why a nominee is declined, free of personal data."""

    reason: Words


class Replacement(Request):
    """Who takes over a seat, and why; an opaque participant id, never a name."""

    participant_id: Ref
    unit_code: Code | None = None
    role: Role = "participant"
    overlap_reason: Words | None = None
    reason: Words

    def candidate(self) -> nomination.Candidate:
        """Return the domain value."""
        return nomination.Candidate(
            self.participant_id, self.unit_code, self.role, self.overlap_reason
        )


class Chain(Answer):
    """Who had a seat one after another, the first first."""

    items: list[Nomination]

    @classmethod
    def of(cls, chain: list[nomination.Nomination]) -> Self:
        """Return the wire form."""
        return cls(items=[Nomination.of(each) for each in chain])
