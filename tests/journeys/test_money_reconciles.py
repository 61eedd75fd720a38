"""What participants certify and pay, programmes commit and spend: to the cent, at any time."""

from datetime import date
from decimal import Decimal

from . import steps

NIGHTS = Decimal(3 * steps.NIGHT_IN_GEORGIA)


async def travelled(world, people):
    """Have some people back from a workshop whose per diems are committed."""
    await steps.open_programme(world.officer, funds="5000.00")
    await world.settle()
    event = await steps.plan_event(world.officer, begins=date(2026, 2, 9), capacity=people)
    for _ in range(people):
        await steps.seat(world.officer, await steps.nominate(world.ministry, event))
    await world.settle()
    return await steps.trips(world.officer)


async def claimed(world, trip, *decisions):
    """Have the whole per diem of a trip claimed, three nights, and decided about."""
    claim = await steps.create(world.officer, "/v1/claims", trip_id=trip["id"])
    assert Decimal(claim["declared"]) == NIGHTS
    path = f"/v1/claims/{claim['id']}"
    approver = world.callers["approver"]
    taken = await steps.act(approver, f"{path}/check", claim, override=None)
    decided = [{"number": number, **each} for number, each in enumerate(decisions, start=1)]
    return await steps.act(approver, f"{path}/decision", taken, items=decided)


async def paid(world, claim):
    """Have a claim settled and paid in cash."""
    payer = world.callers["payer"]
    settlement = await steps.create(payer, "/v1/settlements", claim_id=claim["id"], payer="PL-MOI")
    path = f"/v1/settlements/{settlement['id']}/payment"
    await steps.act(payer, path, settlement, paid_on="2026-03-02", in_cash=True)


async def books(world):
    """What both services say: certified and paid here, committed and spent there."""
    await world.settle()
    path = f"/v1/views/programmes/{steps.PROGRAMME}"
    (here,) = (await steps.get(world.officer, path))["participants"]["per_diem"]
    there = await steps.line(world.officer)
    return tuple(
        Decimal(amount)
        for amount in (here["certified"], here["paid"], there["committed"], there["spent"])
    )


async def test_claims_when_certified_parked_rejected_and_paid_then_both_services_agree(world):
    whole, some, none = await travelled(world, 3)
    assert await books(world) == (0, 0, 3 * NIGHTS, 0)
    yes, no = {"certified": "295.00"}, {"certified": "0.00", "deducted": "295.00"}
    later = {"certified": "210.00", "parked": "85.00", "reason": "awaits_document"}
    first = await claimed(world, whole, yes, yes, yes)
    second = await claimed(world, some, later, yes, yes)
    await claimed(world, none, *[no | {"reason": "not_eligible"}] * 3)
    assert await books(world) == (NIGHTS + 800, 0, 2 * NIGHTS, 0)
    await paid(world, first)
    await paid(world, second)
    assert await books(world) == (NIGHTS + 800, NIGHTS + 800, 85, NIGHTS + 800)

    second = await steps.get(world.officer, f"/v1/claims/{second['id']}")
    item = {"number": 1, "certified": "50.00", "deducted": "35.00", "reason": "document_received"}
    path = f"/v1/claims/{second['id']}/parked-decision"
    resolved = await steps.act(world.callers["verifier"], path, second, items=[item])
    assert await books(world) == (NIGHTS + 850, NIGHTS + 800, 50, NIGHTS + 800)
    await paid(world, resolved)
    assert await books(world) == (NIGHTS + 850, NIGHTS + 850, 0, NIGHTS + 850)
    states = {trip["id"]: trip["state"] for trip in await steps.trips(world.officer)}
    assert [states[trip["id"]] for trip in (whole, some, none)] == [
        "settled", "settled", "returned",
    ]  # fmt: skip
