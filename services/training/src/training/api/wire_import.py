"""Request models of /v1: attendance to import."""

from collections.abc import Sequence
from typing import Annotated, Final, Self

from pydantic import Field, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError

from kit.auth import Caller
from kit.wire import Code, Ref, Request
from training.api import examples
from training.api.bulk_route import Given
from training.api.wire_batch import ExternalId, read_items
from training.api.wire_presence import GivenStay, Nonce, Number
from training.api.words import Words
from training.domain.attendance_import import SentPresence
from training.domain.batch import ItemReport
from training.domain.presence import Claim, PresenceSource


class AttendanceItem(GivenStay):
    """One scan, or one line of a list; the same nonce at the same session is the same record.

    It is about a participant, or about whom an organisation nominated under its `external_id`:
    the one that sends it in, unless `organisation` names another.
    """

    participant_id: Ref | None = None
    organisation: Code | None = None
    external_id: ExternalId | None = None
    session: Number
    nonce: Nonce
    source: PresenceSource = PresenceSource.IMPORT
    departed_from: Words | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.participant_id is None) == (self.external_id is None):
            raise PydanticCustomError("one_of", "either `participant_id` or `external_id` is given")
        if self.organisation is not None and self.external_id is None:
            raise PydanticCustomError("one_of", "`organisation` goes with `external_id`")
        return self

    def sent(self, index: int, line: int | None, *, by: Caller) -> SentPresence:
        """Return the domain value."""
        claim = Claim(self.session, self.nonce, self.source, self.stay(), self.departed_from)
        sender = None if self.external_id is None else self.organisation or by.organisation
        return SentPresence(index, claim, self.participant_id, sender, self.external_id, line)


class AttendanceBatch(Request):
    """Records of presence to send in at once."""

    model_config = examples.PRESENCES

    items: Annotated[list[AttendanceItem], Field(min_length=1, max_length=5000)]


ATTENDANCE_COLUMNS: Final = tuple(AttendanceItem.model_fields)
_ITEM: Final = TypeAdapter(AttendanceItem)


def judged_presence(
    items: Sequence[Given], *, by: Caller
) -> tuple[list[SentPresence], list[ItemReport]]:
    """Return the records that can be read, and a report on each item that cannot."""
    return read_items(
        items, _ITEM, lambda item, index, line: item.sent(index, line, by=by), "nonce"
    )
