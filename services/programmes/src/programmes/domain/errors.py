"""Refusals of the programmes service: what is the case, its stable code, what to do about it."""

from kit.errors import DomainError, Kind


class NoSuchProgramme(DomainError):
    """The programme is unknown, or the caller may not see it: the answer is the same."""

    kind = Kind.NOT_FOUND
    code = "programmes.no_such_programme"
    title = "There is no such programme"
    advice = "List the programmes you may see, and use one of their codes."


class NoSuchOrganisation(DomainError):
    """No organisation is registered under this code."""

    kind = Kind.NOT_FOUND
    code = "programmes.no_such_organisation"
    title = "There is no such organisation"
    advice = "List the organisations, or register this one first."


class NoSuchPartner(DomainError):
    """The programme has no such partner row."""

    kind = Kind.NOT_FOUND
    code = "programmes.no_such_partner"
    title = "There is no such partner in this programme"
    advice = "List the partners of the programme, and use one of their ids."


class NoSuchBudgetLine(DomainError):
    """The programme has no budget line of this code."""

    kind = Kind.NOT_FOUND
    code = "programmes.no_such_budget_line"
    title = "There is no such budget line"
    advice = "List the budget lines of the programme, and use one of their codes."


class NoSuchSource(DomainError):
    """No source document is registered under this id."""

    kind = Kind.NOT_FOUND
    code = "programmes.no_such_source"
    title = "There is no such source document"
    advice = "List the source documents, or register this one first."


class NoSuchCodeList(DomainError):
    """There is no code list of this name."""

    kind = Kind.NOT_FOUND
    code = "programmes.no_such_code_list"
    title = "There is no such code list"
    advice = "List the code lists at /api/v1/codelists."


class ProgrammeCodeTaken(DomainError):
    """Another programme has this code."""

    kind = Kind.CONFLICT
    code = "programmes.programme_code_taken"
    title = "The programme code is taken"
    advice = "Choose another code, or amend the programme that has it."


class IdentifierTaken(DomainError):
    """An official identifier names one programme only."""

    kind = Kind.CONFLICT
    code = "programmes.identifier_taken"
    title = "The identifier belongs to another programme"
    advice = "Find the programme by its identifier before registering a new one."


class OrganisationCodeTaken(DomainError):
    """Another organisation has this code."""

    kind = Kind.CONFLICT
    code = "programmes.organisation_code_taken"
    title = "The organisation code is taken"
    advice = "Choose another code, or use the organisation that has it."


class OrganisationOfOthers(DomainError):
    """What is said of an organisation is corrected by the office, or by the organisation."""

    kind = Kind.FORBIDDEN
    code = "programmes.organisation_of_others"
    title = "This organisation is not yours to correct"
    advice = "Ask the office, or the organisation itself, to correct it."


class SourceTaken(DomainError):
    """Another source document has this id."""

    kind = Kind.CONFLICT
    code = "programmes.source_taken"
    title = "The source id is taken"
    advice = "Cite the document that is registered under this id."


class PartnerRoleDuplicate(DomainError):
    """The same partner has the same role and scope at the same time already (INV-01)."""

    kind = Kind.CONFLICT
    code = "programmes.partner_role_duplicate"
    title = "The partner already has this role"
    advice = "End the former row first, or give another role or scope."


class LeadDuplicate(DomainError):
    """A programme has at most one lead on any day (INV-02)."""

    kind = Kind.CONFLICT
    code = "programmes.lead_duplicate"
    title = "The programme already has a lead"
    advice = "End the lead of the present partner first; coordinators may be several."


class LeadMissing(DomainError):
    """A contract needs somebody who leads: one lead or at least one coordinator (INV-02)."""

    kind = Kind.CONFLICT
    code = "programmes.lead_missing"
    title = "The programme has neither lead nor coordinator"
    advice = "Add a partner with the role lead or coordinator first."


class PartnerEnded(DomainError):
    """The partner's time in this role is over already."""

    kind = Kind.CONFLICT
    code = "programmes.partner_ended"
    title = "The partner's role has ended already"
    advice = "Add a new row if the partner came back; take this one back if it is a mistake."


class IllegalStatus(DomainError):
    """The programme cannot move from its present status to this one."""

    kind = Kind.CONFLICT
    code = "programmes.illegal_status"
    title = "The programme cannot take this status now"
    advice = "Choose one of the statuses named in `allowed`."


class CountryRoleDuplicate(DomainError):
    """The country has this role in the programme already."""

    kind = Kind.CONFLICT
    code = "programmes.country_role_duplicate"
    title = "The country already has this role"
    advice = "Nothing needs to be done: the programme lists the country."


class FigureDuplicate(DomainError):
    """One source states one figure of a kind for a programme."""

    kind = Kind.CONFLICT
    code = "programmes.figure_duplicate"
    title = "This figure is published already"
    advice = "Publish it from another source, or take back the one that is wrong first."


class RelationDuplicate(DomainError):
    """The two programmes are related in this way already."""

    kind = Kind.CONFLICT
    code = "programmes.relation_duplicate"
    title = "The programmes are related in this way already"
    advice = "Nothing needs to be done."


class AdditionalMisplaced(DomainError):
    """Only money of a programme under another one can be in addition to the other's."""

    kind = Kind.INVALID
    code = "programmes.additional_misplaced"
    title = "Only a child can be additional"
    advice = "Send `additional` with the types child and under_initiative alone."


class RelationCircle(DomainError):
    """No programme is under one that is under it."""

    kind = Kind.CONFLICT
    code = "programmes.relation_circle"
    title = "The programmes would be under one another"
    advice = "Read which of the two is under the other already."


class RelationToItself(DomainError):
    """A programme is no relative of itself."""

    kind = Kind.INVALID
    code = "programmes.relation_to_itself"
    title = "A programme cannot be related to itself"
    advice = "Name two different programmes."


class MilestoneDuplicate(DomainError):
    """The programme has this milestone at this date already."""

    kind = Kind.CONFLICT
    code = "programmes.milestone_duplicate"
    title = "The milestone is recorded already"
    advice = "Nothing needs to be done."


class BudgetLineTaken(DomainError):
    """The programme has a budget line of this code."""

    kind = Kind.CONFLICT
    code = "programmes.budget_line_taken"
    title = "The budget line is open already"
    advice = "Raise the line, or open one under another code."


class ProgrammeOver(DomainError):
    """A programme that is closed or cancelled binds no more money."""

    kind = Kind.CONFLICT
    code = "programmes.programme_over"
    title = "The programme is closed or cancelled"
    advice = "Use a programme that is not over; here, what is bound is only spent or released."


class BudgetLineClosed(DomainError):
    """The budget line takes no more money."""

    kind = Kind.CONFLICT
    code = "programmes.budget_line_closed"
    title = "The budget line is closed"
    advice = "Use a line that is open."


class BudgetExceeded(DomainError):
    """The line has less money left than was asked for (INV-15)."""

    kind = Kind.CONFLICT
    code = "programmes.budget_exceeded"
    title = "The budget line does not have this much left"
    advice = "Ask for at most `available`, or raise the line first."


class DatesInvalid(DomainError):
    """The date cannot be read, or ends before it begins."""

    kind = Kind.INVALID
    code = "programmes.dates_invalid"
    title = "The date is not valid"
    advice = "Send EDTF such as 2014-03, 2014-03-12, 2014, 2014-33 (first quarter) or XXXX."


class FigureInvalid(DomainError):
    """The published figure contradicts itself."""

    kind = Kind.INVALID
    code = "programmes.figure_invalid"
    title = "The figure is not complete"
    advice = "Give text, amount and currency, or the qualifier `not_stated` without an amount."


class PartyInvalid(DomainError):
    """A partner is one organisation or one country, not both and not neither."""

    kind = Kind.INVALID
    code = "programmes.party_invalid"
    title = "A partner is either an organisation or a country"
    advice = "Give `organisation` or `country`."
