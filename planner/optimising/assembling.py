"""From a portfolio to a programme of whole numbers: its variables, the families of constraints in order, and the aims."""
from __future__ import annotations

from dataclasses import dataclass

from planner.optimising.families import FAMILIES
from planner.optimising.linear import Objective, Programme
from planner.optimising.portfolio import Portfolio
from planner.optimising.variables import Variables


@dataclass(frozen=True)
class Assembled:
    """The programme and what its variables stand for."""

    programme: Programme
    variables: Variables


def assembled(portfolio: Portfolio) -> Assembled:
    """The whole formulation. Raises KeyError on a portfolio that names what it does not hold."""
    variables = Variables(portfolio)
    rows = [row for family in FAMILIES for row in family(variables)]
    named = tuple(row.named(n) for n, row in enumerate(rows))
    groups = tuple(
        tuple(variables.x[w.item, w.key, t] for w in variables.of_item[i.id] if w.opens(t)) for i in portfolio.items for t in variables.times
    )
    counts = tuple(i.count for i in portfolio.items for _ in variables.times)
    chosen = {i for group in groups for i in group}
    tail = tuple(i for i in range(len(variables.made)) if i not in chosen)
    programme = Programme(
        tuple(variables.made), named, objectives(variables), groups, tail, counts, alike=_alike(variables), settled=_settled(variables),
    )
    return Assembled(programme, variables)


def _alike(v: Variables) -> tuple[tuple[int, ...], ...]:
    """The choices of each way that is open in all of several periods; nothing where some item has none."""
    through = [w for w in v.portfolio.ways if all(w.opens(t) for t in v.times)]
    if len(v.times) == 1 or {w.item for w in through} != set(v.items):
        return ()
    return tuple(tuple(v.x[w.item, w.key, t] for t in v.times) for w in through)


def _settled(v: Variables) -> tuple[int, ...]:
    """What lasts longer than a period and could be begun in several, the earlier before the later."""
    if len(v.times) == 1:
        return ()
    machines = [(t, i) for (g, t, m), i in v.K.items() if not v.terms[g][1].by_moment and v.terms[g][1].lasts != 1]
    works = [(t, i) for (s, t), i in v.z.items() if v.works[s].lasts != 1]
    return tuple(i for _, i in sorted(machines + works))


def objectives(v: Variables) -> tuple[Objective, ...]:
    """The aims in order; cost comes last where nobody asked for it, so that nothing is bought for nothing."""
    p = v.portfolio
    asked = [(aim.name, aim.within) for aim in p.aims]
    if "cost" not in {name for name, _ in asked}:
        asked.append(("cost", 0))
    return tuple(Objective(name, _terms(v, name), within) for name, within in asked)


def _terms(v: Variables, name: str) -> tuple[tuple[int, int], ...]:
    p = v.portfolio
    if name == "cost":
        return tuple((i, spend.present) for i, spend, _ in v.spends() if spend.present)
    if name == "carbon":
        machines = [(i, v.terms[g][1].carbon[t]) for (g, t, _), i in v.K.items() if v.terms[g][1].carbon]
        ways = [(v.x[w.item, w.key, t], w.carbon[t]) for w in p.ways if w.carbon for t in v.times if (w.item, w.key, t) in v.x]
        return tuple(term for term in machines + ways if term[1])
    if name == "operators":
        return tuple((i, p.periods[t]) for (_, t), i in v.u.items())
    worth = {"sovereignty": lambda w: w.score, "quality": lambda w: w.quality}[name]
    return tuple(
        (v.x[w.item, w.key, t], -v.items[w.item].weight * worth(w) * p.periods[t]) for w in p.ways for t in v.times if (w.item, w.key, t) in v.x
    )
