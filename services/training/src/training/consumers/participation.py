"""Which countries take part in programmes, as the programmes service decides."""

from contracts.programmes.facts import ParticipationChanged, ParticipationScope
from kit.db.unit import Unit
from kit.facts import Envelope
from training.commands import seating
from training.domain.eligibility import Participation, Scope


async def on_participation_changed(unit: Unit, fact: ParticipationChanged, _meta: Envelope) -> None:
    """Keep the local copy that nominations are checked against (INV-04)."""
    decision = Participation(
        programme_code=fact.programme_code,
        country=fact.country,
        seq=fact.seq,
        status=fact.status,
        valid_from=fact.valid_from,
        decision_id=fact.decision_id,
        decision_text=fact.decision_text,
        scope=None if fact.scope is None else _scope(fact.scope),
    )
    await seating.copy_participation(unit, decision)


def _scope(told: ParticipationScope) -> Scope:
    return Scope(tuple(told.components_in), tuple(told.topics_out), tuple(told.kinds_out))
