"""Per diems computed without saving anything: no person, no trip, only facts and rules."""

from collections.abc import Sequence

from kit.db.unit import Unit
from kit.errors import Violation
from participants.domain.choices import Pin
from participants.domain.per_diem import TripFacts
from participants.domain.result_text import result_json
from participants.domain.rulesets import checked, ruleset_of
from participants.queries import rate_books


async def simulate(
    unit: Unit, code: str, facts: TripFacts, pin: Pin, found: Sequence[Violation]
) -> bytes:
    """Return the explained result as canonical JSON, in UTF-8.

    Refused: NoSuchRuleset; TripFactsRefused with every violation, `found` among them.
    """
    ruleset = ruleset_of(code)
    book = await rate_books.book(unit, ruleset.schemes, ruleset.countries(facts))
    chosen = checked(ruleset, facts, pin, book, list(found))
    return result_json(ruleset.compute(facts, pin, chosen))
