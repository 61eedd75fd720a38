"""Routes of exchange rates: import, reading, the contract's rule, conversions."""

import asyncio
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Final, Self
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from kit.db.paging import Asked
from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import PreconditionRequired, TooLarge, UnsupportedContent, problems
from kit.reply import IfMatch, Listing, answer
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from kit.wire import Amount, Answer, Day, Instant
from kit.wire import Request as Body
from programmes.api import rate_format
from programmes.api.amounts import Currency, MoneyDay, MoneyIn
from programmes.api.examples import shown
from programmes.api.exports import FILES, Format, Formatted, given
from programmes.api.file_route import FileRoute, media_of
from programmes.api.requests import cited
from programmes.api.values import Mirror, Source, SourceIn
from programmes.api.wire import Programme
from programmes.api.words import Line
from programmes.commands import rates as commands
from programmes.context import Cursor, Limit, ProgrammeCode, Reader, UnitDep, Writer, ready
from programmes.domain import errors, exchange_rates, rate_files, rate_terms
from programmes.domain.exchange_rates import Occasion, Publisher, RateRule
from programmes.domain.financing import AmountTooLarge
from programmes.queries import rates as queries

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["exchange rates"])
files = APIRouter(prefix="/v1", route_class=FileRoute, tags=["exchange rates"])
Of = Annotated[str | None, Query(pattern="^[A-Z]{3}$", description="ISO 4217, either side.")]
OnDay = Annotated[Day | None, Query(description="A day on which the rate holds.")]
_FILE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The file as its publisher offers it, at most 10 MB: InforEuro as JSON; "
        "ECB as XML or CSV; NBP table A as JSON or XML.",
        "content": {
            "application/json": {"schema": {}},
            "application/xml": {"schema": {"type": "string"}},
            "text/csv": {"schema": {"type": "string"}},
        },
    }
}


class Imported(Mirror):
    """What an import did; rates on record already stay as they are, or were `corrected`."""

    publisher: str
    imported: int
    corrected: int
    known: int
    first_day: date
    last_day: date


class UsedRate(Mirror):
    """One unit of `base` costs `value` of `quote`; a copy of what was published."""

    publisher: Publisher
    base: str
    quote: str
    value: Amount
    valid_from: date
    valid_to: date
    reference: str


class FormerRate(Mirror):
    """What was on record of a rate until an import put it right."""

    value: Amount
    valid_to: date
    reference: str
    imported_at: Instant
    replaced_at: Instant
    reason: str
    by: str


class ExchangeRate(UsedRate):
    """A rate as published; `former` is what was on record of it before, the oldest first."""

    imported_at: Instant
    former: list[FormerRate]


class Conversion(Answer):
    """An amount in another currency, with the rule and the rates that led there, in order."""

    id: UUID
    amount: Amount
    currency: str
    result: Amount
    result_currency: str
    rule: RateRule
    rates: list[UsedRate]
    cost_on: date
    by: str

    @classmethod
    def of(cls, it: rate_terms.RecordedConversion) -> Self:
        """Return the wire form of a conversion."""
        done = it.conversion
        return cls(
            id=it.id,
            amount=done.source.amount,
            currency=done.source.currency,
            result=done.result.amount,
            result_currency=done.result.currency,
            rule=done.rule,
            rates=[UsedRate.model_validate(rate) for rate in done.rates],
            cost_on=it.cost_on,
            by=it.by,
        )


class ExchangeRule(Answer):
    """What the contract says of exchange rates; null if that is not on record."""

    rule: RateRule | None
    fixed: UsedRate | None
    source: Source | None


class FixedRate(Body):
    """The rate a contract agrees: one unit of `base` costs `value` of `quote`."""

    base: Currency
    quote: Currency
    value: Annotated[Amount, Field(gt=0)]
    valid_from: MoneyDay
    valid_to: MoneyDay
    reference: Line

    def rate(self) -> exchange_rates.Rate:
        """Return the domain value; raises RateInvalid."""
        return exchange_rates.Rate(
            Publisher.CONTRACT,
            self.base,
            self.quote,
            Decimal(self.value),
            self.valid_from,
            self.valid_to,
            self.reference,
        )


class NewRule(Body):
    """The rule a contract sets; `fixed` for that rule alone."""

    model_config = shown(rule="inforeuro_month_of_cost")

    rule: RateRule
    fixed: FixedRate | None = None
    source: SourceIn | None = None

    def terms(self) -> rate_terms.ContractTerms:
        """Return the domain value; raises RateInvalid or RateTermsIncomplete."""
        fixed = None if self.fixed is None else self.fixed.rate()
        return rate_terms.ContractTerms(
            exchange_rates.RateTerms(self.rule, fixed), cited(self.source)
        )


class NewConversion(Body):
    """An amount to convert; which days are needed depends on the rule of the contract."""

    model_config = shown(
        amount={"amount": "1000.00", "currency": "PLN"}, into="EUR", cost_on="2015-03-17"
    )

    amount: MoneyIn
    into: Currency
    cost_on: MoneyDay
    submitted_on: MoneyDay | None = None
    period_from: MoneyDay | None = None
    period_to: MoneyDay | None = None

    def question(self) -> commands.Question:
        """Return what the command is asked."""
        both = self.period_from and self.period_to
        period = (self.period_from, self.period_to) if both else None
        occasion = Occasion(self.cost_on, self.submitted_on, period)  # type: ignore[arg-type]
        return commands.Question(self.amount.money(), self.into, occasion)


@files.post(
    "/exchange-rates/{publisher}:import",
    status_code=201,
    operation_id="import_exchange_rates",
    response_model=Imported,
    responses=problems(
        rate_files.RateFileInvalid,
        rate_files.RateFileTooLarge,
        rate_terms.RateChanged,
        TooLarge,
        UnsupportedContent,
    ),
    openapi_extra=_FILE,
)
async def import_exchange_rates(
    request: Request,
    publisher: Annotated[Publisher, Path(description="Who published the file.")],
    caller: Writer,
    once: Once,
    *,
    month: Annotated[
        str | None, Query(max_length=7, description="Of a monthly InforEuro file: 2015-03.")
    ] = None,
    correction: Annotated[
        Line | None, Query(description="Why what is on record of these days is wrong.")
    ] = None,
) -> Response:
    """Import a file of rates as published; it is taken whole or not at all.

    A rate with another value on record is refused, or put right where `correction` says why: its
    former value stays beside it. Conversions made before keep the rates they used; make anew those
    that were wrong.
    """
    # Ten megabytes take seconds: others are answered meanwhile.
    asked = (publisher, media_of(request), await request.body(), month)
    found = await asyncio.to_thread(rate_format.read, *asked)
    return await once(
        lambda unit: commands.import_rates(unit, found, correction=correction, by=caller),
        Imported.of,
    )


@router.get(
    "/exchange-rates",
    operation_id="list_exchange_rates",
    response_model=Listing[ExchangeRate],
    responses=FILES | problems(CursorInvalid),
)
async def list_exchange_rates(
    caller: Reader,
    unit: UnitDep,
    *,
    publisher: Publisher | None = None,
    currency: Of = None,
    on: OnDay = None,
    since: OnDay = None,
    until: OnDay = None,
    form: Formatted = Format.JSON,
    after: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List rates by publisher, pair and day."""
    filters = {
        "publisher": publisher and publisher.value,
        "currency": currency,
        "on": on,
        "since": since,
        "until": until,
    }
    asked = Asked(caller.client, after, limit, filters)
    fetch = partial(queries.rates, unit, **filters)  # type: ignore[arg-type]
    return await given(fetch, asked, form, "exchange-rates")


@router.get(
    "/programmes/{code}/exchange-rule",
    operation_id="exchange_rule",
    response_model=ExchangeRule,
    responses=problems(errors.NoSuchProgramme),
)
async def exchange_rule(code: ProgrammeCode, caller: Reader, unit: UnitDep) -> Response:
    """Read what the contract says of exchange rates; nulls if that is not on record."""
    return ready(await queries.rule_of(unit, code, by=caller))


@router.put(
    "/programmes/{code}/exchange-rule",
    operation_id="set_exchange_rule",
    response_model=Programme,
    responses=problems(
        errors.NoSuchProgramme,
        exchange_rates.RateInvalid,
        exchange_rates.RateTermsIncomplete,
        StaleVersion,
        PreconditionRequired,
    ),
)
async def set_exchange_rule(
    code: ProgrammeCode, rule: NewRule, caller: Writer, unit: UnitDep, expected: IfMatch
) -> Response:
    """Record the rule of the contract; If-Match names the version of the programme."""
    saved = await commands.set_exchange_rule(unit, code, rule.terms(), expected=expected, by=caller)
    return answer(Programme.of(saved), version=saved.version)


@router.post(
    "/programmes/{code}/conversions",
    status_code=201,
    operation_id="record_conversion",
    response_model=Conversion,
    responses=problems(
        errors.NoSuchProgramme,
        rate_terms.NoRateRule,
        exchange_rates.RateMissing,
        exchange_rates.RateTermsIncomplete,
        exchange_rates.RateInvalid,
        AmountTooLarge,
    ),
)
async def record_conversion(
    code: ProgrammeCode, new: NewConversion, caller: Writer, once: Once
) -> Response:
    """Convert by the rule of the contract; the rates used are copied and never change."""
    return await once(
        lambda unit: commands.record_conversion(unit, code, new.question(), by=caller),
        Conversion.of,
        location=lambda made: f"/v1/programmes/{code}/conversions/{made.id}",
    )


@router.get(
    "/programmes/{code}/conversions",
    operation_id="list_conversions",
    response_model=Listing[Conversion],
    responses=problems(errors.NoSuchProgramme, CursorInvalid),
)
async def list_conversions(
    code: ProgrammeCode,
    caller: Reader,
    unit: UnitDep,
    *,
    after: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List the conversions of a programme, oldest first."""
    asked = Asked(caller.client, after, limit, {"programme": code})
    return ready(await queries.conversions(unit, asked, code, by=caller))


@router.get(
    "/programmes/{code}/conversions/{conversion_id}",
    operation_id="conversion",
    response_model=Conversion,
    responses=problems(rate_terms.NoSuchConversion),
)
async def read_conversion(
    code: ProgrammeCode, conversion_id: UUID, caller: Reader, unit: UnitDep
) -> Response:
    """Read a conversion with the rates it used."""
    return ready(await queries.conversion_of(unit, code, conversion_id, by=caller))
