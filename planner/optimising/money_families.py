"""The families of constraints on money: least bills, budgets, shares of the spend, and that nothing is bought to pad them."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction
from math import gcd

from planner.optimising.linear import Constraint
from planner.optimising.rows import Terms, row, said
from planner.optimising.variables import EVERY, Variables


def topped_up(v: Variables) -> Iterator[Constraint]:
    """What a month's use falls short of its least bill is paid, while somebody uses it:
    least · z[s,t] ≤ Σ_{o needs s} min(cents[o], least) · x[o,t] + q[s,n]; and the same as worth today, with e[s,n] for q[s,n].
    """
    for s, n, bill in v.bills():
        for variables, at, least in ((v.q, 0, bill.paid), (v.e, 1, bill.present)):
            if (s, n) in variables:
                held, filling = [(v.z[s, t], least) for t in v.works[s].holding(bill.period)], _filling(v, s, n, at, least)
                terms = [*held, *((i, -cents) for i, cents in filling), (variables[s, n], -1)]
                yield row("topped_up", said(v, f"{v.works[s].says or s} is reached by use, or topped up", bill.period), terms, "<=", 0)


def budgets(v: Variables) -> Iterator[Constraint]:
    """What is paid in all, what is bought, and what is paid in each year stays within its budget: Σ cents · variables ≤ budget."""
    limits = v.portfolio.limits
    if limits.total is not None:
        yield row("budgets", f"the plan costs at most EUR {_eur(limits.total)}", _summed(v, lambda s: s.paid), "<=", limits.total, "budget:total")
    if limits.bought is not None:
        yield row("budgets", f"at most EUR {_eur(limits.bought)} is bought", _summed(v, lambda s: s.bought), "<=", limits.bought, "budget:capex")
    for n, year in enumerate(v.portfolio.years):
        if year in limits.by_year:
            most = limits.by_year[year]
            terms = _summed(v, lambda s, n=n: s.by_year[n] if s.by_year else 0)
            yield row("budgets", f"{year} costs at most EUR {_eur(most)}", terms, "<=", most, f"budget:{year}")


def shares(v: Variables) -> Iterator[Constraint]:
    """No operator gets more than its share of what is paid: Σ cents paid to k ≤ share · Σ cents paid."""
    share = v.portfolio.limits.share_of_spend
    for k in v.operators() if share is not None else ():
        theirs = dict(_summed(v, lambda s: s.paid, k))
        terms = [(i, theirs.get(i, 0) * share.denominator - c * share.numerator) for i, c in _summed(v, lambda s: s.paid)]
        yield row("shares", f"{k} gets at most {_percent(share)} of the spend", _reduced(terms), "<=", 0, "concentration:spend")


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
        yield row("unpadded", said(v, f"{v.works[s].says or s} is paid only where needed", t), [(i, 1), *users, *ready], "<=", 0)


def _no_idle_replicas(v: Variables) -> Iterator[Constraint]:
    spares = v.portfolio.limits.spares
    for p in v.pools:
        for t in v.times:
            users = [w for w in v.on_pool[p] if w.opens(t)]
            kept = [(v.r[p, t], -1000 * spares)] if (p, t) in v.r else []
            for b in v.moments[p]:
                loads = [(v.x[w.item, w.key, t], -w.loads[t]) for w in users if v.present(w, b)]
                says = said(v, f"{p} has no replica beyond its load and spares", t, b)
                yield row("unpadded", says, [(v.N[p, t, b], 1000), *loads, *kept], "<=", 999)
            terms = [(v.y[p, t], 1), *((v.x[w.item, w.key, t], -1) for w in users)]
            yield row("unpadded", said(v, f"{p} is open only for somebody", t), terms, "<=", 0)
            if (p, t) in v.r:
                critical = [(v.x[w.item, w.key, t], -1) for w in users if v.items[w.item].critical]
                yield row("unpadded", said(v, f"{p} keeps spares only for what is critical", t), [(v.r[p, t], 1), *critical], "<=", 0)


def _no_idle_cents(v: Variables) -> Iterator[Constraint]:
    """A least bill is topped up only where it falls short, and by no more."""
    for (s, n), short in v.f.items():
        bill, q = v.works[s].least[n], v.q[s, n]
        most: dict[str, int] = defaultdict(int)
        for w in v.needing[s]:
            most[w.item] = max(most[w.item], min(w.billed[n][0], bill.paid) * v.items[w.item].count)
        says, filling = f"{v.works[s].says or s} is not topped up beyond its least", _filling(v, s, n, 0, bill.paid)
        held = [(v.z[s, t], -1) for t in v.works[s].holding(bill.period)]
        yield row("unpadded", said(v, says, bill.period), [(q, 1), (short, -bill.paid)], "<=", 0)
        yield row("unpadded", said(v, says, bill.period), [(short, 1), *held], "<=", 0)
        whole = sum(most.values())
        yield row("unpadded", said(v, says, bill.period), [*filling, (q, 1), (short, whole)], "<=", bill.paid + whole)


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
            yield row("unpadded", said(v, f"machines {g} are taken on only for what runs on them", t, b), terms, "<=", node.accelerators - 1)


def _filling(v: Variables, work: str, bill: int, at: int, least: int) -> Terms:
    """What each way adds to a least bill, as far as that matters: the bill is reached by any of them that adds as much."""
    t = v.works[work].least[bill].period
    return [(v.x[w.item, w.key, t], min(w.billed[bill][at], least)) for w in v.needing[work] if w.opens(t) and w.billed[bill][at]]


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
