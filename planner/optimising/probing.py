"""What choosing one thing forces: implications read off the rows, and the least that each choice must cost.

A row `Σ aᵢ·xᵢ ≤ c·v` with whole coefficients says that xᵢ = n forces v ≥ ceil(aᵢ·n / c). Following such rows from a choice
(a replica, its machine, the work paid once) gives a lower bound on the cost of every plan that contains it. Exact arithmetic.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from planner.optimising.linear import Objective, Programme

IMPOSSIBLE = 10**18  # dearer than any plan


def implied_costs(programme: Programme, objective: Objective) -> list[int] | None:
    """For each variable, what a plan costs at least if it is 1 and everything else only as it must be; None where costs may be negative."""
    costs = [0] * len(programme.variables)
    for i, c in objective.terms:
        costs[i] += c
    if any(c < 0 for c in costs):
        return None
    forces = _forces(programme)
    upper = [v.upper for v in programme.variables]
    return [_at_least(i, costs, forces, upper) for i in range(len(costs))]


def least_costs(programme: Programme, objective: Objective) -> list[int] | None:
    """For each variable, the least cost of any plan in which it is above 0: what it forces, or what the other groups cost by themselves.

    The other groups' own coefficients are added, because exactly one member of each must be chosen whatever else happens; a coefficient that the
    choice itself forces is counted once, since group members are never forced.
    """
    alone = implied_costs(programme, objective)
    if alone is None:
        return None
    direct = dict(objective.terms)
    cheapest = [min((direct.get(i, 0) for i in group), default=0) for group in programme.groups]
    whole = sum(cheapest)
    own = {i: cheapest[g] for g, group in enumerate(programme.groups) for i in group}
    return [cost + whole - own[i] if i in own else cost + whole for i, cost in enumerate(alone)]


def useful(programme: Programme, keep: Sequence[bool]) -> list[bool]:
    """The variables worth keeping: those asked for, less the ones of the tail that nothing kept forces.

    Such a variable (a pool without a user, its replicas, its machine) costs and helps nobody, so some best plan has it at 0.
    """
    tail, forces = set(programme.tail), _forces(programme)
    reached = {i for i, k in enumerate(keep) if k and i not in tail}
    queue = list(reached)
    while queue:
        for target, _, _ in forces.get(queue.pop(), ()):
            if target not in reached and keep[target]:
                reached.add(target)
                queue.append(target)
    return [i in reached for i in range(len(keep))]


def within_caps(programme: Programme) -> list[bool]:
    """The variables that some plan within every cap could use: of each row that caps a sum of costs, by what each variable forces."""
    keep = [True] * len(programme.variables)
    for row in programme.constraints:
        if row.demand is not None and row.sense == "<=" and len(row.terms) > 1 and all(c > 0 for _, c in row.terms):
            least = least_costs(programme, Objective(row.name, row.terms)) or []
            keep = [k and cost <= row.rhs for k, cost in zip(keep, least, strict=True)]
    return keep


def _forces(programme: Programme) -> dict[int, list[tuple[int, int, int]]]:
    """Variable -> [(forced variable, coefficient a, divisor c)] for every row of the form Σ a·x ≤ c·v."""
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
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


def _at_least(start: int, costs: Sequence[int], forces: dict[int, list[tuple[int, int, int]]], upper: Sequence[int]) -> int:
    """The cost of everything that `start` forces; more than any plan costs where it forces a variable above its bound."""
    values = {start: 1}
    queue = [start]
    while queue:
        i = queue.pop()
        for target, a, divisor in forces.get(i, ()):
            value = -(-a * values[i] // divisor)
            if value > upper[target]:
                return IMPOSSIBLE
            if value > values.get(target, 0):
                values[target] = value
                queue.append(target)
    return sum(costs[i] * n for i, n in values.items())
