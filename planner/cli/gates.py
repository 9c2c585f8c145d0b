"""How a pipeline asks a plan: gates, SARIF, annotations, and a comment."""
from __future__ import annotations

from pathlib import Path

import typer

from planner.cli.common import say
from planner.domain.report import Report
from planner.planning.gates import GATES, alerts, closed
from planner.problems import Exit, UsageError, nearest


def checked(gates: list[str] | None) -> tuple[str, ...]:
    """The gates asked for. Raises UsageError, with the nearest name, for one that there is not."""
    for gate in gates or ():
        if gate not in GATES:
            raise UsageError(f"--fail-on {gate}: {nearest(gate, GATES) or 'one of ' + ', '.join(GATES)}")
    return tuple(dict.fromkeys(gates or ()))


def pass_gates(made: Report, file: Path, catalog, gates: tuple[str, ...], sarif: Path | None, github: bool, comment: Path | None) -> None:
    """Write what was asked for, then exit with 1 where a gate is closed. SARIF holds every gate's alerts, asked for or not."""
    from planner.reading.assessment import assessment_from_data
    from planner.reporting.exports import pipeline
    from planner.reporting.json_report import to_json
    from planner.reporting.write import write_atomically

    if made.plan is None or not (gates or sarif or github or comment):
        return
    asked = assessment_from_data(made.assessment, catalog)
    found = {gate: alerts(gate, made, asked) for gate in GATES}
    lines = _lines(file)
    if sarif is not None:
        every = [a for gate in ("unmet-duty", "unknown-duty", "stale", "conditional", "seal", "budget", "expired-waiver") for a in found[gate]]
        write_atomically(sarif, to_json(pipeline.sarif(every, made, str(file), lines)).encode())
        say(f"written: {sarif}")
    if github:
        typer.echo(pipeline.annotations([a for gate in gates or GATES for a in found[gate]], str(file), lines), nl=False)
    if comment is not None:
        write_atomically(comment, pipeline.comment(made, {gate: found[gate] for gate in gates or GATES}).encode())
        say(f"written: {comment}")
    if failed := [gate for gate in gates if closed(gate, made, asked)]:
        say(f"gate failed: {', '.join(failed)}")
        raise typer.Exit(int(Exit.GATE_FAILED))


def _lines(file: Path) -> dict[str | None, int]:
    """The line of each workload in the assessment, and 1 for the whole."""
    from planner.reading.strict_yaml import read

    document = read(file)
    workloads = document.data["workloads"]
    return {None: 1} | {w["id"]: document.problem(("workloads", i), "").line for i, w in enumerate(workloads)}
