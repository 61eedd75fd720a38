"""Commands about money at the same moment: each has one winner, and the books still add up.

Every race has lines of its own in one database, in which commits are real.
"""

import asyncio
from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID

from ledger_sums import eur, proven, totals
from make_programmes import APPROVER, OFFICER, SOURCE, count, draft, line, organisation, programme

from kit.errors import DomainError, StaleVersion
from kit.testing.patience import served
from programmes.commands import budget_lines, budgets, claims, funding, ledger, rates
from programmes.domain import errors
from programmes.domain.budget_line import COMMITMENT_AUDIENCE
from programmes.domain.claim import Claim, ClaimNotWaiting, ClaimState, Payment
from programmes.domain.costing import LineCodeTwice, StatedLine
from programmes.domain.exchange_rates import Occasion, Publisher, Rate, RateRule, RateTerms
from programmes.domain.financing import FundingKind, FundingSource, FundingSourceDuplicate
from programmes.domain.ledger import EntryKind, LedgerExceeded, Subject
from programmes.domain.moves import IllegalMove
from programmes.domain.rate_terms import ContractTerms, RateChanged
from programmes.storage import tables, tables_money

DAY = date(2015, 1, 1)
COST = {
    "title": "Travel",
    "category": "travel",
    "model": "lump_sum",
    "amount": {"amount": "1000.00", "currency": "EUR"},
}


async def at_once(*sends):
    """Send commands together; return what they gave, refusals among it."""
    done = await asyncio.gather(*map(served, sends), return_exceptions=True)
    assert all(isinstance(each, DomainError) for each in done if isinstance(each, BaseException))
    return done


def refused(done, *kinds):
    return sum(isinstance(each, kinds) for each in done)


def claim(number, line_code, **more):
    return Claim(
        id=UUID(int=number),
        version=1,
        audience=COMMITMENT_AUDIENCE,
        trip_id=UUID(int=100 + number),
        programme="P-1",
        line=line_code,
        revision=1,
        certified=eur("60.00"),
        **more,
    )


async def race_for_a_line_code(unit):
    done = await at_once(*[partial(line, unit, code="ONCE")] * 3)
    assert refused(done, errors.BudgetLineTaken) == 2


async def race_for_budget_numbers(unit):
    drafts = await at_once(*[partial(draft, unit, [COST | {"code": "BUDGETED"}])] * 3)
    assert sorted(each.number for each in drafts) == [1, 2, 3]
    approvals = [
        partial(budgets.approve_budget, unit, "P-1", number, DAY, expected=1, by=APPROVER)
        for number in (1, 1, 2)
    ]
    done = await at_once(*approvals)
    assert refused(done, StaleVersion, IllegalMove) == 1
    assert await count(unit, tables_money.budget_cost) == 3


async def race_for_what_is_committed(unit):
    await line(unit, code="BOOKED", amount="100.00")
    subject = Subject("training", UUID(int=5))
    asked = ledger.Instruction(EntryKind.COMMITTED, subject, eur("40.00"))
    booking = [
        partial(ledger.book_entry, unit, "P-1", "BOOKED", asked, by=OFFICER) for _ in range(4)
    ]
    assert refused(await at_once(*booking), errors.BudgetExceeded) == 2
    freed = ledger.Instruction(EntryKind.RELEASED, subject, eur("80.00"))
    freeing = [
        partial(ledger.book_entry, unit, "P-1", "BOOKED", freed, by=OFFICER) for _ in range(3)
    ]
    assert refused(await at_once(*freeing), LedgerExceeded) == 2


async def race_to_raise(unit):
    await line(unit, code="RAISED", amount="1.00")
    raises = [
        partial(budget_lines.raise_budget_line, unit, "P-1", "RAISED", eur("1.00"), by=OFFICER)
        for _ in range(5)
    ]
    await at_once(*raises)
    assert (await totals(unit, "RAISED"))[0] == Decimal("6.00")


async def race_to_transfer_what_is_there_once(unit):
    costs = [COST | {"code": code} for code in ("GIVER", "TAKER")]
    made = await draft(unit, costs, "2000.00")
    await budgets.approve_budget(unit, "P-1", made.number, DAY, expected=1, by=APPROVER)
    transfers = [
        partial(
            budgets.transfer_funds, unit, "P-1", ("GIVER", "TAKER"), eur("600.00"), "x", by=OFFICER
        )
        for _ in range(3)
    ]
    assert refused(await at_once(*transfers), errors.BudgetExceeded) == 2
    assert (await totals(unit, "TAKER"))[0] == Decimal("1600.00")


async def race_to_pay_and_to_book_a_claim(unit):
    await line(unit, code="CLAIMED", amount="100.00")
    same = [partial(claims.certify_claim, unit, claim(1, "CLAIMED")) for _ in range(3)]
    await at_once(*same)
    paid = Payment(UUID(int=7), Decimal("60.00"), DAY)
    paying = [partial(claims.pay_claim, unit, claim(1, "CLAIMED", payment=paid)) for _ in range(3)]
    await at_once(*paying)
    assert (await totals(unit, "CLAIMED"))[2:4] == (0, 60)
    waiting = await claims.certify_claim(unit, claim(2, None))
    assert waiting.state is ClaimState.WAITING
    await line(unit, code="SPARE", amount="100.00")
    booking = [
        partial(claims.book_claim, unit, "P-1", waiting.id, "SPARE", expected=1, by=OFFICER)
        for _ in range(3)
    ]
    assert refused(await at_once(*booking), StaleVersion, ClaimNotWaiting) == 2
    assert (await totals(unit, "SPARE"))[2] == Decimal("60.00")


async def race_to_set_the_exchange_rule(unit):
    async with unit.read() as read:
        chosen = tables.programme.select().where(tables.programme.c.code == "P-1")
        present = (await read.first(chosen)).version
    rules = (RateRule.ECB_DAILY, RateRule.NBP_DAY_BEFORE)
    terms = [ContractTerms(RateTerms(rule)) for rule in rules]
    setting = [
        partial(rates.set_exchange_rule, unit, "P-1", each, expected=present, by=OFFICER)
        for each in terms
    ]
    assert refused(await at_once(*setting), StaleVersion) == 1


def published(value, codes):
    return [Rate(Publisher.ECB, "EUR", code, Decimal(value), DAY, DAY, "daily") for code in codes]


async def race_to_import_rates(unit):
    codes = [f"X{n:02d}"[:3] for n in range(60)]
    orders = (codes, codes[::-1]) * 2
    imports = [
        partial(rates.import_rates, unit, published("4", order), by=OFFICER) for order in orders
    ]
    done = await at_once(*imports)
    assert sum(each.imported for each in done) == len(codes)
    apart = [
        partial(rates.import_rates, unit, published(value, ["PLN", "MDL"]), by=OFFICER)
        for value in ("4.1", "4.2", "4.3")
    ]
    assert refused(await at_once(*apart), RateChanged) == 2
    assert await count(unit, tables_money.exchange_rate) == len(codes) + 2


async def race_to_record_conversions(unit):
    await programme(unit, "P-2")
    terms = ContractTerms(RateTerms(RateRule.ECB_DAILY))
    await rates.set_exchange_rule(unit, "P-2", terms, expected=1, by=OFFICER)
    asked = rates.Question(eur("10.00"), "PLN", Occasion(DAY))
    recording = [partial(rates.record_conversion, unit, "P-2", asked, by=OFFICER)] * 3
    done = await at_once(*recording)
    assert len({each.id for each in done}) == 3
    assert len({each.conversion.result for each in done}) == 1


async def race_to_say_who_pays_and_for_what(unit):
    await organisation(unit)
    funder = FundingSource("MD-MIA", FundingKind.GRANT, source=SOURCE)
    sending = [partial(funding.state_funding, unit, "P-1", funder, by=OFFICER)] * 3
    assert refused(await at_once(*sending), FundingSourceDuplicate) == 2
    stated = StatedLine("STATED", "Travel", "travel", SOURCE)
    sending = [partial(funding.state_line, unit, "P-1", stated, by=OFFICER)] * 3
    assert refused(await at_once(*sending), LineCodeTwice) == 2


async def test_commands_when_sent_at_once_then_each_race_has_one_winner_and_books_add_up(
    fresh_unit,
):
    await programme(fresh_unit)
    for race in (
        race_for_a_line_code,
        race_for_budget_numbers,
        race_for_what_is_committed,
        race_to_raise,
        race_to_transfer_what_is_there_once,
        race_to_pay_and_to_book_a_claim,
        race_to_set_the_exchange_rule,
        race_to_import_rates,
        race_to_record_conversions,
        race_to_say_who_pays_and_for_what,
    ):
        await race(fresh_unit)
    assert await proven(fresh_unit)
