"""What the data files state of cooperation, and the commands that bring each statement in."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, TypeAdapter

from kit.auth import Caller
from kit.db.unit import Unit
from programmes.api import requests_cooperation as register
from programmes.api import requests_governance as governance
from programmes.api import requests_results as results
from programmes.api.requests import cited
from programmes.api.values import date_of
from programmes.api.wire_cooperation import Meeting
from programmes.commands import action_plans, indicators, participation, parts, registers
from programmes.domain.action_plan import ActionStatus, PlanStatus
from programmes.domain.indicator import ValueState
from programmes.queries import cooperation as cooperation_queries
from programmes.queries import results as result_queries

_DATA: Final = Path(__file__).parent.parent / "data"
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Statements of one kind: their natural keys, and how each is brought in."""

    what: str
    keys: Sequence[Key]
    writes: Sequence[Callable[[], Awaitable[object]]]


class _Stated(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Standing(register.NewStanding):
    organisation: str


class _Lead(register.NewTopicLead):
    component: str


class _Meeting(governance.NewMeeting):
    held: bool


class _Action(results.NewAction):
    moves: tuple[ActionStatus, ...]
    reason: str | None = None


class _Plan(results.NewActionPlan):
    actions: tuple[_Action, ...]
    moves: tuple[PlanStatus, ...]


class _Indicator(results.NewIndicator):
    values: tuple[results.NewValue, ...]


class Cooperation(_Stated):
    """What hangs on one programme."""

    programme: str
    components: list[register.NewComponent]
    topic_leads: list[_Lead]
    partnerships: list[register.NewPartnership]
    bodies: list[governance.NewBody]
    meetings: list[_Meeting]
    participation: list[governance.NewParticipation]
    decisions: list[governance.NewDecision]
    action_plans: list[_Plan]
    indicators: list[_Indicator]
    units: list[results.NewUnit]
    deliverables: list[results.NewDeliverable]


def _read(name: str, kind: type[BaseModel]) -> list[Any]:
    listed: TypeAdapter[list[Any]] = TypeAdapter(list[kind])  # type: ignore[valid-type]
    return listed.validate_json((_DATA / f"{name}.json").read_bytes())


def _step(
    what: str,
    found: Sequence[Any],
    key: Callable[[Any], Key],
    write: Callable[[Any], Awaitable[object]],
) -> Step:
    return Step(what, [key(it) for it in found], [_later(write, it) for it in found])


def _later(
    write: Callable[[Any], Awaitable[object]], it: object
) -> Callable[[], Awaitable[object]]:
    return lambda: write(it)


def register_steps(unit: Unit, by: Caller) -> Iterator[Step]:
    """Yield the open registers; organisations are there already."""
    yield _step(
        "instruments",
        _read("instruments", register.NewInstrument),
        lambda it: (it.code,),
        lambda it: registers.register_instrument(unit, it.instrument, by=by),
    )
    yield _step(
        "topics",
        _read("topics", register.NewTopic),
        lambda it: (it.scheme, it.code),
        lambda it: registers.register_topic(unit, it.topic, by=by),
    )
    yield _step(
        "topic-mappings",
        _read("topic-mappings", register.NewTopicMapping),
        lambda it: (
            it.from_topic.scheme,
            it.from_topic.code,
            it.to_topic.scheme,
            it.to_topic.code,
        ),
        lambda it: registers.map_topics(unit, it.mapping, by=by),
    )
    yield _step(
        "country-groups",
        _read("country-groups", register.NewCountryGroup),
        lambda it: (it.code,),
        lambda it: registers.register_country_group(unit, it.group, by=by),
    )
    yield _step(
        "organisation-statuses",
        _read("organisation-statuses", _Standing),
        lambda it: (it.organisation, it.status),
        lambda it: registers.give_standing(
            unit, lambda new_id: it.standing(new_id, it.organisation), by=by
        ),
    )


def cooperation_steps(unit: Unit, by: Caller) -> Iterator[Step]:
    """Yield what hangs on the programmes, in an order in which each finds what it names."""
    data = _read("cooperation", Cooperation)
    for name, key, write in (*_plain(unit, by), *_governed(unit, by), *_results(unit, by)):
        found = [(of.programme, it) for of in data for it in getattr(of, name)]
        yield _step(name, found, key, write)
    yield from _held(unit, by, data)
    yield from _carried_out(unit, by, data)
    yield from _reviewed(unit, by, data)


_Kind = tuple[str, Callable[[Any], Key], Callable[[Any], Awaitable[object]]]


def _plain(unit: Unit, by: Caller) -> tuple[_Kind, ...]:
    return (
        (
            "components",
            lambda it: (it[0], it[1].code),
            lambda it: parts.add_part(unit, it[0], it[1].component, by=by),
        ),
        (
            "topic_leads",
            lambda it: (it[0], it[1].component, it[1].topic),
            lambda it: parts.name_topic_lead(
                unit, it[0], lambda i, p: it[1].lead(i, p, it[1].component), by=by
            ),
        ),
        (
            "partnerships",
            lambda it: (it[0], it[1].country),
            lambda it: parts.form_partnership(unit, it[0], it[1].partnership, by=by),
        ),
        (
            "units",
            lambda it: (it[0], it[1].name),
            lambda it: parts.add_part(unit, it[0], it[1].unit, by=by),
        ),
        (
            "deliverables",
            lambda it: (it[0], it[1].kind, it[1].title),
            lambda it: parts.add_part(unit, it[0], it[1].deliverable, by=by),
        ),
    )


def _governed(unit: Unit, by: Caller) -> tuple[_Kind, ...]:
    return (
        (
            "bodies",
            lambda it: (it[0], it[1].code),
            lambda it: parts.add_part(unit, it[0], it[1].body, by=by),
        ),
        (
            "meetings",
            lambda it: (it[0], it[1].body, it[1].on.date().edtf),
            lambda it: parts.plan_meeting(unit, it[0], it[1].meeting, by=by),
        ),
        (
            "participation",
            lambda it: (it[0], it[1].country),
            lambda it: participation.begin_participation(
                unit,
                it[0],
                it[1].country,
                date_of(it[1].valid_from),
                source=cited(it[1].source),
                by=by,
            ),
        ),
        (
            "decisions",
            lambda it: (it[0], it[1].text),
            lambda it: participation.record_decision(
                unit, it[0], lambda ids: it[1].decision(it[0], ids), by=by
            ),
        ),
    )


def _results(unit: Unit, by: Caller) -> tuple[_Kind, ...]:
    return (
        (
            "action_plans",
            lambda it: (it[0], it[1].country),
            lambda it: action_plans.draft_plan(unit, it[0], it[1].plan, by=by),
        ),
        (
            "indicators",
            lambda it: (it[0], it[1].code),
            lambda it: parts.add_part(unit, it[0], it[1].indicator, by=by),
        ),
    )


def _held(unit: Unit, by: Caller, data: Sequence[Cooperation]) -> Iterator[Step]:
    async def hold(it: tuple[str, _Meeting]) -> None:
        code, stated = it
        found = await cooperation_queries.meetings(
            unit, code, body=stated.body, status="planned", by=by
        )
        edtf = stated.on.date().edtf
        (planned,) = [each for each in _meetings(found) if each.on.edtf == edtf]
        move = governance.MeetingMove(to="held")
        await parts.move_meeting(
            unit, code, planned.id, move.becomes, expected=planned.version, by=by
        )

    held = [(of.programme, it) for of in data for it in of.meetings if it.held]
    yield _step("meetings_held", held, lambda it: (it[0], it[1].body, it[1].on.date().edtf), hold)


def _meetings(body: str) -> Sequence[Meeting]:
    return _Page.model_validate_json(body).items


class _Page(BaseModel):
    items: list[Meeting]


def _carried_out(unit: Unit, by: Caller, data: Sequence[Cooperation]) -> Iterator[Step]:
    async def version(code: str, country: str) -> int:
        _, tag = await result_queries.plan(unit, code, country, by=by)
        return int(tag.strip('"v'))

    async def pass_plan(it: tuple[str, str, PlanStatus]) -> None:
        expected = await version(it[0], it[1])
        await action_plans.pass_plan(unit, *it, expected=expected, by=by)

    async def advance(it: tuple[str, str, _Action, ActionStatus]) -> None:
        code, country, action, to = it
        await action_plans.advance_action(
            unit,
            code,
            country,
            action.number,
            to,
            reason=action.reason,
            expected=await version(code, country),
            by=by,
        )

    plans = [(of.programme, plan) for of in data for plan in of.action_plans]
    yield _step(
        "actions",
        [(code, plan.country, each) for code, plan in plans for each in plan.actions],
        lambda it: (it[0], it[1], str(it[2].number)),
        lambda it: action_plans.plan_action(unit, it[0], it[1], it[2].action(), by=by),
    )
    moved = [(code, plan.country, to) for code, plan in plans for to in plan.moves]
    yield _step("plan_moves", moved, lambda it: (it[0], it[1], it[2].value), pass_plan)
    advanced = [
        (code, plan.country, each, to)
        for code, plan in plans
        for each in plan.actions
        for to in each.moves
    ]
    yield _step(
        "action_moves",
        advanced,
        lambda it: (it[0], it[1], str(it[2].number), it[3].value),
        advance,
    )


def _reviewed(unit: Unit, by: Caller, data: Sequence[Cooperation]) -> Iterator[Step]:
    async def review(it: tuple[str, str, str, ValueState]) -> None:
        code, name, period, to = it
        found = await result_queries.indicator_of(unit, code, name, by=by)
        value_id: UUID = next(each.id for each in found.values if each.period == period)
        await indicators.move_value(unit, code, name, value_id, to, expected=found.version, by=by)

    values = [
        (of.programme, it.code, value) for of in data for it in of.indicators for value in it.values
    ]
    yield _step(
        "values",
        values,
        lambda it: (it[0], it[1], it[2].period),
        lambda it: indicators.report_value(unit, it[0], it[1], it[2].reported, by=by),
    )
    moves = [
        (code, name, value.period, to)
        for code, name, value in values
        for to in (ValueState.PENDING, ValueState.APPROVED)
    ]
    yield _step("value_moves", moves, lambda it: (*it[:3], it[3].value), review)
