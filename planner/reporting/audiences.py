"""Who reads which sections of a report, in which order: data, in templates/audiences.yaml."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from planner.domain.report import Report, Step
from planner.problems import UsageError, nearest
from planner.reading.strict_yaml import read
from planner.resources import bundled

EVERYBODY = "all"
_NO_PLAN = "no-plan"


@dataclass(frozen=True, slots=True)
class Audience:
    """A circle of readers: its sections in order, whether long tables are cut on paper, and whose steps it sees (empty: all)."""

    name: str
    sections: tuple[str, ...]
    brief: bool = False
    steps: frozenset[str] = frozenset()

    def sees(self, step: Step) -> bool:
        """Whether a step of the checklist is for these readers."""
        return not self.steps or not self.steps.isdisjoint(step.audience.split(", "))


def audiences() -> tuple[str, ...]:
    """The names of the circles, in the order of the file."""
    return tuple(name for name in _all() if name != _NO_PLAN)


def every_section() -> tuple[str, ...]:
    """The names of all sections that any circle reads, sorted."""
    return tuple(sorted({section for found in _all().values() for section in found.sections}))


def audience_of(name: str, report: Report) -> Audience:
    """The circle of this name, with the sections that this report has. Raises UsageError, with the nearest name, for one there is none of."""
    if name not in audiences():
        raise UsageError(f"--audience {name}: there is no such circle; {nearest(name, audiences()) or 'one of ' + ', '.join(audiences())}")
    if report.plan is None:
        return _all()[_NO_PLAN]
    found = _all()[name]
    optional = (("annexes", report.annexes), ("what_if", report.what_if), ("kpis", report.kpis or None), ("roadmap", report.roadmap or None))
    missing = {name for name, part in optional if part is None}
    held = tuple(section for section in found.sections if section not in missing)
    return Audience(name, held, found.brief, found.steps)


@cache
def _all() -> dict[str, Audience]:
    data = read(bundled("templates") / "audiences.yaml").data
    return {name: Audience(name, tuple(one["sections"]), bool(one.get("brief")), frozenset(one.get("steps", ()))) for name, one in data.items()}
