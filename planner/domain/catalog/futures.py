"""Futures as data."""
from __future__ import annotations

from collections.abc import Mapping

from planner.domain.base import Amount, Country, Id, Noun, PartialDay, Text
from planner.domain.catalog.offers import PriceLayer


class PricePath(Noun):
    """How prices of some offers move in a future: a factor after one year, compounding. Empty selectors mean all."""

    operators: tuple[Id, ...] = ()
    modes: tuple[Id, ...] = ()
    layers: tuple[PriceLayer, ...] = ()
    factor_per_year: Amount
    because: Text


class Scenario(Noun):
    """A future as data: what happens, how prices move, which rules fall or begin to bind, and the signs that it is coming."""

    id: Id
    name: Text
    says: Text
    prices: tuple[PricePath, ...] = ()
    rules_off: tuple[Id, ...] = ()  # law that no longer helps, such as an adequacy decision that falls
    rules_on: tuple[Id, ...] = ()  # proposals that become law
    groups_without: Mapping[Id, tuple[Country, ...]] = {}  # country groups that lose members
    operators_gone: tuple[Id, ...] = ()
    signs: tuple[Text, ...]
    source: Id
    date: PartialDay
