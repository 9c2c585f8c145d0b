"""Pools and machines once more: what runs on them carries, they are there when needed, and cost what they cost."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_CEILING, Decimal
from typing import Any

from planner.domain.assessment import Assessment, Criticality
from planner.domain.catalog import Catalog, Offer, OfferKind
from planner.domain.plan import CostLine, NodeGroup, Plan, PoolPeriod
from planner.quantities import from_cents, to_cents
from planner.verify.bill import Bill
from planner.verify.serving import Serving

Same = Callable[[str, Any, Any], None]
Need = Callable[[str, bool, str], None]


def check_machines(plan: Plan, assessment: Assessment, catalog: Catalog, bill: Bill, serving: list[Serving], same: Same, need: Need) -> None:
    """Compare the plan's pools and node groups with what its choices ask for."""
    running: dict[str, list[Serving]] = {}
    for s in serving:
        if s.choice.pool is not None and not s.choice.stands_by:
            running.setdefault(s.choice.pool, []).append(s)
    same("pools", [p.id for p in plan.pools], sorted(running))
    asked: dict[tuple[str, int, str | None], int] = {}  # machine, period, hours -> accelerators
    for pool in plan.pools:
        if pool.id in running:
            _check_pool(pool, running[pool.id], assessment, same)
            machine = pool.id.partition("@")[2]
            for entry in pool.periods:
                for hours in [entry.hours] if entry.hours else _blocks(assessment):
                    key = (machine, entry.period, hours)
                    asked[key] = asked.get(key, 0) + entry.replicas * pool.tensor_parallel
    same("nodes", [g.id for g in plan.nodes], sorted({g.id for g in plan.nodes}))
    for group in plan.nodes:
        _check_group(group, asked, catalog, bill, same, need)
    for (machine, period, hours), accelerators in sorted(asked.items(), key=str):
        held = sum(
            on.nodes * group.accelerators_each for group in plan.nodes if group.machine == machine for on in group.taken_on
            if on.hours in (None, hours) and on.from_month <= bill.periods[period].first < on.until_month
        )
        need(f"machines {machine}", held >= accelerators, f"{held} accelerators are there, {accelerators} are needed in period {period}")


def _blocks(assessment: Assessment) -> list[str | None]:
    return [h.id for h in assessment.horizon.hours] or [None]


def _check_pool(pool, on: list[Serving], assessment: Assessment, same: Same) -> None:
    first = on[0].choice
    cut = any(s.part.hours for s in on)
    spare = assessment.constraints.spare_replicas_for_critical
    vital = {p.number for s in on for p in s.periods if s.workload.criticality is Criticality.CRITICAL}
    entries = []
    for number, period in sorted({p.number: p for s in on for p in s.periods}.items()):
        for hours in _blocks(assessment) if cut else [None]:
            load = Decimal(sum(s.load(period, hours) for s in on)) / 1000
            replicas = int(load.to_integral_value(rounding=ROUND_CEILING)) + (spare if number in vital else 0)
            entries.append(PoolPeriod(period=number, hours=hours, load=load, replicas=replicas))
    expected = dict(
        model=first.model, precision=first.precision, accelerator=first.hardware, tensor_parallel=first.tensor_parallel, offer=first.offer,
        site=first.site, replicas=max(e.replicas for e in entries), spares=spare if vital else 0, load=max(e.load for e in entries),
        workloads=tuple(dict.fromkeys(s.choice.workload for s in on)), periods=tuple(entries),
    )
    for name, value in expected.items():
        same(f"pool {pool.id}.{name}", getattr(pool, name), value)
    for s in on:
        same(f"{s.choice.workload}.replicas", s.choice.replicas, expected["replicas"])


def _check_group(
    group: NodeGroup, asked: dict[tuple[str, int, str | None], int], catalog: Catalog, bill: Bill, same: Same, need: Need
) -> None:
    where = f"node {group.id}"
    machine, _, place = group.machine.partition("/")
    if group.offer not in catalog.offers or machine not in catalog.offers or not any(key[0] == group.machine for key in asked):
        need(where, False, "nothing runs on such a machine")
        return
    offer, kind = catalog.offers[group.offer], catalog.offers[machine]
    need(where, _likeness(offer, catalog) == _likeness(kind, catalog), f"{offer.id} and {kind.id} are not the same machine")
    site = place or None
    need(where, offer.kind is OfferKind.PURCHASE or (site in offer.sites if offer.sites else site is None), f"{offer.id} is not sold there")
    lines = list(_lines(group, offer, site, bill, same, need))
    accelerator, each = _likeness(offer, catalog)[:2]
    watts = int(catalog.servers[offer.server].power_w.value) if offer.kind is OfferKind.PURCHASE and offer.server else None
    most = _most(group)
    expected = dict(
        id=f"{group.offer}/{site}" if site else group.offer, site=site, accelerator=accelerator, accelerators_each=each, nodes=most,
        months=bill.months, cost_eur=_total(lines), capex_eur=_total([x for x in lines if x.capex]), cost_lines=tuple(lines),
        power_kw=None if watts is None else Decimal(watts * most) / 1000,
    )
    for name, value in expected.items():
        same(f"{where}.{name}", getattr(group, name), value)


def _lines(group: NodeGroup, offer: Offer, site: str | None, bill: Bill, same: Same, need: Need) -> Iterator[CostLine]:
    """What each taking-on costs, and that it is what the offer allows."""
    hourly = bill.by_the_hour(offer)
    known = {h.id for h in bill.a.horizon.hours}
    order = [(on.period, on.hours or "") for on in group.taken_on]
    same(f"node {group.id}.taken_on", order, sorted(set(order)))
    for on in group.taken_on:
        fine = on.period < len(bill.periods) and on.nodes > 0 and (on.hours in known if hourly else on.hours is None)
        need(f"node {group.id}", fine, "no machine can be taken on so")
        if not fine:
            continue
        period = bill.periods[on.period]
        same(f"node {group.id}: months", (on.from_month, on.until_month), (period.first, bill.serves(offer, period)))
        for line in bill.node_lines(offer, site, period, on.hours):
            yield line.model_copy(update={"quantity": line.quantity * on.nodes, "amount_eur": line.amount_eur * on.nodes})


def _likeness(offer: Offer, catalog: Catalog) -> tuple:
    """What makes two offers the same machine: all but term and price."""
    hardware = (offer.accelerator, offer.accelerators)
    if offer.kind is OfferKind.PURCHASE and offer.server:
        server = catalog.servers[offer.server]
        hardware = (server.accelerator, server.accelerators)
    facts = sorted((r.fact, str(r.value)) for r in offer.facts)
    return (*hardware, offer.operator, offer.mode, offer.kind, offer.models_allowed, offer.available_from, offer.available_until, facts)


def _most(group: NodeGroup) -> int:
    moments = {(x.from_month, h) for x in group.taken_on for h in [None, *(y.hours for y in group.taken_on)]}
    return max((sum(x.nodes for x in group.taken_on if x.from_month <= m < x.until_month and x.hours in (None, h)) for m, h in moments), default=0)


def _total(lines: list[CostLine]) -> Decimal:
    return from_cents(sum(to_cents(line.amount_eur) for line in lines))
