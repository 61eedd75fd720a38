"""Settlements published elsewhere, as an outsider would send them: bodies of simulations.

`expected` is what the rules give; where `published` stands beside it, the publisher says otherwise
and `why` names the rule that decides. Facts and amounts only; each line names its source.
"""

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from domain.trips import rate, rate_set

from participants.api.simulation import Simulation
from participants.domain.errors import TripFactsRefused
from participants.domain.rates import RateBook
from participants.domain.rulesets import checked, ruleset_of
from participants.load import rate_sets, rates

FILE = Path(__file__).parent / "settlements.jsonl"
SETTLEMENTS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


HELD = RateBook(tuple(rate_sets()), tuple(rates()))


def american(tier):
    """Return a book of one tier of meals and incidentals, of a year that is not loaded."""
    begins, code = date(2025, 10, 1), "US-GSA-OTHER"
    parts = tuple((name, Decimal(tier[name])) for name in tier if name != "allowance")
    row = rate(code, "US", tier["allowance"], begins, currency="USD", parts=parts)
    return RateBook((rate_set("US_GSA", code, begins),), (row,))


def outcome(settlement, book):
    body = Simulation.model_validate_json(json.dumps(settlement["body"]))
    ruleset = ruleset_of(body.ruleset)
    facts, pin = body.facts(), body.pin()
    sets = tuple(each for each in book.sets if each.scheme in ruleset.schemes)
    try:
        rows = checked(ruleset, facts, pin, RateBook(sets, book.rates), body.time_violations())
    except TripFactsRefused as error:
        return {"refused": [violation.code for violation in error.errors]}
    result = ruleset.compute(facts, pin, rows)
    found = defaultdict(lambda: defaultdict(Decimal))
    for line in result.lines:
        found[line.kind.value][line.amount.currency] += line.amount.amount
    found["total"] = {total.currency: total.amount for total in result.totals}
    return {
        kind: {currency: str(amount) for currency, amount in amounts.items()}
        for kind, amounts in found.items()
    }


@pytest.mark.parametrize("settlement", SETTLEMENTS, ids=[each["id"] for each in SETTLEMENTS])
def test_published_settlement_when_simulated_then_gives_what_the_rule_says(settlement):
    book = american(settlement["rates"]) if "rates" in settlement else HELD
    found = outcome(settlement, book)
    assert {kind: found.get(kind) for kind in settlement["expected"]} == settlement["expected"]


def test_settlements_when_the_publisher_differs_then_the_reason_is_on_record():
    assert len({each["id"] for each in SETTLEMENTS}) == len(SETTLEMENTS)
    for each in SETTLEMENTS:
        assert each["source"].startswith("http")
        assert ("published" in each) is ("why" in each)
        assert each.get("published") != each["expected"]
