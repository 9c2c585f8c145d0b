"""Other yardsticks for the same party facts: national schemes, laws that ask for them, and levels that are only proposed."""
from __future__ import annotations

from typing import Literal

from pydantic import Field

from planner.domain.base import Id, Noun, PartialDay, Text
from planner.domain.conditions import Condition

LensStatus = Literal["law", "scheme", "proposal"]


class LensCriterion(Noun):
    """One demand. `met_by` and `broken_by` read party facts; where neither holds it is open, and where there is no fact it always is."""

    id: Id
    says: Text
    cites: Text
    met_by: Condition | None = None
    broken_by: Condition | None = None
    ask: Text  # what to ask the party for where it is open


class LensLevel(Noun):
    """One level of a lens; a level above another takes in its demands."""

    name: Text
    criteria: tuple[LensCriterion, ...] = Field(min_length=1)


class Lens(Noun):
    """A yardstick: what it is, how much it binds, its levels from the lowest, and where it is written."""

    id: Id
    name: Text
    status: LensStatus
    says: Text
    asked_by: tuple[Id, ...] = ()  # rules of law that ask for it
    levels: tuple[LensLevel, ...] = Field(min_length=1)
    source: Id
    checked: PartialDay
    verified: Literal["text-read", "secondary", "not-verified"]
    note: Text | None = None
