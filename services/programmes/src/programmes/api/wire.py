"""What the API answers: every member is always there, null if it is not known."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import AliasChoices, Field

from kit.wire import Amount, Answer, Instant
from programmes.api.values import Count, FuzzyDate, Mirror, Source
from programmes.domain import (
    budget_line,
    figures,
    organisation,
    partner,
    programme,
    travel_choices,
)
from programmes.domain.indicator import Indicator
from programmes.domain.readiness import Readiness


class Organisation(Mirror):
    """A body that takes part in programmes. `country` is null for international ones."""

    code: str
    name: str
    type: organisation.OrganisationType
    country: str | None
    parent: str | None
    aliases: list[str]
    source: Source | None
    version: int


class SourceDocument(Mirror):
    """A document facts are cited from; dates are as printed, `url` only if it is printed."""

    code: str
    title: str
    publisher: str
    language: str
    url: str | None
    published_at: Annotated[
        FuzzyDate, Field(validation_alias=AliasChoices("published_at", "published"))
    ]
    retrieved_at: Annotated[
        FuzzyDate, Field(validation_alias=AliasChoices("retrieved_at", "retrieved"))
    ]
    note: str | None
    version: int


class Identifier(Mirror):
    """An official reference."""

    scheme: str
    value: str
    issuer: str | None


class Objective(Mirror):
    """What a programme is for."""

    kind: str
    text: str
    source: Source


class FundingRules(Mirror):
    """Whether participants pay, and what the programme pays for them."""

    participation: str
    covered: list[str]
    source: Source


class Rulesets(Mirror):
    """Codes of the per-diem rulesets that bind travel; null where none is pinned."""

    domestic: str | None
    abroad: str | None


class TravelChoices(Mirror):
    """What the contract says of travel where the rules leave a choice; null: it says nothing."""

    counting: travel_choices.Counting | None
    rate_list: str | None
    domestic_legs: travel_choices.DomesticLegs | None
    several_countries: travel_choices.SeveralCountries | None
    call_opened_on: date | None
    unit_costs_opt_in: bool | None
    compensation_percent: int | None


class ProgrammeBrief(Answer):
    """A programme in a list. `end_derived` is computed, never published."""

    code: str
    title: str
    kind: programme.ProgrammeKind
    status: programme.ProgrammeStatus
    start: FuzzyDate
    end: FuzzyDate
    end_derived: FuzzyDate | None
    version: int


class Programme(ProgrammeBrief):
    """A programme. `citations` name the source of each member by its name."""

    title_qualifier: programme.TitleQualifier
    duration_months: int | None
    contract_concluded_on: date | None
    rulesets: Rulesets
    travel_choices: TravelChoices | None
    per_diem_budget_line: str | None
    website: str | None
    identifiers: list[Identifier]
    objectives: list[Objective]
    target_groups: list[str]
    funding_rules: FundingRules | None
    counts: list[Count]
    citations: dict[str, Source]
    instrument: str | None
    implementer_types: list[str]
    status_reason: str | None

    @classmethod
    def of(cls, it: programme.Programme) -> Self:
        """Return the wire form of a programme."""
        about = it.profile
        shown = {name: getattr(about, name) for name in cls.model_fields if hasattr(about, name)}
        named = sorted(about.identifiers, key=lambda each: (each.scheme, each.value))
        own = {"per_diem_budget_line": it.per_diem_line, "version": it.version}
        return cls.model_validate({**shown, **own, "identifiers": named})


class Partner(Mirror):
    """A party in a role; `name` is the organisation's."""

    id: UUID
    organisation: str | None
    country: str | None
    role: partner.PartnerRole
    scope: str
    valid_from: FuzzyDate
    valid_to: FuzzyDate
    ended: bool
    source: Source | None
    version: int


class NamedPartner(Partner):
    """A partner with the name of its organisation."""

    name: str | None

    @property
    def leads(self) -> bool:
        """Whether it leads or coordinates, and still does."""
        return not self.ended and self.role in partner.LEADING


class Country(Answer):
    """A country and what it is to a programme."""

    id: UUID
    country: str
    role: partner.CountryRole
    source: Source | None


class BudgetFigure(Answer):
    """A figure as published, its doubts and a suggestion; derived ones say how (`basis`).

    `id` is null where the figure is derived.
    """

    id: UUID | None
    kind: figures.FigureKind
    amount_published: str | None
    amount: Amount | None
    rate: Amount | None
    currency: str | None
    qualifier: figures.Qualifier
    quality_flags: list[figures.QualityFlag]
    amount_suggested: Amount | None
    suggestion_basis: str | None
    basis: str | None
    source: Source | None


class Relation(Answer):
    """How a programme stands to another one."""

    id: UUID
    type: programme.RelationType
    to: str
    title: str
    additional: bool
    source: Source | None


class Child(Answer):
    """A programme that stands to this one in some way."""

    type: programme.RelationType
    code: str
    title: str
    additional: bool
    source: Source | None


class Milestone(Answer):
    """Something that happened, or is planned, on a date."""

    id: UUID
    kind: programme.MilestoneKind
    date: FuzzyDate
    actor: str | None
    reference: str | None
    source: Source


class BudgetLine(Mirror):
    """Money for one purpose; amounts are in `currency`. `synthetic`: no source states it.

    Money is reserved, then committed, then spent; `released` adds up what became free again.
    `available` is what can still be bound: `tolerance` percent of the amount are included.
    """

    code: str
    title: str
    category: str
    amount: Amount
    reserved: Amount
    committed: Amount
    spent: Amount
    released: Amount
    available: Amount
    tolerance: Amount
    currency: str
    state: budget_line.LineState
    synthetic: bool
    version: int


class Commitment(Answer):
    """What became of one request for money for a trip."""

    id: UUID
    trip_id: UUID
    revision: int
    amount: Amount
    currency: str
    state: budget_line.CommitmentState
    reason: budget_line.RefusalReason | None
    available: Amount | None
    version: int
    updated_at: Instant


class Overview(Answer):
    """A programme with all that hangs on it; `source` is that of its title."""

    programme: Programme
    budget_figures: list[BudgetFigure]
    partners: list[NamedPartner]
    countries: list[Country]
    milestones: list[Milestone]
    budget_lines: list[BudgetLine]
    source: Source | None

    def readiness(self, reported: Sequence[Indicator], claims: int) -> Readiness:
        """Return what is there for the next status, and what is open; so many `claims` wait."""
        bound = [each.code for each in self.budget_lines if each.reserved or each.committed]
        open_ones = [each.code for each in reported if not all(p.locked for p in each.periods)]
        return Readiness(
            led=any(each.leads for each in self.partners),
            contract_concluded_on=self.programme.contract_concluded_on,
            lines=tuple(bound),
            indicators=tuple(sorted(open_ones)),
            claims=claims,
        )


class PublishedTotal(Answer):
    """The published total of one programme."""

    amount: Amount
    amount_published: str
    currency: str
    qualifier: figures.Qualifier
    source: Source


class PortfolioEntry(ProgrammeBrief):
    """A programme of the portfolio."""

    published_totals: list[PublishedTotal]


class CurrencyTotal(Answer):
    """Published totals added up in one currency; approximate if one of them is."""

    currency: str
    amount: Amount
    qualifier: str
    figures: int


class Portfolio(Answer):
    """Every programme the caller sees; currencies are never added to one another."""

    programmes: list[PortfolioEntry]
    published_totals: list[CurrencyTotal]


class CodeListEntry(Answer):
    """One code with its labels in Polish and English."""

    code: str
    pl: str
    en: str


class CodeList(Answer):
    """A closed list of codes."""

    name: str
    items: list[CodeListEntry]
    next: None


class CodeListNames(Answer):
    """The code lists there are."""

    items: list[str]
    next: None
