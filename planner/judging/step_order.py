"""Which step waits for which, and by when each has to begin."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from planner.domain.report import Step
from planner.judging.plan_steps import Line

_AFTER = {"capacity-test": ("get-a-quote",), "exit-test": ("dora-28-8-exit",)}  # a test waits for what it tests


def in_order(steps: Sequence[Step], lines: Sequence[Line], as_of: date) -> list[Step]:
    """The steps with what they wait for, their due days moved forward where others wait, and the latest day to begin.

    `lines` are what the steps were made from, one each. An open question comes before the duties that turn on its fact; a test comes
    after what it tests, where the two share a workload. No due day lies before `as_of`; a latest beginning may, and then it is late.
    """
    asked = {line.asks: step.id for step, line in zip(steps, lines, strict=True) if line.asks}
    waits = {step.id: _before(step, line, steps, lines, asked) for step, line in zip(steps, lines, strict=True)}
    followers: dict[str, list[Step]] = {}
    for step in steps:
        for first in waits[step.id]:
            followers.setdefault(first, []).append(step)
    due: dict[str, date] = {}

    def due_of(step: Step) -> date:
        if step.id not in due:
            needed = [due_of(f) - timedelta(weeks=f.weeks) for f in followers.get(step.id, ())]
            due[step.id] = max(as_of, min([step.due, *needed]))
        return due[step.id]

    return [
        s.model_copy(update={"due": due_of(s), "start_by": due_of(s) - timedelta(weeks=s.weeks), "depends_on": waits[s.id]}) for s in steps
    ]


def _before(step: Step, line: Line, steps: Sequence[Step], lines: Sequence[Line], asked: dict[str | None, str]) -> tuple[str, ...]:
    found = {asked[fact] for fact in line.facts if fact in asked}
    for other, theirs in zip(steps, lines, strict=True):
        if theirs.source in _AFTER.get(line.source, ()) and set(step.workloads) & set(other.workloads):
            found.add(other.id)
    return tuple(sorted(found - {step.id}))
