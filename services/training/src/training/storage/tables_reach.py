"""Tables of reach: what was counted of which event, and what that adds up to."""

from typing import Final
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, Named, Table, Text, TypedColumns, Uuid

from training.storage.tables import metadata


class ReachEventColumns(TypedColumns):
    """An event as it is counted; `left_out` says that its people are too few to be shown.

    `place` is country and city, null where the city is not known.
    """

    event_id: Named[UUID] = Column(Uuid, ForeignKey("training_event.id"), primary_key=True)
    programme_code: Named[str] = Column(Text)
    series_id: Named[UUID | None] = Column(Uuid)
    kind: Named[str] = Column(Text)
    region: Named[str | None] = Column(Text)
    place: Named[str | None] = Column(Text)
    held: Named[bool]
    left_out: Named[bool]
    synthetic: Named[bool]


class ReachPersonColumns(TypedColumns):
    """Somebody who was at an event and is counted; `by_country` among those of the country too."""

    nomination_id: Named[UUID] = Column(Uuid, ForeignKey("nomination.id"), primary_key=True)
    event_id: Named[UUID] = Column(Uuid)
    person: Named[UUID] = Column(Uuid)
    country: Named[str] = Column(Text)
    organisation: Named[str] = Column(Text)
    unit_code: Named[str | None] = Column(Text)
    by_country: Named[bool]


class PersonAliasColumns(TypedColumns):
    """A participant that turned out to be the same person as another one."""

    participant_id: Named[UUID] = Column(Uuid, primary_key=True)
    same_as: Named[UUID] = Column(Uuid)


class ReachSeenColumns(TypedColumns):
    """How often a member (a person, a unit, …) was counted in a cell of reach."""

    scope: Named[str] = Column(Text, primary_key=True)
    measure: Named[str] = Column(Text, primary_key=True)
    dimension: Named[str] = Column(Text, primary_key=True)
    key: Named[str] = Column(Text, primary_key=True)
    member: Named[str] = Column(Text, primary_key=True)
    times: Named[int]


class ReachCellColumns(TypedColumns):
    """How many members a cell of reach has: what `reach_seen` adds up to, kept as it changes."""

    scope: Named[str] = Column(Text, primary_key=True)
    measure: Named[str] = Column(Text, primary_key=True)
    dimension: Named[str] = Column(Text, primary_key=True)
    key: Named[str] = Column(Text, primary_key=True)
    value: Named[int]


reach_event: Final = Table("reach_event", metadata, ReachEventColumns)
reach_person: Final = Table(
    "reach_person", metadata, ReachPersonColumns, Index("reach_person_by_event", "event_id")
)
person_alias: Final = Table(
    "person_alias", metadata, PersonAliasColumns, Index("person_alias_by_person", "same_as")
)
reach_seen: Final = Table("reach_seen", metadata, ReachSeenColumns)
reach_cell: Final = Table("reach_cell", metadata, ReachCellColumns)
