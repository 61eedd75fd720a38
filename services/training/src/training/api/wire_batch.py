"""Request and answer models of /v1: many nominations at once."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Final, Self, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from kit.personal import impersonal, personal_data_in
from kit.strict import MAX_VIOLATIONS, violations_of
from kit.wire import CLEAN, Answer, Code, Count, Ref, Request
from training.api import examples
from training.api.bulk_route import Given
from training.api.wire_nominations import Role
from training.api.words import Words
from training.domain import batch
from training.domain.batch import Outcome
from training.domain.nomination import Candidate, NominationStatus

_Model = TypeVar("_Model")
_Sent = TypeVar("_Sent")
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def _of_nobody(external_id: str) -> str:
    """Refuse an id that seems to be a PESEL, a passport or a phone number (INV-41).

    A UUID is none of them, even where its last digits pass for one.
    """
    return external_id if _UUID.fullmatch(external_id) else impersonal(external_id)


ExternalId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$"),
    CLEAN,
    AfterValidator(_of_nobody),
]


class BatchItem(Request):
    """A nominee under the id by which the sending organisation knows it."""

    external_id: ExternalId
    event_id: Ref
    participant_id: Ref
    unit_code: Code | None = None
    role: Role = "participant"
    overlap_reason: Words | None = None
    source_version: Count | None = None

    def sent(self, index: int, line: int | None) -> batch.Sent:
        """Return the domain value."""
        candidate = Candidate(self.participant_id, self.unit_code, self.role, self.overlap_reason)
        return batch.Sent(
            index, self.external_id, self.event_id, candidate, self.source_version, line
        )


class NominationBatch(Request):
    """Nominees to send in at once."""

    model_config = examples.NOMINATIONS

    items: Annotated[list[BatchItem], Field(min_length=1, max_length=5000)]


COLUMNS: Final = tuple(BatchItem.model_fields)
_ITEM: Final = TypeAdapter(BatchItem)


class ItemError(Answer):
    """Why an item is refused; `reason` is one of a closed list, where the code has one."""

    model_config = ConfigDict(from_attributes=True)

    pointer: str
    code: str
    detail: str
    reason: str | None


class ShownItem(Answer):
    """What became of an item.

    `index` counts from 0, in CSV the rows below the header; `line` is the line of the file, null
    in JSON. `external_id` is what names it for the sender: of an attendance, its nonce. `id` is
    that of the record, `nomination_status` where a nomination stands now: one that was withdrawn
    stays so, however often it is sent, and comes back under another external id. Both are null
    where there is no record.
    """

    model_config = ConfigDict(from_attributes=True)

    index: int
    line: int | None
    external_id: Annotated[str | None, Field(validation_alias="reference")]
    status: Outcome
    id: UUID | int | None
    nomination_status: NominationStatus | None
    errors: list[ItemError]


class BatchReport(Answer):
    """What became of all items; nothing is stored when `stored` is false."""

    stored: bool
    stats: dict[str, int]
    items: list[ShownItem]

    @classmethod
    def of(cls, report: batch.Report, *, stored: bool) -> Self:
        """Return the wire form."""
        return cls.model_validate({"stored": stored, "stats": report.stats, "items": report.items})


def judged(items: Sequence[Given]) -> tuple[list[batch.Sent], list[batch.ItemReport]]:
    """Return the nominees that can be read, and a report on each item that cannot."""
    return read_items(items, _ITEM, lambda item, index, line: item.sent(index, line), "external_id")


def read_items(
    items: Sequence[Given],
    model: TypeAdapter[_Model],
    sent: Callable[[_Model, int, int | None], _Sent],
    name: str,
) -> tuple[list[_Sent], list[batch.ItemReport]]:
    """Return the items that can be read, and a report on each that cannot; `name` names them."""
    good: list[_Sent] = []
    flawed: list[batch.ItemReport] = []
    read = model.validate_python
    for index, item in enumerate(items):
        try:
            good.append(sent(read(item.values), index, item.line))
        except ValidationError as error:
            flawed.append(_flawed(index, item, error, name))
    return good, flawed


def _flawed(index: int, item: Given, error: ValidationError, name: str) -> batch.ItemReport:
    named = item.values.get(name)
    faults = error.errors(include_url=False)[:MAX_VIOLATIONS]
    placed = ({**each, "loc": ("body", "items", index, *each["loc"])} for each in faults)
    flaws = tuple(
        batch.Flaw(each.pointer, each.code, each.message) for each in violations_of(placed)
    )
    known = named if isinstance(named, str) and personal_data_in(named) is None else None
    return batch.ItemReport(index, known, Outcome.REFUSED, None, flaws, item.line)
