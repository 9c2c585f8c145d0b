"""The only file that speaks to a solver. PuLP carries the programme; HiGHS solves it, or CBC where asked.

A solver's word is never taken: its values are rounded and checked in exact integers, its bound is compared with our
own cost, and it runs in a child process that can be killed.
"""
from __future__ import annotations

import contextlib
import math
import multiprocessing
import os
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.optimising.linear import Objective, Programme
from planner.problems import NotProved

ENGINES = ("highs", "cbc")
_TOLERANCE = 1e-6
_ARRAY_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Answer:
    """What one run of an engine yields: whole values (None: none found), a lower bound on the objective, LP reduced costs."""

    values: tuple[int, ...] | None
    bound: float | None  # no solution is below it; -inf where nothing is proved
    infeasible: bool = False
    reduced_costs: tuple[float, ...] | None = None
    fractions: tuple[float, ...] | None = None  # LP values


class Engine:
    """Solves programmes one objective at a time, within a deadline on the monotonic clock."""

    def __init__(self, name: str, deadline: float):
        self.name, self.deadline = name, deadline

    def remaining(self) -> float:
        """Seconds left."""
        return max(self.deadline - time.monotonic(), 0.0)

    def integer(self, programme: Programme, objective: Objective, gap: float = 0.0, start: Sequence[int] | None = None) -> Answer:
        """Minimise over whole numbers, to a relative gap."""
        problem, variables = _pulp_problem(programme, objective, relaxed=False)
        if start is not None and self.name == "cbc":
            for variable, value in zip(variables, start, strict=True):
                variable.setInitialValue(value)
        bound, unbounded_word = self._run(problem, gap, warm=start is not None)
        if unbounded_word == "infeasible":
            return Answer(None, None, infeasible=True)
        raw = [v.varValue for v in variables]
        if all(v is None for v in raw):
            return Answer(None, bound)
        raw = [0.0 if v is None else v for v in raw]  # a variable in no row and no objective is not passed on, and may as well be 0
        if not all(math.isfinite(v) for v in raw):
            return Answer(None, bound)
        values = tuple(round(v) for v in raw)
        return Answer(values if not programme.broken(values) else None, bound)

    def relaxed(self, programme: Programme, objective: Objective) -> Answer:
        """The linear relaxation: its value as a bound, values and reduced costs."""
        problem, variables = _pulp_problem(programme, objective, relaxed=True)
        _, word = self._run(problem, 0.0)
        if word == "infeasible":
            return Answer(None, None, infeasible=True)
        if word != "optimal":
            return Answer(None, -math.inf)
        fractions = tuple(float(v.varValue or 0.0) for v in variables)
        value = sum(fractions[i] * c for i, c in objective.terms)
        return Answer(None, value, False, tuple(float(v.dj or 0.0) for v in variables), fractions)

    def _run(self, problem: Any, gap: float, warm: bool = False) -> tuple[float, str]:
        if self.remaining() <= 0:
            return -math.inf, "limit"
        return (_run_highs if self.name == "highs" else _run_cbc)(problem, gap, self.remaining(), warm)


def _pulp_problem(programme: Programme, objective: Objective | None, relaxed: bool) -> tuple[Any, list[Any]]:
    import pulp

    problem = pulp.LpProblem("sovplan", pulp.LpMinimize)
    kind = pulp.LpContinuous if relaxed else pulp.LpInteger
    variables = [problem.add_variable(v.name, 0, v.upper, kind) for v in programme.variables]
    if objective is not None:
        problem.setObjective(pulp.LpAffineExpression([(variables[i], c) for i, c in objective.terms]))
    senses = {"<=": pulp.LpConstraintLE, ">=": pulp.LpConstraintGE, "=": pulp.LpConstraintEQ}
    for row in programme.constraints:
        left = pulp.LpAffineExpression([(variables[i], c) for i, c in row.terms])
        problem.addConstraint(pulp.LpConstraint(left, senses[row.sense], row.name, row.rhs))
    return problem, variables


def _run_highs(problem: Any, gap: float, seconds: float, warm: bool) -> tuple[float, str]:
    import pulp

    tight = {"mip_feasibility_tolerance": 1e-9, "primal_feasibility_tolerance": 1e-9, "random_seed": 1}
    solver = pulp.HiGHS(msg=False, timeLimit=seconds, gapRel=gap, gapAbs=0.5 if gap == 0 else 0.0, threads=1, **tight)
    problem.solve(solver)
    status = str(problem.solverModel.getModelStatus()).rsplit(".k", 1)[-1].lower()
    info = problem.solverModel.getInfo()
    if status in ("infeasible", "unboundedorinfeasible"):
        return -math.inf, "infeasible"
    if not problem.isMIP():
        return -math.inf, "optimal" if status == "optimal" else "limit"
    return float(info.mip_dual_bound), status


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
        return -math.inf, "limit"
    if problem.status == pulp.LpStatusInfeasible or "Problem is infeasible" in text or "proven infeasible" in text:
        return -math.inf, "infeasible"
    if not problem.isMIP():
        return -math.inf, "optimal" if problem.status == pulp.LpStatusOptimal else "limit"
    if "Result - Optimal solution found" in text and "within gap tolerance" not in text:
        return float(problem.objective.value() or 0.0), "optimal"
    bounds = re.findall(r"Lower bound:\s+(-?[\d.e+]+)", text)
    return (float(bounds[-1]) if bounds else -math.inf), "limit"


def lp_text(programme: Programme) -> str:
    """The programme in the LP file format, its first objective as the objective, each row's sentence as a comment."""
    problem, _ = _pulp_problem(programme, programme.objectives[0] if programme.objectives else None, relaxed=False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "programme.lp"
        problem.writeLP(str(path))
        text = path.read_text()
    says = "".join(f"\\ {row.name}: {row.says}\n" for row in programme.constraints)
    means = "".join(f"\\ {v.name}: {v.meaning}\n" for v in programme.variables)
    return f"{means}{says}{text}"


# ------------------------------------------------------------------------------- plain arrays, straight to HiGHS


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
    """Minimise over columns from 0 to `upper`, some of them whole numbers, without names or text in between; one thread, silent."""
    import highspy
    import numpy as np

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    for option, value in (("threads", 1), ("time_limit", float(seconds)), ("random_seed", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", absolute_gap),
                          ("mip_feasibility_tolerance", _ARRAY_TOLERANCE), ("primal_feasibility_tolerance", _ARRAY_TOLERANCE)):
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


# ----------------------------------------------------------------------------------- a child that can be killed


def in_child(work: Callable[..., Any], *arguments: Any, seconds: float) -> Any:
    """Run `work(*arguments)` in a child process and return what it returns; kill it a tenth after its limit.

    The child's stdout is silenced, because solvers print on it even when told not to. Raises NotProved when it has to be
    killed or dies.
    """
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_silenced, args=(sender, work, arguments), daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(seconds * 1.1 + 1.0):
            raise NotProved(f"the solver did not stop at its limit of {seconds:g} s and was ended")
        outcome = receiver.recv()
    except EOFError:
        raise NotProved("the solver's process died before it answered") from None
    finally:
        child.kill()
        child.join()
        receiver.close()
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _silenced(sender: Any, work: Callable[..., Any], arguments: Sequence[Any]) -> None:
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
            try:
                outcome: Any = work(*arguments)
            except Exception as error:  # handed to the parent, which raises it
                outcome = error
    sender.send(outcome)
    sender.close()
