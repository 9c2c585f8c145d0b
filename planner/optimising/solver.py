"""The engines by name, and the only file that imports PuLP, which writes the readable LP file and carries a programme to CBC.

A solver's word is never taken: its values are rounded and checked in exact integers, and its bound is compared with our own cost.
"""
from __future__ import annotations

import contextlib
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from planner.optimising.arrays import FREE, Array, Arrays
from planner.optimising.highs import Bounded, Found, Live, Run
from planner.optimising.linear import Programme
from planner.optimising.relaxing import relaxed

ENGINES = ("highs", "cbc")


@dataclass(frozen=True)
class Engine:
    """One of `ENGINES` with a deadline on the monotonic clock."""

    name: str
    deadline: float

    def remaining(self) -> float:
        """Seconds left."""
        return max(self.deadline - time.monotonic(), 0.0)

    def on(self, arrays: Arrays) -> Live | Cbc:
        """The engine with a problem in whole numbers, to be minimised as often as one likes."""
        return Live(arrays) if self.name == "highs" else Cbc(arrays)

    def relaxed(self, arrays: Arrays, costs: Array) -> Run:
        """The linear relaxation with its reduced costs; `needed` marks the rows that shape it, of all rows."""
        if self.name == "cbc":
            return Cbc(arrays).relaxed(costs, self.remaining())
        return relaxed(arrays, costs, self.remaining())


class Cbc:
    """CBC on some arrays, through PuLP; each run starts afresh."""

    def __init__(self, arrays: Arrays):
        self.arrays = arrays

    def keep(self, costs: Array, most: int) -> None:
        """One more row: the costs sum to at most `most`."""
        self.arrays = self.arrays.with_row(costs, most)

    def minimised(
        self, costs: Array, seconds: float, gap: float = 0.0, start: Array | None = None, found: Found | None = None,
        bounded: Bounded | None = None, enough: float = -FREE,
    ) -> Run:
        """Minimise over whole numbers to a relative gap; it tells nothing on the way."""
        import pulp

        if seconds <= 0:
            return Run(None, -FREE)
        problem, variables = _problem(self.arrays, costs, pulp.LpInteger)
        if start is not None:
            for variable, value in zip(variables, start, strict=True):
                variable.setInitialValue(int(value))
        bound, word = _run_cbc(problem, gap, seconds, start is not None)
        if word == "infeasible":
            return Run(None, -FREE, infeasible=True)
        raw = [v.varValue for v in variables]
        if all(v is None for v in raw):
            return Run(None, bound)
        values = np.array([0.0 if v is None else v for v in raw])  # what is in no row and costs nothing may as well be 0
        return Run(np.rint(values).astype(np.int64) if np.isfinite(values).all() else None, bound)

    def relaxed(self, costs: Array, seconds: float) -> Run:
        """The linear relaxation."""
        import pulp

        if seconds <= 0:
            return Run(None, -FREE)
        problem, variables = _problem(self.arrays, costs, pulp.LpContinuous)
        _, word = _run_cbc(problem, 0.0, seconds, warm=False)
        if word != "optimal":
            return Run(None, -FREE, infeasible=word == "infeasible")
        values, reduced = (np.array([float(part or 0.0) for part in parts]) for parts in ([v.varValue for v in variables], [v.dj for v in variables]))
        return Run(values, float(values @ costs), reduced_costs=reduced, needed=np.ones(len(self.arrays.low), dtype=bool))


def _problem(arrays: Arrays, costs: Array, kind: str) -> tuple[Any, list[Any]]:
    import pulp

    problem = pulp.LpProblem("sovplan", pulp.LpMinimize)
    variables = [problem.add_variable(f"v{i:05d}", 0, int(upper), kind) for i, upper in enumerate(arrays.upper)]
    problem.setObjective(pulp.LpAffineExpression([(variables[i], int(costs[i])) for i in np.nonzero(costs)[0]]))
    for n, (begin, end) in enumerate(zip(arrays.starts[:-1], arrays.starts[1:], strict=True)):
        terms = [(variables[i], int(c)) for i, c in zip(arrays.columns[begin:end], arrays.coefficients[begin:end], strict=True)]
        low, high = arrays.low[n], arrays.high[n]
        sense = pulp.LpConstraintEQ if low == high else pulp.LpConstraintLE if low == -FREE else pulp.LpConstraintGE
        rhs = int(high) if low == -FREE else int(low)
        problem.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, f"r{n:05d}", rhs))
    return problem, variables


def _run_cbc(problem: Any, gap: float, seconds: float, warm: bool) -> tuple[float, str]:
    import pulp

    text = ""
    plain = ["preprocess off"]  # its preprocessing loses optima; without it CBC ends abruptly now and then: then again, colder
    for warm_start, more in ((warm, plain), (False, plain), (False, [])):
        with tempfile.TemporaryDirectory() as folder, contextlib.suppress(pulp.PulpSolverError):
            log = Path(folder) / "cbc.log"
            solver = pulp.PULP_CBC_CMD(
                msg=False, timeLimit=seconds, gapRel=gap, threads=1, logPath=str(log), warmStart=warm_start,
                options=["primalTolerance 1e-9", "integerTolerance 1e-9", "randomCbcSeed 1", *more],
            )
            solver.tmpDir = folder
            problem.solve(solver)
            text = log.read_text(errors="replace") if log.exists() else ""
            break
    else:
        return -FREE, "limit"
    if problem.status == pulp.LpStatusInfeasible or "Problem is infeasible" in text or "proven infeasible" in text:
        return -FREE, "infeasible"
    if not problem.isMIP():
        return -FREE, "optimal" if problem.status == pulp.LpStatusOptimal else "limit"
    if "Result - Optimal solution found" in text and "within gap tolerance" not in text:
        return float(problem.objective.value() or 0.0), "optimal"
    bounds = re.findall(r"Lower bound:\s+(-?[\d.e+]+)", text)
    return (float(bounds[-1]) if bounds else -FREE), "limit"


def lp_text(programme: Programme) -> str:
    """The programme in the LP file format, its first objective as the objective, each row's sentence as a comment."""
    import pulp

    problem = pulp.LpProblem("sovplan", pulp.LpMinimize)
    variables = [problem.add_variable(v.name, 0, v.upper, pulp.LpInteger) for v in programme.variables]
    if programme.objectives:
        problem.setObjective(pulp.LpAffineExpression([(variables[i], c) for i, c in programme.objectives[0].terms]))
    senses = {"<=": pulp.LpConstraintLE, ">=": pulp.LpConstraintGE, "=": pulp.LpConstraintEQ}
    for row in programme.constraints:
        left = pulp.LpAffineExpression([(variables[i], c) for i, c in row.terms])
        problem.addConstraint(pulp.LpConstraint(left, senses[row.sense], row.name, row.rhs))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "programme.lp"
        problem.writeLP(str(path))
        text = path.read_text()
    says = "".join(f"\\ {row.name}: {row.says}\n" for row in programme.constraints)
    means = "".join(f"\\ {v.name}: {v.meaning}\n" for v in programme.variables)
    return f"{means}{says}{text}"
