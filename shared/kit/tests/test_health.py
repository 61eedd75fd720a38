"""What a process says of itself."""

from collections.abc import Mapping
from typing import Any

from kit.health import Health


async def test_parked_when_another_process_replayed_then_the_database_is_believed() -> None:
    async def look() -> Mapping[str, Any]:
        return {"follows_shop": {"position": 7, "parked": 0}}

    def remembered() -> Mapping[str, Any]:
        return {"position": 7, "lag": 0, "parked": 2, "error": None}

    health = Health(look=look, details={"follows_shop": remembered, "other": dict})
    ready, said = await health.ready()
    assert ready
    assert said["follows_shop"] == {"position": 7, "lag": 0, "parked": 0, "error": None}
    assert said["other"] == {}
