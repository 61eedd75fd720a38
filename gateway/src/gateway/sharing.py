"""Reads that many ask for at once are asked of the service once, and never answered from before."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from typing_extensions import override

from gateway.coalesce import Coalescer
from gateway.exchange import Ask, Reply
from gateway.passthrough import Forward, passed_on, target


@dataclass(frozen=True, slots=True)
class Sharing(Forward):
    """Carries one read to its service: for everybody who asked the same before it was sent.

    The same is: the same caller, path, query and headers that a service hears, and as much time.
    """

    together: Coalescer[tuple[Reply, str]] = field(default_factory=Coalescer)

    @override
    async def __call__(self, ask: Ask) -> Reply:
        """Answer from a read that was sent after this request came, as `Forward` does."""
        key: Hashable = (ask.caller, target(ask), ask.budget_ms, passed_on(ask))
        reply, asked_as = await self.together.join(key, lambda: self._carried(ask))
        return reply.for_request(ask.request_id, instead_of=asked_as)

    async def _carried(self, ask: Ask) -> tuple[Reply, str]:
        return await Forward.__call__(self, ask), ask.request_id
