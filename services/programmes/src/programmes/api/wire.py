"""What the API answers: every member is always there, null if it is not known."""

from datetime import date
from typing import Self
from uuid import UUID

from kit.wire import Amount, Answer, Instant
from programmes.api.values import Count, FuzzyDate, Source, source_of
from programmes.domain import budget_line, figures, organisation, partner, programme, source


class Organisation(Answer):
    """A body that takes part in programmes. `country` is null for international ones."""

    code: str
    name: str
    type: organisation.OrganisationType
    country: str | None
    parent: str | None
    aliases: list[str]
    source: Source | None
    version: int

    @classmethod
    def of(cls, it: organisation.Organisation) -> Self:
        """Return the wire form of an organisation."""
        return cls(
            code=it.code,
            name=it.name,
            type=it.type,
            country=it.country,
            parent=it.parent,
            aliases=list(it.aliases),
            source=source_of(it.source),
            version=it.version,
        )


class SourceDocument(Answer):
    """A document facts are cited from; dates are as printed, `url` only if it is printed."""

    code: str
    title: str
    publisher: str
    language: str
    url: str | None
    published_at: FuzzyDate
    retrieved_at: FuzzyDate
    note: str | None
    version: int

    @classmethod
    def of(cls, it: source.SourceDocument) -> Self:
        """Return the wire form of a source document."""
        return cls(
            code=it.code,
            title=it.title,
            publisher=it.publisher,
            language=it.language,
            url=it.url,
            published_at=FuzzyDate.of(it.published),
            retrieved_at=FuzzyDate.of(it.retrieved),
            note=it.note,
            version=it.version,
        )


class Identifier(Answer):
    """An official reference."""

    scheme: str
    value: str
    issuer: str | None

    @classmethod
    def of(cls, it: programme.Identifier) -> Self:
        """Return the wire form of an identifier."""
        return cls(scheme=it.scheme, value=it.value, issuer=it.issuer)


class Objective(Answer):
    """What a programme is for."""

    kind: str
    text: str
    source: Source

    @classmethod
    def of(cls, it: programme.Objective) -> Self:
        """Return the wire form of an objective."""
        return cls(kind=it.kind, text=it.text, source=Source.of(it.source))


class FundingRules(Answer):
    """Whether participants pay, and what the programme pays for them."""

    participation: str
    covered: list[str]
    source: Source

    @classmethod
    def of(cls, it: programme.FundingRules) -> Self:
        """Return the wire form of funding rules."""
        source = Source.of(it.source)
        return cls(participation=it.participation, covered=list(it.covered), source=source)


class Rulesets(Answer):
    """Codes of the per-diem rulesets that bind travel; null where none is pinned."""

    domestic: str | None
    abroad: str | None


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
    per_diem_budget_line: str | None
    website: str | None
    identifiers: list[Identifier]
    objectives: list[Objective]
    target_groups: list[str]
    funding_rules: FundingRules | None
    counts: list[Count]
    citations: dict[str, Source]

    @classmethod
    def of(cls, it: programme.Programme) -> Self:
        """Return the wire form of a programme."""
        about = it.profile
        derived = about.end_derived
        pins = about.rulesets
        rules = about.funding_rules
        named = sorted(about.identifiers, key=lambda each: (each.scheme, each.value))
        return cls(
            code=about.code,
            title=about.title,
            title_qualifier=about.title_qualifier,
            kind=about.kind,
            status=about.status,
            start=FuzzyDate.of(about.start),
            end=FuzzyDate.of(about.end),
            end_derived=derived and FuzzyDate.of(derived),
            duration_months=about.duration_months,
            contract_concluded_on=about.contract_concluded_on,
            rulesets=Rulesets(domestic=pins.domestic, abroad=pins.abroad),
            per_diem_budget_line=it.per_diem_line,
            website=about.website,
            identifiers=[Identifier.of(each) for each in named],
            objectives=[Objective.of(each) for each in about.objectives],
            target_groups=list(about.target_groups),
            funding_rules=rules and FundingRules.of(rules),
            counts=[Count.of(each) for each in about.counts],
            citations={field: Source.of(each) for field, each in about.citations.items()},
            version=it.version,
        )


class Partner(Answer):
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

    @classmethod
    def of(cls, it: partner.Partner) -> Self:
        """Return the wire form of a partner."""
        return cls(
            id=it.id,
            organisation=it.party.organisation,
            country=it.party.country,
            role=it.role,
            scope=it.scope,
            valid_from=FuzzyDate.of(it.valid_from),
            valid_to=FuzzyDate.of(it.valid_to),
            ended=it.ended,
            source=source_of(it.source),
            version=it.version,
        )


class NamedPartner(Partner):
    """A partner with the name of its organisation."""

    name: str | None


class Country(Answer):
    """A country and what it is to a programme."""

    country: str
    role: partner.CountryRole
    source: Source | None


class BudgetFigure(Answer):
    """A figure as published, its doubts and a suggestion; derived ones say how (`basis`)."""

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

    type: programme.RelationType
    to: str
    title: str
    source: Source | None


class Child(Answer):
    """A programme that stands to this one in some way."""

    type: programme.RelationType
    code: str
    title: str
    source: Source | None


class Milestone(Answer):
    """Something that happened, or is planned, on a date."""

    kind: programme.MilestoneKind
    date: FuzzyDate
    actor: str | None
    reference: str | None
    source: Source


class BudgetLine(Answer):
    """Money for one purpose; amounts are in `currency`. `synthetic`: no source states it."""

    code: str
    title: str
    category: str
    amount: Amount
    committed: Amount
    available: Amount
    currency: str
    state: budget_line.LineState
    synthetic: bool
    version: int

    @classmethod
    def of(cls, it: budget_line.BudgetLine) -> Self:
        """Return the wire form of a budget line."""
        return cls(
            code=it.code,
            title=it.title,
            category=it.category,
            amount=it.amount,
            committed=it.committed,
            available=it.available,
            currency=it.currency,
            state=it.state,
            synthetic=it.synthetic,
            version=it.version,
        )


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
