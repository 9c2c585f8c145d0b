"""Random small portfolios over all families of constraints, and their optimum by trying everything, with arithmetic of its own."""
from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from planner.optimising.portfolio import NOTHING, Aim, Bill, Item, Limits, Node, Pool, Portfolio, Spend, Standby, Term, Way, Work

AIMS = (("cost",), ("cost", "sovereignty"), ("sovereignty", "cost"), ("carbon", "cost"), ("cost", "quality"), ("operators", "cost"))


def spend(r: random.Random, least: int, most: int, years: int, bought: bool = False) -> Spend:
    """A random spend of whole euros, worth a little less today, cut over the budget years."""
    paid = r.randint(least, most) * 100
    first = r.randint(0, paid) if years == 2 else paid
    return Spend(paid, paid * r.choice([100, 95, 90]) // 100, paid if bought else 0, (first, paid - first) if years == 2 else (first,))


def portfolio(seed: int) -> Portfolio:
    """A random portfolio of up to three items, with any mix of periods, moments, parts, standby, moves and limits."""
    r = random.Random(seed)
    periods = r.choice([1, 1, 2]) if r.random() < 0.8 else 3
    capped = r.random() < 0.15
    moments = ("day", "night") if r.random() < 0.3 and not capped else ()
    items_wanted = r.randint(1, 3) if periods == 1 else r.randint(1, 2) if periods == 2 else 1
    items = tuple(_item(r, n, periods, moments, capped) for n in range(items_wanted))
    operators, models = ["op0", "op1", "op2", "own"], ["m0", "m1", "m2"]
    nodes = tuple(_node(r, g, operators, periods, moments, capped) for g in range(r.randint(1, 2)))
    pools = []
    for p in range(r.randint(1, 3)):
        node = r.choice(nodes)
        pools.append(Pool(f"p{p}", node.key, r.choice([d for d in (1, 2, 4) if d <= node.accelerators])))
    works = tuple(
        Work(f"s{s}", tuple(spend(r, 0, 300, 2) for _ in range(periods)), r.choice([*operators, None]), r.choice([0, 0, 1])) for s in range(3)
    )
    ways = tuple(w for i in items for w in _ways(r, i, nodes, tuple(pools), works, operators, models, periods))
    return Portfolio(
        items, ways, tuple(pools), nodes, works, _limits(r, items, capped), tuple(Aim(a) for a in r.choice(AIMS)),
        tuple(r.choice([6, 12]) for _ in range(periods)), moments, (2027, 2028),
    )


def with_least_bills(p: Portfolio, seed: int) -> Portfolio:
    """The portfolio with a least bill, or two, that some of its ways fill together, discounted or not."""
    r = random.Random(f"least bills {seed}")
    lasting = (lambda w: replace(w, lasts=2)) if len(p.periods) > 1 and r.random() < 0.5 else (lambda w: w)
    works, ways = [lasting(w) if w.lasts == 1 else w for w in p.works], list(p.ways)
    for key, operator in (("b0", "op0"), ("b1", "op1"))[:r.choice([1, 1, 2])]:
        rate, bills = r.choice([100, 100, 93]), []
        for t in range(len(p.periods)):
            for _ in range(r.choice([1, 1, 2])):
                paid = r.randint(50, 900) * 100
                bills.append(Bill(t, paid, paid * rate // 100, r.choice([0, 1])))
        works.append(Work(key, (NOTHING,) * len(p.periods), operator, 1, each=False, least=tuple(bills)))
        for n, w in enumerate(ways):
            if r.random() < 0.6 and not w.billed:
                parts = [w.spends[b.period].paid * r.choice([0, 50, 100]) // 100 + r.randint(0, 99) for b in bills]
                ways[n] = replace(w, works=(*w.works, key), billed=tuple((x, x * rate // 100) for x in parts))
    return replace(p, works=tuple(works), ways=tuple(ways))


def _item(r: random.Random, n: int, periods: int, moments: tuple[str, ...], capped: bool) -> Item:
    kind = r.choice([(True, 4), (False, 2), (False, 1)])
    count = r.choice([1, 1, 1, 2]) if periods < 3 else 1
    moment = r.choice([None, *moments]) if moments else None
    moving = tuple(spend(r, 0, 200, 2) for _ in range(periods)) if r.random() < 0.5 and not capped else ()
    return Item(f"w{n}", count, kind[0], kind[1], moment, moving, standby=kind[0] and r.random() < 0.4)


def _node(r: random.Random, g: int, operators: list[str], periods: int, moments: tuple[str, ...], capped: bool) -> Node:
    operator, each = r.choice(operators), r.choice([1, 2, 4, 8])
    own = operator == "own"
    lasts = 1 if capped else r.choice([0, 1, 2]) if periods > 1 else 1
    missing = r.randrange(periods) if periods > 1 and r.random() < 0.2 else None
    spends = tuple(None if t == missing else spend(r, 50, 900, 2, own) for t in range(periods))
    hourly = {m: tuple(spend(r, 30, 500, 2) for _ in range(periods)) for m in moments} if moments and r.random() < 0.4 else {}
    others = ()
    if not hourly and not capped and periods < 3 and r.random() < 0.2:
        dear = tuple(spend(r, 50, 900, 2, own) for _ in range(periods))
        others = (Term(f"g{g}/other", dear, r.choice([0, 1]), carbon=tuple(r.randint(0, 50) for _ in range(periods))),)
    return Node(f"g{g}", operator, each, spends, 1 if hourly else lasts, hourly, "room" if own else None, r.randint(2, 9) * 1000 if own else 0,
                tuple(r.randint(0, 50) for _ in range(periods)), r.randint(1, 4) if r.random() < 0.2 else None, others)


def _ways(
    r: random.Random, item: Item, nodes: tuple[Node, ...], pools: tuple[Pool, ...], works: tuple[Work, ...], operators: list[str],
    models: list[str], periods: int,
) -> Iterator[Way]:
    by_key = {n.key: n for n in nodes}
    for o in range(r.randint(1, {1: 5, 2: 4}.get(periods, 3))):
        pool = r.choice([None, *pools])
        operator = by_key[pool.node].operator if pool else r.choice(operators[:3])
        closed = r.randrange(periods) if periods > 1 and r.random() < 0.15 else None
        needed = tuple(sorted(w.key for w in r.sample(works, r.randint(0, 2))))
        yield Way(
            f"o{o}", item.id, operator, r.choice(models), tuple(Spend(0, 0, 0, (0, 0)) if pool else spend(r, 10, 900, 2) for _ in range(periods)),
            pool.key if pool else None, tuple(r.randint(50, 2300) for _ in range(periods)) if pool else (), needed,
            tuple(t != closed for t in range(periods)), r.randint(20, 95), r.randint(0, 100), tuple(r.randint(0, 40) for _ in range(periods)),
            None if pool else Standby(spend(r, 0, 100, 2), needed) if r.random() < 0.7 else None,
        )


def _limits(r: random.Random, items: tuple[Item, ...], capped: bool) -> Limits:
    def maybe(chance: float, value):
        return value if r.random() < chance else None

    return Limits(
        total=maybe(0.3, r.randint(100, 4000) * 100), bought=maybe(0.2, r.randint(0, 1500) * 100),
        by_year={2027: r.randint(100, 2000) * 100} if r.random() < 0.25 else {}, score=maybe(0.3, r.randint(20, 80)),
        share_of_spend=Fraction(r.randint(3, 9), 10) if capped else None, share_of_critical=maybe(0.3, Fraction(1, 2)),
        operators=maybe(0.2, r.randint(1, 2)), models=maybe(0.2, r.randint(1, 2)), carbon=maybe(0.15, r.randint(10, 200)),
        power={"room": r.randint(3, 25) * 1000} if r.random() < 0.3 else {}, required=(r.choice(["op0", "op1"]),) if r.random() < 0.1 else (),
        spares=r.choice([0, 1, 1, 2]), free_operators=frozenset({"own"}),
    )


# --------------------------------------------------------------------------------------------- trying everything

Served = dict[tuple[str, int], dict[str, int]]


def best_by_trying(p: Portfolio) -> tuple[int, ...] | None:
    """The lexicographically best values of the aims (cost last where not among them), or None where nothing holds."""
    names = [a.name for a in p.aims]
    names += [] if "cost" in names else ["cost"]
    best = None
    for served, standby in _assignments(p):
        for figures in _figures(p, served, standby):
            key = tuple(figures[name] for name in names)
            if best is None or key < best:
                best = key
    return best


def _assignments(p: Portfolio) -> Iterator[tuple[Served, dict[str, str]]]:
    slots = []
    for i in p.items:
        for t in range(len(p.periods)):
            ways = [w.key for w in p.ways if w.item == i.id and w.opens(t)]
            slots.append([((i.id, t), dict(Counter(combo))) for combo in itertools.combinations_with_replacement(ways, i.count)])
    waiting = [
        [(i.id, w.key) for w in p.ways if w.item == i.id and w.standby and all(w.opens(t) for t in range(len(p.periods)))]
        for i in p.items if i.standby
    ]
    for combo in itertools.product(*slots):
        for ready in itertools.product(*waiting):
            yield dict(combo), dict(ready)


def _figures(p: Portfolio, served: Served, standby: dict[str, str]) -> Iterator[dict[str, int]]:
    """The aims of every sensible way to furnish an assignment with machines and work; nothing where a limit is broken."""
    way = {(w.item, w.key): w for w in p.ways}
    item, pools, nodes = {i.id: i for i in p.items}, {x.key: x for x in p.pools}, {n.key: n for n in p.nodes}
    works, times, limits = {w.key: w for w in p.works}, range(len(p.periods)), p.limits
    for i, k in standby.items():
        if any(way[i, o].operator == way[i, k].operator for t in times for o in served[i, t]):
            return
    parts = [(i, t, way[i, o], n) for (i, t), chosen in served.items() for o, n in chosen.items()]
    spent: list[tuple[Spend, str | None]] = [(w.spends[t], w.operator) for _, t, w, n in parts for _ in range(n)]
    spent += [(way[i, k].standby.spend, way[i, k].operator) for i, k in standby.items()]
    spent += _moves(p, served, way, item)
    spent += _topped_up(p, parts)
    for t in times:
        used = [(w, n) for _, at, w, n in parts if at == t]
        ready = [way[i, k] for i, k in standby.items()]
        if limits.operators is not None and len({w.operator for w, _ in used} | {w.operator for w in ready}) > limits.operators:
            return
        if limits.models is not None and len({w.model for w, _ in used} | {w.model for w in ready}) > limits.models:
            return
        score = sum(item[w.item].weight * w.score * n for w, n in used)
        if limits.score is not None and score < limits.score * sum(i.weight * i.count for i in p.items):
            return
        vital = sum(i.count for i in p.items if i.critical)
        at_once = Counter()
        for w, n in used:
            at_once[w.operator] += n if item[w.item].critical else 0
        if limits.share_of_critical is not None and any(n > int(limits.share_of_critical * vital) for o, n in at_once.items() if o != "own"):
            return
    if not set(limits.required) <= {w.operator for _, _, w, _ in parts}:
        return
    need = _needs(p, served, way, item, pools, nodes)
    carbon = sum(w.carbon[t] * n for _, t, w, n in parts)
    ready = {way[i, k].operator for i, k in standby.items()}
    fixed = {
        "sovereignty": -sum(item[i].weight * w.score * n * p.periods[t] for i, t, w, n in parts),
        "quality": -sum(item[i].weight * w.quality * n * p.periods[t] for i, t, w, n in parts),
        "operators": sum(p.periods[t] * len({w.operator for _, at, w, _ in parts if at == t} | ready) for t in times),
    }
    for machines in _machines(p, need, nodes):
        for begun in _begun(p, served, standby, way, works):
            figures = _priced(p, spent, machines, begun, nodes, works, carbon)
            if figures is not None:
                yield figures | fixed


def _moves(p: Portfolio, served: Served, way: dict, item: dict) -> list[tuple[Spend, str | None]]:
    found = []
    for i in p.items:
        for t in range(1, len(p.periods)):
            now, before = (Counter() for _ in range(2))
            for counter, at in ((now, t), (before, t - 1)):
                for o, n in served[i.id, at].items():
                    counter[way[i.id, o].operator, way[i.id, o].model] += n
            found += [(i.moving[t], None)] * sum((now - before).values()) if i.moving else []
    return found


def _topped_up(p: Portfolio, parts: list) -> Iterator[tuple[Spend, str | None]]:
    """What each least bill that somebody uses falls short of."""
    for work in p.works:
        for n, bill in enumerate(work.least):
            users = [(w.billed[n], number) for _, t, w, number in parts if t == bill.period and work.key in w.works]
            if users:
                paid, present = (max(least - sum(b[at] * k for b, k in users), 0) for at, least in enumerate((bill.paid, bill.present)))
                yield Spend(paid, present, 0, tuple(paid if y == bill.year else 0 for y in range(len(p.years)))), work.operator


def _needs(p: Portfolio, served: Served, way: dict, item: dict, pools: dict, nodes: dict) -> dict[str, list[dict[str, int]]]:
    """Machine -> period -> moment -> machines needed. An own moment "" where nothing on the machine is cut by moments."""
    cut = {g: bool(nodes[g].by_moment) or any(item[w.item].moment and w.pool and pools[w.pool].node == g for w in p.ways) for g in nodes}
    found = {g: [] for g in nodes}
    for t in range(len(p.periods)):
        for g in nodes:
            by_moment = {}
            for b in p.moments if cut[g] else ("",):
                accelerators = 0
                for key, pool in pools.items():
                    chosen = [(way[i, o], n) for (i, at), parts in served.items() if at == t for o, n in parts.items()]
                    users = [(w, n) for w, n in chosen if w.pool == key]
                    if pool.node != g or not users:
                        continue
                    load = sum(w.loads[t] * n for w, n in users if not b or item[w.item].moment in (None, b))
                    spares = p.limits.spares if any(item[w.item].critical for w, _ in users) else 0
                    accelerators += (-(-load // 1000) + spares) * pool.accelerators
                by_moment[b] = -(-accelerators // nodes[g].accelerators)
            found[g].append(by_moment)
    return found


def _machines(p: Portfolio, need: dict, nodes: dict) -> Iterator[dict[tuple[str, int, str], int]]:
    """Every schedule of machines taken on that covers what is needed; minimal where a machine lasts one period."""
    choices = []
    times = range(len(p.periods))
    for g, node in nodes.items():
        if node.most is not None and any(n > node.most for by in need[g] for n in by.values()):
            return
        if node.by_moment:
            if not any(any(by.values()) for by in need[g]):
                choices.append([{}])
            else:
                choices.append([{(g, t, b): n for t in times for b, n in need[g][t].items()}])
            continue
        peak = [max(by.values()) for by in need[g]]
        schedules = []
        slots = [(term, t) for term in node.terms for t in times]
        for counts in itertools.product(*(range((max(peak) if term.spends[t] is not None else 0) + 1) for term, t in slots)):
            taken = {(term.key, t): n for (term, t), n in zip(slots, counts, strict=True)}
            held = [sum(taken[term.key, s] for term in node.terms for s in term.serving(t)) for t in times]
            enough = all(h >= n for h, n in zip(held, peak, strict=True)) and (node.most is None or max(held) <= node.most)
            if enough and (node.others or node.lasts != 1 or list(counts) == peak):
                schedules.append({(key, t, ""): n for (key, t), n in taken.items()})
        choices.append(schedules)
    for combo in itertools.product(*choices):
        yield {k: n for part in combo for k, n in part.items() if n}


def _begun(p: Portfolio, served: Served, standby: dict[str, str], way: dict, works: dict) -> Iterator[Counter]:
    """Every schedule of work begun that covers who needs it, nobody paying twice."""
    times = range(len(p.periods))
    choices = []
    for s, work in works.items():
        if work.least:
            continue
        items = {w.item for w in p.ways if s in w.works}
        private = len(items) <= 1
        need = [sum(n for (i, at), parts in served.items() if at == t for o, n in parts.items() if s in way[i, o].works) for t in times]
        need = need if private else [min(n, 1) for n in need]
        first = any(s in way[i, k].standby.works for i, k in standby.items())
        if not any(need) and not first:
            choices.append([{}])
            continue
        schedules = []
        for counts in itertools.product(range(max([*need, 1]) + 1), repeat=len(times)):
            held = [sum(counts[x] for x in work.holding(t)) for t in times]
            wanted = [max(n, first and t == 0) for t, n in enumerate(need)]
            needless = p.limits.share_of_spend is not None and any(c > n for c, n in zip(counts, wanted, strict=True))
            twice = work.lasts > 1 and any(h > (sum(i.count for i in p.items if i.id in items) if private else 1) for h in held)
            if all(h >= n for h, n in zip(held, need, strict=True)) and (counts[0] >= 1 or not first) and not needless and not twice:
                schedules.append({(s, t): n for t, n in enumerate(counts)})
        choices.append(schedules)
    for combo in itertools.product(*choices):
        yield Counter({k: n for part in combo for k, n in part.items() if n})


def _priced(p: Portfolio, spent: list, machines: dict, begun: Counter, nodes: dict, works: dict, carbon: int) -> dict[str, int] | None:
    limits = p.limits
    entries = list(spent)
    terms = {term.key: (node, term) for node in nodes.values() for term in node.terms}
    for (key, t, b), n in machines.items():
        node, term = terms[key]
        entries += [(term.by_moment[b][t] if term.by_moment else term.spends[t], node.operator)] * n
        carbon += term.carbon[t] * n
    entries += [(works[s].spends[t], works[s].operator) for (s, t), n in begun.items() for _ in range(n)]
    total = sum(s.paid for s, _ in entries)
    if limits.total is not None and total > limits.total or limits.bought is not None and sum(s.bought for s, _ in entries) > limits.bought:
        return None
    for n, year in enumerate(p.years):
        if year in limits.by_year and sum(s.by_year[n] for s, _ in entries) > limits.by_year[year]:
            return None
    if limits.share_of_spend is not None:
        for k in {o for _, o in entries if o not in (None, "own")} & {w.operator for w in p.ways}:
            if sum(s.paid for s, o in entries if o == k) > limits.share_of_spend * total:
                return None
    if limits.carbon is not None and carbon > limits.carbon:
        return None
    for t in range(len(p.periods)):
        for b in p.moments or ("",):
            serving = [(terms[key][0], n) for (key, at, m), n in machines.items() if m in ("", b) and at in terms[key][1].serving(t)]
            watts = sum(n * node.watts for node, n in serving if node.site == "room")
            if "room" in limits.power and watts > limits.power["room"]:
                return None
    return {"cost": sum(s.present for s, _ in entries), "carbon": carbon}


def keeping(p: Portfolio, names: set[str]) -> Portfolio:
    """The portfolio with only these demands of its limits left."""
    limits = p.limits
    kept = replace(
        limits, total=limits.total if "budget:total" in names else None, bought=limits.bought if "budget:capex" in names else None,
        by_year={y: c for y, c in limits.by_year.items() if f"budget:{y}" in names}, score=limits.score if "portfolio-score" in names else None,
        share_of_spend=limits.share_of_spend if "concentration:spend" in names else None,
        share_of_critical=limits.share_of_critical if "concentration:critical" in names else None,
        operators=limits.operators if "max-operators" in names else None, models=limits.models if "max-models" in names else None,
        carbon=limits.carbon if "carbon" in names else None, power=limits.power if "power:room" in names else {},
        required=tuple(k for k in limits.required if f"required:{k}" in names),
    )
    items = tuple(replace(i, standby=i.standby and f"standby:{i.id}" in names) for i in p.items)
    return replace(p, limits=kept, items=items)
