"""What people do, through the gateway, in the words of the journey. Every step must succeed."""

import itertools
import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx

_numbers = itertools.count(1)
PROGRAMME = "EX-BORDERS"
LINE = "EX-BORDERS-PD"
SOURCE = {"document": "mswia-eu-projects", "locator": "example"}
NIGHT_IN_GEORGIA = 295
"""EUR, EU list of 8 November 2024; the programme's contract was concluded in January 2025."""


async def done(asked: httpx.Response) -> Any:
    """The body of an answer that is no refusal."""
    assert asked.status_code < 300, asked.text
    return asked.json()


async def create(by: httpx.AsyncClient, path: str, **body: Any) -> Any:
    """POST something new."""
    headers = {"idempotency-key": f"journey-{next(_numbers)}"}
    return await done(await by.post(path, json=body, headers=headers))


async def act(by: httpx.AsyncClient, path: str, thing: Any, **body: Any) -> Any:
    """POST a step of something read before, in the version that was read."""
    headers = {"idempotency-key": f"journey-{next(_numbers)}", "if-match": thing["etag"]}
    return await done(await by.post(path, json=body or None, headers=headers))


async def get(by: httpx.AsyncClient, path: str, **query: Any) -> Any:
    """Read something."""
    return await done(await by.get(path, params=query))


async def open_programme(
    officer: httpx.AsyncClient, *, funds: str, abroad: str | None = "EU_EXTERNAL"
) -> None:
    """Register the programme with Moldova as partner and a line that pays per diems."""
    await create(
        officer, "/v1/organisations", code="MD-MIA", name="Ministry of Internal Affairs",
        type="ministry", country="MD",
    )  # fmt: skip
    await create(
        officer, "/v1/programmes", code=PROGRAMME, title="Example of a programme",
        kind="programme", status="active", contract_concluded_on="2025-01-15",
        rulesets={"domestic": "PL_DOMESTIC", "abroad": abroad},
    )  # fmt: skip
    await create(
        officer, f"/v1/programmes/{PROGRAMME}/partners", organisation="MD-MIA",
        role="beneficiary_institution",
    )  # fmt: skip
    await create(
        officer, f"/v1/programmes/{PROGRAMME}/budget-lines", code=LINE, title="Per diems",
        category="per_diem", amount={"amount": funds, "currency": "EUR"}, synthetic=True,
    )  # fmt: skip


async def pin_rulesets(officer: httpx.AsyncClient, **rulesets: str) -> Any:
    """Pin the rules that bind travel."""
    path = f"/v1/programmes/{PROGRAMME}"
    headers = {
        "if-match": (await officer.get(path)).headers["etag"],
        "content-type": "application/merge-patch+json",
    }
    body = json.dumps({"rulesets": {"domestic": "PL_DOMESTIC", **rulesets}})
    return await done(await officer.patch(path, content=body, headers=headers))


async def raise_line(officer: httpx.AsyncClient, amount: str) -> Any:
    """Give the line more money."""
    path = f"/v1/programmes/{PROGRAMME}/budget-lines/{LINE}/raises"
    return await create(officer, path, amount={"amount": amount, "currency": "EUR"})


async def line(officer: httpx.AsyncClient) -> Any:
    """The budget line as the overview of the programme shows it."""
    overview = await get(officer, f"/v1/programmes/{PROGRAMME}/overview")
    return next(each for each in overview["budget_lines"] if each["code"] == LINE)


async def plan_event(
    officer: httpx.AsyncClient, *, capacity: int = 2, begins: date = date(2026, 5, 11)
) -> Any:
    """Plan a workshop of three nights in Tbilisi and take nominations for it."""
    ends = begins + timedelta(days=3)
    event = await create(
        officer, "/v1/events", reference=f"EX-{next(_numbers)}", programme_code=PROGRAMME,
        kind="workshop", title="Example of a workshop", capacity=capacity, host="PL-MOI",
        dates={"from": str(begins), "to": str(ends), "precision": "day"},
        place={"city": "Tbilisi", "country": "GE", "precision": "city"},
        travel={"departs_at": f"{begins}T08:00:00+04:00", "returns_at": f"{ends}T20:00:00+04:00"},
        synthetic=True,
    )  # fmt: skip
    for status in ("announced", "nominations_open"):
        event = await act(officer, f"/v1/events/{event['id']}/transitions", event, to=status)
    return event


async def register_person(officer: httpx.AsyncClient) -> Any:
    """Register somebody whom the Moldovan ministry sends."""
    return await create(
        officer, "/v1/persons", role="participant", organisation="MD-MIA", country="MD",
        synthetic=True,
    )  # fmt: skip


async def nominate(ministry: httpx.AsyncClient, event: Any, person: Any | None = None) -> Any:
    """Nominate somebody and stand behind it, as the ministry."""
    nomination = await create(
        ministry, "/v1/nominations", event_id=event["id"],
        participant_id=person["id"] if person else str(uuid4()),
    )  # fmt: skip
    return await act(ministry, f"/v1/nominations/{nomination['id']}/endorsement", nomination)


async def seat(officer: httpx.AsyncClient, nomination: Any) -> Any:
    """Accept and confirm, as host."""
    path = f"/v1/nominations/{nomination['id']}"
    accepted = await act(officer, f"{path}/acceptance", nomination)
    return await act(officer, f"{path}/confirmation", accepted)


async def trips(by: httpx.AsyncClient) -> list[Any]:
    """Every trip of the programme that the caller sees."""
    return (await get(by, "/v1/trips", programme=PROGRAMME))["items"]


async def trip_of(by: httpx.AsyncClient, nomination: Any) -> Any:
    """The one trip of a nomination."""
    found = [each for each in await trips(by) if each["nomination_id"] == nomination["id"]]
    assert len(found) == 1
    return found[0]
