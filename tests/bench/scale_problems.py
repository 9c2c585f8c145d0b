"""Random portfolios of our own shape, of any size, as plain data: the generator behind `scale.py`.

A market of 12 operators, 20 kinds of machine (from a server of two small accelerators to one of eight large), 200 replica groups (a model
on a kind of machine) and 120 metered offers; works are paid once for each operator and each model. Every workload may use about 200 of
those 320, has a volume of its own (log-normal), and one in five is critical. Limits: a weighted floor for the score, shares of spend and
of what is critical, a budget in all and one for what is bought, one spare replica. All figures are drawn; none is anybody's price.
"""
from __future__ import annotations

import math
import random
from dataclasses import dataclass
from fractions import Fraction

from planner.optimising.portfolio import Item, Limits, Node, Pool, Portfolio, Spend, Way, Work

OPERATORS, MACHINES, GROUPS, OFFERS, MODELS, WAYS = 12, 20, 200, 120, 40, 200
MONTHS = 36


@dataclass(frozen=True)
class Model:
    """Size in thousand million active parameters, quality 0 to 100."""

    key: str
    size: float
    quality: int


@dataclass(frozen=True)
class Offer:
    """A way that stands in the market: on a pool, or metered at a price for a unit of volume."""

    key: str
    operator: str
    model: Model
    score: int
    pool: str | None = None
    units_per_replica: float = 0.0  # units of volume one replica serves
    cents_per_unit: float = 0.0


@dataclass(frozen=True)
class Market:
    """What can be had, whoever asks."""

    nodes: tuple[Node, ...]
    pools: tuple[Pool, ...]
    works: tuple[Work, ...]
    offers: tuple[Offer, ...]


def market(r: random.Random) -> Market:
    """A random market. A replica's unit price, fully used, is about a third of what a metered offer asks."""
    operators = [f"op{k}" for k in range(OPERATORS - 1)] + ["own"]
    score = {k: r.randint(25, 85) for k in operators} | {"own": 90}
    dear = {k: r.uniform(0.8, 1.3) * (1 + (score[k] - 55) / 200) for k in operators}
    models = [Model(f"m{n}", size := math.exp(r.uniform(math.log(3), math.log(120))), min(99, int(30 + 14 * math.log(size) + r.gauss(0, 6))))
              for n in range(MODELS)]
    nodes, speed = [], {}
    for n in range(MACHINES):
        operator = "own" if n < 3 else r.choice(operators[:-1])
        each, power = r.choice([2, 4, 8, 8]), r.choice([1.0, 2.0, 4.0])
        cents = int(each * power * r.uniform(0.85, 1.15) * dear[operator] * MONTHS * 60_000)
        bought = int(cents * 0.7) if operator == "own" else 0
        nodes.append(Node(f"g{n:02d}", operator, each, (Spend(cents, cents, bought),)))
        speed[f"g{n:02d}"] = power
    pools, offers = [], []
    for n in range(GROUPS):
        node, model = r.choice(nodes), r.choice(models)
        size = next((d for d in (1, 2, 4, 8) if model.size / d <= 20 * speed[node.key] and d <= node.accelerators), node.accelerators)
        pools.append(Pool(f"p{n:03d}", node.key, size))
        units = 1000 * size * speed[node.key] / model.size ** 0.8 * r.uniform(0.8, 1.2)
        offers.append(Offer(f"on-{n:03d}", node.operator, model, score[node.operator] + r.randint(-4, 6), f"p{n:03d}", units))
    for n in range(OFFERS):
        operator, model = r.choice(operators[:-1]), r.choice(models)
        price = MONTHS * 60_000 / 1000 * model.size ** 0.8 * r.uniform(1.5, 5) * dear[operator]
        offers.append(Offer(f"api-{n:03d}", operator, model, score[operator] - r.randint(0, 15), cents_per_unit=price))
    works = [Work(f"contract-{k}", (Spend.of(r.randint(10, 60) * 100_000),), k) for k in operators]
    works += [Work(f"trial-{m.key}", (Spend.of(r.randint(5, 25) * 100_000),)) for m in models]
    return Market(tuple(nodes), tuple(pools), tuple(works), tuple(offers))


def portfolio(workloads: int, seed: int, profiles: int | None = None) -> Portfolio:
    """A random portfolio; with `profiles`, that many different workloads, repeated. It is made so that a plan exists."""
    r = random.Random(f"scale/{seed}")
    at = market(r)
    kinds = [_kind(r, at) for _ in range(profiles or workloads)]
    items, ways = [], []
    best, worst, metered = 0, 0, 0
    for n in range(workloads):
        critical, volume, chosen = kinds[n % len(kinds)]
        items.append(Item(f"w{n:04d}", critical=critical, weight=3 if critical else 1))
        mine = [_way(f"w{n:04d}", offer, volume) for offer in chosen]
        ways += mine
        best += items[-1].weight * max(w.score for w in mine)
        cheapest = min((w for w in mine if w.pool is None), key=lambda w: w.spends[0].paid)
        worst += items[-1].weight * cheapest.score
        metered += cheapest.spends[0].paid
    whole = sum(i.weight for i in items)
    total = metered + sum(w.spends[0].paid for w in at.works)
    limits = Limits(
        total=total * 2, bought=total // 5, score=(worst + best) // (2 * whole), share_of_spend=Fraction(1, 2), share_of_critical=Fraction(2, 5),
        spares=1, free_operators=frozenset({"own"}),
    )
    return Portfolio(tuple(items), tuple(ways), at.pools, at.nodes, at.works, limits)


def _kind(r: random.Random, at: Market) -> tuple[bool, float, list[Offer]]:
    """One profile: whether it is critical, its volume in units, and the offers that are good enough for it."""
    need, volume = r.randint(45, 75), math.exp(r.gauss(6.0, 1.3))
    able = [o for o in at.offers if o.model.quality >= need]
    chosen = r.sample(able, WAYS) if len(able) > WAYS else sorted(at.offers, key=lambda o: (-o.model.quality, o.key))[:WAYS]
    return r.random() < 0.2, volume, sorted(chosen, key=lambda o: o.key)


def _way(item: str, offer: Offer, volume: float) -> Way:
    works = (f"contract-{offer.operator}", f"trial-{offer.model.key}")
    spend = Spend.of(int(offer.cents_per_unit * volume))
    loads = (max(1, int(1000 * volume / offer.units_per_replica)),) if offer.pool else ()
    return Way(offer.key, item, offer.operator, offer.model.key, (spend,), offer.pool, loads, works, score=offer.score, quality=offer.model.quality)
