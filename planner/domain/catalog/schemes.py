"""What a law or a certificate says of everybody it binds: the least values of facts, written once instead of at every party."""
from __future__ import annotations

from pydantic import Field

from planner.domain.base import FactName, FactValue, Id, Noun, PartialDay, Text
from planner.domain.conditions import Condition


class Implied(Noun):
    """The least value of one fact that a scheme gives, and the clause it follows from."""

    fact: FactName
    value: FactValue
    clause: Text


class Scheme(Noun):
    """A law, a certificate or a pact: whom it binds (a condition on a party's own facts), and what follows."""

    id: Id
    name: Text
    binds: Condition
    implies: tuple[Implied, ...] = Field(min_length=1)
    source: Id
    date: PartialDay
    why: Text  # who is bound, and how far what follows may be trusted
