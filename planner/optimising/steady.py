"""A first, simpler look at a programme over several periods: everything keeps its way throughout, so each way is one variable.

What it finds is a plan of the whole programme, and mostly a good one, since moving costs money; the search goes on from it.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.optimising.linear import Constraint, Programme, Terms, Variable


def steady(programme: Programme) -> tuple[Programme, list[tuple[int, ...]]]:
    """The programme in which each of `programme.alike` is one variable, with the old variables that each new one stands for.

    What could be chosen in some periods only is left out. Only the first objective is kept.
    """
    one = {i: members for members in programme.alike for i in members}
    chosen = {i for group in programme.groups for i in group}
    stands_for = [one.get(i, (i,)) for i in range(len(programme.variables)) if (one[i][0] == i if i in one else i not in chosen)]
    new = {old: n for n, members in enumerate(stands_for) for old in members}

    def mapped(terms: Terms) -> Terms:
        sums: dict[int, int] = {}
        for i, c in terms:
            if i in new:
                sums[new[i]] = sums.get(new[i], 0) + c
        return tuple((i, c) for i, c in sums.items() if c)

    rows: dict[tuple, Constraint] = {}
    for row in programme.constraints:
        terms = mapped(row.terms)
        if terms or not row.holds([0] * len(programme.variables)):
            rows.setdefault((terms, row.sense, row.rhs), replace(row, terms=terms))
    groups: dict[tuple[int, ...], int] = {}
    for group, count in zip(programme.groups, programme.counts or (1,) * len(programme.groups), strict=True):
        groups[tuple(new[i] for i in group if i in new)] = count
    variables = tuple(replace(programme.variables[members[0]], upper=_upper(programme.variables, members)) for members in stands_for)
    first = programme.objectives[0]
    small = Programme(
        variables, tuple(rows.values()), (replace(first, terms=mapped(first.terms)),), tuple(groups), tuple(new[i] for i in programme.tail),
        tuple(groups.values()),
    )
    return small, stands_for


def throughout(values: Sequence[int], stands_for: Sequence[tuple[int, ...]], size: int) -> list[int]:
    """A plan of the simpler programme as one of the whole: what is chosen once is chosen in every period."""
    full = [0] * size
    for value, members in zip(values, stands_for, strict=True):
        for i in members:
            full[i] = value
    return full


def _upper(variables: Sequence[Variable], members: Sequence[int]) -> int:
    return min(variables[i].upper for i in members)
