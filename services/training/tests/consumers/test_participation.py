"""What programmes decide about countries: nominations are checked against the copy."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from make_training import opened, submitted
from told import untouched

from contracts.programmes.facts import ParticipationChanged, ParticipationScope
from kit.facts import Envelope
from training.consumers.participation import on_participation_changed
from training.domain import errors_seats


def told(seq, status, scope=None):
    fact = ParticipationChanged(
        programme_code="EAP-PCP", country="MD", seq=seq, status=status, valid_from="2015-03",
        decision_id=None, decision_text="its words", scope=scope,
    )  # fmt: skip
    meta = Envelope(
        id=uuid4(), source="urn:entente:programmes", type=fact.type, subject=uuid4(),
        time=datetime(2026, 3, 2, tzinfo=UTC), sequence=1, position=seq, cause="test",
    )  # fmt: skip
    return fact, meta


async def test_participation_when_told_then_decides_who_is_nominated(unit):
    event = await opened(unit, component="C2", topic="cybercrime")
    scope = ParticipationScope(components_in=["C2"], topics_out=[], kinds_out=[])
    await on_participation_changed(unit, *told(1, "readmitted_partial", scope))
    assert (await submitted(unit, event.id)).eligibility["scope"]["components_in"] == ["C2"]
    narrow = ParticipationScope(components_in=["C2"], topics_out=["cybercrime"], kinds_out=[])
    await on_participation_changed(unit, *told(2, "readmitted_partial", narrow))
    async with untouched(unit):
        with pytest.raises(errors_seats.ParticipationScope):
            await submitted(unit, event.id)
