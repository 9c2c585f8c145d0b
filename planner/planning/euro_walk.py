"""One euro figure of a plan, walked down to prices, sizes, volumes, sources and dates. Every level adds up to the cent."""
from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from planner.domain.plan import Choice, CostLine, NodeGroup, Plan, Pool, SharedCost
from planner.problems import SelfCheckFailed, UsageError, nearest

_CENT = Decimal("0.01")


def choice_of(plan: Plan, workload: str) -> list[Choice]:
    """A workload's choices in a plan. Raises UsageError where the plan has no such workload."""
    found = [c for c in plan.choices if c.workload == workload]
    if not found:
        names = [c.workload for c in plan.choices]
        raise UsageError(f"{workload}: the plan has no such workload; {nearest(workload, names) or 'one of ' + ', '.join(names)}")
    return found


def cost_walk(plan: Plan, workload: str) -> dict[str, Any]:
    """The cost of a workload as a tree: `says`, `amount_eur`, `parts`; leaves carry quantity, price, rate, source and date.

    A part's `of` names the machines or the shared work that it is a part of, by their id in the plan. A shared machine and shared work
    come in with this workload's part; what else it carries is named. Raises SelfCheckFailed where the parts do not add up, which would be
    a defect. `leaving` tells what leaving each choice costs, which is no part of the amount.
    """
    choices = choice_of(plan, workload)
    total = sum((c.cost_eur for c in choices), Decimal(0))
    own = [_line(line) for c in choices for line in c.cost_lines]
    shared = [_shared(s, workload) for s in plan.shared if workload in s.workloads]
    nodes = list(_machines(plan, choices))
    rest = total - sum((p["amount_eur"] for p in [*own, *shared]), Decimal(0))
    placed = _placed(nodes, rest)
    parts = [*own, *placed, *shared]
    if sum((p["amount_eur"] for p in parts), Decimal(0)) != total:
        raise SelfCheckFailed([f"{workload}: the parts of its cost do not add up to EUR {total}"])
    demand = [{"name": a.name, "says": a.says, "value": str(a.value), "unit": a.unit} for a in plan.assumptions if a.workload == workload]
    return {"workload": workload, "amount_eur": total, "says": f"{workload} over {plan.months} months", "parts": parts, "assumed": demand,
            "leaving": [_leaving(c) for c in choices if c.exit_lines]}


def _leaving(c: Choice) -> dict[str, Any]:
    """What leaving one choice costs, beside its price: after how many months of the horizon, and for what."""
    month = c.exit_lines[0].from_month
    return {"option": c.option, "part": c.part, "amount_eur": c.exit_cost_eur, "from_month": month,
            "says": f"leaving {c.option} after month {month} of the horizon, beside this cost", "parts": [_line(line) for line in c.exit_lines]}


def _line(line: CostLine) -> dict[str, Any]:
    return {
        "says": line.what, "amount_eur": line.amount_eur, "quantity": line.quantity, "unit": line.unit, "price": line.price,
        "currency": line.currency, "per_eur": line.per_eur, "offer": line.offer, "estimate": line.estimate, "source": line.source,
        "date": line.date, "parts": [],
    }


def _shared(item: SharedCost, workload: str) -> dict[str, Any]:
    """An even part of work that is paid once; the odd cents go to those named first."""
    cents = int(item.cost_eur * 100)
    each, odd = divmod(cents, len(item.workloads))
    mine = (each + (item.workloads.index(workload) < odd)) * _CENT
    with_whom = f", shared by {len(item.workloads)} workloads" if len(item.workloads) > 1 else ""
    return {"of": item.id, "says": f"{item.what}{with_whom}", "amount_eur": mine, "whole_eur": item.cost_eur, "shared_with": list(item.workloads),
            "parts": [], "lines": [_line(line) for line in item.cost_lines]}


def _machines(plan: Plan, choices: list[Choice]) -> Iterator[tuple[NodeGroup, Pool, Choice]]:
    pools = {p.id: p for p in plan.pools}
    for c in choices:
        if c.pool is not None:
            for node in plan.machines_under(pools[c.pool]):
                yield node, pools[c.pool], c


def _placed(nodes: list[tuple[NodeGroup, Pool, Choice]], rest: Decimal) -> list[dict[str, Any]]:
    """This workload's part of its machines: what remains of its cost, in proportion to the machines' bills where there are several."""
    if not nodes:
        return [{"says": "not placed", "amount_eur": rest, "parts": []}] if rest else []
    whole = sum((n.cost_eur for n, _, _ in nodes), Decimal(0))
    told, left = [], rest
    for at, (node, pool, c) in enumerate(nodes):
        mine = left if at == len(nodes) - 1 else (rest * node.cost_eur / whole).quantize(_CENT)
        left -= mine
        size = None if c.size is None else {
            "requests_per_hour": c.size.requests_per_hour, "low": c.size.requests_per_hour_low, "high": c.size.requests_per_hour_high,
            "calibrated": c.size.calibrated,
        }
        told.append({
            "of": node.id, "says": f"{node.nodes} x {node.id}, its part by the accelerators it fills", "amount_eur": mine, "whole_eur": node.cost_eur,
            "replicas": pool.replicas, "spares": pool.spares, "load": c.load, "size": size, "shared_with": list(pool.workloads), "parts": [],
            "lines": [_line(line) for line in node.cost_lines],
        })
    return told
