"""How a family of constraints writes a row: its terms, and its sentence with its time."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from planner.optimising.linear import Constraint
from planner.optimising.variables import EVERY, Variables

Terms = list[tuple[int, int]]
Family = Callable[[Variables], Iterator[Constraint]]


def row(family: str, says: str, terms: Iterable[tuple[int, int]], sense: str, rhs: int, demand: str | None = None) -> Constraint:
    """One row of a family, still without a name of its own."""
    return Constraint("", family, says, tuple(terms), sense, rhs, demand)


def said(v: Variables, says: str, period: int, moment: str = EVERY) -> str:
    """A sentence with its period and its moment, where there are several."""
    return " ".join(filter(None, (says, v.when(period), f"during {moment}" if moment else "")))
