"""The only file that speaks to HiGHS: arrays in, numbers out, no names or text in between; one thread, silent.

Rows and costs are scaled by powers of two, so that HiGHS's absolute tolerances stay below one cent in a thousand million. Its word is
never taken: whoever asks checks the values in exact whole numbers.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from planner.optimising.arrays import FREE, Array, Arrays

_TOLERANCE = 1e-9
_RESTARTING = 600  # columns from which on starting afresh with what was learnt pays
_WELL_SCALED = 10  # bits that the largest coefficient of a row keeps
_INFEASIBLE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)

Found = Callable[[Array], None]  # called with the values of each better plan
Bounded = Callable[[float], None]  # called with each better bound


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended: values (None: none found), the bound that nothing is below, LP reduced costs, rows that were needed."""

    values: Array | None
    bound: float
    infeasible: bool = False
    reduced_costs: Array | None = None
    needed: Array | None = None


class Live:
    """One living HiGHS object for some arrays in whole numbers: costs and rows change, what it has learnt stays."""

    def __init__(self, arrays: Arrays):
        self.solver = _quiet()
        self.solver.setOptionValue("mip_allow_restart", arrays.size > _RESTARTING)
        self._pass(arrays)

    def _pass(self, a: Arrays) -> None:
        scale = _row_scales(a)
        self.solver.passModel(
            a.size, len(a.low), len(a.columns), int(highspy.MatrixFormat.kRowwise), int(highspy.ObjSense.kMinimize), 0.0, np.zeros(a.size),
            np.zeros(a.size), a.upper.astype(float), a.low * scale, a.high * scale, a.starts.astype(np.int32), a.columns.astype(np.int32),
            a.coefficients * scale[a.rows], np.ones(a.size, dtype=np.int32),
        )

    def keep(self, costs: Array, most: int) -> None:
        """One more row: the costs sum to at most `most`."""
        at = np.nonzero(costs)[0]
        if len(at):
            scale = _scale(costs)
            self.solver.addRow(-FREE, most * scale, len(at), at.astype(np.int32), costs[at] * scale)

    def minimised(
        self, costs: Array, seconds: float, gap: float = 0.0, start: Array | None = None, found: Found | None = None,
        bounded: Bounded | None = None, enough: float = -FREE,
    ) -> Run:
        """Minimise over whole numbers to a relative gap, or until a plan costs no more than `enough`."""
        if seconds <= 0:
            return Run(None, -FREE)
        scale = self._aim(costs)
        for option, value in (
            ("time_limit", seconds), ("mip_rel_gap", gap), ("mip_abs_gap", 0.5 * scale if gap == 0 else 0.0), ("objective_target", enough * scale),
        ):
            self.solver.setOptionValue(option, float(value))
        if start is not None:
            given = highspy.HighsSolution()
            given.col_value = start.astype(float)
            self.solver.setSolution(given)
        with _Listening(self.solver, scale, found, bounded):
            self.solver.run()
        return self._outcome(scale)

    def _aim(self, costs: Array) -> float:
        scale = _scale(costs)
        self.solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs * scale)
        return scale

    def _outcome(self, scale: float) -> Run:
        status, info = self.solver.getModelStatus(), self.solver.getInfo()
        if status in _INFEASIBLE:
            return Run(None, -FREE, infeasible=True)
        bound = info.mip_dual_bound / scale
        found = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
        values = np.array(self.solver.getSolution().col_value) if found else None
        if values is not None and not np.isfinite(values).all():
            values = None
        return Run(None if values is None else np.rint(values).astype(np.int64), bound if math.isfinite(bound) else -FREE)


class Growing:
    """A living linear relaxation that begins with few rows and columns of a problem and takes in more; the columns' bounds may change."""

    def __init__(self, arrays: Arrays, costs: Array):
        self.arrays, self._scale = arrays, _scale(costs)
        self._costs, self._row_scale = costs * self._scale, _row_scales(arrays)
        self._row, self._column = np.full(len(arrays.low), -1), np.full(arrays.size, -1)  # the place of each here
        self.rows, self.columns = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        self.solver = _quiet()

    def take(self, rows: Array, columns: Array) -> None:
        """Take in the rows and columns marked that are not here yet."""
        a = self.arrays
        new_columns = np.nonzero(columns & (self._column < 0))[0]
        if len(new_columns):
            fresh = np.zeros(a.size, dtype=bool)
            fresh[new_columns] = True
            at = np.nonzero(fresh[a.columns] & (self._row >= 0)[a.rows])[0]
            at = at[np.argsort(a.columns[at], kind="stable")]
            starts = np.searchsorted(a.columns[at], new_columns)
            none = np.zeros(len(new_columns))
            self.solver.addCols(
                len(new_columns), self._costs[new_columns], none, a.upper[new_columns].astype(float), len(at), starts.astype(np.int32),
                self._row[a.rows[at]].astype(np.int32), a.coefficients[at] * self._row_scale[a.rows[at]],
            )
            self._column[new_columns] = len(self.columns) + np.arange(len(new_columns))
            self.columns = np.append(self.columns, new_columns)
        new_rows = np.nonzero(rows & (self._row < 0))[0]
        if len(new_rows):
            fresh = np.zeros(len(a.low), dtype=bool)
            fresh[new_rows] = True
            at = np.nonzero(fresh[a.rows] & (self._column >= 0)[a.columns])[0]
            scale = self._row_scale[new_rows]
            self.solver.addRows(
                len(new_rows), a.low[new_rows] * scale, a.high[new_rows] * scale, len(at), np.searchsorted(a.rows[at], new_rows).astype(np.int32),
                self._column[a.columns[at]].astype(np.int32), a.coefficients[at] * self._row_scale[a.rows[at]],
            )
            self._row[new_rows] = len(self.rows) + np.arange(len(new_rows))
            self.rows = np.append(self.rows, new_rows)

    def bounded(self, lower: Array, upper: Array) -> None:
        """Give every column new bounds, those that are not here yet as well."""
        self.solver.changeColsBounds(
            len(self.columns), np.arange(len(self.columns), dtype=np.int32), lower[self.columns].astype(float), upper[self.columns].astype(float),
        )

    def solved(self, seconds: float) -> tuple[Array | None, Array] | None:
        """Values of all columns and prices of all rows; without values, prices that may prove that there are none. None: it does not know."""
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + max(seconds, 0.0))
        self.solver.run()
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            solution = self.solver.getSolution()
            return self._wide(np.array(solution.col_value), self.columns, self.arrays.size), self._prices(np.array(solution.row_dual) / self._scale)
        if status in _INFEASIBLE:
            _, known, ray = self.solver.getDualRay()
            return (None, self._prices(np.array(ray))) if known else None
        return None

    def _prices(self, given: Array) -> Array:
        return self._wide(given * self._row_scale[self.rows], self.rows, len(self.arrays.low))

    @staticmethod
    def _wide(given: Array, places: Array, size: int) -> Array:
        found = np.zeros(size)
        found[places] = given
        return found


class _Listening:
    """While it lasts, each better plan and each better bound is told."""

    def __init__(self, solver: Any, scale: float, found: Found | None, bounded: Bounded | None):
        self.solver, self.scale, self.found, self.bounded = solver, scale, found, bounded
        kinds = highspy.cb.HighsCallbackType
        self.kinds = ([kinds.kCallbackMipImprovingSolution] if found else []) + ([kinds.kCallbackMipLogging] if bounded else [])

    def __enter__(self) -> None:
        if self.kinds:
            self.solver.setCallback(self._told, None)
            for kind in self.kinds:
                self.solver.startCallback(kind)

    def __exit__(self, *_: object) -> None:
        for kind in self.kinds:
            self.solver.stopCallback(kind)

    def _told(self, kind: Any, message: str, out: Any, into: Any, data: Any) -> None:
        if kind == highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution and self.found:
            self.found(np.rint(np.array(out.mip_solution)).astype(np.int64))
        elif self.bounded and math.isfinite(out.mip_dual_bound):
            self.bounded(out.mip_dual_bound / self.scale)


def _quiet() -> Any:
    """A HiGHS object with one thread that says nothing and always does the same."""
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("mip_feasibility_tolerance", _TOLERANCE),
                          ("primal_feasibility_tolerance", _TOLERANCE)):
        solver.setOptionValue(option, value)
    return solver


def _row_scales(a: Arrays) -> Array:
    """A power of two for each row that brings its largest coefficient down to `_WELL_SCALED` bits."""
    if not len(a.low):
        return np.zeros(0)
    largest = np.maximum.reduceat(np.abs(a.coefficients), a.starts[:-1])
    return np.exp2(-np.maximum(np.ceil(np.log2(np.maximum(largest, 1))) - _WELL_SCALED, 0))


def _scale(costs: Array) -> float:
    largest = int(np.abs(costs).max(initial=1))
    return 2.0 ** -max(largest.bit_length() - _WELL_SCALED - 3, 0)


# ------------------------------------------------------------------------------- a problem in real numbers


class Rows:
    """Constraints `lower <= sum of coefficient x column <= upper`, gathered row by row for `minimise`."""

    def __init__(self) -> None:
        self.starts: list[int] = [0]
        self.columns: list[int] = []
        self.coefficients: list[float] = []
        self.lower: list[float] = []
        self.upper: list[float] = []

    def add(self, terms: Sequence[tuple[int, float]], lower: float, upper: float) -> None:
        """One more row; its terms are (column, coefficient)."""
        self.columns += [column for column, _ in terms]
        self.coefficients += [coefficient for _, coefficient in terms]
        self.starts.append(len(self.columns))
        self.lower.append(lower)
        self.upper.append(upper)


@dataclass(frozen=True, slots=True)
class Minimum:
    """What `minimise` found: a value for each column (None: nothing within the limit), and a bound that no solution is below."""

    values: tuple[float, ...] | None
    bound: float


def minimise(costs: Sequence[float], upper: Sequence[float], whole: Sequence[bool], rows: Rows, seconds: float, absolute_gap: float) -> Minimum:
    """Minimise over columns from 0 to `upper`, some of them whole numbers."""
    solver = _quiet()
    for option, value in (("time_limit", float(seconds)), ("mip_rel_gap", 0.0), ("mip_abs_gap", absolute_gap)):
        solver.setOptionValue(option, value)
    floats, ints = (lambda values: np.array(values, dtype=np.float64)), (lambda values: np.array(values, dtype=np.int32))
    solver.passModel(
        len(costs), len(rows.lower), len(rows.columns), int(highspy.MatrixFormat.kRowwise), int(highspy.ObjSense.kMinimize), 0.0,
        floats(costs), np.zeros(len(costs)), floats(upper), floats(rows.lower), floats(rows.upper),
        ints(rows.starts), ints(rows.columns), floats(rows.coefficients), ints(whole),
    )
    solver.run()
    info = solver.getInfo()
    found = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    return Minimum(tuple(solver.getSolution().col_value) if found else None, float(info.mip_dual_bound))
