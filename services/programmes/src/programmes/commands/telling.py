"""What followers hear of programmes and of money; saving a programme for those who see it now."""

from dataclasses import asdict, replace

from contracts.programmes import facts
from kit.db.unit import Tx
from kit.money import Money
from programmes.domain.budget_line import COMMITMENT_AUDIENCE, BudgetLine
from programmes.domain.ledger import BookedEntry, Booking
from programmes.domain.partner import Partner
from programmes.domain.programme import Programme, audience_of
from programmes.domain.travel_choices import TravelChoices
from programmes.storage import budget_lines, programmes


async def save_and_tell(
    tx: Tx, former: Programme, partners: list[Partner], changed: Programme | None = None
) -> Programme:
    """Save the next version of a programme for those who take part now, and tell it.

    Who no longer takes part is told that it went out of scope, of its budget lines too. Without
    `changed`, something that hangs on the programme has changed.
    """
    countries = await programmes.countries_of(tx, former.id)
    audience = audience_of(partners, countries)
    saved = replace(changed or former, version=former.version + 1, audience=audience)
    await programmes.save(tx, saved)
    tx.tell(programme_changed(saved), about=saved, lost=former.audience - audience)
    if audience != former.audience:
        await _show_lines(tx, saved, former.audience - audience)
    return saved


async def _show_lines(tx: Tx, programme: Programme, lost: frozenset[str]) -> None:
    for line in await budget_lines.of(tx, programme.id):
        shown = replace(line, version=line.version + 1, audience=programme.audience)
        await budget_lines.save(tx, shown)
        tx.tell(line_opened(shown), about=shown, lost=lost)


def programme_changed(programme: Programme) -> facts.ProgrammeChanged:
    """Return what followers need to know of a programme."""
    about = programme.profile
    pins = about.rulesets
    return facts.ProgrammeChanged(
        programme_code=about.code,
        title=about.title,
        kind=about.kind,
        status=about.status,
        rulesets=facts.Rulesets(domestic=pins.domestic, abroad=pins.abroad),
        contract_concluded_on=about.contract_concluded_on,
        per_diem_budget_line=programme.per_diem_line,
        organisations=list(programme.organisations),
        countries=list(programme.countries),
        earliest_start=about.start.earliest,
        latest_end=about.end.latest,
        travel_choices=_choices(programme),
    )


def _choices(programme: Programme) -> facts.TravelChoices | None:
    chosen, rule = programme.profile.travel_choices, programme.exchange_rule
    if chosen is None and rule is None:
        return None
    return facts.TravelChoices(**asdict(chosen or TravelChoices()), exchange_rule=rule)


def line_opened(line: BudgetLine) -> facts.BudgetLineOpened:
    """Return what followers need to know of a budget line."""
    return facts.BudgetLineOpened(
        programme_code=line.programme,
        budget_line_code=line.code,
        amount=facts.Money(amount=line.amount, currency=line.currency),
        synthetic=line.synthetic,
    )


def line_raised(line: BudgetLine, more: Money) -> facts.BudgetLineRaised:
    """Return what those who wait for funds need to know of a line with more money."""
    return facts.BudgetLineRaised(
        programme_code=line.programme,
        budget_line_code=line.code,
        amount=facts.Money(amount=line.amount, currency=line.currency),
        raised_by=facts.Money(amount=more.amount, currency=more.currency),
        available=facts.Money(amount=line.available, currency=line.currency),
    )


def entry_told(tx: Tx, line: BudgetLine, booking: Booking) -> BookedEntry:
    """Tell the office what was booked on a line, and return it."""
    booked = BookedEntry(
        id=booking.id,
        version=1,
        audience=COMMITMENT_AUDIENCE,
        programme=line.programme,
        line=line.code,
        currency=line.currency,
        at=tx.now,
        booking=booking,
    )
    subject = booking.subject
    tx.tell(
        facts.EntryBooked(
            programme_code=line.programme,
            budget_line_code=line.code,
            kind=booking.kind,
            amount=facts.Money(amount=booking.amount, currency=line.currency),
            subject_service=subject.service if subject else None,
            subject_id=subject.id if subject else None,
            spent_on=booking.spent_on,
        ),
        about=booked,
    )
    return booked
