"""Exchange rates: importing what publishers print, and converting by the contract's rule."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from contracts.programmes import facts
from kit.auth import STAFF, Caller
from kit.db.unit import Unit
from kit.ids import uuid7
from kit.money import Money
from programmes.commands.telling import save_and_tell
from programmes.domain.exchange_rates import Occasion, Rate, RateBook, convert
from programmes.domain.programme import Programme
from programmes.domain.rate_terms import ContractTerms, Correction, Import, RecordedConversion
from programmes.storage import partners, programmes, rates


async def import_rates(
    unit: Unit, found: Sequence[Rate], *, correction: str | None = None, by: Caller
) -> Import:
    """Keep published rates; those on record stay. Refused whole if one has another value.

    With a `correction`, which says why, such a rate is put right and its former value kept;
    conversions made before keep the rates they used.
    """
    why = None if correction is None else Correction(correction, by.client)
    async with unit.begin() as tx:
        stored, corrected = await rates.add(tx, found, why)
        done = Import(
            publisher=found[0].publisher,
            imported=stored,
            corrected=corrected,
            known=len(found) - stored - corrected,
            first_day=min(rate.valid_from for rate in found),
            last_day=max(rate.valid_to for rate in found),
        )
        return tx.result(done)


async def set_exchange_rule(
    unit: Unit, code: str, terms: ContractTerms, *, expected: int, by: Caller
) -> Programme:
    """Record what the contract says of exchange rates; conversions made before stay."""
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by, expected=expected)
        await rates.set_terms(tx, programme.id, terms)
        changed = replace(programme, exchange_rule=terms.terms.rule)
        present = await partners.of(tx, programme)
        return tx.result(await save_and_tell(tx, programme, present, changed))


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be converted, and the days that the rule of the contract may look at."""

    money: Money
    into: str
    occasion: Occasion


async def record_conversion(
    unit: Unit, code: str, asked: Question, *, by: Caller
) -> RecordedConversion:
    """Convert by the rule of the contract and keep the rates used.

    Refused if the programme is unknown, has no rule on record, the rule needs more days, or a
    rate is not imported.
    """
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        terms = await rates.terms_of(tx, programme.id)
        on = asked.occasion
        days = [on.cost_on, on.submitted_on or on.cost_on, *(on.period or ())]
        book = RateBook(await rates.around(tx, {asked.money.currency, asked.into}, days))
        made = RecordedConversion(
            id=uuid7(tx.now),
            version=1,
            audience=frozenset({STAFF}),
            programme=code,
            conversion=convert(asked.money, asked.into, terms, on, book),
            cost_on=on.cost_on,
            by=by.client,
        )
        await rates.add_conversion(tx, programme.id, made)
        tx.tell(_told(made), about=made)
        return tx.result(made)


def _told(made: RecordedConversion) -> facts.ConversionRecorded:
    done = made.conversion
    return facts.ConversionRecorded(
        programme_code=made.programme,
        amount=facts.Money(amount=done.source.amount, currency=done.source.currency),
        result=facts.Money(amount=done.result.amount, currency=done.result.currency),
        rule=done.rule,
        cost_on=made.cost_on,
    )
