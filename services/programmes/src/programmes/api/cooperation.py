"""Every router of cooperation; they come before the registers, whose paths are wider."""

from typing import Final

from programmes.api import components, governance, participation, topics

ROUTERS: Final = (topics.router, components.router, governance.router, participation.router)
