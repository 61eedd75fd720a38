"""Combined reads for frontends and ministries, one file each."""

from typing import Final

from gateway.compose import View
from gateway.views.portfolio import PORTFOLIO
from gateway.views.programme_overview import PROGRAMME_OVERVIEW

VIEWS: Final[tuple[View, ...]] = (PROGRAMME_OVERVIEW, PORTFOLIO)
