"""Facts: what a service says has happened, and the envelope in which it travels."""

from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Fact(BaseModel):
    """Something that happened, in the past tense. Subclasses set `type` and `entity`.

    `type` is `<service>.<what>.v<n>`, `entity` the kind of record it is about. A reader ignores
    members it does not know; a fact carries what a follower needs to act and no personal data.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    entity: ClassVar[str]


class Envelope(BaseModel):
    """A CloudEvents 1.0 event as a feed hands it out.

    `subject` is the id of the record, `sequence` its version after the fact, `position` the
    place in the feed of `source`, `cause` the id of the request or fact that led here. `op` is
    `out_of_scope` (and there is no `data`) when the reader may no longer see the record.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: UUID
    source: str
    type: str
    subject: UUID
    time: datetime
    sequence: int
    position: int
    cause: str
    op: Literal["upsert", "out_of_scope"] = "upsert"
    data: dict[str, Any] | None = None
