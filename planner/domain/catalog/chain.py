"""The layers of an AI service's supply chain, and who else could supply each."""
from __future__ import annotations

from typing import Literal

from planner.domain.base import Basis, Confidence, Count, Country, Id, Noun, PartialDay, Text


class Substitute(Noun):
    """Somebody else who could supply a layer, and how real that is today."""

    name: Text
    country: Country
    state: Literal["on-sale", "limited", "announced"]
    says: Text
    source: Id
    date: PartialDay
    basis: Basis
    confidence: Confidence = Confidence.MEDIUM


class ChainLayer(Noun):
    """One layer, from chips to agents: who holds it in a deployment, who else could, and what lies ahead."""

    id: Id
    name: Text
    order: Count
    held_by: Literal["chips", "servers", "site-owner", "energy", "operator", "serving", "vendor", "customer"]
    why: Text
    outlook: Text  # the long view, for policy
    substitutes: tuple[Substitute, ...] = ()
