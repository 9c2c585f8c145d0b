"""Random small portfolios and their optimum by trying everything, with arithmetic of its own."""
from __future__ import annotations

import itertools
import random
from collections import Counter
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from planner.domain.assessment import Assessment
from planner.domain.catalog import PriceLayer, PriceUnit, WorkUnit
from planner.domain.plan import CostLine
from planner.judging.deployment import Deployment
from planner.options.option import NodeKind, Option, Options, PoolKind, SharedKind
from planner.sizing.demand import Volumes

WEIGHT = {"critical": 4, "important": 2, "supporting": 1}


def line(euros: int, *, capex: bool = False, spread: str = "even") -> CostLine:
    """A cost line of whole euros."""
    return CostLine(
        what="x", layer=PriceLayer.L4, offer=None, unit=PriceUnit.ONCE, quantity=Decimal(1), price=Decimal(euros), currency="EUR", per_eur=Decimal(1),
        amount_eur=Decimal(euros), capex=capex, spread=spread, source="own-assumption", date="2026-11-24",
    )


def portfolio(seed: int) -> tuple[Options, Assessment]:
    """A random portfolio of up to three workloads and five options each, with any mix of demands."""
    r = random.Random(seed)
    names = [f"w{i}" for i in range(r.randint(1, 3))]
    kinds = {w: r.choice(list(WEIGHT)) for w in names}
    operators, models = [f"op{i}" for i in range(3)] + ["own"], [f"m{i}" for i in range(3)]
    nodes, pools, shared = {}, {}, {}
    for g in range(r.randint(1, 2)):
        operator, each = r.choice(operators), r.choice([1, 2, 4, 8])
        own = operator == "own"
        nodes[f"g{g}"] = NodeKind(f"g{g}", f"offer{g}", "room" if own else None, operator, "h100", each,
                                  (line(r.randint(50, 900), capex=own, spread="start" if own else "even"),), r.randint(2, 9) * 1000 if own else None, None)
    for p in range(r.randint(1, 3)):
        node = r.choice(sorted(nodes))
        tp = r.choice([d for d in (1, 2, 4) if d <= nodes[node].accelerators])
        pools[f"p{p}"] = PoolKind(f"p{p}", r.choice(models), "fp8", tp, node)
    for s in range(3):
        shared[f"s{s}"] = SharedKind(f"s{s}", f"work {s}", r.choice(operators), (line(r.randint(0, 300)),))
    found = {}
    for w in names:
        options = []
        for o in range(r.randint(1, 5)):
            pool = r.choice([None, *sorted(pools)])
            operator = nodes[pools[pool].node].operator if pool else r.choice(operators[:3])
            model = pools[pool].model if pool else r.choice(models)
            d = Deployment(None, SimpleNamespace(id=model, unit=WorkUnit.TOKENS), None, None, None, SimpleNamespace(id=operator), None, None, None, None)
            score = r.randint(20, 95) * 10_000
            options.append(Option(
                f"o{o}", w, d, () if pool else (line(r.randint(10, 900), spread="usage"),), tuple(sorted(r.sample(sorted(shared), r.randint(0, 2)))), pool,
                r.randint(50, 2300) if pool else 0, None, score=score, score_strict=score // 2,
            ))
        found[w] = tuple(options)
    months = r.choice([6, 12, 18])
    volumes = {(w, WorkUnit.TOKENS): Volumes((Decimal(r.randint(1, 9)),) * months, 1, 1, Decimal(0), Decimal(0), Decimal(0), Decimal(1), ()) for w in names}
    return Options((), volumes, found, pools, nodes, shared, (), ()), _assessment(r, names, kinds, months, operators)


def _assessment(r: random.Random, names: list[str], kinds: dict[str, str], months: int, operators: list[str]) -> Assessment:
    def maybe(chance: float, value):
        return value if r.random() < chance else None

    return Assessment.model_validate({
        "name": "random", "horizon": {"start": "2027-04-01", "months": months}, "objective": r.choice([["cost"], ["cost", "sovereignty"], ["sovereignty", "cost"]]),
        "organisation": {"name": "x", "sector": "other", "country": "DE", "sites": [{"id": "room", "name": "room", "country": "DE",
                         **({"power_kw": r.randint(3, 25)} if r.random() < 0.3 else {})}]},
        "workloads": [{"id": w, "name": w, "task": "chat", "criticality": kinds[w], "demand": {"requests_per_month": 1}} for w in names],
        "constraints": {
            "budget": {"total": maybe(0.3, r.randint(100, 3000)), "capex": maybe(0.2, r.randint(0, 1500)),
                       "per_year": {2027: r.randint(100, 2000)} if r.random() < 0.25 else {}},
            "sovereignty": {"min_score": maybe(0.3, r.randint(20, 80)), "basis": r.choice(["known", "known", "strict"])},
            "concentration": {"max_share_of_spend": maybe(0.2, Decimal(r.randint(3, 9)) / 10), "max_share_of_critical": maybe(0.3, Decimal("0.5"))},
            "max_operators": maybe(0.2, r.randint(1, 2)), "max_models": maybe(0.2, r.randint(1, 2)),
            "required_operators": [r.choice(operators[:3])] if r.random() < 0.1 else [], "spare_replicas_for_critical": r.choice([0, 1, 1, 2]),
        },
    })


def with_workloads(options: Options, assessment: Assessment) -> Options:
    """The options, with the assessment's workloads in their order."""
    return Options(assessment.workloads, options.volumes, options.open, options.pools, options.nodes, options.shared, (), ())


def best_by_trying(options: Options, a: Assessment) -> tuple[tuple, dict[str, str]] | None:
    """The lexicographically best assignment, or None; keys are (objectives…, rank of each workload's option)."""
    best = None
    for combo in itertools.product(*(enumerate(options.open[w.id]) for w in a.workloads)):
        ranks, picks = [i for i, _ in combo], [o for _, o in combo]
        figures = _figures(picks, options, a)
        if figures is None:
            continue
        key = (*(figures[name] for name in a.objective), *([] if "cost" in a.objective else [figures["cost"]]), *ranks)
        if best is None or key < best[0]:
            best = (key, {o.workload: o.key for o in picks})
    return best


def _figures(picks: list[Option], options: Options, a: Assessment) -> dict[str, int] | None:
    limits = a.constraints
    kind = {w.id: w.criticality for w in a.workloads}
    loads, vital = Counter(), set()
    for o in picks:
        if o.pool:
            loads[o.pool] += o.load_milli
            if kind[o.workload] == "critical":
                vital.add(o.pool)
    held = Counter()
    for p, load in loads.items():
        replicas = -(-load // 1000) + (limits.spare_replicas_for_critical if p in vital else 0)
        held[options.pools[p].node] += replicas * options.pools[p].tensor_parallel
    spend, capex, first_year = Counter(), 0, Fraction0()
    months = a.horizon.months
    in_2027 = min(9, months)
    entries = [(o.lines, o.operator) for o in picks]
    entries += [(options.shared[s].lines, options.shared[s].operator) for s in {s for o in picks for s in o.shared}]
    for g, accelerators in held.items():
        count = -(-accelerators // options.nodes[g].accelerators)
        entries += [(options.nodes[g].lines * count, options.nodes[g].operator)]
    for lines, operator in entries:
        for x in lines:
            cents = int(x.amount_eur * 100)
            spend[operator] += cents
            capex += cents if x.capex else 0
            first_year.add(cents, months if x.spread == "start" else in_2027, months)
    total = sum(spend.values())
    budget = limits.budget
    if budget.total is not None and total > budget.total * 100 or budget.capex is not None and capex > budget.capex * 100:
        return None
    if 2027 in budget.per_year and first_year.value > budget.per_year[2027] * 100:
        return None
    weight = {w: WEIGHT[k] for w, k in kind.items()}
    strict = limits.sovereignty.basis == "strict"
    score = sum(weight[o.workload] * (o.score_strict if strict else o.score) for o in picks)
    if limits.sovereignty.min_score is not None and score < int(limits.sovereignty.min_score * 10_000) * sum(weight.values()):
        return None
    critical = [o for o in picks if kind[o.workload] == "critical"]
    for name in {o.operator for o in picks} | set(spend):
        if name == "own":
            continue
        if limits.concentration.max_share_of_spend is not None and spend[name] > limits.concentration.max_share_of_spend * total:
            return None
        most = limits.concentration.max_share_of_critical
        if most is not None and critical and sum(o.operator == name for o in critical) > int(most * len(critical)):
            return None
    if limits.max_operators is not None and len({o.operator for o in picks}) > limits.max_operators:
        return None
    if limits.max_models is not None and len({o.model for o in picks}) > limits.max_models:
        return None
    if not set(limits.required_operators) <= {o.operator for o in picks}:
        return None
    watts = sum(-(-n // options.nodes[g].accelerators) * (options.nodes[g].power_watts or 0) for g, n in held.items() if options.nodes[g].site == "room")
    if a.organisation.sites[0].power_kw is not None and watts > a.organisation.sites[0].power_kw * 1000:
        return None
    return {"cost": total, "sovereignty": -score}


class Fraction0:
    """Cents that fall into the first year; lines are chosen so that they divide exactly or are rounded as the tool says."""

    def __init__(self) -> None:
        self.value = 0

    def add(self, cents: int, part: int, whole: int) -> None:
        """The first year's part of some cents: the larger remainder gets the odd cent, the earlier year where equal."""
        floor, rest = divmod(cents * part, whole)
        other = (cents * (whole - part)) % whole
        self.value += floor + (1 if rest and rest >= other else 0)


def keeping(a: Assessment, names: set[str]) -> Assessment:
    """The assessment with only these demands of its constraints left."""
    c = a.constraints
    budget = c.budget.model_copy(update={
        "total": c.budget.total if "budget:total" in names else None, "capex": c.budget.capex if "budget:capex" in names else None,
        "per_year": {y: v for y, v in c.budget.per_year.items() if f"budget:{y}" in names},
    })
    concentration = c.concentration.model_copy(update={
        "max_share_of_spend": c.concentration.max_share_of_spend if "concentration:spend" in names else None,
        "max_share_of_critical": c.concentration.max_share_of_critical if "concentration:critical" in names else None,
    })
    sovereignty = c.sovereignty.model_copy(update={"min_score": c.sovereignty.min_score if "portfolio-score" in names else None})
    constraints = c.model_copy(update={
        "budget": budget, "concentration": concentration, "sovereignty": sovereignty,
        "max_operators": c.max_operators if "max-operators" in names else None, "max_models": c.max_models if "max-models" in names else None,
        "required_operators": tuple(o for o in c.required_operators if f"required:{o}" in names),
    })
    site = a.organisation.sites[0]
    room = site if f"power:{site.id}" in names else site.model_copy(update={"power_kw": None})
    organisation = a.organisation.model_copy(update={"sites": (room,)})
    return a.model_copy(update={"constraints": constraints, "organisation": organisation})
