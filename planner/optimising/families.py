"""The families of constraints, one function each: its docstring says in words what it holds, and each row says it of its own case."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.optimising.linear import Constraint
from planner.optimising.money_families import budgets, shares, topped_up, unpadded
from planner.optimising.portfolio import Way
from planner.optimising.rows import Family, row, said
from planner.optimising.variables import EVERY, Variables


def served(v: Variables) -> Iterator[Constraint]:
    """Every part of every item is served in exactly one way in every period: Σ_o x[o,t] = parts."""
    for item in v.portfolio.items:
        for t in v.times:
            ways = [(v.x[w.item, w.key, t], 1) for w in v.of_item[item.id] if w.opens(t)]
            yield row("served", said(v, f"{item.id} is served in exactly one way", t), ways, "=", item.count)


def opened(v: Variables) -> Iterator[Constraint]:
    """A way may use a pool only where the pool is open: x[o,t] ≤ parts · y[p,t]."""
    for p in v.pools:
        for w in v.on_pool[p]:
            for t in v.times:
                if w.opens(t):
                    terms = [(v.x[w.item, w.key, t], 1), (v.y[p, t], -v.items[w.item].count)]
                    yield row("opened", said(v, f"{w.item} may use {p} only if it is open", t), terms, "<=", 0)


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
                yield row("loaded", said(v, f"the replicas of {p} carry the peak of what runs on them, spares apart", t, b), terms, "<=", 0)


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
                yield row("standing", said(v, f"an open {p} has a replica and its spares", t, b), terms, "<=", 0)


def spared(v: Variables) -> Iterator[Constraint]:
    """A pool on which something critical runs keeps its spares: x[o,t] ≤ parts · r[p,t]."""
    for (p, t), r in v.r.items():
        for w in v.on_pool[p]:
            if w.opens(t) and v.items[w.item].critical:
                terms = [(v.x[w.item, w.key, t], 1), (r, -v.items[w.item].count)]
                yield row("spared", said(v, f"{w.item} is critical, so {p} keeps spares", t), terms, "<=", 0)


def placed(v: Variables) -> Iterator[Constraint]:
    """The machines that serve in a moment hold the replicas on them: Σ_p size[p] · N[p,t,b] ≤ accelerators · Σ K[g, taken on in time]."""
    for g, node in v.nodes.items():
        for t in v.times:
            for b in v.moments_on(g):
                machines = [(k, -node.accelerators) for k in v.held(node, t, b)]
                terms = [(v.replicas(p, t, b), p.accelerators) for p in v.pools_on[g]] + machines
                yield row("placed", said(v, f"the accelerators of {g} hold the replicas on them", t, b), terms, "<=", 0)


def standing_on(v: Variables) -> Iterator[Constraint]:
    """An open pool has a machine under it: y[p,t] ≤ Σ K[g, taken on in time]."""
    for g, node in v.nodes.items():
        for t in v.times:
            held = sorted({k for b in v.moments_on(g) for k in v.held(node, t, b)})
            for p in v.pools_on[g]:
                yield row("standing_on", said(v, f"{p.key} needs a machine", t), [(v.y[p.key, t], 1), *((k, -1) for k in held)], "<=", 0)


def in_stock(v: Variables) -> Iterator[Constraint]:
    """No more machines of a kind serve at one time than can be had: Σ K[g, taken on in time] ≤ most."""
    for g, node in v.nodes.items():
        for t in v.times if node.most is not None else ():
            for b in v.moments_on(g):
                held = [(k, 1) for k in v.held(node, t, b)]
                if len(held) > 1:
                    yield row("in_stock", said(v, f"at most {node.most} machines {g} can be had", t, b), held, "<=", node.most or 0)


def powered(v: Variables) -> Iterator[Constraint]:
    """The machines at a site draw no more than is free there: Σ_g watts[g] · Σ K[g, taken on in time] ≤ watts free."""
    for site, watts in sorted(v.portfolio.limits.power.items()):
        here = [node for node in v.nodes.values() if node.site == site and node.watts]
        for t in v.times if here else ():
            for b in v.portfolio.moments if any(term.by_moment for node in here for term in node.terms) else (EVERY,):
                terms = [(k, node.watts) for node in here for k in v.held(node, t, b)]
                yield row("powered", said(v, f"machines at {site} draw at most {watts / 1000:g} kW", t, b), terms, "<=", watts, f"power:{site}")


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
                yield row("paid", said(v, f"{work.says or s} is begun anew only when it ends", t), held, "<=", v.made[v.z[s, t]].upper)
        by_item: dict[str, list[Way]] = defaultdict(list)
        for w in v.needing[s]:
            by_item[w.item].append(w)
        for item, ways in by_item.items():
            parts = 1 if private else v.items[item].count
            for t in v.times:
                terms = [(v.x[w.item, w.key, t], 1) for w in ways if w.opens(t)]
                if terms:
                    held = [(v.z[s, at], -parts) for at in work.holding(t)]
                    yield row("paid", said(v, f"{work.says or s} is paid if {item} needs it", t), terms + held, "<=", 0)
        for (item, key), i in v.s.items():
            way = next(w for w in v.of_item[item] if w.key == key)
            if way.standby is not None and s in way.standby.works:
                yield row("paid", f"{work.says or s} is paid so that {key} can stand by for {item}", [(i, 1), (v.z[s, 0], -1)], "<=", 0)


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
                    yield row("moved", said(v, f"{item.id} moves when it goes to {f[1]} at {f[0]}", t), [*now, *before, (i, -1)], "<=", 0)


def standing_by(v: Variables) -> Iterator[Constraint]:
    """What asks for it has one way ready under an operator that does not serve it:
    Σ_o s[o] = 1, and Σ_{o at k} x[o,t] + parts · Σ_{o at k} s[o] ≤ parts.
    """
    for item in v.portfolio.items:
        if not item.standby:
            continue
        ready = {w.key: v.s[item.id, w.key] for w in v.of_item[item.id] if (item.id, w.key) in v.s}
        demand = f"standby:{item.id.partition('/')[0]}"
        yield row("standing_by", f"{item.id} has a way that stands by", ((i, 1) for i in ready.values()), "=", 1, demand)
        for k in sorted({w.operator for w in v.of_item[item.id] if w.key in ready}):
            waiting = [(ready[w.key], item.count) for w in v.of_item[item.id] if w.operator == k and w.key in ready]
            for t in v.times:
                serving = [(v.x[w.item, w.key, t], 1) for w in v.of_item[item.id] if w.operator == k and w.opens(t)]
                says = said(v, f"{k} does not both serve {item.id} and stand by for it", t)
                yield row("standing_by", says, serving + waiting, "<=", item.count)


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
                    yield row("in_use", said(v, f"{name} counts as in use if {item} runs on it", t), [*terms, (flag, -parts)], "<=", 0)
                ready = [(v.s[item, w.key], 1) for w in ways if (item, w.key) in v.s]
                if ready:
                    yield row("in_use", said(v, f"{name} counts as in use if it stands by for {item}", t), [*ready, (flag, -1)], "<=", 0)


def counted(v: Variables) -> Iterator[Constraint]:
    """At most so many operators, and so many models, are in use at one time: Σ_k u[k,t] ≤ most."""
    limits = v.portfolio.limits
    for flags, most, word in ((v.u, limits.operators, "operators"), (v.m, limits.models, "models")):
        for t in v.times if most is not None else ():
            terms = [(i, 1) for (_, at), i in flags.items() if at == t]
            yield row("counted", said(v, f"at most {most} {word} are in use", t), terms, "<=", most or 0, f"max-{word}")


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
        says = said(v, "the portfolio's sovereignty score is at least what was asked", t)
        yield row("sovereign", says, terms, ">=", least * whole, "portfolio-score")


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
            says = said(v, f"{k} carries at most {most} of {vital} critical workloads", t)
            yield row("critical_shares", says, terms, "<=", most, "concentration:critical")


def carbon(v: Variables) -> Iterator[Constraint]:
    """The plan emits no more than the cap over the whole time: Σ kg · variables ≤ cap."""
    cap = v.portfolio.limits.carbon
    if cap is None:
        return
    machines = [(i, v.terms[g][1].carbon[t]) for (g, t, _), i in v.K.items() if v.terms[g][1].carbon]
    ways = [(v.x[w.item, w.key, t], w.carbon[t]) for w in v.portfolio.ways if w.carbon for t in v.times if w.opens(t)]
    yield row("carbon", f"the plan emits at most {cap:,} kg CO2e", [term for term in machines + ways if term[1]], "<=", cap, "carbon")


def required(v: Variables) -> Iterator[Constraint]:
    """An operator that has to be used serves something at some time: Σ_{o at k, t} x[o,t] ≥ 1."""
    for k in v.portfolio.limits.required:
        terms = [(v.x[w.item, w.key, t], 1) for w in v.portfolio.ways if w.operator == k for t in v.times if w.opens(t)]
        yield row("required", f"{k} serves at least one workload", terms, ">=", 1, f"required:{k}")


FAMILIES: tuple[Family, ...] = (
    served, opened, loaded, standing, spared, placed, standing_on, in_stock, powered, paid, topped_up, moved, standing_by, in_use, counted, budgets,
    sovereign, shares, critical_shares, unpadded, carbon, required,
)
