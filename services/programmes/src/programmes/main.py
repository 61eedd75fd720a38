"""The programmes service put together; loaded by its command line, tools and tests only."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Final

from contracts.participants.facts import (
    ClaimCertified,
    ClaimReopened,
    PerDiemEstimated,
    SettlementPaid,
    TripCancelled,
)
from contracts.training import facts as training
from kit.auth import TokenSigner
from kit.db.unit import Unit
from kit.facts import Fact
from kit.feed.follow import Follower, Handler, HttpFeedSource
from kit.feed.serve import feed_router
from kit.http import Upstream
from kit.service import Service
from programmes.api import (
    budget_lines,
    budgets,
    claims,
    cooperation,
    iati,
    ledger,
    parts,
    programmes,
    rates,
    registers,
    withdrawals,
)
from programmes.config import Config
from programmes.consumers import training as counting
from programmes.consumers.participants import (
    on_claim_certified,
    on_claim_reopened,
    on_per_diem_estimated,
    on_settlement_paid,
    on_trip_cancelled,
)
from programmes.load import load
from programmes.storage.constraints import CONSTRAINTS


async def followers(config: Config, unit: Unit, stack: AsyncExitStack) -> Sequence[Follower]:
    """Follow participants, whose trips ask for money, and training, whose events are counted."""
    signer = TokenSigner.from_file(config.key_file)
    money: dict[type[Fact], Handler] = {
        PerDiemEstimated: on_per_diem_estimated,
        TripCancelled: on_trip_cancelled,
        ClaimCertified: on_claim_certified,
        ClaimReopened: on_claim_reopened,
        SettlementPaid: on_settlement_paid,
    }
    counts: dict[type[Fact], Handler] = {
        training.EventChanged: counting.on_event_changed,
        training.SeatConfirmed: counting.on_seat_confirmed,
        training.SeatReleased: counting.on_seat_released,
        training.AttendanceRecorded: counting.on_attendance_recorded,
        training.SeriesChanged: counting.on_series_changed,
        training.HeadcountReported: counting.on_headcount_reported,
        training.ExpertAssignmentChanged: counting.on_expert_assigned,
    }
    found = []
    for name, url, handlers in (
        ("participants", config.participants_url, money),
        ("training", config.training_url, counts),
    ):
        upstream = Upstream(name, url)
        stack.push_async_callback(upstream.close)
        client = await stack.enter_async_context(upstream.client())
        source = HttpFeedSource(name, client, signer, unit.clock)
        found.append(Follower(source, unit, handlers))
    return found


SERVICE: Final = Service(
    package="programmes",
    description="Programmes, partners, published budget figures, budget lines and commitments.",
    config=Config,
    routers=[
        programmes.router,
        parts.router,
        withdrawals.router,
        budget_lines.router,
        ledger.router,
        claims.router,
        budgets.router,
        rates.router,
        rates.files,
        iati.router,
        *cooperation.ROUTERS,
        registers.router,
        feed_router("programmes"),
    ],
    constraints=CONSTRAINTS,
    followers=followers,
    load=load,
)
