"""The classes a use of AI falls into (prohibited, high-risk, provider …), and which open facts would settle a condition.

Classes follow from the classification rules of the catalog in Kleene's three-valued logic. Rules may read other
classes; starting from nothing known and adding what follows reaches the one least fixpoint, whatever the order.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from planner.domain.catalog import Catalog, Rule
from planner.domain.conditions import Condition, Truth, holds
from planner.judging.facts import assumed_facts
from planner.judging.following import Following

CLASS = "class."


@dataclass(frozen=True, slots=True)
class Classified:
    """Facts with the classes that follow from them, and the rules each true class rests on."""

    facts: Mapping[str, Any]
    because: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TwoReadings:
    """The same facts read twice: as known, and with the usual values of rare facts supposed.

    Supposing may only incriminate: what is proved, met or ruled out rests on `known` alone.
    """

    known: Classified
    supposed: Classified
    assumed: Mapping[str, Any]


class Classifier:
    """Classification by the rules of one catalog on one day. Holds no state but an index."""

    def __init__(self, catalog: Catalog, as_of: date):
        self.catalog, self.groups, self.following = catalog, catalog.country_groups, Following(catalog)
        self.rules: dict[str, tuple[Rule, ...]] = {}
        self._bases: dict[str, frozenset[str]] = {}
        for rule in catalog.rules.values():
            if rule.sets is not None and rule.status != "proposal" and (rule.applies_until is None or rule.applies_until > as_of):
                self.rules[rule.sets] = (*self.rules.get(rule.sets, ()), rule)

    def classify(self, facts: Mapping[str, Any]) -> Classified:
        """The facts, with each class that is settled. A class is true by any of its rules and false only if all of them fail."""
        return self.settle(self.following.complete(facts))

    def settle(self, facts: Mapping[str, Any]) -> Classified:
        """As `classify`, of facts with all that follows from them."""
        settled: dict[str, Any] = {name: value for name, value in facts.items() if not name.startswith(CLASS)}
        because: dict[str, tuple[str, ...]] = {}
        waiting = sorted(self.rules)
        while waiting:
            still_open = []
            for name in waiting:
                truths = {rule.id: holds(rule.when, settled, self.groups) for rule in self.rules[name]}
                verdict = _any(truths.values())
                if verdict is None:
                    still_open.append(name)
                else:
                    settled[name] = verdict
            if len(still_open) == len(waiting):
                break
            waiting = still_open
        for name in sorted(self.rules):
            if settled.get(name):
                because[name] = tuple(rule.id for rule in self.rules[name] if holds(rule.when, settled, self.groups))
        return Classified(settled, because)

    def read(self, facts: Mapping[str, Any]) -> TwoReadings:
        """Both readings of some facts."""
        assumed = assumed_facts(facts, self.catalog)
        return TwoReadings(self.classify(facts), self.classify({**facts, **assumed}), assumed)

    def base_facts(self, names: Iterable[str]) -> tuple[str, ...]:
        """Some facts, with classes replaced by the facts they follow from, and with the facts that others follow from; sorted."""
        return tuple(sorted(frozenset().union(*map(self._base, names))))

    def _base(self, name: str) -> frozenset[str]:
        """The facts that one fact or class rests on, itself included where it is no class."""
        if name not in self._bases:
            found, seen, todo = set[str](), set[str](), [name]
            while todo:
                one = todo.pop()
                if one in seen:
                    continue
                seen.add(one)
                if one in self.rules:
                    todo += [inner for rule in self.rules[one] for inner in rule.when.fact_names()]
                else:
                    found.add(one)
                    todo += self.following.sources(one)
            self._bases[name] = frozenset(found)
        return self._bases[name]

    # ------------------------------------------------------------------------------- what would settle it

    def open_facts(self, condition: Condition, facts: Mapping[str, Any]) -> frozenset[str]:
        """The unknown facts on which an undecided condition turns; none for a decided one."""
        if holds(condition, facts, self.groups) is not None:
            return frozenset()
        if condition.fact is None:
            return frozenset().union(*(self.open_facts(part, facts) for part in _parts(condition)))
        if condition.fact in self.rules:
            return frozenset().union(*(self.open_facts(rule.when, facts) for rule in self.rules[condition.fact]))
        way = self._way(condition.fact, facts)
        return self.open_facts(way, facts) if way else self._asked(condition.fact)

    def gates(self, condition: Condition, want: bool, facts: Mapping[str, Any]) -> frozenset[str]:
        """Few unknown facts which, answered favourably, would make an undecided condition true (or false, as `want` says)."""
        if holds(condition, facts, self.groups) is not None:
            return frozenset()
        if condition.fact is not None:
            if condition.fact not in self.rules:
                way = self._way(condition.fact, facts)
                return self.gates(way, _wanted(condition, want), facts) if way else self._asked(condition.fact)
            branches = [rule.when for rule in self.rules[condition.fact]]
            return self._settle(branches, _wanted(condition, want), facts, every=not _wanted(condition, want))
        if condition.all is not None:
            return self._settle(condition.all, want, facts, every=want)
        if condition.any is not None:
            return self._settle(condition.any, want, facts, every=not want)
        return self._settle(condition.none or (), not want, facts, every=want)

    def _way(self, name: str, facts: Mapping[str, Any]) -> Condition | None:
        """How to ask for a fact that nobody can state: the first way to tell it that is still open. None for a fact that is asked itself."""
        definition = self.catalog.facts.get(name)
        if definition is None or not definition.derived:
            return None
        return next((c for c in definition.follows if holds(c, facts, self.groups) is None), None)

    def _asked(self, name: str) -> frozenset[str]:
        """A fact, or, of one that nobody can state and that is contradicted, the facts that contradict each other."""
        definition = self.catalog.facts.get(name)
        return self.following.sources(name) if definition and definition.derived and definition.follows else frozenset({name})

    def _settle(self, parts: Iterable[Condition], want: bool, facts: Mapping[str, Any], every: bool) -> frozenset[str]:
        undecided = [part for part in parts if holds(part, facts, self.groups) is None]
        if every:
            return frozenset().union(*(self.gates(part, want, facts) for part in undecided))
        direct = [part for part in undecided if not any(name in self.rules for name in part.fact_names())]
        return self.gates((direct or undecided)[0], want, facts)


def classify(facts: Mapping[str, Any], catalog: Catalog, as_of: date) -> Classified:
    """The facts with every class that follows from them; what does not follow stays absent."""
    return Classifier(catalog, as_of).classify(facts)


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return (condition.all or ()) + (condition.any or ()) + (condition.none or ())


def _wanted(leaf: Condition, want: bool) -> bool:
    """The value a class must take for a leaf such as `is: false` to come out as wanted."""
    return want if leaf.equals is True or leaf.is_not is False else not want


def _any(truths: Iterable[Truth]) -> Truth:
    found = set(truths)
    return True if True in found else None if None in found else False
