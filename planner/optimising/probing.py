"""What choosing one thing forces: implications read off the rows, and the least that each choice must cost.

A row `Σ aᵢ·xᵢ ≤ c·v` with whole coefficients says that xᵢ = n forces v ≥ ceil(aᵢ·n / c). Following such rows from a choice
(a replica, its machine, the work paid once) gives a lower bound on the cost of every plan that contains it. What every member
of a group forces is in every plan, whoever else is chosen. Exact arithmetic.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from planner.optimising.linear import Objective, Programme

IMPOSSIBLE = 10**18  # dearer than any plan
Values = dict[int, int]  # variable -> the least it can be
Forces = dict[int, list[tuple[int, int, int]]]


def implied_costs(programme: Programme, objective: Objective) -> list[int] | None:
    """For each variable, what a plan costs at least if it is 1 and everything else only as it must be; None where costs may be negative."""
    costs = _costs(programme, objective)
    if costs is None:
        return None
    closures = _closures(programme)
    return [IMPOSSIBLE if forced is None else sum(costs[k] * n for k, n in forced.items()) for forced in closures]


def least_costs(programme: Programme, objective: Objective) -> list[int] | None:
    """For each variable, the least cost of any plan in which it is above 0; None where costs may be negative.

    Three parts that never count anything twice: what every plan contains, what this variable forces beyond it, and the
    cheapest coefficient of each other group, one member of which is chosen whatever else happens.
    """
    costs = _costs(programme, objective)
    if costs is None:
        return None
    closures = _closures(programme)
    must = _in_every_plan(programme, closures)
    base = sum(costs[k] * n for k, n in must.items())
    cheapest = [min((costs[i] for i in group), default=0) for group in programme.groups]
    rest = {i: sum(cheapest) - cheapest[g] for g, group in enumerate(programme.groups) for i in group}
    found = []
    for i, forced in enumerate(closures):
        if forced is None:
            found.append(IMPOSSIBLE)
        else:
            beyond = sum(costs[k] * (n - must.get(k, 0)) for k, n in forced.items() if n > must.get(k, 0))
            found.append(base + beyond + rest.get(i, sum(cheapest)))
    return found


def useful(programme: Programme, keep: Sequence[bool]) -> list[bool]:
    """The variables worth keeping: those asked for, less the ones of the tail that nothing kept forces.

    Such a variable (a pool without a user, its replicas, its machine) costs and helps nobody, so some best plan has it at 0.
    """
    tail, helpers, roots = set(programme.tail), _helpers(programme), _roots(programme)
    reached = {i for i, k in enumerate(keep) if k and (i not in tail or i in roots)}
    queue = list(reached)
    while queue:
        for target in helpers.get(queue.pop(), ()):
            if target not in reached and keep[target]:
                reached.add(target)
                queue.append(target)
    return [i in reached for i in range(len(keep))]


def _helpers(programme: Programme) -> dict[int, set[int]]:
    """Variable -> the variables that make room for it: those on the other side of a row that caps it."""
    found: dict[int, set[int]] = defaultdict(set)
    for row in programme.constraints:
        if row.sense == "<=":
            room = [i for i, c in row.terms if c < 0]
            for i, c in row.terms:
                if c > 0 and room:
                    found[i].update(room)
    return found


def _roots(programme: Programme) -> set[int]:
    """The variables that a row asks for by itself, whatever else is chosen."""
    asking = [row for row in programme.constraints if row.sense == "=" or row.sense == ">=" and row.rhs > 0 or row.sense == "<=" and row.rhs < 0]
    return {i for row in asking for i, c in row.terms if row.sense == "=" or (c > 0) == (row.sense == ">=")}


def within_caps(programme: Programme) -> list[bool]:
    """The variables that some plan within every cap could use: of each row that caps a sum of costs, by what each variable forces."""
    keep = [True] * len(programme.variables)
    for row in programme.constraints:
        if row.demand is not None and row.sense == "<=" and len(row.terms) > 1 and all(c > 0 for _, c in row.terms):
            least = least_costs(programme, Objective(row.name, row.terms)) or []
            keep = [k and cost <= row.rhs for k, cost in zip(keep, least, strict=True)]
    return keep


def _costs(programme: Programme, objective: Objective) -> list[int] | None:
    costs = [0] * len(programme.variables)
    for i, c in objective.terms:
        costs[i] += c
    return None if any(c < 0 for c in costs) else costs


def _forces(programme: Programme) -> Forces:
    """Variable -> [(forced variable, coefficient a, divisor c)] for every row of the form Σ a·x ≤ c·v."""
    found: Forces = defaultdict(list)
    for row in programme.constraints:
        if row.sense != "<=" or row.rhs != 0:
            continue
        negative = [(i, c) for i, c in row.terms if c < 0]
        if len(negative) != 1:
            continue
        target, divisor = negative[0]
        for i, a in row.terms:
            if a > 0:
                found[i].append((target, a, -divisor))
    return found


def _closures(programme: Programme) -> list[Values | None]:
    """For each variable, everything it forces when it is 1, itself included; None where it forces a variable above its bound."""
    forces, upper = _forces(programme), [v.upper for v in programme.variables]
    return [_closure(i, forces, upper) for i in range(len(programme.variables))]


def _closure(start: int, forces: Forces, upper: Sequence[int]) -> Values | None:
    values = {start: 1}
    queue = [start]
    while queue:
        i = queue.pop()
        for target, a, divisor in forces.get(i, ()):
            value = -(-a * values[i] // divisor)
            if value > upper[target]:
                return None
            if value > values.get(target, 0):
                values[target] = value
                queue.append(target)
    return values


def _in_every_plan(programme: Programme, closures: Sequence[Values | None]) -> Values:
    """What every plan contains: in each group, what all of its members force alike, members of groups apart."""
    members = {i for group in programme.groups for i in group}
    must: Values = {}
    for group in programme.groups:
        common: Values | None = None
        for forced in (closures[i] for i in group):
            if forced is not None:
                common = dict(forced) if common is None else {k: min(n, forced[k]) for k, n in common.items() if k in forced}
        for k, n in (common or {}).items():
            if k not in members:
                must[k] = max(must.get(k, 0), n)
    return must
