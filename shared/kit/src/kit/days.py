"""The civil day where the operator of Entente is: what "today" means in a rule."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

HOME_ZONE: Final = ZoneInfo("Europe/Warsaw")


def home_day(instant: datetime) -> date:
    """Return the civil day of an instant in Europe/Warsaw."""
    return instant.astimezone(HOME_ZONE).date()
