"""What stands beside the price of each choice: what leaving it costs, and what it emits."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from planner.domain.catalog import OfferKind
from planner.domain.plan import NodeGroup, Pool
from planner.optimising.stretches import Stretch, filled, times
from planner.options.leaving import Departure, Held
from planner.options.option import Lines, NodeKind, Options
from planner.quantities import exact, share_out

MILLIONTH = Decimal("0.000001")
BOUGHT = "watts of the servers, PUE and grid: operation alone"
RENTED = "watts of the accelerators, PUE and grid: operation alone, an estimate"


class Beside:
    """Looks at the stretches of one plan, as decided: `taken_on` machines by term, period and hours, and `begun` work by period."""

    def __init__(self, options: Options, stretches: Sequence[Stretch], pools: Mapping[str, Pool], nodes: Sequence[NodeGroup],
                 taken_on: Mapping[tuple[str, int, str], int], begun: Mapping[tuple[str, int], int]):
        self.o, self.stretches, self.pools, self.nodes, self.taken_on, self.begun = options, stretches, pools, nodes, taken_on, begun
        self.parts: dict[str, list[int]] = {
            n.id: share_out(int(n.carbon_kg or 0), [filled(s, options, pools, n.machine) for s in stretches]) for n in nodes
        }

    def carbon(self, s: Stretch) -> tuple[Decimal | None, str | None]:
        """Kilograms of CO2e and what they rest on: its answers' own, or its part of its machines'; None where they are not known."""
        node = self._node(s)
        if s.stands_by:
            return None, None
        if node is None:
            own = s.option.carbon_kg
            return None if own is None else Decimal(sum(own[t] for t in s.periods) * s.parts), s.option.carbon_source
        mine = [n for n in self.nodes if n.machine == node.key]
        if any(n.carbon_kg is None for n in mine):
            return None, None
        return Decimal(sum(self.parts[n.id][self.stretches.index(s)] for n in mine)), RENTED if node.power_watts is None else BOUGHT

    def exit_lines(self, s: Stretch) -> Lines:
        """What leaving a choice costs half-way through its months; nothing for what only stands by."""
        if s.stands_by or self.o.leaving is None:
            return ()
        volumes = self.o.volumes[s.part.id, s.option.deployment.model.unit]
        leave = Departure(s.option, volumes, s.parts, self.o.periods[s.periods[0]].first, self.o.periods[s.periods[-1]].until)
        return self.o.leaving(replace(leave, held=tuple(self._held(s, leave.month))))

    def _node(self, s: Stretch) -> NodeKind | None:
        return None if s.option.pool is None else self.o.nodes[self.o.pools[s.option.pool].node]

    def _held(self, s: Stretch, month: int) -> Iterator[Held]:
        """The machines that serve in a month, with the share of them that a stretch fills; or its subscription."""
        node, periods = self._node(s), self.o.periods
        now = next(p.number for p in periods if p.first <= month < p.until)
        if node is None:
            yield from self._subscribed(s, now)
            return
        with exact():
            whole = sum((filled(x, self.o, self.pools, node.key, now) for x in self.stretches), Decimal(0))
            share = (filled(s, self.o, self.pools, node.key, now) / whole).quantize(MILLIONTH).normalize()
        for term in sorted(node.terms, key=lambda x: x.key):
            for (key, t, hours), number in sorted(self.taken_on.items()):
                until = periods[(len(periods) if term.lasts == 0 else min(t + term.lasts, len(periods))) - 1].until
                if key == term.key and not hours and periods[t].first <= month < until:
                    yield Held(term.offer, tuple(times(x, number) for x in term.lines[t] or ()), periods[t].first, until, share)

    def _subscribed(self, s: Stretch, now: int) -> Iterator[Held]:
        """The subscription that serves in a period: begun in that period, or in an earlier one where it goes on through several."""
        offer, periods = s.option.deployment.offer, self.o.periods
        if offer is None or offer.kind is OfferKind.TOKENS or not offer.term_months:
            return
        lines, begun, until = s.option.lines[now], now, periods[now].until
        kind = self.o.shared.get(f"held:{offer.id}:{s.part.workload}")
        if kind is not None:
            begun = max(t for key, t in self.begun if key == kind.key and t <= now)
            lines, until = kind.lines[begun], periods[min(begun + (kind.lasts or len(periods)), len(periods)) - 1].until
        yield Held(offer.id, lines, periods[begun].first, until, Decimal(1))
