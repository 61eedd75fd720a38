"""Seats of an event with the quotas that set some of them aside."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from training.domain.errors import CapacityBelowTaken, EventFull
from training.domain.errors_seats import QuotaBelowTaken, QuotaFull, QuotasInvalid
from training.domain.nomination import Nomination
from training.domain.training_event import TrainingEvent


class Dimension(StrEnum):
    """By what seats are set aside."""

    COUNTRY = "country"
    ORGANISATION = "organisation"
    UNIT = "unit"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Quota:
    """Seats set aside for one key of a dimension: at most these, and nobody else gets them."""

    dimension: Dimension
    key: str
    seats: int
    taken: int = 0

    def is_of(self, nomination: Nomination) -> bool:
        """Whether a nomination takes its seat from here."""
        return key_of(nomination, self.dimension) == self.key


def key_of(nomination: Nomination, dimension: Dimension) -> str | None:
    """Return the key of a nomination in a dimension."""
    keys = {
        Dimension.COUNTRY: nomination.country,
        Dimension.ORGANISATION: nomination.organisation,
        Dimension.UNIT: nomination.unit_code,
        Dimension.ROLE: nomination.role,
    }
    return keys[dimension]


@dataclass(frozen=True, slots=True)
class Seating:
    """The seats of one event, read under its lock."""

    event: TrainingEvent
    quotas: tuple[Quota, ...]

    def refusal(self, nomination: Nomination) -> EventFull | QuotaFull | None:
        """Return why the nomination gets no seat now, None if it gets one.

        Whose key has no quota sits on what the quotas of that dimension leave over. Raises
        NoSeatsOffered where the event states no capacity.
        """
        if self.event.full:
            capacity, taken = self.event.plan.capacity, self.event.taken
            return EventFull("no seat is free", capacity=capacity, taken=taken)
        for dimension in {quota.dimension for quota in self.quotas}:
            if not self._has_room(nomination, dimension):
                key = key_of(nomination, dimension)
                return QuotaFull("no seat of the quota is free", dimension=dimension.value, key=key)
        return None

    def with_seat(self, nomination: Nomination) -> "Seating":
        """Give the nomination a seat, or raise EventFull or QuotaFull."""
        refusal = self.refusal(nomination)
        if refusal is not None:
            raise refusal
        return self._moved(nomination, 1, self.event.take_seat())

    def without_seat(self, nomination: Nomination) -> "Seating":
        """Take the seat of a nomination back."""
        return self._moved(nomination, -1, self.event.free_seat())

    def divided(self, quotas: Sequence[Quota], seated: Iterable[Nomination]) -> "Seating":
        """Set seats aside anew, or raise QuotasInvalid or QuotaBelowTaken."""
        _must_fit(quotas, self.event.plan.capacity or 0)
        seated = list(seated)
        counted = tuple(
            replace(quota, taken=sum(quota.is_of(each) for each in seated)) for quota in quotas
        )
        for quota in counted:
            if quota.taken > quota.seats:
                raise QuotaBelowTaken(
                    f"{quota.taken} seats are taken", key=quota.key, taken=quota.taken
                )
        return replace(self, quotas=counted)

    def must_fit_in(self, capacity: int) -> None:
        """Raise CapacityBelowTaken where more seats are set aside than `capacity`."""
        try:
            _must_fit(self.quotas, capacity)
        except QuotasInvalid as error:
            raise CapacityBelowTaken(error.detail, taken=self.event.taken) from error

    def _has_room(self, nomination: Nomination, dimension: Dimension) -> bool:
        same = [quota for quota in self.quotas if quota.dimension is dimension]
        own = next((quota for quota in same if quota.is_of(nomination)), None)
        if own is not None:
            return own.taken < own.seats
        left_over = (self.event.plan.capacity or 0) - sum(quota.seats for quota in same)
        return self.event.taken - sum(quota.taken for quota in same) < left_over

    def _moved(self, nomination: Nomination, by: int, event: TrainingEvent) -> "Seating":
        moved = (
            replace(quota, taken=quota.taken + by) if quota.is_of(nomination) else quota
            for quota in self.quotas
        )
        return Seating(event, tuple(moved))


def _must_fit(quotas: Sequence[Quota], capacity: int) -> None:
    if len({(quota.dimension, quota.key) for quota in quotas}) != len(quotas):
        raise QuotasInvalid("a key is named twice")
    sums: Counter[Dimension] = Counter()
    for quota in quotas:
        sums[quota.dimension] += quota.seats
    over = [dimension.value for dimension, seats in sums.items() if seats > capacity]
    if over:
        raise QuotasInvalid("more seats are set aside than there are", dimensions=sorted(over))
