"""Figures to watch while a plan runs."""
from __future__ import annotations

from typing import Literal

from planner.domain.base import Id, Noun, Number, Text

KpiUnit = Literal["share", "eur", "points", "years", "kg"]


class KpiPart(Noun):
    """One part of a figure: whose it is (an id, or words), and its value; None where it is not known."""

    name: Text
    value: Number | None
    unit: KpiUnit | None = None  # where it is not the figure's own


class Kpi(Noun):
    """One figure: what it is today (None: not known), its range where it has one, its target, its formula in words, how to measure it."""

    id: Id
    name: Text
    unit: KpiUnit
    value: Number | None
    low: Number | None = None
    high: Number | None = None
    target: Number | None = None
    formula: Text
    measure: Text
    parts: tuple[KpiPart, ...] = ()
    unknown_because: Text | None = None
