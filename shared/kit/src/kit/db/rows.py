"""What a row is to those who make records of it."""

from typing import Any, Protocol


class ByName(Protocol):
    """A row by column name, whichever way it was read."""

    def __getitem__(self, column: str, /) -> Any:  # noqa: ANN401 (columns have many types)
        """Return the value of a column."""
        ...
