"""The programmes contract: client and fake answer alike, facts keep their shape."""

import json
from decimal import Decimal
from importlib import resources
from uuid import uuid4

import make_programmes as make
import pytest

from contracts.programmes.client import ProgrammesClient
from contracts.programmes.facts import FACTS, Rulesets
from contracts.programmes.fake import FakeProgrammes
from contracts.programmes.models import BudgetLine, FuzzyDate, Overview, Programme, Source
from kit.errors import Kind
from kit.http import RemoteError
from kit.testing.cluster import Schema
from programmes.main import SERVICE

SNAPSHOT = resources.files("contracts.programmes") / "facts.schema.json"
UNKNOWN = FuzzyDate(from_=None, to=None, precision="unknown", text=None, edtf="XXXX")


@pytest.fixture(scope="session")
def schema():
    return Schema("programmes", "programmes", SERVICE.constraints)


@pytest.fixture(scope="session")
def app():
    return SERVICE.app()


@pytest.fixture
async def real(unit, client, signed):
    """The real application over the database of the test, with one programme and one line."""
    client.headers.update(signed(make.OFFICER))
    await make.programme(unit)
    await make.line(unit)
    return ProgrammesClient(client)


@pytest.fixture
def fake():
    """The fake with the same programme."""
    programmes = FakeProgrammes()
    programme = Programme(
        code="P-1", title="Programme P-1", kind="project", status="approved", start=UNKNOWN,
        end=UNKNOWN, rulesets=Rulesets(domestic=None, abroad=None), contract_concluded_on=None,
        per_diem_budget_line="PER-DIEM", version=2,
    )  # fmt: skip
    line = BudgetLine(
        code="PER-DIEM", amount=Decimal("1000.00"), committed=Decimal("0.00"),
        available=Decimal("1000.00"), currency="EUR", synthetic=True,
    )  # fmt: skip
    source = Source(**{name: getattr(make.SOURCE, name) for name in Source.model_fields})
    programmes.overviews["P-1"] = Overview(
        programme=programme, budget_figures=[], budget_lines=[line], source=source
    )
    return programmes


@pytest.fixture(params=["real", "fake"])
def programmes(request, real, fake):
    """A programmes service with programme P-1 and its line PER-DIEM of 1000 euro."""
    return {"real": real, "fake": fake}[request.param]


async def refused(call):
    with pytest.raises(RemoteError) as found:
        await call
    return found.value.refused_as, found.value.refusal


async def test_programme_when_read_then_has_what_readers_rely_on(programmes):
    programme = await programmes.programme("P-1")
    assert (programme.title, programme.status) == ("Programme P-1", "approved")
    assert (programme.start, programme.per_diem_budget_line) == (UNKNOWN, "PER-DIEM")
    assert (await programmes.overview("P-1")).programme == programme


async def test_overview_when_read_then_shows_lines_and_source(programmes):
    overview = await programmes.overview("P-1")
    (line,) = overview.budget_lines
    assert (line.code, line.available, line.currency) == ("PER-DIEM", Decimal("1000.00"), "EUR")
    assert overview.source.document == "mswia-eu-projects"


async def test_programme_when_unknown_then_is_refused(programmes):
    expected = (Kind.NOT_FOUND, "programmes.no_such_programme")
    assert await refused(programmes.programme("NO-SUCH")) == expected
    assert await refused(programmes.overview("NO-SUCH")) == expected


async def test_raise_when_repeated_with_its_key_then_counts_once(programmes):
    key = str(uuid4())
    raised = await programmes.raise_budget_line("P-1", "PER-DIEM", Decimal("5.50"), "EUR", key=key)
    assert (raised.amount, raised.available) == (Decimal("1005.50"), Decimal("1005.50"))
    again = await programmes.raise_budget_line("P-1", "PER-DIEM", Decimal("5.50"), "EUR", key=key)
    assert again == raised
    assert (await programmes.overview("P-1")).budget_lines == [raised]


@pytest.mark.parametrize(
    ("code", "line", "currency", "expected"),
    [
        ("P-1", "NONE", "EUR", (Kind.NOT_FOUND, "programmes.no_such_budget_line")),
        ("NO-SUCH", "PER-DIEM", "EUR", (Kind.NOT_FOUND, "programmes.no_such_budget_line")),
        ("P-1", "PER-DIEM", "PLN", (Kind.CONFLICT, "kit.currencies_differ")),
    ],
)
async def test_raise_when_it_cannot_be_then_is_refused(programmes, code, line, currency, expected):
    call = programmes.raise_budget_line(code, line, Decimal("1.00"), currency, key=str(uuid4()))
    assert await refused(call) == expected


def test_facts_when_compared_with_the_snapshot_then_have_the_shape_followers_know():
    shapes = {fact.type: fact.model_json_schema() for fact in FACTS}
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == shapes
