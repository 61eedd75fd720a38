"""Carrying out many items at once: all of them, or each that can be; or none, to see what would be.

What is stored of the items of one kind is decided by a function that gets some of them in the
transaction in which they are stored. It is the same whether anything is kept or not.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Protocol, TypeVar

from kit.db.unit import Tx, Unit
from training.domain.batch import ItemReport, Mode, Report

AT_ONCE: Final = 1_000
"""So many items are judged, and in partial mode stored, in one go."""


class Item(Protocol):
    """An item of a request, whatever it says."""

    @property
    def index(self) -> int:
        """Its place in the request, from 0."""
        ...


T = TypeVar("T")
Storing = Callable[[Tx, Sequence[Any]], Awaitable[list[ItemReport]]]


class NotToBeKeptError(Exception):
    """Ends a transaction whose effects are not wanted."""


async def carry_out(
    unit: Unit,
    items: Sequence[Item],
    flawed: Sequence[ItemReport],
    storing: Storing,
    *,
    mode: Mode,
    validate_only: bool,
) -> Report:
    """Carry out a request in one transaction; `flawed` are items that were refused before.

    An atomic one with a refused item keeps nothing, and neither does one that only validates.
    """
    report = Report(())
    try:
        async with unit.begin() as tx:
            judged = [each for some in portions(items) for each in await storing(tx, some)]
            report = tx.result(in_order([*judged, *flawed]))
            must_be_kept(report, mode, validate_only=validate_only)
    except NotToBeKeptError:
        return report.without_effect()
    return report


def portions(items: Sequence[T]) -> list[Sequence[T]]:
    """Return the items in portions of those that are judged in one go."""
    return [items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE)]


def in_order(reports: Sequence[ItemReport]) -> Report:
    """Return the report on all items, in the order of the request."""
    return Report(tuple(sorted(reports, key=lambda each: each.index)))


def must_be_kept(report: Report, mode: Mode, *, validate_only: bool) -> None:
    """Raise NotToBeKeptError where the transaction must leave nothing behind."""
    if validate_only or (mode is Mode.ATOMIC and not report.flawless):
        raise NotToBeKeptError
