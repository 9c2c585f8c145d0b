"""What choosing one thing forces: implications read off the rows, and the least that each choice must cost.

A row `Σ aᵢ·xᵢ ≤ c·v` with whole coefficients says that xᵢ = n forces v ≥ ceil(aᵢ·n / c). Following such rows from a choice
(a replica, its machine, the work paid once) gives a lower bound on the cost of every plan that contains it. What every member
of a group forces is in every plan, whoever else is chosen. Exact arithmetic.
"""
from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.optimising.arrays import FREE, Array, Arrays

IMPOSSIBLE = 10**18  # dearer than any plan


class Forced:
    """For each column, everything it forces when it is 1, itself included: entries (column, forced column, least value)."""

    def __init__(self, arrays: Arrays):
        self.arrays = arrays
        which, target = arrays.links
        at = np.nonzero(which[arrays.rows] & (arrays.coefficients > 0))[0]
        room = np.zeros(len(arrays.low), dtype=np.int64)
        linked = np.nonzero(which[arrays.rows] & (arrays.coefficients < 0))[0]
        room[arrays.rows[linked]] = -arrays.coefficients[linked]
        order = np.argsort(arrays.columns[at], kind="stable")
        at = at[order]
        self._begins = np.searchsorted(arrays.columns[at], np.arange(arrays.size + 1))
        self._target, self._asks, self._room = target[arrays.rows[at]], arrays.coefficients[at], room[arrays.rows[at]]
        self._follow()

    def _follow(self) -> None:
        """Level by level: what was raised is followed on, until nothing is."""
        size = np.int64(self.arrays.size)
        keys, values = np.arange(size) * (size + 1), np.ones(size, dtype=np.int64)
        fresh_keys, fresh = keys, values
        possible = np.ones(size, dtype=bool)
        while len(fresh_keys):
            start, column = fresh_keys // size, fresh_keys % size
            lengths = self._begins[column + 1] - self._begins[column]
            edge = np.repeat(self._begins[column] - np.append(0, np.cumsum(lengths)[:-1]), lengths) + np.arange(lengths.sum())
            start, value = np.repeat(start, lengths), -(-self._asks[edge] * np.repeat(fresh, lengths) // self._room[edge])
            target = self._target[edge]
            over = value > self.arrays.upper[target]
            possible[start[over]] = False
            fine = ~over & possible[start]
            merged_keys, merged = _largest(np.append(keys, start[fine] * size + target[fine]), np.append(values, value[fine]))
            before = np.zeros(len(merged_keys), dtype=np.int64)
            before[np.searchsorted(merged_keys, keys)] = values
            raised = merged > before
            fresh_keys, fresh = merged_keys[raised], merged[raised]
            keys, values = merged_keys, merged
        self.possible = possible
        self.start, self.column, self.value = keys // size, keys % size, values

    def implied(self, costs: Array) -> Array:
        """What a plan costs at least for each column, if it is 1 and everything else only as it must be. Costs must not be negative."""
        found = np.zeros(self.arrays.size, dtype=np.int64)
        np.add.at(found, self.start, costs[self.column] * self.value)
        found[~self.possible] = IMPOSSIBLE
        return found

    @cached_property
    def always(self) -> Array:
        """The least value of each column in every plan: in each group, what all of its members force alike, members of groups apart."""
        a = self.arrays
        counted = (a.group[self.start] >= 0) & self.possible[self.start] & (a.group[self.column] < 0)
        group, column, value = a.group[self.start[counted]], self.column[counted], self.value[counted]
        found = np.zeros(a.size, dtype=np.int64)
        if not len(group):
            return found
        members = np.bincount(a.group[(a.group >= 0) & self.possible], minlength=len(a.counts))
        order = np.lexsort((column, group))
        group, column, value = group[order], column[order], value[order]
        begins = np.nonzero(np.append(True, (np.diff(group) != 0) | (np.diff(column) != 0)))[0]
        alike = np.diff(np.append(begins, len(group))) == members[group[begins]]
        least = np.minimum.reduceat(value, begins)
        np.maximum.at(found, column[begins[alike]], least[alike])
        return found

    def least(self, costs: Array) -> Array:
        """For each column, the least cost of any plan in which it is above 0. Costs must not be negative.

        Three parts that never count anything twice: what every plan contains, what this column forces beyond it, and the cheapest
        cost of each other group, one member of which is chosen whatever else happens.
        """
        a = self.arrays
        beyond = np.zeros(a.size, dtype=np.int64)
        np.add.at(beyond, self.start, costs[self.column] * np.maximum(self.value - self.always[self.column], 0))
        cheapest = np.full(len(a.counts), IMPOSSIBLE)
        grouped = a.group >= 0
        np.minimum.at(cheapest, a.group[grouped], costs[grouped])
        cheapest[cheapest == IMPOSSIBLE] = 0
        own = np.where(grouped, np.append(cheapest, 0)[a.group], 0)
        found = int(costs @ self.always) + beyond + int(cheapest.sum()) - own
        found[~self.possible] = IMPOSSIBLE
        return found


def _largest(keys: Array, values: Array) -> tuple[Array, Array]:
    """Each key once, in order, with the largest of its values."""
    order = np.lexsort((values, keys))
    keys, values = keys[order], values[order]
    last = np.append(keys[1:] != keys[:-1], True)
    return keys[last], values[last]


def useful(arrays: Arrays, keep: Array) -> Array:
    """The columns worth keeping: those asked for, less the ones of the tail that nothing kept forces.

    Such a column (a pool without a user, its replicas, its machine) costs and helps nobody, so some best plan has it at 0.
    """
    reached = keep & (~arrays.tail | _roots(arrays))
    capped = (arrays.low == -FREE)[arrays.rows]
    helps, helped = capped & (arrays.coefficients < 0), capped & (arrays.coefficients > 0)
    while True:
        active = np.zeros(len(arrays.low), dtype=bool)
        active[arrays.rows[helped & reached[arrays.columns]]] = True
        more = np.zeros(arrays.size, dtype=bool)
        more[arrays.columns[helps & active[arrays.rows]]] = True
        more &= keep & ~reached
        if not more.any():
            return reached
        reached |= more


def _roots(arrays: Arrays) -> Array:
    """The columns that a row asks for by itself, whatever else is chosen."""
    equal = (arrays.low == arrays.high)[arrays.rows]
    least = (arrays.low > 0)[arrays.rows] & (arrays.coefficients > 0)
    most = (arrays.high < 0)[arrays.rows] & (arrays.coefficients < 0)
    found = np.zeros(arrays.size, dtype=bool)
    found[arrays.columns[equal | least | most]] = True
    return found


def within_caps(arrays: Arrays) -> Array:
    """The columns that some plan within every cap could use: of each row that caps a sum of costs, by what each column forces."""
    keep = np.ones(arrays.size, dtype=bool)
    negative = np.bincount(arrays.rows[arrays.coefficients < 0], minlength=len(arrays.low)) > 0
    capping = np.nonzero(arrays.asked & (arrays.low == -FREE) & ~negative & (np.diff(arrays.starts) > 1))[0]
    forced = Forced(arrays) if len(capping) else None
    for row in capping:
        part = slice(arrays.starts[row], arrays.starts[row + 1])
        costs = np.zeros(arrays.size, dtype=np.int64)
        costs[arrays.columns[part]] = arrays.coefficients[part]
        assert forced is not None
        keep &= forced.least(costs) <= arrays.high[row]
    return keep
