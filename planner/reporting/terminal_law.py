"""What the law says of a use, for the terminal: the class, the facts that decide it, and the roles with what would flip them."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from planner.domain.report import ClassTrace, LawReading, RoleReading, TuningRoom
from planner.reporting.figures import Figures
from planner.reporting.phrases import Phrases

_POINTS = "annex3_"  # a class for each listed use: shown where it holds
_ANSWER = {True: "yes", False: "no", None: "unknown"}
_LARGE = 10**9  # numbers above it are shown as powers of ten
_MOST = 4  # facts named in a line


def verdict(reading: LawReading, p: Phrases) -> str:
    """The class in one line, with the points of the law it rests on."""
    risk = p(f"law.risk.{(reading.risk or 'unknown').replace('-', '_')}")
    return f"{risk}: {', '.join(reading.points)}" if reading.points else risk


def class_rows(reading: LawReading, p: Phrases) -> list[list[str]]:
    """A row a class: its name, whether it holds, and the facts that decide it or on which it turns."""
    return [
        [name.replace("_", " "), p(f"terminal.class.{_ANSWER[value]}"), _why(reading.trace.get(name), reading.because.get(name, ()), p)]
        for name, value in reading.classes.items()
        if value or not name.startswith(_POINTS)
    ]


def use_rows(reading: LawReading, p: Phrases) -> list[list[str]]:
    """A row a workload of an assessment: its class and its points."""
    return [[key, p(f"law.risk.{(use.risk or 'unknown').replace('-', '_')}"), ", ".join(use.points)] for key, use in reading.workloads.items()]


def role_rows(reading: LawReading, p: Phrases) -> list[list[str]]:
    """A row a role: whether it is held, and the single facts that would change that."""
    return [[role.role, p(f"terminal.class.{_ANSWER[role.holds]}"), _flips(role, p)] for role in reading.roles]


def tuning_line(room: TuningRoom, p: Phrases, f: Figures) -> str:
    """What tuning a model may take before the role flips, and what that rests on."""
    rests = p("terminal.tuning.known", band=str(room.original)) if room.original is not None else p("terminal.tuning.unknown")
    data = p("terminal.tuning.tokens", tokens=f.number(Decimal(room.tokens) / 10**9)) if room.tokens is not None else ""
    return " ".join(part for part in (p("terminal.tuning.room", model=room.model, flop=f"{room.flop:.2g}"), data, rests) if part)


def _why(trace: ClassTrace | None, rules: tuple[str, ...], p: Phrases) -> str:
    if trace is None:
        return ", ".join(rules)
    if trace.value is None:
        return p("terminal.turns_on", facts=_few(trace.open))
    return _few([*_said(trace.facts, p), *(f"{said}*" for said in _said(trace.assumed, p))])


def _flips(role: RoleReading, p: Phrases) -> str:
    flips = [p("terminal.flip", answer=p(f"terminal.class.{_ANSWER[f.holds]}"), fact=said)
             for f in role.flips for said in _said({f.fact: f.value}, p)]
    return _few(flips) if flips else p("terminal.turns_on", facts=_few(role.open)) if role.open else ""


def _said(facts: Mapping[str, Any], p: Phrases) -> list[str]:
    return [f"{name}: {_value(value, p)}" for name, value in facts.items()]


def _value(value: Any, p: Phrases) -> str:
    if isinstance(value, bool):
        return p(f"terminal.class.{_ANSWER[value]}")
    if isinstance(value, Decimal) and value > _LARGE:
        return f"{value:.3g}"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _few(said: Iterable[str]) -> str:
    every = list(said)
    return "; ".join(every[:_MOST]) + (f" (+{len(every) - _MOST})" if len(every) > _MOST else "")
