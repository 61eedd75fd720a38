"""The journey's end: what a traveller claims is certified, paid, and spent on the budget line."""

from datetime import date

from . import steps

NIGHTS = 3 * steps.NIGHT_IN_GEORGIA


async def travelled(world):
    """Have somebody back from a workshop whose per diem is committed."""
    await steps.open_programme(world.officer, funds="1000.00")
    await world.settle()
    event = await steps.plan_event(world.officer, begins=date(2026, 2, 9))
    nomination = await steps.nominate(world.ministry, event)
    await steps.seat(world.officer, nomination)
    await world.settle()
    return await steps.trip_of(world.officer, nomination)


async def test_claim_when_certified_and_paid_then_is_spent_and_the_rest_is_free(world):
    trip = await travelled(world)
    assert (await steps.line(world.officer))["committed"] == f"{NIGHTS}.00"
    item = {"day": "2026-02-10", "kind": "subsistence", "amount": "800.00"}
    claim = await steps.create(
        world.officer, "/v1/claims", trip_id=trip["id"], currency="EUR", items=[item]
    )
    path = f"/v1/claims/{claim['id']}"
    approver, payer = world.callers["approver"], world.callers["payer"]
    taken = await steps.act(approver, f"{path}/check", claim, override=None)
    decided = {"number": 1, "certified": "700.00", "deducted": "100.00", "reason": "over_limit"}
    await steps.act(approver, f"{path}/decision", taken, items=[decided])
    await world.settle()
    certified = await steps.line(world.officer)
    assert (certified["committed"], certified["spent"]) == ("700.00", "0.00")

    settlement = await steps.create(payer, "/v1/settlements", claim_id=claim["id"], payer="PL-MOI")
    await steps.act(
        payer, f"/v1/settlements/{settlement['id']}/payment", settlement,
        paid_on="2026-03-02", in_cash=True,
    )  # fmt: skip
    await world.settle()
    paid = await steps.line(world.officer)
    assert (paid["committed"], paid["spent"]) == ("0.00", "700.00")
    booked = await steps.get(world.officer, f"/v1/programmes/{steps.PROGRAMME}/claims")
    assert [each["state"] for each in booked["items"]] == ["spent"]
