"""Rate sets over HTTP: imported as drafts, published for good, corrected by a new version."""

import pytest
from people_and_trips import MINISTRY, OFFICER, changes, prepare

HEAD = "country,place,currency,allowance,lodging_limit,source,confidence"
ROWS = f"{HEAD}\nDE,,EUR,49.00,180.00,Dz.U.,official\n*,,EUR,41.00,140.00,Dz.U.,official\n"
DRAFT = {
    "code": "PL-FOR-2022-B",
    "scheme": "PL_FOREIGN",
    "title": "Annex, corrected",
    "legal_reference": "Dz.U. 2022 poz. 2302",
    "effective_from": "2022-11-29",
    "completeness": "complete",
    "source": "Dziennik Ustaw",
    "corrects": "PL-FOR-2022",
    "rates_csv": ROWS,
}
PATH = "/v1/rate-sets"
# Longer than a key of an index, however well it is packed.
UNPACKABLE = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(4_000))
TRIP = {
    "ruleset": "PL_FOREIGN",
    "country": "DE",
    "departs_at": "2024-06-10T06:00:00+02:00",
    "returns_at": "2024-06-11T22:00:00+02:00",
    "nights": [{"on": "2024-06-10", "kind": "lump_sum"}],
}


@pytest.fixture
async def officer(ask, unit):
    await prepare(unit)

    async def asking(method, path, body=None, match=None, caller=OFFICER):
        return await ask(caller, method, path, body=body, match=match)

    return asking


async def lodging(officer):
    found = (await officer("POST", "/v1/per-diem/simulations", TRIP)).json()
    (line,) = (line for line in found["lines"] if line["kind"] == "lodging")
    return line["amount"]["amount"], found["rates"][0]["rate_set"]


async def test_correction_when_published_then_used_and_the_former_superseded(officer):
    before = await lodging(officer)
    draft = await officer("POST", PATH, DRAFT)
    assert (draft.status_code, draft.json()["status"]) == (201, "draft")
    assert await lodging(officer) == before == ("42.50", "PL-FOR-2022")
    stale = await officer("POST", f"{PATH}/PL-FOR-2022-B/publication", match='"v9"')
    assert stale.status_code == 412
    published = await officer("POST", f"{PATH}/PL-FOR-2022-B/publication", match='"v1"')
    assert (published.status_code, published.json()["status"]) == (201, "published")
    assert published.json()["checksum"] != draft.json()["checksum"]
    assert published.json()["published_at"]
    assert await lodging(officer) == ("45.00", "PL-FOR-2022-B")
    former = (await officer("GET", f"{PATH}/PL-FOR-2022")).json()["rate_set"]
    assert (former["status"], former["corrects"]) == ("superseded", None)
    again = await officer("POST", f"{PATH}/PL-FOR-2022-B/publication", match='"v2"')
    assert (again.status_code, again.json()["code"]) == (409, "participants.rate_set_cannot_move")
    affected = await officer("GET", f"{PATH}/PL-FOR-2022/calculations")
    assert affected.json() == {"items": []}


@pytest.mark.parametrize(
    ("change", "status", "pointers"),
    [
        ({"code": "PL-FOR-2022"}, 409, []),
        ({"scheme": "PL_MARS"}, 400, ["/scheme", "/corrects"]),
        ({"corrects": "NOWHERE"}, 404, []),
        ({"rates_csv": "a,b\n1,2\n"}, 400, ["/rates_csv"]),
        ({"rates_csv": f"{HEAD}\n"}, 400, ["/rates_csv"]),
        ({"rates_csv": f"{HEAD}\nDE,,EUR,-1,2,s,c\n"}, 400, ["/rates_csv"]),
        (
            {"rates_csv": f"{HEAD}\nde,,EUR,1.005,x,,c\nDE,,e,1,1,s,c\nDE,,EUR\n"},
            400,
            ["/rates_csv"] * 6,
        ),
        ({"rates_csv": f"{HEAD}\nDE,{'a' * 140_000},EUR,1,2,s,c\n"}, 400, ["/rates_csv"]),
        ({"rates_csv": f"{HEAD}\nDE,{UNPACKABLE},EUR,1,2,s,c\n"}, 400, ["/rates_csv"]),
        ({"rates_csv": f"{HEAD}\nDE,a\u202eb,EUR,1,2,s,c\n"}, 400, ["/rates_csv"]),
        ({"rates_csv": f"{HEAD}\nDE,,EUR,\u0664,2,s,c\n"}, 400, ["/rates_csv"]),
        ({"rates_csv": f"{HEAD},place\nDE,,EUR,1,2,s,c,x\n"}, 400, ["/rates_csv"]),
        ({"rates_csv": f"{HEAD},parts\nDE,,EUR,1,2,s,c,a=1;a=2\n"}, 400, ["/rates_csv"]),
        ({"rates_csv": f"{HEAD},valid_from\nDE,,EUR,1,2,s,c,2026-W01-1\n"}, 400, ["/rates_csv"]),
    ],
)
async def test_import_when_something_is_wrong_then_all_is_told_and_nothing_written(
    officer, unit, change, status, pointers
):
    before = await changes(unit)
    answer = await officer("POST", PATH, DRAFT | change)
    assert answer.status_code == status, answer.text
    assert [each["pointer"] for each in answer.json().get("errors") or []] == pointers
    assert await changes(unit) == before


async def test_draft_when_it_has_no_first_day_then_cannot_be_published(officer):
    undated = DRAFT | {"effective_from": None, "corrects": None, "code": "PL-FOR-DRAFT"}
    assert (await officer("POST", PATH, undated)).status_code == 201
    answer = await officer("POST", f"{PATH}/PL-FOR-DRAFT/publication", match='"v1"')
    assert answer.json()["errors"][0]["pointer"] == "/effective_from"


async def test_import_when_the_caller_may_only_read_then_refused(officer):
    assert (await officer("POST", PATH, DRAFT, caller=MINISTRY)).status_code == 403
    answer = await officer("GET", f"{PATH}/NOWHERE/calculations", caller=MINISTRY)
    assert answer.status_code == 404


async def test_foreign_simulation_when_legs_and_stays_then_explained_with_choices(officer):
    body = TRIP | {
        "zone": "Europe/Warsaw",
        "place": "Berlin",
        "abroad": {
            "leaves": {"at": "2024-06-10T10:00:00+02:00", "way": "air"},
            "enters": {"at": "2024-06-11T18:00:00+02:00", "way": "land"},
            "stays": [{"country": "DE", "place": "Berlin", "transfers": "both"}],
        },
        "meals": [{"on": "2024-06-11", "provided": ["breakfast"]}],
        "local_transport": "lump_sum",
        "programme": {"exchange_rule": "nbp_day_before"},
    }
    answer = await officer("POST", "/v1/per-diem/simulations", body)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["totals"] == [
        {"amount": "159.28", "currency": "EUR"},
        {"amount": "0.00", "currency": "PLN"},
    ]
    chosen = {each["name"]: each["value"] for each in found["choices"]}
    assert chosen["exchange_rule"] == "nbp_day_before"
    assert chosen["domestic_legs"] == "separate"


async def test_foreign_simulation_when_a_border_time_does_not_exist_then_named(officer):
    body = TRIP | {
        "departs_at": "2024-03-30T06:00:00+01:00",
        "returns_at": "2024-04-01T06:00:00+02:00",
        "zone": "Europe/Warsaw",
        "nights": [],
        "abroad": {
            "leaves": {"at": "2024-03-31T02:30:00+01:00"},
            "enters": {"at": "2024-04-02T02:30:00+02:00"},
        },
    }
    answer = await officer("POST", "/v1/per-diem/simulations", body)
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/abroad/leaves/at", "local_time_does_not_exist"),
        ("/abroad/enters/at", "crossing_outside_trip"),
    ]


@pytest.mark.parametrize(
    ("body", "amount"),
    [
        ({"ruleset": "US_GSA", "country": "US"}, "235.00"),
        (
            {
                "ruleset": "ERASMUS_DISTANCE",
                "country": "MD",
                "distance": {"kilometres": 700, "green": True},
                "programme": {"call_opened_on": "2022-02-01"},
            },
            "320.00",
        ),
        (
            {
                "ruleset": "TWINNING",
                "country": "MD",
                "contract": {"concluded_on": "2024-12-01"},
                "expert": {"daily_fee": "350.00", "working_days": 3},
            },
            None,
        ),
    ],
)
async def test_simulation_when_other_rulesets_then_each_computes(officer, body, amount):
    times = {"departs_at": "2026-03-10T08:00:00+01:00", "returns_at": "2026-03-11T18:00:00+01:00"}
    if body["ruleset"] == "TWINNING":
        times["returns_at"] = "2026-03-12T18:00:00+01:00"
    answer = await officer("POST", "/v1/per-diem/simulations", body | times)
    assert answer.status_code == 200, answer.text
    if amount and body["ruleset"] != "US_GSA":
        assert answer.json()["totals"][0]["amount"] == amount
