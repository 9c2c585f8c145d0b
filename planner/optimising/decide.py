"""From a solution to a Plan: the chosen options, the fewest replicas and machines that carry them, and every euro placed."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal

from planner.domain.assessment import Assessment, Criticality
from planner.domain.plan import Choice, Cost, CostLine, NodeGroup, Plan, Pool, SharedCost, Size
from planner.judging.portfolio import SCORE_UNIT
from planner.options.calendar import Calendar
from planner.options.option import Option, Options
from planner.quantities import exact, from_cents, share_out, to_cents

MILLI = Decimal("0.001")


def decided(chosen: Mapping[str, Option], options: Options, assessment: Assessment, as_of: date) -> Plan:
    """The plan in which each workload is served by its chosen option."""
    picks = [chosen[w.id] for w in options.workloads]
    pools = _pools(picks, options, assessment)
    nodes = _nodes(pools, options, assessment)
    shared = _shared(picks, options)
    calendar = Calendar(assessment, options.volumes)
    attributed = _attributed(picks, pools, nodes, shared)
    choices = tuple(_choice(o, attributed[o.workload], pools, assessment, options) for o in picks)
    return Plan(
        choices=choices, pools=pools, nodes=nodes, shared=shared, cost=_cost(picks, nodes, shared, options, calendar), as_of=as_of,
        months=assessment.horizon.months,
        assumptions=tuple(a for o in picks for a in options.volumes[o.workload, o.deployment.model.unit].assumed),
    )


def _pools(picks: Sequence[Option], options: Options, assessment: Assessment) -> tuple[Pool, ...]:
    users: dict[str, list[Option]] = defaultdict(list)
    for option in picks:
        if option.pool:
            users[option.pool].append(option)
    critical = {w.id for w in assessment.workloads if w.criticality is Criticality.CRITICAL}
    made = []
    for key in sorted(users):
        kind, on = options.pools[key], users[key]
        node = options.nodes[kind.node]
        load = Decimal(sum(o.load_milli for o in on)) * MILLI
        spares = assessment.constraints.spare_replicas_for_critical if any(o.workload in critical for o in on) else 0
        made.append(Pool(
            id=key, model=kind.model, precision=kind.precision, accelerator=node.accelerator, tensor_parallel=kind.tensor_parallel, offer=node.offer,
            site=node.site, replicas=int(load.to_integral_value(rounding=ROUND_CEILING)) + spares, spares=spares, load=load,
            workloads=tuple(o.workload for o in on),
        ))
    return tuple(made)


def _nodes(pools: Sequence[Pool], options: Options, assessment: Assessment) -> tuple[NodeGroup, ...]:
    needed: dict[str, int] = defaultdict(int)
    for pool in pools:
        needed[options.pools[pool.id].node] += pool.replicas * pool.tensor_parallel
    made = []
    for key in sorted(needed):
        kind = options.nodes[key]
        count = -(-needed[key] // kind.accelerators)
        lines = tuple(_times(line, count) for line in kind.lines)
        made.append(NodeGroup(
            id=key, offer=kind.offer, site=kind.site, accelerator=kind.accelerator, accelerators_each=kind.accelerators, nodes=count,
            months=assessment.horizon.months, cost_eur=_sum(lines), capex_eur=_sum([line for line in lines if line.capex]), cost_lines=lines,
            power_kw=None if kind.power_watts is None else Decimal(kind.power_watts * count) / 1000,
        ))
    return tuple(made)


def _times(line: CostLine, count: int) -> CostLine:
    return line.model_copy(update={"quantity": line.quantity * count, "amount_eur": line.amount_eur * count})


def _sum(lines: Sequence[CostLine]) -> Decimal:
    return from_cents(sum(to_cents(line.amount_eur) for line in lines))


def _shared(picks: Sequence[Option], options: Options) -> tuple[SharedCost, ...]:
    users: dict[str, list[str]] = defaultdict(list)
    for option in picks:
        for key in option.shared:
            users[key].append(option.workload)
    made = []
    for key in sorted(users):
        kind = options.shared[key]
        made.append(SharedCost(
            id=key, what=kind.what, operator=kind.operator, workloads=tuple(users[key]), cost_eur=_sum(kind.lines), cost_lines=kind.lines,
        ))
    return tuple(made)


def _attributed(
    picks: Sequence[Option], pools: Sequence[Pool], nodes: Sequence[NodeGroup], shared: Sequence[SharedCost]
) -> dict[str, int]:
    """Cents by workload: its own lines, its part of the machines by the accelerators it fills, an even part of shared work."""
    cents = {o.workload: o.cents for o in picks}
    loads = {o.workload: o.load_milli for o in picks}
    for node in nodes:
        weights: list[tuple[str, Decimal]] = []
        for pool in pools:
            if (pool.offer, pool.site) == (node.offer, node.site):
                filled = Decimal(pool.replicas * pool.tensor_parallel)
                whole = sum(loads[w] for w in pool.workloads)
                with exact():
                    weights += [(w, filled * loads[w] / whole) for w in pool.workloads]
        for (workload, _), part in zip(weights, share_out(to_cents(node.cost_eur), [v for _, v in weights]), strict=True):
            cents[workload] += part
    for item in shared:
        parts = share_out(to_cents(item.cost_eur), [Decimal(1)] * len(item.workloads))
        for workload, part in zip(item.workloads, parts, strict=True):
            cents[workload] += part
    return cents


def _choice(option: Option, cents: int, pools: Sequence[Pool], assessment: Assessment, options: Options) -> Choice:
    d, size = option.deployment, option.capacity
    assert d.model is not None and d.mode is not None and d.offer is not None
    workload = next(w for w in assessment.workloads if w.id == option.workload)
    pool = next((p for p in pools if p.id == option.pool), None)
    return Choice(
        workload=option.workload, option=option.key, model=d.model.id, effort=workload.reasoning_effort, mode=d.mode.id, operator=d.operator.id,
        site=d.site, country=d.country, offer=d.offer.id, hardware=pool.accelerator if pool else None, precision=pool.precision if pool else None,
        tensor_parallel=pool.tensor_parallel if pool else None, pool=option.pool, load=Decimal(option.load_milli) * MILLI if pool else None,
        replicas=pool.replicas if pool else None,
        size=None if size is None else Size(
            requests_per_hour=size.requests_per_hour, requests_per_hour_low=size.requests_per_hour_low,
            requests_per_hour_high=size.requests_per_hour_high, concurrency=size.concurrency, ttft_ms=size.ttft_ms, tpot_us=size.tpot_us,
            watts=size.watts, weights_gb=size.weights_gb, calibrated=size.calibrated, rests_on=size.rests_on,
        ),
        cost_eur=from_cents(cents), cost_lines=option.lines, quality_probability=option.quality_probability, quality_pinned=option.quality_pinned,
        seal_known=option.seal_known, seal_proven=option.seal_proven, score_known=Decimal(option.score) / SCORE_UNIT,
        conditional_on=option.conditional_on, sources=option.sources,
    )


def _cost(picks: Sequence[Option], nodes: Sequence[NodeGroup], shared: Sequence[SharedCost], options: Options, calendar: Calendar) -> Cost:
    entries: list[tuple[CostLine, str | None, str]] = [(line, o.workload, o.operator) for o in picks for line in o.lines]
    entries += [(line, None, options.nodes[node.id].operator) for node in nodes for line in node.cost_lines]
    entries += [(line, None, item.operator or "own") for item in shared for line in item.cost_lines]
    by_year: dict[str, int] = {str(year): 0 for year in calendar.years}
    by_layer: dict[str, int] = {layer: 0 for layer in ("L1", "L2", "L3", "L4")}
    by_operator: dict[str, int] = defaultdict(int)
    for line, workload, operator in entries:
        for year, cents in calendar.by_year(line, workload).items():
            by_year[str(year)] += cents
        by_layer[line.layer] += to_cents(line.amount_eur)
        by_operator[operator] += to_cents(line.amount_eur)
    lines = [line for line, _, _ in entries]
    return Cost(
        total_eur=_sum(lines), capex_eur=_sum([line for line in lines if line.capex]),
        by_year={k: from_cents(v) for k, v in by_year.items()}, by_layer={k: from_cents(v) for k, v in by_layer.items()},
        by_operator={k: from_cents(by_operator[k]) for k in sorted(by_operator)},
    )
