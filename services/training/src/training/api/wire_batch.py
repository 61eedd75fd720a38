"""Request and answer models of /v1: many nominations at once."""

from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from kit.wire import CLEAN, Answer, Code, Ref, Request, Whole
from training.api.wire_nominations import Role
from training.api.words import Words
from training.domain import batch
from training.domain.batch import Outcome
from training.domain.nomination import Candidate

ExternalId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$"),
    CLEAN,
]


class BatchItem(Request):
    """A nominee under the id by which the sending organisation knows it."""

    external_id: ExternalId
    event_id: Ref
    participant_id: Ref
    unit_code: Code | None = None
    role: Role = "participant"
    overlap_reason: Words | None = None
    source_version: Annotated[Whole, Field(ge=0)] | None = None

    def sent(self, index: int) -> batch.Sent:
        """Return the domain value."""
        candidate = Candidate(self.participant_id, self.unit_code, self.role, self.overlap_reason)
        return batch.Sent(index, self.external_id, self.event_id, candidate, self.source_version)


class NominationBatch(Request):
    """Nominees to send in at once."""

    items: Annotated[list[BatchItem], Field(min_length=1, max_length=5000)]


COLUMNS: Final = tuple(BatchItem.model_fields)
_ITEM: Final = TypeAdapter(BatchItem)


class ItemError(Answer):
    """Why an item is refused."""

    pointer: str
    code: str
    detail: str


class ShownItem(Answer):
    """What became of an item; `index` counts from 0, in CSV the rows below the header."""

    index: int
    external_id: str | None
    status: Outcome
    id: UUID | None
    errors: list[ItemError]


class BatchReport(Answer):
    """What became of all items; nothing is stored when `stored` is false."""

    stored: bool
    stats: dict[str, int]
    items: list[ShownItem]

    @classmethod
    def of(cls, report: batch.Report, *, stored: bool) -> Self:
        """Return the wire form."""
        return cls(stored=stored, stats=report.stats, items=[_shown(each) for each in report.items])


def _shown(item: batch.ItemReport) -> ShownItem:
    return ShownItem(
        index=item.index,
        external_id=item.external_id,
        status=item.status,
        id=item.id,
        errors=[
            ItemError(pointer=each.pointer, code=each.code, detail=each.detail)
            for each in item.errors
        ],
    )


def judged(items: list[dict[str, Any]]) -> tuple[list[batch.Sent], list[batch.ItemReport]]:
    """Return the items that can be read, and a report on each that cannot."""
    sent: list[batch.Sent] = []
    flawed: list[batch.ItemReport] = []
    for index, item in enumerate(items):
        try:
            sent.append(_ITEM.validate_python(item).sent(index))
        except ValidationError as error:
            flawed.append(_flawed(index, item, error))
    return sent, flawed


def _flawed(index: int, item: dict[str, Any], error: ValidationError) -> batch.ItemReport:
    named = item.get("external_id")
    flaws = tuple(
        batch.Flaw(
            "/".join(["", "items", str(index), *(str(part) for part in each["loc"])]),
            f"kit.{each['type']}",
            each["msg"],
        )
        for each in error.errors(include_url=False, include_input=False, include_context=False)
    )
    known = named if isinstance(named, str) else None
    return batch.ItemReport(index, known, Outcome.REFUSED, None, flaws)
