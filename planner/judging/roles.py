"""The roles an organisation has under the law, and which single change would give or take one."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from planner.domain.catalog import Catalog
from planner.domain.conditions import Between, Condition
from planner.domain.report import Flip, RoleReading
from planner.judging.classes import CLASS, Classifier, TwoReadings
from planner.judging.tracing import trace

_STEP = Decimal("1.01")  # how far past its threshold a number is tried


def roles_of(stated: Mapping[str, Any], readings: TwoReadings, classifier: Classifier, values: Mapping[str, bool | None]) -> tuple[RoleReading, ...]:
    """Every role of the catalog: whether it is held (`values`: class -> value), by which rules and facts, and what would flip it."""
    found = []
    for name, definition in sorted(classifier.catalog.facts.items()):
        if definition.role is not None and name in classifier.rules:
            why = trace(name, values[name], stated, readings, classifier)
            found.append(RoleReading(
                role=definition.role, holds=why.value, because=why.rules, facts=why.facts, assumed=why.assumed, open=why.open,
                flips=tuple(_flips(name, why.value, readings, classifier)),
            ))
    return tuple(found)


def _flips(name: str, value: bool | None, readings: TwoReadings, classifier: Classifier) -> Iterator[Flip]:
    """Single facts which, if they were otherwise, would change whether a role is held; `holds` is what it would be then (None: open)."""
    supposed = {n: v for n, v in readings.supposed.facts.items() if not n.startswith(CLASS)}
    before = classifier.settle(supposed).facts.get(name)
    seen = set[tuple[str, str]]()
    for leaf in _leaves(name, classifier):
        for other in _others(leaf, supposed.get(leaf.fact or ""), classifier.catalog):
            after = classifier.settle({**supposed, leaf.fact or "": other}).facts.get(name)
            fact, other = _in_full(leaf.fact or "", other, supposed, classifier.catalog)
            if after is not before and after is not value and (fact, str(other)) not in seen:
                seen.add((fact, str(other)))
                yield Flip(fact=fact, value=other, holds=after, meaning=classifier.catalog.facts[fact].meaning)


def _leaves(name: str, classifier: Classifier) -> Iterator[Condition]:
    """The tests of plain facts by which a role is told, and those of the classes it is told by that tell of nothing else."""
    for rule in classifier.rules[name]:
        for leaf in rule.when.leaves():
            if leaf.fact not in classifier.rules:
                yield leaf
            elif leaf.equals is True and any(r.cure_by == "role-change" for r in classifier.rules[leaf.fact or ""]):
                yield from _leaves(leaf.fact or "", classifier)


def _others(leaf: Condition, now: Any, catalog: Catalog) -> Iterator[Any]:
    """Values of a tested fact on the other side of the test."""
    definition = catalog.facts[leaf.fact or ""]
    if definition.type == "bool":
        yield from (v for v in (True, False) if v is not now)
    elif leaf.above is not None:
        yield leaf.above if now is not None and Between.of(now).least > leaf.above else leaf.above * _STEP
    elif definition.type == "enum":
        yield from (v for v in definition.values if v != now)


def _in_full(name: str, value: Any, facts: Mapping[str, Any], catalog: Catalog) -> tuple[str, Any]:
    """A ratio as the number that is divided, where its divisor is known: of one known within a band, the least."""
    ratio = catalog.facts[name].ratio_of
    divisor = facts.get(ratio[1]) if ratio else None
    return (name, value) if divisor is None else (ratio[0], value * Between.of(divisor).least)
