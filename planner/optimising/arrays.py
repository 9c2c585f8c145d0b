"""A programme as arrays, which is what the search works on: exact whole numbers, rows one after another, no names, no text."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from planner.optimising.linear import Constraint, Objective, Programme

Array = np.ndarray
FREE = float("inf")


@dataclass(frozen=True)
class Arrays:
    """Columns from 0 to `upper`, rows `low <= sum of coefficient x column <= high`; no row is empty.

    `group` gives each column's group (-1: none), `member` its place in it; `counts` how many of a group are chosen. `asked` marks rows
    that a user's demand stands behind. `impossible`: some row without columns cannot hold.
    """

    upper: Array
    starts: Array
    columns: Array
    coefficients: Array
    low: Array
    high: Array
    asked: Array
    group: Array
    member: Array
    counts: Array
    tail: Array
    settled: Array  # the columns for `earliest`, in order
    impossible: bool = False

    @staticmethod
    def of(programme: Programme) -> Arrays:
        """The arrays of a programme."""
        size = len(programme.variables)
        group, member, tail = np.full(size, -1), np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
        for g, members in enumerate(programme.groups):
            group[list(members)] = g
            member[list(members)] = np.arange(len(members))
        tail[list(programme.tail)] = True
        counts = np.array(programme.counts or (1,) * len(programme.groups), dtype=np.int64)
        none = np.zeros(0, dtype=np.int64)
        bare = Arrays(
            np.array([v.upper for v in programme.variables], dtype=np.int64), np.zeros(1, dtype=np.int64), none, none, none.astype(float),
            none.astype(float), none.astype(bool), group, member, counts, tail, np.array(programme.settled, dtype=np.int64),
        )
        return bare.with_rows(programme.constraints)

    def with_rows(self, rows: Sequence[Constraint]) -> Arrays:
        """The same arrays with further rows at the end."""
        filled = [row for row in rows if row.terms]
        impossible = self.impossible or any(not row.terms and not row.holds(()) for row in rows)
        if not filled:
            return replace(self, impossible=impossible)
        ends = self.starts[-1] + np.cumsum([len(row.terms) for row in filled])
        terms = np.array([term for row in filled for term in row.terms], dtype=np.int64)
        low = np.array([-FREE if row.sense == "<=" else row.rhs for row in filled], dtype=float)
        high = np.array([FREE if row.sense == ">=" else row.rhs for row in filled], dtype=float)
        return replace(
            self, starts=np.append(self.starts, ends), columns=np.append(self.columns, terms[:, 0]),
            coefficients=np.append(self.coefficients, terms[:, 1]), low=np.append(self.low, low), high=np.append(self.high, high),
            asked=np.append(self.asked, [row.demand is not None for row in filled]), impossible=impossible,
        )

    def with_row(self, coefficients: Array, high: float) -> Arrays:
        """The same arrays with one row more at the end: coefficients by column, and the most that they may sum to."""
        at = np.nonzero(coefficients)[0]
        if not len(at):
            return replace(self, impossible=self.impossible or high < 0)
        return replace(
            self, starts=np.append(self.starts, self.starts[-1] + len(at)), columns=np.append(self.columns, at),
            coefficients=np.append(self.coefficients, coefficients[at]), low=np.append(self.low, -FREE), high=np.append(self.high, high),
            asked=np.append(self.asked, False),
        )

    @property
    def size(self) -> int:
        """The number of columns."""
        return len(self.upper)

    @cached_property
    def rows(self) -> Array:
        """The row of each coefficient."""
        return np.repeat(np.arange(len(self.low)), np.diff(self.starts))

    def sums(self, values: Array) -> Array:
        """Each row's sum at some values; exact where they are whole."""
        if not len(self.low):
            return np.zeros(0, dtype=values.dtype)
        return np.add.reduceat(self.coefficients * values[self.columns], self.starts[:-1])

    def holds(self, values: Array) -> bool:
        """Whether whole values satisfy every row and bound, in exact whole numbers."""
        if self.impossible or (values < 0).any() or (values > self.upper).any():
            return False
        sums = self.sums(values)
        return bool((sums >= self.low).all() and (sums <= self.high).all())

    def costs(self, objective: Objective) -> Array:
        """An objective's coefficients by column."""
        found = np.zeros(self.size, dtype=np.int64)
        for i, c in objective.terms:
            found[i] += c
        return found

    def restricted(self, keep: Array) -> tuple[Arrays, Array]:
        """The arrays with the columns not kept fixed at 0 and left out, and the old place of each kept one."""
        old = np.nonzero(keep)[0]
        if len(old) == self.size:
            return self, old
        new = np.full(self.size, -1)
        new[old] = np.arange(len(old))
        entries = keep[self.columns]
        lengths = np.bincount(self.rows[entries], minlength=len(self.low))
        filled = lengths > 0
        stuck = ~filled & ((self.low > 0) | (self.high < 0))
        settled = self.settled[keep[self.settled]]
        return Arrays(
            self.upper[old], np.append(0, np.cumsum(lengths[filled])), new[self.columns[entries]], self.coefficients[entries], self.low[filled],
            self.high[filled], self.asked[filled], self.group[old], self.member[old], self.counts, self.tail[old], new[settled],
            self.impossible or bool(stuck.any()),
        ), old

    def of_rows(self, which: Array) -> Arrays:
        """The arrays with only some rows."""
        entries = which[self.rows]
        return replace(
            self, starts=np.append(0, np.cumsum(np.diff(self.starts)[which])), columns=self.columns[entries],
            coefficients=self.coefficients[entries], low=self.low[which], high=self.high[which], asked=self.asked[which],
        )

    @cached_property
    def links(self) -> tuple[Array, Array]:
        """Rows `sum of a x column <= c x target` that say what choosing something forces: which rows are such, and each one's target."""
        negative = self.coefficients < 0
        one = np.bincount(self.rows[negative], minlength=len(self.low)) == 1
        which = one & (self.high == 0) & (self.low == -FREE)
        target = np.full(len(self.low), -1)
        at = np.nonzero(negative & which[self.rows])[0]
        target[self.rows[at]] = self.columns[at]
        return which, target

    def tie_breaks(self, largest: int = 1_000_000) -> list[Array]:
        """Objectives that leave one answer: group by group, as many as can be had of the first member, then of the second, and so on.

        Several are packed into one as long as its coefficients stay below `largest`, so that a solver's tolerances cannot blur them.
        """
        packed: list[Array] = []
        costs, scale = np.zeros(self.size, dtype=np.int64), 1
        for g, count in enumerate(self.counts):
            members = np.nonzero(self.group == g)[0]
            members = members[np.argsort(self.member[members], kind="stable")]
            if len(members) < 2:
                continue
            for step, ranks in ((len(members), [(i, n) for n, i in enumerate(members)]),) if count == 1 else (
                (int(count) + 1, [(i, -1)]) for i in members[:-1]
            ):
                if scale > 1 and scale * step > largest:
                    packed.append(costs)
                    costs, scale = np.zeros(self.size, dtype=np.int64), 1
                costs = costs * step
                for i, rank in ranks:
                    costs[i] += rank
                scale *= step
        return packed + ([costs] if scale > 1 else [])

    def earliest(self) -> Array:
        """The objective that settles what could as well be had later."""
        found = np.zeros(self.size, dtype=np.int64)
        found[self.settled] = np.arange(1, len(self.settled) + 1)
        return found


def widened(values: Array, old: Array, size: int) -> Array:
    """Values of the kept columns as values of all; 0 for the others."""
    full: Any = np.zeros(size, dtype=values.dtype)
    full[old] = values
    return full
