"""The same problem in fewer rows: links that do not shape the relaxation, summed up by what they link to."""
from __future__ import annotations

import numpy as np

from planner.optimising.arrays import FREE, Array, Arrays

_FEW = 4000  # rows that a solver can well have one by one


def lean(arrays: Arrays, needed: Array | None) -> Arrays:
    """The same whole-numbered problem, with the rows that shape its relaxation one by one.

    Rows `sum of columns <= c x target` that say no more than "only if the target is 1" are summed for each target: in whole numbers their
    sum says the same. Both need what the row asks to be never more than c, and a target of 0 or 1.
    """
    if needed is None or len(arrays.low) <= _FEW:
        return arrays
    which, target = arrays.links
    loose = which & ~needed & ~arrays.asked & (arrays.upper[np.maximum(target, 0)] == 1) & (_most(arrays) <= _room(arrays, target))
    summed = np.nonzero(loose)[0]
    if len(summed) < 2:
        return arrays
    targets, place = np.unique(target[summed], return_inverse=True)
    spot = np.full(len(arrays.low), -1)
    spot[summed] = place
    entries = loose[arrays.rows]
    size = np.int64(arrays.size)
    key = spot[arrays.rows[entries]] * size + arrays.columns[entries]
    unique, where = np.unique(key, return_inverse=True)
    coefficients = np.zeros(len(unique), dtype=np.int64)
    np.add.at(coefficients, where, arrays.coefficients[entries])
    rest = arrays.of_rows(~loose)
    ends = np.searchsorted(unique // size, np.arange(len(targets)), side="right")
    return Arrays(
        arrays.upper, np.append(rest.starts, rest.starts[-1] + ends), np.append(rest.columns, unique % size),
        np.append(rest.coefficients, coefficients), np.append(rest.low, np.full(len(targets), -FREE)), np.append(rest.high, np.zeros(len(targets))),
        np.append(rest.asked, np.zeros(len(targets), dtype=bool)), arrays.group, arrays.member, arrays.counts, arrays.tail, arrays.settled,
        arrays.impossible,
    )


def _most(arrays: Arrays) -> Array:
    """The most that the columns of a row, its target apart, can sum to: within one group no more than the group has parts."""
    positive = arrays.coefficients > 0
    row, column = arrays.rows[positive], arrays.columns[positive]
    whole = np.zeros(len(arrays.low))
    np.add.at(whole, row, arrays.coefficients[positive] * arrays.upper[column])
    group = arrays.group[column]
    lowest, highest = np.full(len(arrays.low), np.iinfo(np.int64).max), np.full(len(arrays.low), -1)
    np.minimum.at(lowest, row, group)
    np.maximum.at(highest, row, group)
    largest = np.zeros(len(arrays.low))
    np.maximum.at(largest, row, arrays.coefficients[positive])
    one = (lowest == highest) & (lowest >= 0)
    counts = np.append(arrays.counts, 0)
    return np.where(one, np.minimum(whole, largest * counts[np.where(one, lowest, -1)]), whole)


def _room(arrays: Arrays, target: Array) -> Array:
    """What a link leaves room for when its target is 1; 0 for other rows."""
    found = np.zeros(len(arrays.low))
    at = (arrays.columns == target[arrays.rows]) & (arrays.coefficients < 0)
    found[arrays.rows[at]] = -arrays.coefficients[at]
    return found
