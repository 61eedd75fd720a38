"""Rows of budget figures."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, update

from kit.db.unit import Tx
from programmes.domain.figures import BudgetFigure, FigureKind, Qualifier, QualityFlag
from programmes.storage import values
from programmes.storage.tables import budget_figure

_c = budget_figure.c


async def of(tx: Tx, programme_id: UUID) -> list[BudgetFigure]:
    """Return the published figures of a programme, in the order they were published."""
    chosen = (
        select(budget_figure)
        .where(_c.programme_id == programme_id, _c.qualifier != Qualifier.DERIVED)
        .order_by(_c.id)
    )
    return [_figure(row) for row in (await tx.sql.execute(chosen)).all()]


def _figure(row: Row[Any]) -> BudgetFigure:
    return BudgetFigure(
        id=row.id,
        kind=FigureKind(row.kind),
        amount_published=row.amount_published,
        amount=row.amount,
        rate=row.rate,
        currency=row.currency,
        qualifier=Qualifier(row.qualifier),
        quality_flags=tuple(QualityFlag(flag) for flag in row.quality_flags),
        amount_suggested=row.amount_suggested,
        suggestion_basis=row.suggestion_basis,
        basis=row.basis,
        source=values.source(row.source),
    )


async def save_all(tx: Tx, programme_id: UUID, figures: list[BudgetFigure]) -> None:
    """Store an assessment: new figures, the doubts of known ones, and what is derived anew.

    Raises FigureDuplicate if the same document states the kind already.
    """
    derived = (_c.programme_id == programme_id) & (_c.qualifier == Qualifier.DERIVED)
    await tx.sql.execute(delete(budget_figure).where(derived))
    for figure in figures:
        if figure.id is None:
            await tx.sql.execute(
                insert(budget_figure).values(programme_id=programme_id, **_row(figure))
            )
        else:
            await tx.sql.execute(
                update(budget_figure).where(_c.id == figure.id).values(**_row(figure))
            )


def _row(figure: BudgetFigure) -> dict[str, Any]:
    return {
        "kind": figure.kind,
        "document": figure.source and figure.source.document,
        "amount_published": figure.amount_published,
        "amount": figure.amount,
        "rate": figure.rate,
        "currency": figure.currency,
        "qualifier": figure.qualifier,
        "quality_flags": list(figure.quality_flags),
        "amount_suggested": figure.amount_suggested,
        "suggestion_basis": figure.suggestion_basis,
        "basis": figure.basis,
        "source": values.source_json(figure.source),
    }
