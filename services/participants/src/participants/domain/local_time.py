"""Local time as people write it: an offset that does not belong to the zone is a mistake."""

from datetime import datetime
from zoneinfo import ZoneInfo

from kit.errors import Violation


def zone_violations(pointer: str, when: datetime, zone: ZoneInfo) -> list[Violation]:
    """List what is wrong with an instant written in `zone`.

    At the spring clock change an hour of local time does not exist; at the autumn one an hour
    happens twice, and only the offset tells which.
    """
    if when.astimezone(zone).utcoffset() == when.utcoffset():
        return []
    written = when.replace(tzinfo=None)
    possible = [written.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    real = [each for each in possible if _exists(each, zone)]
    if not real:
        message = f"{written} does not exist in {zone.key}: the clocks are put forward."
        return [Violation(pointer, "local_time_does_not_exist", message)]
    if all(each.utcoffset() != when.utcoffset() for each in real):
        message = f"The offset is not that of {zone.key} at this time."
        return [Violation(pointer, "offset_disagrees_with_zone", message)]
    return []


def _exists(local: datetime, zone: ZoneInfo) -> bool:
    instant = datetime.fromtimestamp(local.timestamp(), zone)
    return instant.replace(tzinfo=None) == local.replace(tzinfo=None)
