"""Where figures are read from."""
from __future__ import annotations

from typing import Literal

from planner.domain.base import Id, Noun, PartialDay, Text


class Source(Noun):
    """A document that figures are read from."""

    id: Id
    what: Text
    url: Text | None = None
    date: PartialDay
    tier: Literal["law", "official", "primary", "upstream", "independent", "aggregator", "secondary", "own", "recall"]
    licence: Text | None = None  # terms under which its data may be kept here, where it holds data
    note: Text | None = None
