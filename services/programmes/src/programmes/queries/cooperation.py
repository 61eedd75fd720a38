"""Cooperation of one programme as JSON text: components, leads, partnerships, governance.

Every function raises NoSuchProgramme if it is unknown or the caller may not see it.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Table, select

from kit.auth import Caller
from kit.db.unit import Hot, Unit
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.queries import records, shapes
from programmes.queries.parts import body_of, days, if_asked, if_then, of_programme
from programmes.queries.records import Tagged, one, one_of
from programmes.queries.topics import TOPICS_OF_COMPONENT
from programmes.storage import tables_cooperation as tables
from programmes.storage.tables import programme


def listed(
    table: Table, shown: ColumnElement[Any], order: str, *filters: str, dated: str | None = None
) -> Hot:
    """Return the statement that lists the records of a programme.

    They are filtered by the columns named, and by the days the column `dated` may mean.
    """
    chosen = select(shapes.gathered(shown, *(table.c[name] for name in order.split())))
    asked = [if_asked(table.c[name], name) for name in filters]
    asked += [] if dated is None else [if_then(table.c[dated])]
    return of_programme(chosen.where(table.c.programme_id == programme.c.id, *asked))


_COMPONENTS: Final = listed(tables.component, records.COMPONENT, "code")
_COMPONENT: Final = one(tables.component, records.COMPONENT, "code")
_LEADS: Final = listed(tables.topic_lead, records.LEAD, "component id", "component")
_PARTNERSHIPS: Final = listed(
    tables.bilateral_partnership, records.PARTNERSHIP, "country id", "country", "status"
)
_BODIES: Final = listed(tables.governance_body, records.BODY, "code")
_MEETINGS: Final = listed(
    tables.governance_meeting, records.MEETING, "body edtf", "body", "status", dated="on_date"
)
_MEETING: Final = one(tables.governance_meeting, records.MEETING, "id")
_DECISIONS: Final = listed(tables.decision, records.DECISION, "id", dated="taken_on")
_PARTNERSHIP: Final = one(tables.bilateral_partnership, records.PARTNERSHIP, "id")


async def components(unit: Unit, code: str, *, by: Caller) -> str:
    """Return the components, by code."""
    return await body_of(unit, _COMPONENTS, by, code=code)


async def component(unit: Unit, code: str, name: str, *, by: Caller) -> Tagged:
    """Return a component with its ETag; raises NoSuchPart."""
    return await one_of(unit, _COMPONENT, code, by=by, code_=name)


async def topics(unit: Unit, code: str, name: str, *, group: int | None, by: Caller) -> str:
    """Return the topics of a component's scheme, of a group if asked; raises NoSuchPart."""
    await component(unit, code, name, by=by)
    return await body_of(unit, TOPICS_OF_COMPONENT, by, code=code, component=name, group=group)


async def leads(unit: Unit, code: str, name: str, *, by: Caller) -> str:
    """Return who leads which topic of a component; raises NoSuchPart."""
    await component(unit, code, name, by=by)
    return await body_of(unit, _LEADS, by, code=code, component=name)


async def partnerships(
    unit: Unit, code: str, *, country: str | None, status: str | None, by: Caller
) -> str:
    """Return the bilateral partnerships, ended ones too."""
    return await body_of(unit, _PARTNERSHIPS, by, code=code, country=country, status=status)


async def partnership(unit: Unit, code: str, partnership_id: str, *, by: Caller) -> Tagged:
    """Return a partnership with its ETag; raises NoSuchPart."""
    return await one_of(unit, _PARTNERSHIP, code, by=by, id_=partnership_id)


async def bodies(unit: Unit, code: str, *, by: Caller) -> str:
    """Return the bodies that govern or advise."""
    return await body_of(unit, _BODIES, by, code=code)


async def meetings(
    unit: Unit,
    code: str,
    *,
    body: str | None,
    status: str | None,
    during: FuzzyDate | None = None,
    by: Caller,
) -> str:
    """Return the meetings of a body, in a state, perhaps on those days, or all, by date."""
    asked = {"body": body, "status": status, **days(during)}
    return await body_of(unit, _MEETINGS, by, code=code, **asked)


async def meeting(unit: Unit, code: str, meeting_id: str, *, by: Caller) -> Tagged:
    """Return a meeting with its ETag; raises NoSuchPart."""
    return await one_of(unit, _MEETING, code, by=by, id_=meeting_id)


async def decisions(unit: Unit, code: str, *, during: FuzzyDate | None = None, by: Caller) -> str:
    """Return the decisions, perhaps taken on those days, in the order of their recording."""
    return await body_of(unit, _DECISIONS, by, code=code, **days(during))
