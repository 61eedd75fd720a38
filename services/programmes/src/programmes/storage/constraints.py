"""Names of constraints and the refusals they stand for: a race lost reads like the rule."""

from typing import Final

from kit.errors import DomainError
from programmes.domain import errors

CONSTRAINTS: Final[dict[str, type[DomainError]]] = {
    "organisation_code_once": errors.OrganisationCodeTaken,
    "organisation_parent_fkey": errors.NoSuchOrganisation,
    "source_code_once": errors.SourceTaken,
    "programme_code_once": errors.ProgrammeCodeTaken,
    "programme_ends_after_start": errors.DatesInvalid,
    "identifier_once": errors.IdentifierTaken,
    "partner_role_once": errors.PartnerRoleDuplicate,
    "one_lead_at_a_time": errors.LeadDuplicate,
    "partner_is_one_party": errors.PartyInvalid,
    "programme_partner_organisation_fkey": errors.NoSuchOrganisation,
    "country_role_once": errors.CountryRoleDuplicate,
    "figure_once": errors.FigureDuplicate,
    "figure_is_stated": errors.FigureInvalid,
    "figure_is_not_stated": errors.FigureInvalid,
    "relation_once": errors.RelationDuplicate,
    "relation_to_another": errors.RelationToItself,
    "milestone_once": errors.MilestoneDuplicate,
    "budget_line_once": errors.BudgetLineTaken,
    "committed_within_amount": errors.BudgetExceeded,
}
