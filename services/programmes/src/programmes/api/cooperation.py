"""Every router of cooperation; they come before the registers, whose paths are wider."""

from typing import Final

from programmes.api import (
    action_plans,
    components,
    governance,
    indicators,
    participation,
    results,
    topics,
)

ROUTERS: Final = (
    topics.router,
    components.router,
    governance.router,
    participation.router,
    action_plans.router,
    indicators.router,
    results.router,
)
