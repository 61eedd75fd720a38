"""State machines: which moves are legal from a state, and why the others are not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from kit.errors import DomainError, Kind

StateT = TypeVar("StateT", bound=StrEnum)


class IllegalMove(DomainError):
    """The thing cannot move from its present state to this one."""

    kind = Kind.CONFLICT
    code = "programmes.illegal_move"
    title = "This move is not possible now"
    advice = "Choose one of the states named in `allowed`."


@dataclass(frozen=True, slots=True)
class Way(Generic[StateT]):
    """One state somebody may ask for; `why_not` is absent if the move is legal.

    `needs` is what has to be given with a legal move, if anything.
    """

    to: StateT
    why_not: str | None
    needs: str | None = None


@dataclass(frozen=True, slots=True)
class Moves(Generic[StateT]):
    """The legal moves of one kind of thing: from each state to the states named."""

    subject: str
    legal: Mapping[StateT, frozenset[StateT]]

    def check(self, present: StateT, to: StateT) -> None:
        """Raise IllegalMove unless `present` leads to `to`."""
        if to not in self.legal[present]:
            allowed = sorted(self.legal[present])
            raise IllegalMove(self._why_not(present, to), present=present, allowed=allowed)

    def ways(self, present: StateT) -> tuple[Way[StateT], ...]:
        """Return every other state with the reason why it is out of reach, if it is."""
        return tuple(
            Way(to, None if to in self.legal[present] else self._why_not(present, to))
            for to in self.legal
            if to is not present
        )

    def _why_not(self, present: StateT, to: StateT) -> str:
        ways = ", ".join(sorted(self.legal[present])) or "nothing"
        return f"{self.subject}: {present} does not lead to {to}, only to {ways}"
