"""Deliverables: at least one, and what has been delivered stays delivered."""

from uuid import UUID

import pytest

from programmes.domain.deliverable import (
    Deliverable,
    DeliverableKind,
    DeliverableStatus,
    QuantityInvalid,
)
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.moves import IllegalMove


def films(quantity=3, status=DeliverableStatus.NOT_STATED):
    return Deliverable(
        UUID(int=1),
        1,
        frozenset({"staff"}),
        "NO-COMP",
        DeliverableKind.FILM,
        "Interactive films",
        quantity,
        status,
        FuzzyDate.unknown(),
    )


def test_deliverable_when_delivered_then_final():
    done = films().progressed_to(DeliverableStatus.DELIVERED)
    assert (done.quantity, done.version) == (3, 2)
    with pytest.raises(IllegalMove):
        done.progressed_to(DeliverableStatus.IN_PROGRESS)


def test_deliverable_when_planned_then_not_back_to_not_stated():
    with pytest.raises(IllegalMove):
        films(status=DeliverableStatus.PLANNED).progressed_to(DeliverableStatus.NOT_STATED)


@pytest.mark.parametrize("quantity", [0, -1])
def test_quantity_when_less_than_one_then_refused(quantity):
    with pytest.raises(QuantityInvalid):
        films(quantity)
