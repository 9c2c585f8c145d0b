"""A mixed-integer linear programme as plain data: integers only, every row with its name and its sentence."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

Terms = tuple[tuple[int, int], ...]  # (index of a variable, whole coefficient)


@dataclass(frozen=True, slots=True)
class Variable:
    """A whole number between 0 and `upper`. `name` is ours (`x0001`), never a user's text."""

    name: str
    upper: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Constraint:
    """`terms` `sense` `rhs`. `family` groups rows of one kind; `demand` names the wish that a row stands for, if any."""

    name: str
    family: str
    says: str
    terms: Terms
    sense: str  # "<=", ">=" or "="
    rhs: int
    demand: str | None = None

    def named(self, number: int) -> Constraint:
        """The same row under a name of its own: its family and its place."""
        return replace(self, name=f"{self.family}_{number:05d}")

    def holds(self, values: Sequence[int]) -> bool:
        """Whether the row holds, in exact integer arithmetic."""
        left = sum(values[i] * c for i, c in self.terms)
        return left <= self.rhs if self.sense == "<=" else left >= self.rhs if self.sense == ">=" else left == self.rhs


@dataclass(frozen=True, slots=True)
class Objective:
    """Something to be made as small as possible; objectives come in order of importance."""

    name: str
    terms: Terms
    within: Fraction | int = 0  # how much of its best value later objectives may give up, as a share

    def value(self, values: Sequence[int]) -> int:
        """The objective's exact value."""
        return sum(values[i] * c for i, c in self.terms)


@dataclass(frozen=True, slots=True)
class Programme:
    """Variables, rows and objectives in order.

    `groups` are sets of variables that sum to the group's entry in `counts` (1 where there is none), each in the order in which
    ties are to be broken, so that one programme has one answer, whoever solves it; `tail` are the variables that only follow from those
    (replicas, machines, work paid once).
    """

    variables: tuple[Variable, ...]
    constraints: tuple[Constraint, ...]
    objectives: tuple[Objective, ...]
    groups: tuple[tuple[int, ...], ...] = ()
    tail: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()
    alike: tuple[tuple[int, ...], ...] = ()  # choices that a first, simpler look takes to be equal: one way through all periods
    settled: tuple[int, ...] = ()  # of the tail, what could be had earlier or later at the same cost: the earlier, the better

    @property
    def one_by_one(self) -> bool:
        """Whether of every group exactly one is chosen."""
        return all(n == 1 for n in self.counts)

    def broken(self, values: Sequence[int]) -> list[Constraint]:
        """The rows that some values break, exactly; bounds included as rows of family `bounds`."""
        rows = [c for c in self.constraints if not c.holds(values)]
        outside = [i for i, v in enumerate(self.variables) if not 0 <= values[i] <= v.upper]
        bounds = [(i, self.variables[i]) for i in outside]
        return rows + [Constraint(f"bound_{i}", "bounds", f"0 <= {v.name}", ((i, 1),), "<=", v.upper) for i, v in bounds]

    def with_rows(self, extra: Iterable[Constraint]) -> Programme:
        """The same programme with further rows."""
        return replace(self, constraints=self.constraints + tuple(extra))

    def restricted(self, keep: Sequence[bool]) -> tuple[Programme, list[int]]:
        """The programme with the variables not kept fixed at 0 and left out, and the old index of each kept one.

        Rows that become empty and hold are dropped; an empty row that cannot hold stays, so infeasibility is not lost.
        """
        old = [i for i, k in enumerate(keep) if k]
        new = {o: n for n, o in enumerate(old)}

        def project(terms: Terms) -> Terms:
            return tuple((new[i], c) for i, c in terms if i in new)

        rows = []
        for row in self.constraints:
            kept = replace(row, terms=project(row.terms))
            if kept.terms or not kept.holds(()):
                rows.append(kept)
        objectives = tuple(replace(o, terms=project(o.terms)) for o in self.objectives)
        groups = tuple(tuple(new[i] for i in group if i in new) for group in self.groups)
        tail, settled = (tuple(new[i] for i in some if i in new) for some in (self.tail, self.settled))
        variables = tuple(self.variables[i] for i in old)
        return Programme(variables, tuple(rows), objectives, groups, tail, self.counts, settled), old

    def earliest(self) -> Objective:
        """The objective that settles what could as well be had later."""
        return Objective("earliest first", tuple((i, n) for n, i in enumerate(self.settled, 1)))

    def tie_breaks(self, largest: int = 1_000_000) -> tuple[Objective, ...]:
        """Objectives that leave one answer: the earliest member of each group, group by group.

        A group of several parts takes the earliest members it can in sum. Ranks of several groups are packed into one
        objective as long as its coefficients stay below `largest`, so that a solver's tolerances cannot blur them.
        """
        packed: list[Objective] = []
        terms: list[tuple[int, int]] = []
        scale = 1
        for group, count in zip(self.groups, self.counts or (1,) * len(self.groups), strict=True):
            if len(group) < 2:
                continue
            size = (len(group) - 1) * count + 1
            if terms and scale * size > largest:
                packed.append(Objective("catalog order", tuple(terms)))
                terms, scale = [], 1
            terms = [(i, c * size) for i, c in terms] + [(i, rank) for rank, i in enumerate(group)]
            scale *= size
        if terms:
            packed.append(Objective("catalog order", tuple(terms)))
        return tuple(packed)
