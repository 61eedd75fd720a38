"""Whatever commands do to lines, in any order: the totals they maintain are the sums of rows."""

import itertools
from contextlib import suppress
from datetime import date
from decimal import Decimal
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_sums import eur, proven, totals
from make_programmes import OFFICER, approved_budget, programme

from kit.errors import DomainError
from programmes.commands import budget_lines, budgets, claims, ledger
from programmes.domain.budget_line import COMMITMENT_AUDIENCE, FundsRequest
from programmes.domain.claim import Claim, Payment
from programmes.domain.ledger import EntryKind, Subject

CODES = ("A", "B")
KINDS = [kind for kind in EntryKind if kind is not EntryKind.ALLOTTED]
_numbers = itertools.count(1)


def cost(code, amount):
    money = {"amount": amount, "currency": "EUR"}
    return {
        "code": code,
        "title": code,
        "category": "travel",
        "model": "lump_sum",
        "amount": money,
    }


class Play:
    """One programme with two lines of an approved budget, and what may be done to it."""

    def __init__(self, unit):
        self.unit = unit

    async def book(self, who, line, amount, kind):
        subject = Subject("training", UUID(int=who))
        asked = ledger.Instruction(kind, subject, amount)
        await ledger.book_entry(self.unit, "P-1", line, asked, by=OFFICER)

    async def estimate(self, who, line, amount, _kind):
        request = FundsRequest(UUID(int=who), next(_numbers), "P-1", line, amount)
        await budget_lines.commit_funds(self.unit, request)

    async def cancel(self, who, _line, _amount, _kind):
        await budget_lines.release_funds(self.unit, UUID(int=who))

    async def certify(self, who, line, amount, kind):
        parked = amount.amount if kind is EntryKind.RESERVED else Decimal(0)
        await claims.certify_claim(self.unit, claim(who, line, amount, parked=parked))

    async def pay(self, who, line, amount, _kind):
        payment = Payment(UUID(int=next(_numbers)), amount.amount, date(2026, 3, 1))
        await claims.pay_claim(self.unit, claim(who, line, amount, payment=payment))

    async def raise_line(self, _who, line, amount, _kind):
        await budget_lines.raise_budget_line(self.unit, "P-1", line, amount, by=OFFICER)

    async def transfer(self, _who, line, amount, _kind):
        route = (line, CODES[line == CODES[0]])
        await budgets.transfer_funds(self.unit, "P-1", route, amount, "a test", by=OFFICER)


def claim(who, line, amount, **more):
    return Claim(
        id=UUID(int=100 + who),
        version=1,
        audience=COMMITMENT_AUDIENCE,
        trip_id=UUID(int=who),
        programme="P-1",
        line=line,
        revision=1,
        certified=amount,
        **more,
    )


MOVES = ["book", "estimate", "cancel", "certify", "pay", "raise_line", "transfer"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(MOVES),
        st.integers(1, 3),
        st.sampled_from(CODES),
        st.integers(0, 6000).map(lambda cents: eur(Decimal(cents) / 100)),
        st.sampled_from(KINDS),
    ),
    min_size=3,
    max_size=12,
)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
async def test_totals_when_any_commands_ran_in_any_order_then_are_the_sums_of_the_rows(unit, steps):
    class Undone(Exception):
        """Take back what an example wrote, so that the next begins anew."""

    with suppress(Undone):
        async with unit.begin():
            await _played(unit, steps)
            raise Undone


async def _played(unit, steps):
    await programme(unit)
    amounts = [cost("A", "60.00"), cost("B", "40.00")]
    await approved_budget(unit, amounts, total="100.00", line_tolerance="10")
    play = Play(unit)
    for move, who, line, amount, kind in steps:
        with suppress(DomainError):
            await getattr(play, move)(who, line, amount, kind)
    assert await proven(unit)
    for code in CODES:
        amount, *bound = (await totals(unit, code))[:4]
        assert sum(bound) <= amount * Decimal("1.1")
