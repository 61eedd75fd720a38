"""A service that is down stops nobody else, and catches up when it returns."""

from . import steps


async def test_service_when_its_neighbour_is_down_goes_on_and_catches_up(world):
    await steps.open_programme(world.officer, funds="1000.00")
    await world.settle()
    event = await steps.plan_event(world.officer)
    world.cut("participants")

    nomination = await steps.nominate(world.ministry, event)
    confirmed = await steps.seat(world.officer, nomination)
    assert confirmed["status"] == "confirmed"
    await world.settle()
    refused = await world.officer.get("/v1/trips")
    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["entente-error-origin"] == "gateway"

    world.cut("participants", down=False)
    await world.settle()
    assert (await steps.trip_of(world.officer, nomination))["state"] == "funded"


async def test_trip_when_programmes_is_down_waits_for_its_funds(world):
    await steps.open_programme(world.officer, funds="1000.00")
    await world.settle()
    event = await steps.plan_event(world.officer)
    nomination = await steps.nominate(world.ministry, event)
    await steps.seat(world.officer, nomination)
    world.cut("programmes")
    await world.settle()
    assert (await steps.trip_of(world.officer, nomination))["state"] == "estimated"

    world.cut("programmes", down=False)
    await world.settle()
    assert (await steps.trip_of(world.officer, nomination))["state"] == "funded"


async def test_view_when_a_part_is_down_fails_naming_it_or_is_partial_when_asked(world):
    await steps.open_programme(world.officer, funds="1000.00")
    await world.settle()
    path = f"/v1/views/programmes/{steps.PROGRAMME}"
    whole = await steps.get(world.officer, path)
    assert (whole["complete"], whole["unavailable"]) == (True, [])

    world.cut("training")
    refused = await world.officer.get(path)
    assert refused.status_code == 503
    assert "training" in refused.json()["detail"]

    partial = await world.officer.get(path, params={"partial": "true"})
    body = partial.json()
    assert partial.status_code == 200
    assert (body["training"], body["unavailable"]) == (None, ["training"])
    assert (body["complete"], body["programme"]) == (False, whole["programme"])
    assert "etag" not in partial.headers
    assert partial.headers["cache-control"] == "no-store"
