"""What became of a checklist: a file `progress: [...]`, and a table that somebody filled in."""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from planner.domain.assessment import StepRecord
from planner.domain.base import Noun
from planner.problems import Problem, Refused
from planner.reading.binding import bind
from planner.reading.files import refuse, shown
from planner.reading.filled_in import FilledIn, tables_in
from planner.reading.strict_yaml import read

_NEEDED = ("step", "horizon", "status", "evidence")


class ProgressFile(Noun):
    """The records of a status file."""

    progress: tuple[StepRecord, ...]


def load_progress(path: Path) -> tuple[StepRecord, ...]:
    """The records in a status file (YAML). Raises Refused with every problem and its place."""
    bound = bind(ProgressFile, read(path))
    if isinstance(bound, list):
        raise Refused(bound)
    return bound.progress


@dataclass(frozen=True, slots=True)
class Form:
    """How a checklist is laid out: the heading (lower case) of each column that is read, and its steps as they are written there."""

    headings: Mapping[str, str]
    steps: Mapping[tuple[str, str], tuple[str, str]] | None = None  # (step, horizon) as shown -> as they are; None: as they stand


PLAIN = Form({name: name for name in _NEEDED})


def filled_in(path: Path, forms: Sequence[Form] = (PLAIN,)) -> tuple[StepRecord, ...]:
    """Every record in a checklist exported as CSV or XLSX and filled in, by the first form that fits one of its tables.

    Raises Refused with the row of each one that is not right: a status that is none, a step that is done without evidence, a step twice.
    """
    tables = tables_in(path)
    for form in forms:
        for table in tables:
            if set(form.headings.values()) <= set(table.columns):
                return _records(table, form)
    lacks = next((f" the columns {', '.join(m)}" for t in tables if (m := [n for n in _NEEDED if n not in t.columns]) and len(tables) == 1), "")
    raise refuse(shown(path), f"the table lacks{lacks}" if lacks else "no sheet is a checklist",
                 hint="export it with `checklist --to csv` or `--to xlsx`")


def _records(table: FilledIn, form: Form) -> tuple[StepRecord, ...]:
    found: dict[tuple[str, str], StepRecord] = {}
    problems: list[Problem] = []
    for number, cells in table.rows:
        row = dict(zip(table.columns, cells, strict=False))
        values = {name: row.get(heading, "") for name, heading in form.headings.items()}
        key = values["step"], values["horizon"]
        if form.steps is not None and key not in form.steps:
            problems.append(table.problem(number, form.headings["step"], f"the plan has no step {key[0][:80]!r} at {key[1][:40]!r}"))
            continue
        step, horizon = key if form.steps is None else form.steps[key]
        try:
            record = StepRecord.model_validate({"step": step, "horizon": horizon, "status": values["status"], "evidence": values["evidence"] or None})
        except ValidationError as error:
            problems += [_problem(table, form, number, e["loc"], e["msg"]) for e in error.errors()]
            continue
        if found.setdefault((step, horizon), record) is not record:
            problems.append(table.problem(number, form.headings["step"], f"the step {step[:80]!r} is there twice at this horizon"))
    if problems:
        raise Refused(problems)
    return tuple(found.values())


def _problem(table: FilledIn, form: Form, row: int, at: tuple[int | str, ...], says: str) -> Problem:
    heading = form.headings.get(str(at[0]), "") if at else form.headings["evidence"]
    return table.problem(row, heading, says.removeprefix("Value error, "))


def progress_yaml(records: Iterable[StepRecord]) -> str:
    """A status file with these records, one a line, sorted by horizon and step."""
    kept = sorted(records, key=lambda r: (r.horizon, r.step))
    lines = [f"  - {json.dumps(r.model_dump(mode='json', exclude_none=True), ensure_ascii=True)}\n" for r in kept]
    head = "# What became of the checklist. `sovplan plan ASSESSMENT --status FILE` reads it; `sovplan checklist import` writes it.\n"
    return head + ("progress:\n" + "".join(lines) if kept else "progress: []\n")
