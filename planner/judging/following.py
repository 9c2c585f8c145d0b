"""Facts that follow from other facts: the entries of a list that somebody answered as a whole, a name for two ways to say one thing.

A list that is stated is complete: what it does not name is denied. Where two readings of a fact contradict each other,
or one contradicts what is stated, the fact is not known, and stays so until somebody takes one of them back. A fact that
nobody can state by itself (such as a listed use) holds where one reading says so.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.domain.catalog import Catalog, FactDefinition
from planner.domain.conditions import Between, Condition, holds


class Following:
    """The facts of a catalog that follow from others, each after those it reads. Raises ValueError where they read in a circle."""

    def __init__(self, catalog: Catalog):
        self.groups = catalog.country_groups
        self.by_name = {name: fact for name, fact in catalog.facts.items() if fact.follows}
        self.ratios = tuple(fact for fact in catalog.facts.values() if fact.ratio_of)
        self.order = tuple(self._sorted())

    def complete(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The facts with all that follows. A fact that is None on entry, or that is contradicted, is None: completing again changes nothing."""
        known = {**self._quotients(facts), **facts}
        for fact in self.order:
            if fact.name in known and known[fact.name] is None:
                continue
            said = self._readings(fact, known)
            if said:
                known[fact.name] = said.pop() if len(said) == 1 else True if fact.derived else None
        return known

    def contradicted(self, facts: Mapping[str, Any]) -> tuple[str, ...]:
        """The facts of which two different things are said."""
        known = {name: value for name, value in self.complete(facts).items() if name not in self.by_name or value is not None}
        stated = {name: value for name, value in facts.items() if value is not None}
        return tuple(fact.name for fact in self.order if len(self._readings(fact, known | stated)) > 1)

    def sources(self, name: str) -> frozenset[str]:
        """The facts that a fact follows from, directly; none where it follows from nothing."""
        fact = self.by_name.get(name)
        ratio = next((fact.ratio_of for fact in self.ratios if fact.name == name), ())
        return frozenset(ratio).union(*(condition.fact_names() for condition in fact.follows) if fact else ())

    def decider(self, name: str, facts: Mapping[str, Any]) -> Condition | None:
        """The first reading of a fact that these facts decide."""
        fact = self.by_name.get(name)
        return next((c for c in fact.follows if holds(c, facts, self.groups) is not None), None) if fact else None

    def _quotients(self, facts: Mapping[str, Any]) -> dict[str, Between]:
        """Ratios of which both numbers are known."""
        both = {fact.name: [facts.get(name) for name in fact.ratio_of] for fact in self.ratios}
        return {name: Between.of(over).over(Between.of(under)) for name, (over, under) in both.items() if over is not None and under}

    def _readings(self, fact: FactDefinition, known: Mapping[str, Any]) -> set[bool]:
        said = {truth for condition in fact.follows if (truth := holds(condition, known, self.groups)) is not None}
        return said | ({known[fact.name]} if fact.name in known else set())

    def _sorted(self) -> list[FactDefinition]:
        done: dict[str, FactDefinition] = {}
        for name in self.by_name:
            self._place(name, done, ())
        return list(done.values())

    def _place(self, name: str, done: dict[str, FactDefinition], under: tuple[str, ...]) -> None:
        if name in done:
            return
        if name in under:
            raise ValueError(f"facts follow from each other in a circle: {' <- '.join((*under, name))}")
        for source in sorted(self.sources(name) & set(self.by_name)):
            self._place(source, done, (*under, name))
        done[name] = self.by_name[name]
