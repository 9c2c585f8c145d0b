"""From a decision to a Plan: who serves what and when, the fewest replicas that carry it, the machines, and every euro placed."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal

from planner.domain.assessment import Assessment, Criticality
from planner.domain.plan import Choice, Cost, CostLine, Move, NodeGroup, Plan, Pool, PoolPeriod, SharedCost, Size, TakenOn
from planner.judging.portfolio import SCORE_UNIT
from planner.optimising.beside import Beside
from planner.optimising.engine import Decision
from planner.optimising.stretches import Stretch, filled, times
from planner.options.calendar import Calendar
from planner.options.option import Lines, NodeKind, Options, TermKind, cents_of
from planner.quantities import exact, from_cents, share_out, to_cents
from planner.sizing.demand import Part

MILLI = Decimal("0.001")


def decided(decision: Decision, options: Options, assessment: Assessment, as_of: date) -> Plan:
    """The plan that a decision stands for."""
    return _Plan(decision, options, assessment).made(as_of)


class _Plan:
    def __init__(self, decision: Decision, options: Options, assessment: Assessment):
        self.d, self.o, self.a, self.calendar = decision, options, assessment, Calendar(assessment, options)
        self.workloads = {w.id: w for w in assessment.workloads}
        self.ways = {(o.part, o.key): o for ways in options.open.values() for o in ways}
        self.stretches = self._stretches()
        self.running = [s for s in self.stretches if not s.stands_by]

    def made(self, as_of: date) -> Plan:
        pools, nodes = self._pools(), self._nodes()
        shared, moves = tuple(sorted((*self._shared(), *self._topped_up()), key=lambda item: item.id)), self._moves()
        cents = self._attributed(pools, nodes, shared, moves)
        beside = Beside(self.o, self.stretches, pools, nodes, self.d.taken_on, self.d.begun)
        choices = tuple(self._choice(s, c, pools, beside) for s, c in zip(self.stretches, cents, strict=True))
        kilos = [c.carbon_kg for c in choices if not c.stands_by]
        cost = self._cost(nodes, shared, moves).model_copy(update={"carbon_kg": None if None in kilos else sum(x or 0 for x in kilos)})
        units = {(s.part.id, s.option.deployment.model.unit) for s in self.stretches}
        assumed = {(a.workload, a.name): a for key, v in self.o.volumes.items() if key in units for a in v.assumed}
        return Plan(
            choices=choices, pools=tuple(pools.values()), nodes=nodes, shared=shared, moves=moves, cost=cost,
            as_of=as_of, start=self.a.horizon.start, months=self.a.horizon.months, period_months=self.a.horizon.period_months,
            assumptions=tuple(assumed.values()),
        )

    # ------------------------------------------------------------------------------------ who serves what

    def _stretches(self) -> list[Stretch]:
        """Who serves each part and when, in the order of the parts, then of time; then who stands by."""
        found: list[Stretch] = []
        for part in self.o.parts:
            mine: list[Stretch] = []
            for option in self.o.open[part.id]:
                counts = [self.d.serving.get((part.id, t), {}).get(option.key, 0) for t in range(len(self.o.periods))]
                mine += [Stretch(part, option, counts[ts[0]], ts) for ts in _runs(counts)]
            found += sorted(mine, key=lambda s: s.periods)
            if part.id in self.d.standby:
                option = self.ways[part.id, self.d.standby[part.id]]
                found.append(Stretch(part, option, part.count, tuple(range(len(self.o.periods))), stands_by=True))
        return found

    def _lines(self, s: Stretch) -> Lines:
        """What a stretch causes by itself."""
        if s.stands_by:
            return self.o.standing_by
        return tuple(times(line, s.parts) for t in s.periods for line in s.option.lines[t])

    def _choice(self, s: Stretch, cents: int, pools: Mapping[str, Pool], beside: Beside) -> Choice:
        option, d, size = s.option, s.option.deployment, s.option.capacity
        assert d.model is not None and d.mode is not None and d.offer is not None
        pool = pools.get(option.pool or "") if not s.stands_by else None
        kind = self.o.pools.get(option.pool or "")
        first, last = self.o.periods[s.periods[0]], self.o.periods[s.periods[-1]]
        label = s.part.label if s.parts == s.part.count else f"{s.parts} of {s.part.count} parts"
        with exact():
            share = (s.part.share * s.parts / s.part.count).normalize() + 0
        lines, exits, carbon = self._lines(s), beside.exit_lines(s), beside.carbon(s)
        return Choice(
            workload=s.part.workload, part=label, share=share, from_month=first.first, stands_by=s.stands_by,
            until_month=None if last.until >= self.a.horizon.months else last.until,
            option=option.key, model=d.model.id, effort=self.workloads[s.part.workload].reasoning_effort, mode=d.mode.id, operator=d.operator.id,
            site=d.site, country=d.country, offer=d.offer.id, hardware=self.o.nodes[kind.node].accelerator if kind else None,
            precision=kind.precision if kind else None, tensor_parallel=kind.tensor_parallel if kind else None, pool=option.pool,
            load=max(option.loads[t] for t in s.periods) * s.parts * MILLI if pool else None, replicas=pool.replicas if pool else None,
            size=None if size is None else Size(**{name: getattr(size, name) for name in Size.model_fields}),
            cost_eur=from_cents(cents), cost_lines=lines, exit_lines=exits, exit_cost_eur=None if s.stands_by else _sum(exits),
            quality_probability=option.quality_probability,
            quality_pinned=option.quality_pinned, seal_known=option.seal_known, seal_proven=option.seal_proven,
            score_known=Decimal(option.score) / SCORE_UNIT, conditional_on=option.conditional_on,
            sources=tuple(sorted({line.source for line in lines} | set(option.sources))), carbon_kg=carbon[0], carbon_source=carbon[1],
        )

    def _moves(self) -> tuple[Move, ...]:
        """What goes to another operator or model at the start of a period, and what that costs."""
        made = []
        for part in self.o.parts:
            for t in range(1, len(self.o.periods)):
                number = self._moved(part, t)
                lines = tuple(times(line, number) for line in self.o.moving[t])
                if number and lines:
                    made.append(Move(workload=part.workload, part=part.label, from_month=self.o.periods[t].first,
                                     cost_eur=from_cents(cents_of(lines)), cost_lines=lines))
        return tuple(made)

    def _moved(self, part: Part, period: int) -> int:
        """How many equal parts are served by another operator or model than in the period before."""
        def families(t: int) -> dict[tuple[str, str], int]:
            found: dict[tuple[str, str], int] = defaultdict(int)
            for key, number in self.d.serving[part.id, t].items():
                found[self.ways[part.id, key].operator, self.ways[part.id, key].model] += number
            return found

        before, now = families(period - 1), families(period)
        return sum(max(number - before.get(family, 0), 0) for family, number in now.items())

    # --------------------------------------------------------------------------------- pools and machines

    def _hours(self, users: Sequence[Stretch]) -> tuple[str | None, ...]:
        """The blocks of hours in which a pool's load differs: one without a name where nobody on it is cut by hours."""
        return tuple(h.id for h in self.a.horizon.hours) if any(s.part.hours for s in users) else (None,)

    def _pools(self) -> dict[str, Pool]:
        users: dict[str, list[Stretch]] = defaultdict(list)
        for s in self.running:
            if s.option.pool:
                users[s.option.pool].append(s)
        spare = self.a.constraints.spare_replicas_for_critical
        made = {}
        for key in sorted(users):
            kind, on = self.o.pools[key], users[key]
            node = self.o.nodes[kind.node]
            vital = {t for s in on for t in s.periods if self.workloads[s.part.workload].criticality is Criticality.CRITICAL}
            periods = []
            for t in sorted({t for s in on for t in s.periods}):
                for hours in self._hours(on):
                    load = sum(s.load(t, hours) for s in on) * MILLI
                    replicas = int(load.to_integral_value(rounding=ROUND_CEILING)) + (spare if t in vital else 0)
                    periods.append(PoolPeriod(period=t, hours=hours, load=load, replicas=replicas))
            made[key] = Pool(
                id=key, model=kind.model, precision=kind.precision, accelerator=node.accelerator, tensor_parallel=kind.tensor_parallel,
                offer=node.offer, site=node.site, replicas=max(p.replicas for p in periods), spares=spare if vital else 0,
                load=max(p.load for p in periods), workloads=tuple(dict.fromkeys(s.part.workload for s in on)), periods=tuple(periods),
            )
        return made

    def _nodes(self) -> tuple[NodeGroup, ...]:
        terms = {term.key: (node, term) for node in self.o.nodes.values() for term in node.terms}
        by_term: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
        for (key, t, hours), number in self.d.taken_on.items():
            by_term[key].append((t, hours, number))
        return tuple(self._group(*terms[key], sorted(by_term[key])) for key in sorted(by_term))

    def _group(self, node: NodeKind, term: TermKind, taken: list[tuple[int, str, int]]) -> NodeGroup:
        periods = self.o.periods
        on = []
        lines: list[CostLine] = []
        for t, hours, number in taken:
            until = len(periods) if term.lasts == 0 else min(t + term.lasts, len(periods))
            on.append(TakenOn(period=t, hours=hours or None, nodes=number, from_month=periods[t].first, until_month=periods[until - 1].until))
            priced = (term.by_hours[hours] if hours else term.lines)[t]
            lines += [times(line, number) for line in priced or ()]
        most = most_at_once(on)
        return NodeGroup(
            id=term.key, machine=node.key, taken_on=tuple(on), offer=term.offer, site=node.site, accelerator=node.accelerator,
            accelerators_each=node.accelerators, nodes=most, months=self.a.horizon.months, cost_eur=_sum(lines),
            capex_eur=_sum([line for line in lines if line.capex]), cost_lines=tuple(lines),
            power_kw=None if node.power_watts is None else Decimal(node.power_watts * most) / 1000,
            carbon_kg=None if term.carbon_kg is None else sum(number * term.carbon_kg[t] for t, _, number in taken),
        )

    def _shared(self) -> tuple[SharedCost, ...]:
        """Work that is paid for: one line of the plan for what belongs together."""
        begun: dict[str, list[str]] = defaultdict(list)
        for key in sorted({key for key, _ in self.d.begun} & set(self.o.shared)):
            begun[self.o.shared[key].ticket].append(key)
        made = []
        for ticket in sorted(begun):
            keys = begun[ticket]
            lines = tuple(line for key in keys for (k, t), _ in sorted(self.d.begun.items()) if k == key for line in self.o.shared[key].lines[t])
            users = dict.fromkeys(s.part.workload for s in self.stretches if self._needs(s, keys))
            kind = self.o.shared[keys[0]]
            made.append(SharedCost(id=ticket, what=kind.what, operator=kind.operator, workloads=tuple(users), cost_eur=_sum(lines), cost_lines=lines))
        return tuple(made)

    def _topped_up(self) -> Iterator[SharedCost]:
        """What months fall short of the least bill of an offer that serves in them."""
        for m in self.o.minimums.values():
            users = [s for s in self.running if s.option.offer == m.offer.id]
            short = [0] * len(self.calendar.months)
            for p in self.o.periods:
                here = [s for s in users if p.number in s.periods]
                used = [self.calendar.by_month(s.option.lines[p.number], s.part.id) for s in here]
                for n in range(p.first, p.until) if here else ():
                    short[n] = max(m.cents - sum(s.parts * by_month[n] for s, by_month in zip(here, used, strict=True)), 0)
            if lines := m.lines(short):
                names = tuple(dict.fromkeys(s.part.workload for s in users))
                yield SharedCost(id=m.key, what=m.what, operator=m.offer.operator, workloads=names, cost_eur=_sum(lines), cost_lines=lines)

    def _needs(self, s: Stretch, keys: Sequence[str]) -> bool:
        least = self.o.minimums.get(s.option.offer)
        return not set(keys).isdisjoint(s.option.shared) or least is not None and least.key in keys

    # ------------------------------------------------------------------------------------------- money

    def _attributed(self, pools: Mapping[str, Pool], nodes: Sequence[NodeGroup], shared: Sequence[SharedCost], moves: Sequence[Move]) -> list[int]:
        """Cents of each stretch: its own lines, its part of the machines by the accelerators it fills, of shared work, and its moves."""
        cents = [cents_of(self._lines(s)) for s in self.stretches]
        for node in nodes:
            weights = [filled(s, self.o, pools, node.machine) for s in self.stretches]
            for i, part in enumerate(share_out(to_cents(node.cost_eur), weights)):
                cents[i] += part
        for item in shared:
            keys = [item.id, *(k for k, kind in self.o.shared.items() if kind.ticket == item.id)]
            weights = [self._lasts(s) if self._needs(s, keys) else Decimal(0) for s in self.stretches]
            for i, part in enumerate(share_out(to_cents(item.cost_eur), self._evenly(weights))):
                cents[i] += part
        for move in moves:
            here = [
                (s.part.workload, s.part.label, self.o.periods[s.periods[0]].first) == (move.workload, move.part, move.from_month)
                and not s.stands_by for s in self.stretches
            ]
            for i, part in enumerate(share_out(to_cents(move.cost_eur), [Decimal(x) for x in here])):
                cents[i] += part
        return cents

    def _lasts(self, s: Stretch) -> Decimal:
        """Share of the workload times months."""
        with exact():
            return s.part.share * s.parts / s.part.count * sum(self.o.periods[t].months for t in s.periods)

    def _evenly(self, weights: list[Decimal]) -> list[Decimal]:
        """The weights, scaled so that each workload weighs the same."""
        whole: dict[str, Decimal] = defaultdict(Decimal)
        for s, weight in zip(self.stretches, weights, strict=True):
            whole[s.part.workload] += weight
        with exact():
            return [w / whole[s.part.workload] if w else w for s, w in zip(self.stretches, weights, strict=True)]

    def _cost(self, nodes: Sequence[NodeGroup], shared: Sequence[SharedCost], moves: Sequence[Move]) -> Cost:
        entries: list[tuple[CostLine, str | None, str]] = [(line, s.part.id, s.option.operator) for s in self.stretches for line in self._lines(s)]
        entries += [(line, None, self.o.nodes[node.machine].operator) for node in nodes for line in node.cost_lines]
        entries += [(line, None, item.operator or "own") for item in shared for line in item.cost_lines]
        entries += [(line, None, "own") for move in moves for line in move.cost_lines]
        by_year = dict.fromkeys(map(str, self.calendar.years), 0)
        by_quarter = dict.fromkeys(self.calendar.quarters, 0)
        by_layer = dict.fromkeys(("L1", "L2", "L3", "L4"), 0)
        by_operator: dict[str, int] = defaultdict(int)
        for line, part, operator in entries:
            for year, cents in self.calendar.by_year(line, part).items():
                by_year[str(year)] += cents
            for quarter, cents in self.calendar.by_quarter(line, part).items():
                by_quarter[quarter] += cents
            by_layer[line.layer] += to_cents(line.amount_eur)
            by_operator[operator] += to_cents(line.amount_eur)
        lines = [line for line, _, _ in entries]
        return Cost(
            total_eur=_sum(lines), present_eur=from_cents(sum(self.calendar.present(line, part) for line, part, _ in entries)),
            capex_eur=_sum([line for line in lines if line.capex]), by_year={k: from_cents(v) for k, v in by_year.items()},
            by_quarter={k: from_cents(v) for k, v in by_quarter.items()}, by_layer={k: from_cents(v) for k, v in by_layer.items()},
            by_operator={k: from_cents(by_operator[k]) for k in sorted(by_operator)},
        )


def most_at_once(taken: Sequence[TakenOn]) -> int:
    """The most machines that serve at one time."""
    def held(month: int, hours: str | None) -> int:
        return sum(x.nodes for x in taken if x.from_month <= month < x.until_month and x.hours in (None, hours))

    return max((held(x.from_month, y.hours) for x in taken for y in taken), default=0)


def _runs(counts: Sequence[int]) -> list[tuple[int, ...]]:
    """The runs of consecutive places with the same number above 0."""
    runs: list[list[int]] = []
    for t, number in enumerate(counts):
        if number and runs and runs[-1][-1] == t - 1 and counts[t - 1] == number:
            runs[-1].append(t)
        elif number:
            runs.append([t])
    return [tuple(run) for run in runs]


def _sum(lines: Sequence[CostLine]) -> Decimal:
    return from_cents(sum(to_cents(line.amount_eur) for line in lines))
