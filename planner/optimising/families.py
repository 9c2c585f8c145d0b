"""The families of constraints, one function each: its docstring says in words what it holds, and each row says it of its own case."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from math import gcd

from planner.optimising.linear import Constraint
from planner.optimising.portfolio import Way
from planner.optimising.variables import EVERY, Variables

Terms = list[tuple[int, int]]
Family = Callable[[Variables], Iterator[Constraint]]


def _row(family: str, says: str, terms: Iterable[tuple[int, int]], sense: str, rhs: int, demand: str | None = None) -> Constraint:
    return Constraint("", family, says, tuple(terms), sense, rhs, demand)


def _said(v: Variables, says: str, period: int, moment: str = EVERY) -> str:
    return " ".join(filter(None, (says, v.when(period), f"during {moment}" if moment else "")))


def served(v: Variables) -> Iterator[Constraint]:
    """Every part of every item is served in exactly one way in every period: Σ_o x[o,t] = parts."""
    for item in v.portfolio.items:
        for t in v.times:
            ways = [(v.x[w.item, w.key, t], 1) for w in v.of_item[item.id] if w.opens(t)]
            yield _row("served", _said(v, f"{item.id} is served in exactly one way", t), ways, "=", item.count)


def opened(v: Variables) -> Iterator[Constraint]:
    """A way may use a pool only where the pool is open: x[o,t] ≤ parts · y[p,t]."""
    for p in v.pools:
        for w in v.on_pool[p]:
            for t in v.times:
                if w.opens(t):
                    terms = [(v.x[w.item, w.key, t], 1), (v.y[p, t], -v.items[w.item].count)]
                    yield _row("opened", _said(v, f"{w.item} may use {p} only if it is open", t), terms, "<=", 0)


def loaded(v: Variables) -> Iterator[Constraint]:
    """The replicas of a pool carry the peak of what runs on them in every moment, spares apart:
    Σ_o load[o,t] · x[o,t] + 1000 · spares · r[p,t] ≤ 1000 · N[p,t,b].
    """
    spares = v.portfolio.limits.spares
    for p in v.pools:
        for t in v.times:
            for b in v.moments[p]:
                terms = [(v.x[w.item, w.key, t], w.loads[t]) for w in v.on_pool[p] if w.opens(t) and v.present(w, b)] + [(v.N[p, t, b], -1000)]
                if (p, t) in v.r:
                    terms.append((v.r[p, t], 1000 * spares))
                yield _row("loaded", _said(v, f"the replicas of {p} carry the peak of what runs on them, spares apart", t, b), terms, "<=", 0)


def standing(v: Variables) -> Iterator[Constraint]:
    """An open pool has a replica beyond its spares at some moment:
    y[p,t] + spares · r[p,t] ≤ Σ_b N[p,t,b], where all users are there always: in every moment.
    """
    spares = v.portfolio.limits.spares
    for p in v.pools:
        for t in v.times:
            always = len(v.moments[p]) == 1
            moments = v.moments[p] if always or (p, t) in v.r else ()
            for b in moments:
                terms = [(v.N[p, t, b], -1)] + ([(v.y[p, t], 1)] if always else []) + ([(v.r[p, t], spares)] if (p, t) in v.r else [])
                yield _row("standing", _said(v, f"an open {p} has a replica and its spares", t, b), terms, "<=", 0)


def spared(v: Variables) -> Iterator[Constraint]:
    """A pool on which something critical runs keeps its spares: x[o,t] ≤ parts · r[p,t]."""
    for (p, t), r in v.r.items():
        for w in v.on_pool[p]:
            if w.opens(t) and v.items[w.item].critical:
                terms = [(v.x[w.item, w.key, t], 1), (r, -v.items[w.item].count)]
                yield _row("spared", _said(v, f"{w.item} is critical, so {p} keeps spares", t), terms, "<=", 0)


def placed(v: Variables) -> Iterator[Constraint]:
    """The machines that serve in a moment hold the replicas on them: Σ_p size[p] · N[p,t,b] ≤ accelerators · Σ K[g, taken on in time]."""
    for g, node in v.nodes.items():
        for t in v.times:
            for b in v.moments_on(g):
                machines = [(k, -node.accelerators) for k in v.held(node, t, b)]
                terms = [(v.replicas(p, t, b), p.accelerators) for p in v.pools_on[g]] + machines
                yield _row("placed", _said(v, f"the accelerators of {g} hold the replicas on them", t, b), terms, "<=", 0)


def standing_on(v: Variables) -> Iterator[Constraint]:
    """An open pool has a machine under it: y[p,t] ≤ Σ K[g, taken on in time]."""
    for g, node in v.nodes.items():
        for t in v.times:
            held = sorted({k for b in v.moments_on(g) for k in v.held(node, t, b)})
            for p in v.pools_on[g]:
                yield _row("standing_on", _said(v, f"{p.key} needs a machine", t), [(v.y[p.key, t], 1), *((k, -1) for k in held)], "<=", 0)


def in_stock(v: Variables) -> Iterator[Constraint]:
    """No more machines of a kind serve at one time than can be had: Σ K[g, taken on in time] ≤ most."""
    for g, node in v.nodes.items():
        for t in v.times if node.most is not None else ():
            for b in v.moments_on(g):
                held = [(k, 1) for k in v.held(node, t, b)]
                if len(held) > 1:
                    yield _row("in_stock", _said(v, f"at most {node.most} machines {g} can be had", t, b), held, "<=", node.most or 0)


def powered(v: Variables) -> Iterator[Constraint]:
    """The machines at a site draw no more than is free there: Σ_g watts[g] · Σ K[g, taken on in time] ≤ watts free."""
    for site, watts in sorted(v.portfolio.limits.power.items()):
        here = [node for node in v.nodes.values() if node.site == site and node.watts]
        for t in v.times if here else ():
            for b in v.portfolio.moments if any(term.by_moment for node in here for term in node.terms) else (EVERY,):
                terms = [(k, node.watts) for node in here for k in v.held(node, t, b)]
                yield _row("powered", _said(v, f"machines at {site} draw at most {watts / 1000:g} kW", t, b), terms, "<=", watts, f"power:{site}")


def paid(v: Variables) -> Iterator[Constraint]:
    """Work that a way needs has been paid for and still holds:
    Σ_{o needs s} x[o,t] ≤ parts · Σ z[s, begun in time]; a standby's from the start.
    What lasts several periods is begun anew only when it ends: Σ z[s, begun in time] ≤ 1.
    """
    for s, work in v.works.items():
        private = v.private(s)
        for t in v.times if work.lasts > 1 else ():
            held = [(v.z[s, at], 1) for at in work.holding(t)]
            if len(held) > 1:
                yield _row("paid", _said(v, f"{work.says or s} is begun anew only when it ends", t), held, "<=", v.made[v.z[s, t]].upper)
        by_item: dict[str, list[Way]] = defaultdict(list)
        for w in v.needing[s]:
            by_item[w.item].append(w)
        for item, ways in by_item.items():
            parts = 1 if private else v.items[item].count
            for t in v.times:
                terms = [(v.x[w.item, w.key, t], 1) for w in ways if w.opens(t)]
                if terms:
                    held = [(v.z[s, at], -parts) for at in work.holding(t)]
                    yield _row("paid", _said(v, f"{work.says or s} is paid if {item} needs it", t), terms + held, "<=", 0)
        for (item, key), i in v.s.items():
            way = next(w for w in v.of_item[item] if w.key == key)
            if way.standby is not None and s in way.standby.works:
                yield _row("paid", f"{work.says or s} is paid so that {key} can stand by for {item}", [(i, 1), (v.z[s, 0], -1)], "<=", 0)


def topped_up(v: Variables) -> Iterator[Constraint]:
    """What a month's use falls short of its least bill is paid, while somebody uses it:
    least · z[s,t] ≤ Σ_{o needs s} min(cents[o], least) · x[o,t] + q[s,n]; and the same as worth today, with e[s,n] for q[s,n].
    """
    for s, n, bill in v.bills():
        for variables, at, least in ((v.q, 0, bill.paid), (v.e, 1, bill.present)):
            if (s, n) in variables:
                held, filling = [(v.z[s, t], least) for t in v.works[s].holding(bill.period)], _filling(v, s, n, at, least)
                terms = [*held, *((i, -cents) for i, cents in filling), (variables[s, n], -1)]
                yield _row("topped_up", _said(v, f"{v.works[s].says or s} is reached by use, or topped up", bill.period), terms, "<=", 0)


def _filling(v: Variables, work: str, bill: int, at: int, least: int) -> Terms:
    """What each way adds to a least bill, as far as that matters: the bill is reached by any of them that adds as much."""
    t = v.works[work].least[bill].period
    return [(v.x[w.item, w.key, t], min(w.billed[bill][at], least)) for w in v.needing[work] if w.opens(t) and w.billed[bill][at]]


def moved(v: Variables) -> Iterator[Constraint]:
    """What goes to another operator or model is moved, which is paid: Σ_{o in f} x[o,t] − Σ_{o in f} x[o,t−1] ≤ v[i,t]."""
    for item in v.portfolio.items:
        for t in v.times:
            families: dict[tuple[str, str], list[Way]] = defaultdict(list)
            for w in v.of_item[item.id]:
                families[v.family(w)].append(w)
            for f, ways in families.items():
                i = v.v.get((item.id, ("", "") if item.count == 1 else f, t))
                now = [(v.x[w.item, w.key, t], 1) for w in ways if w.opens(t)]
                if i is not None and now:
                    before = [(v.x[w.item, w.key, t - 1], -1) for w in ways if w.opens(t - 1)]
                    yield _row("moved", _said(v, f"{item.id} moves when it goes to {f[1]} at {f[0]}", t), [*now, *before, (i, -1)], "<=", 0)


def standing_by(v: Variables) -> Iterator[Constraint]:
    """What asks for it has one way ready under an operator that does not serve it:
    Σ_o s[o] = 1, and Σ_{o at k} x[o,t] + parts · Σ_{o at k} s[o] ≤ parts.
    """
    for item in v.portfolio.items:
        if not item.standby:
            continue
        ready = {w.key: v.s[item.id, w.key] for w in v.of_item[item.id] if (item.id, w.key) in v.s}
        demand = f"standby:{item.id.partition('/')[0]}"
        yield _row("standing_by", f"{item.id} has a way that stands by", ((i, 1) for i in ready.values()), "=", 1, demand)
        for k in sorted({w.operator for w in v.of_item[item.id] if w.key in ready}):
            waiting = [(ready[w.key], item.count) for w in v.of_item[item.id] if w.operator == k and w.key in ready]
            for t in v.times:
                serving = [(v.x[w.item, w.key, t], 1) for w in v.of_item[item.id] if w.operator == k and w.opens(t)]
                says = _said(v, f"{k} does not both serve {item.id} and stand by for it", t)
                yield _row("standing_by", says, serving + waiting, "<=", item.count)


def in_use(v: Variables) -> Iterator[Constraint]:
    """An operator or a model counts as in use where something runs on it or stands by with it: Σ_{o of i at k} x[o,t] ≤ parts · u[k,t]."""
    for flags, name_of in ((v.u, lambda w: w.operator), (v.m, lambda w: w.model)):
        users: dict[tuple[str, str], list[Way]] = defaultdict(list)
        for w in v.portfolio.ways if flags else ():
            users[name_of(w), w.item].append(w)
        for (name, item), ways in users.items():
            for t in v.times:
                flag, parts = flags[name, t], v.items[item].count
                terms = [(v.x[w.item, w.key, t], 1) for w in ways if w.opens(t)]
                if terms:
                    yield _row("in_use", _said(v, f"{name} counts as in use if {item} runs on it", t), [*terms, (flag, -parts)], "<=", 0)
                ready = [(v.s[item, w.key], 1) for w in ways if (item, w.key) in v.s]
                if ready:
                    yield _row("in_use", _said(v, f"{name} counts as in use if it stands by for {item}", t), [*ready, (flag, -1)], "<=", 0)


def counted(v: Variables) -> Iterator[Constraint]:
    """At most so many operators, and so many models, are in use at one time: Σ_k u[k,t] ≤ most."""
    limits = v.portfolio.limits
    for flags, most, word in ((v.u, limits.operators, "operators"), (v.m, limits.models, "models")):
        for t in v.times if most is not None else ():
            terms = [(i, 1) for (_, at), i in flags.items() if at == t]
            yield _row("counted", _said(v, f"at most {most} {word} are in use", t), terms, "<=", most or 0, f"max-{word}")


def budgets(v: Variables) -> Iterator[Constraint]:
    """What is paid in all, what is bought, and what is paid in each year stays within its budget: Σ cents · variables ≤ budget."""
    limits = v.portfolio.limits
    if limits.total is not None:
        yield _row("budgets", f"the plan costs at most EUR {_eur(limits.total)}", _summed(v, lambda s: s.paid), "<=", limits.total, "budget:total")
    if limits.bought is not None:
        yield _row("budgets", f"at most EUR {_eur(limits.bought)} is bought", _summed(v, lambda s: s.bought), "<=", limits.bought, "budget:capex")
    for n, year in enumerate(v.portfolio.years):
        if year in limits.by_year:
            most = limits.by_year[year]
            terms = _summed(v, lambda s, n=n: s.by_year[n] if s.by_year else 0)
            yield _row("budgets", f"{year} costs at most EUR {_eur(most)}", terms, "<=", most, f"budget:{year}")


def sovereign(v: Variables) -> Iterator[Constraint]:
    """The portfolio's mean score, weighted by how critical things are, reaches the least in every period:
    Σ weight · score · x[o,t] ≥ least · Σ weight.
    """
    p, least = v.portfolio, v.portfolio.limits.score
    if least is None:
        return
    whole = sum(i.weight * i.count for i in p.items)
    for t in v.times:
        terms = [(v.x[w.item, w.key, t], v.items[w.item].weight * w.score) for w in p.ways if w.opens(t)]
        says = _said(v, "the portfolio's sovereignty score is at least what was asked", t)
        yield _row("sovereign", says, terms, ">=", least * whole, "portfolio-score")


def shares(v: Variables) -> Iterator[Constraint]:
    """No operator gets more than its share of what is paid: Σ cents paid to k ≤ share · Σ cents paid."""
    share = v.portfolio.limits.share_of_spend
    for k in v.operators() if share is not None else ():
        theirs = dict(_summed(v, lambda s: s.paid, k))
        terms = [(i, theirs.get(i, 0) * share.denominator - c * share.numerator) for i, c in _summed(v, lambda s: s.paid)]
        yield _row("shares", f"{k} gets at most {_percent(share)} of the spend", _reduced(terms), "<=", 0, "concentration:spend")


def critical_shares(v: Variables) -> Iterator[Constraint]:
    """No operator carries more than its share of the critical items at one time: Σ_{critical at k} x[o,t] ≤ share · critical items."""
    share, p = v.portfolio.limits.share_of_critical, v.portfolio
    vital = sum(i.count for i in p.items if i.critical)
    if share is None or not vital:
        return
    most = int(share * vital)
    for k in v.operators():
        for t in v.times:
            terms = [(v.x[w.item, w.key, t], 1) for w in p.ways if w.operator == k and v.items[w.item].critical and w.opens(t)]
            says = _said(v, f"{k} carries at most {most} of {vital} critical workloads", t)
            yield _row("critical_shares", says, terms, "<=", most, "concentration:critical")


def unpadded(v: Variables) -> Iterator[Constraint]:
    """Where shares of the spend are capped, nothing is bought just to make the whole larger: no idle replica, machine or work."""
    if v.portfolio.limits.share_of_spend is None:
        return
    yield from _no_idle_replicas(v)
    yield from _no_idle_machines(v)
    yield from _no_idle_cents(v)
    for (s, t), i in v.z.items():
        users = [(v.x[w.item, w.key, t], -1) for w in v.needing[s] if w.opens(t)]
        waiting = v.portfolio.ways if t == 0 and v.s else ()
        ready = [(v.s[w.item, w.key], -1) for w in waiting if (w.item, w.key) in v.s and w.standby and s in w.standby.works]
        yield _row("unpadded", _said(v, f"{v.works[s].says or s} is paid only where needed", t), [(i, 1), *users, *ready], "<=", 0)


def _no_idle_replicas(v: Variables) -> Iterator[Constraint]:
    spares = v.portfolio.limits.spares
    for p in v.pools:
        for t in v.times:
            users = [w for w in v.on_pool[p] if w.opens(t)]
            kept = [(v.r[p, t], -1000 * spares)] if (p, t) in v.r else []
            for b in v.moments[p]:
                loads = [(v.x[w.item, w.key, t], -w.loads[t]) for w in users if v.present(w, b)]
                says = _said(v, f"{p} has no replica beyond its load and spares", t, b)
                yield _row("unpadded", says, [(v.N[p, t, b], 1000), *loads, *kept], "<=", 999)
            terms = [(v.y[p, t], 1), *((v.x[w.item, w.key, t], -1) for w in users)]
            yield _row("unpadded", _said(v, f"{p} is open only for somebody", t), terms, "<=", 0)
            if (p, t) in v.r:
                critical = [(v.x[w.item, w.key, t], -1) for w in users if v.items[w.item].critical]
                yield _row("unpadded", _said(v, f"{p} keeps spares only for what is critical", t), [(v.r[p, t], 1), *critical], "<=", 0)


def _no_idle_cents(v: Variables) -> Iterator[Constraint]:
    """A least bill is topped up only where it falls short, and by no more."""
    for (s, n), short in v.f.items():
        bill, q = v.works[s].least[n], v.q[s, n]
        most: dict[str, int] = defaultdict(int)
        for w in v.needing[s]:
            most[w.item] = max(most[w.item], min(w.billed[n][0], bill.paid) * v.items[w.item].count)
        says, filling = f"{v.works[s].says or s} is not topped up beyond its least", _filling(v, s, n, 0, bill.paid)
        held = [(v.z[s, t], -1) for t in v.works[s].holding(bill.period)]
        yield _row("unpadded", _said(v, says, bill.period), [(q, 1), (short, -bill.paid)], "<=", 0)
        yield _row("unpadded", _said(v, says, bill.period), [(short, 1), *held], "<=", 0)
        whole = sum(most.values())
        yield _row("unpadded", _said(v, says, bill.period), [*filling, (q, 1), (short, whole)], "<=", bill.paid + whole)


def _no_idle_machines(v: Variables) -> Iterator[Constraint]:
    """Machines are taken on only when something runs on them at some moment of that period, whatever the term."""
    for g, node in v.nodes.items():
        by_time: dict[tuple[int, str], list[int]] = defaultdict(list)
        for term in node.terms:
            for t in v.times:
                for b in v.moments_on(g) if term.by_moment else (EVERY,):
                    if (term.key, t, b) in v.K:
                        by_time[t, b].append(v.K[term.key, t, b])
        for (t, b), new in by_time.items():
            moments = (b,) if b != EVERY else v.moments_on(g)
            replicas = sorted({(v.replicas(p, t, m), -p.accelerators) for m in moments for p in v.pools_on[g]})
            terms = [*((k, node.accelerators) for k in new), *replicas]
            yield _row("unpadded", _said(v, f"machines {g} are taken on only for what runs on them", t, b), terms, "<=", node.accelerators - 1)


def carbon(v: Variables) -> Iterator[Constraint]:
    """The plan emits no more than the cap over the whole time: Σ kg · variables ≤ cap."""
    cap = v.portfolio.limits.carbon
    if cap is None:
        return
    machines = [(i, v.terms[g][1].carbon[t]) for (g, t, _), i in v.K.items() if v.terms[g][1].carbon]
    ways = [(v.x[w.item, w.key, t], w.carbon[t]) for w in v.portfolio.ways if w.carbon for t in v.times if w.opens(t)]
    yield _row("carbon", f"the plan emits at most {cap:,} kg CO2e", [term for term in machines + ways if term[1]], "<=", cap, "carbon")


def required(v: Variables) -> Iterator[Constraint]:
    """An operator that has to be used serves something at some time: Σ_{o at k, t} x[o,t] ≥ 1."""
    for k in v.portfolio.limits.required:
        terms = [(v.x[w.item, w.key, t], 1) for w in v.portfolio.ways if w.operator == k for t in v.times if w.opens(t)]
        yield _row("required", f"{k} serves at least one workload", terms, ">=", 1, f"required:{k}")


FAMILIES: tuple[Family, ...] = (
    served, opened, loaded, standing, spared, placed, standing_on, in_stock, powered, paid, topped_up, moved, standing_by, in_use, counted, budgets,
    sovereign, shares, critical_shares, unpadded, carbon, required,
)


def _summed(v: Variables, cents: Callable, operator: str | None = None) -> Terms:
    """Cents that each variable costs, by some reading of what is spent: all of them, or those paid to one operator."""
    return [(i, cents(spend)) for i, spend, whom in v.spends() if operator in (None, whom) and cents(spend)]


def _reduced(terms: Terms) -> Terms:
    """Terms divided by their greatest common divisor, so that coefficients stay small."""
    divisor = gcd(*(c for _, c in terms)) if terms else 1
    return [(i, c // divisor) for i, c in terms] if divisor > 1 else terms


def _eur(cents: int) -> str:
    return f"{cents // 100:,}" + (f".{cents % 100:02d}" if cents % 100 else "")


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):g} %"
