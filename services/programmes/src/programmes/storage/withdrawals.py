"""Taking rows of a programme back, and keeping what they said."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Table,
    Text,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, array

from kit.db.unit import Tx
from programmes.domain.component import NoSuchPart
from programmes.domain.figures import Qualifier
from programmes.domain.withdrawal import Withdrawal, Withdrawn, WithdrawnPart
from programmes.storage.tables import (
    budget_figure,
    milestone,
    programme,
    programme_country,
    programme_partner,
    programme_relation,
    withdrawn_part,
)

_a, _r = programme_partner.c, programme_relation.c
_TO: Final = (
    select(programme.c.code)
    .where(programme.c.id == _r.to_id)
    .correlate(programme_relation)
    .scalar_subquery()
)
_PARTS: Final[dict[WithdrawnPart, tuple[Table, tuple[ColumnElement[Any], ...]]]] = {
    WithdrawnPart.PARTNER: (
        programme_partner,
        (func.coalesce(_a.organisation, _a.country), _a.role, _a.scope),
    ),
    WithdrawnPart.COUNTRY: (
        programme_country,
        (programme_country.c.country, programme_country.c.role),
    ),
    WithdrawnPart.BUDGET_FIGURE: (
        budget_figure,
        (budget_figure.c.kind, budget_figure.c.document),
    ),
    WithdrawnPart.RELATION: (programme_relation, (_r.type, _TO)),
    WithdrawnPart.MILESTONE: (milestone, (milestone.c.kind, milestone.c.edtf)),
}
"""Where the rows are, and the words by which each is known again when data is loaded."""

_AMOUNTS: Final = func.jsonb_build_object(
    "amount",
    cast(budget_figure.c.amount, Text),
    "rate",
    cast(budget_figure.c.rate, Text),
    "amount_suggested",
    cast(budget_figure.c.amount_suggested, Text),
)
"""Decimal strings: a number of JSON would lose its digits."""
_INNER: Final = ("programme_id", "during", "id", "version")


async def take(tx: Tx, programme_id: UUID, part: WithdrawnPart, part_id: UUID) -> Withdrawn:
    """Remove a row of a programme that is locked and return what it said; raises NoSuchPart."""
    table, known_by = _PARTS[part]
    gone = delete(table).where(table.c.id == part_id, table.c.programme_id == programme_id)
    if part is WithdrawnPart.BUDGET_FIGURE:
        gone = gone.where(budget_figure.c.qualifier != Qualifier.DERIVED)
    row = cast(func.to_jsonb(literal_column(table.name)), JSONB)
    said = row.op("-")(array(_INNER))
    if part is WithdrawnPart.BUDGET_FIGURE:
        said = said.op("||")(_AMOUNTS)
    taken = gone.returning(array(known_by, type_=Text), said)  # type: ignore[misc]
    found = (await tx.sql.execute(taken)).first()
    if found is None:
        raise NoSuchPart(f"the programme has no {part} of this id")
    return Withdrawn(part_id, tuple(found[0]), found[1])


async def keep(tx: Tx, programme_id: UUID, new: Withdrawal) -> None:
    """Store what was taken back, why and by whom."""
    await tx.sql.execute(
        insert(withdrawn_part).values(
            id=new.id,
            version=new.version,
            audience=sorted(new.audience),
            updated_at=new.at,
            programme_id=programme_id,
            part=new.part,
            part_id=new.part_id,
            key=list(new.what.key),
            recorded=new.recorded,
            reason=new.reason,
            by=new.by,
        )
    )
