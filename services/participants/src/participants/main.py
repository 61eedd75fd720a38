"""The participants service put together; imported by nobody but `__main__`, tools and tests."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Final

from contracts.programmes.facts import (
    BudgetLineOpened,
    BudgetLineRaised,
    FundsCommitted,
    FundsRefused,
    ProgrammeChanged,
)
from contracts.training.facts import SeatConfirmed, SeatReleased
from kit.auth import TokenSigner
from kit.db.unit import Unit
from kit.facts import Fact
from kit.feed.follow import Follower, Handler, HttpFeedSource
from kit.feed.serve import feed_router
from kit.http import Upstream
from kit.service import Service
from participants.api import per_diems, persons, totals, trips
from participants.config import Config
from participants.consumers.programmes import (
    on_budget_line_opened,
    on_budget_line_raised,
    on_funds_committed,
    on_funds_refused,
    on_programme_changed,
)
from participants.consumers.training import on_seat_confirmed, on_seat_released
from participants.load import load
from participants.storage.constraints import CONSTRAINTS

_OF_TRAINING: Final[Mapping[type[Fact], Handler]] = {
    SeatConfirmed: on_seat_confirmed,
    SeatReleased: on_seat_released,
}
_OF_PROGRAMMES: Final[Mapping[type[Fact], Handler]] = {
    ProgrammeChanged: on_programme_changed,
    FundsCommitted: on_funds_committed,
    FundsRefused: on_funds_refused,
    BudgetLineRaised: on_budget_line_raised,
    BudgetLineOpened: on_budget_line_opened,
}


async def followers(config: Config, unit: Unit, stack: AsyncExitStack) -> Sequence[Follower]:
    """Follow training, whose seats become trips, and programmes, which have rules and money."""
    signer = TokenSigner.from_file(config.key_file)
    found = []
    for name, url, handlers in (
        ("programmes", config.programmes_url, _OF_PROGRAMMES),
        ("training", config.training_url, _OF_TRAINING),
    ):
        upstream = Upstream(name, url)
        stack.push_async_callback(upstream.close)
        client = await stack.enter_async_context(upstream.client())
        source = HttpFeedSource(name, client, signer, unit.clock)
        found.append(Follower(source, unit, handlers))
    return found


SERVICE: Final = Service(
    package="participants",
    description="Persons under pseudonyms, trips, and per diems explained line by line.",
    config=Config,
    routers=[
        persons.router,
        trips.router,
        per_diems.router,
        totals.router,
        feed_router("participants"),
    ],
    constraints=CONSTRAINTS,
    followers=followers,
    load=load,
)
