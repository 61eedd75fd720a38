from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from make_programmes import count, line, programme, told
from sqlalchemy import select

from contracts.participants.facts import (
    ClaimCertified,
    ClaimReopened,
    Money,
    PerDiemEstimated,
    SettlementPaid,
    TripCancelled,
)
from kit.facts import Envelope
from kit.feed.follow import Follower
from kit.feed.source import FeedPage, Reach
from programmes.consumers.participants import (
    on_claim_certified,
    on_claim_reopened,
    on_per_diem_estimated,
    on_settlement_paid,
    on_trip_cancelled,
)
from programmes.storage import tables

TRIP, CLAIM = UUID(int=7), UUID(int=8)


class Feed:
    """A feed of facts a test has written down."""

    name = "participants"

    def __init__(self, clock):
        self.items = []
        self._clock = clock

    def tell(self, fact):
        self.items.append(
            Envelope(
                id=uuid4(),
                source="urn:entente:participants",
                type=fact.type,
                subject=TRIP,
                time=self._clock.now(),
                sequence=len(self.items) + 1,
                position=len(self.items) + 1,
                cause="test",
                data=fact.model_dump(mode="json"),
            )
        )

    async def fetch(self, after, **_asked):
        start = int(after or 0)
        end = len(self.items)
        return FeedPage(
            items=self.items[start:], next=str(end), has_more=False, horizon=Reach(position=end)
        )


def estimated(amount, revision=1, currency="EUR", code="PER-DIEM", programme_code="P-1"):
    return PerDiemEstimated(
        trip_id=TRIP,
        nomination_id=uuid4(),
        programme_code=programme_code,
        budget_line_code=code,
        amount=Money(amount=Decimal(amount), currency=currency),
        ruleset="PL_DOMESTIC",
        revision=revision,
        synthetic=True,
    )


def cancelled():
    return TripCancelled(
        trip_id=TRIP, programme_code="P-1", budget_line_code="PER-DIEM", reason="test"
    )


def certified(amount, parked=None, currency="EUR"):
    return ClaimCertified(
        claim_id=CLAIM,
        trip_id=TRIP,
        programme_code="P-1",
        budget_line_code="PER-DIEM",
        revision=1,
        state="certified",
        amount=Money(amount=Decimal(amount), currency=currency),
        synthetic=True,
        parked=parked and Money(amount=Decimal(parked), currency=currency),
    )


def reopened():
    return ClaimReopened(
        claim_id=CLAIM,
        trip_id=TRIP,
        programme_code="P-1",
        revision=1,
        reason="audit_finding",
        override=None,
        resolves=None,
    )


def paid(amount, currency="EUR"):
    money = Money(amount=Decimal(amount), currency=currency)
    return SettlementPaid(
        settlement_id=UUID(int=9),
        claim_id=CLAIM,
        trip_id=TRIP,
        programme_code="P-1",
        budget_line_code="PER-DIEM",
        amount=money,
        advanced=money,
        paid_on=date(2015, 3, 17),
    )


@pytest.fixture
async def feed(clock):
    return Feed(clock)


@pytest.fixture
async def follower(unit, feed):
    await programme(unit)
    await line(unit)
    handlers = {
        PerDiemEstimated: on_per_diem_estimated,
        TripCancelled: on_trip_cancelled,
        ClaimCertified: on_claim_certified,
        ClaimReopened: on_claim_reopened,
        SettlementPaid: on_settlement_paid,
    }
    return Follower(feed, unit, handlers)


async def committed(unit):
    async with unit.read() as read:
        return (await read.first(select(tables.budget_line.c.committed)))[0]


async def test_estimate_when_heard_then_funds_are_committed_once(unit, feed, follower):
    feed.tell(estimated("100.00"))
    feed.tell(estimated("120.00", revision=2))
    await follower.catch_up()
    assert await committed(unit) == Decimal("120.00")
    again = Follower(
        feed, unit, {PerDiemEstimated: on_per_diem_estimated, TripCancelled: on_trip_cancelled}
    )
    await again.catch_up()
    assert (await told(unit))[-2:] == ["programmes.funds_committed.v1"] * 2
    assert await count(unit, tables.commitment) == 2


@pytest.mark.parametrize(
    "fact",
    [
        estimated("5000.00"),
        estimated("1.00", currency="PLN"),
        estimated("1.00", code=None),
        estimated("1.00", code="NONE"),
        estimated("1.00", programme_code="NO-SUCH"),
    ],
)
async def test_estimate_when_there_is_no_money_then_is_refused_and_never_parked(
    unit, feed, follower, fact
):
    feed.tell(fact)
    await follower.catch_up()
    assert (await told(unit))[-1] == "programmes.funds_refused.v1"
    assert (await committed(unit), follower.status()["parked"]) == (Decimal(0), 0)


async def test_cancellation_when_heard_then_funds_are_free_and_unknown_trips_pass(
    unit, feed, follower
):
    feed.tell(cancelled())
    feed.tell(estimated("100.00"))
    feed.tell(cancelled())
    await follower.catch_up()
    assert await committed(unit) == 0
    assert (await told(unit))[-1] == "programmes.funds_released.v1"
    assert follower.status()["parked"] == 0


async def spent(unit):
    c = tables.budget_line.c
    async with unit.read() as read:
        return tuple(await read.first(select(c.committed, c.spent)))


async def test_claim_when_certified_and_paid_then_is_spent_and_the_rest_is_free(
    unit, feed, follower
):
    for fact in (estimated("100.00"), certified("80.00", "5.00"), paid("80.00")):
        feed.tell(fact)
    await follower.catch_up()
    assert await spent(unit) == (Decimal("5.00"), Decimal("80.00"))
    assert follower.status()["parked"] == 0


async def test_claim_when_in_another_currency_then_waits_and_nothing_is_parked(
    unit, feed, follower
):
    for fact in (estimated("100.00"), certified("80.00", currency="PLN"), paid("80.00", "PLN")):
        feed.tell(fact)
    await follower.catch_up()
    assert await spent(unit) == (Decimal("100.00"), Decimal("0.00"))
    assert (await told(unit))[-2:] == ["programmes.spending_waits.v1"] * 2
    assert follower.status()["parked"] == 0


async def test_claim_when_reopened_and_certified_again_then_the_second_is_booked(
    unit, feed, follower
):
    second = certified("60.00")
    for fact in (estimated("100.00"), certified("80.00"), reopened(), second, paid("60.00")):
        feed.tell(fact)
    await follower.catch_up()
    assert await spent(unit) == (Decimal("0.00"), Decimal("60.00"))
    assert follower.status()["parked"] == 0
