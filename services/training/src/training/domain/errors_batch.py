"""Refusals of many items at once."""

from kit.errors import DomainError, Kind


class ItemConflict(DomainError):
    """An item contradicts what is on record under its external id (IN-02, IN-03)."""

    kind = Kind.CONFLICT
    code = "training.item_conflict"
    title = "The item contradicts what is on record"
    advice = "Read the nomination; send a new external id for a new nominee."


class BatchRefused(DomainError):
    """An atomic batch with a bad item stores nothing."""

    kind = Kind.INVALID
    code = "training.batch_refused"
    title = "Nothing of the batch was stored"
    advice = "Correct the items that `items` shows as refused, and send all again."
