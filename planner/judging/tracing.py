"""Why a class is what it is: the fewest facts that decide it, the rules they decide it by, and the points of the law they name."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from planner.domain.conditions import Condition, holds
from planner.domain.report import ClassTrace
from planner.judging.classes import Classifier, TwoReadings


@dataclass(frozen=True, slots=True)
class Support:
    """Facts that decide something by themselves, and the rules by which they do, the last step first."""

    facts: frozenset[str] = frozenset()
    rules: tuple[str, ...] = ()

    def __or__(self, other: Support) -> Support:
        return Support(self.facts | other.facts, tuple(dict.fromkeys((*self.rules, *other.rules))))


class Tracer:
    """Traces of settled facts. A trace ends with facts that somebody stated or that are supposed, and rests on few of the latter."""

    def __init__(self, classifier: Classifier, settled: Mapping[str, Any], stated: Iterable[str], supposed: Iterable[str] = ()):
        self.classifier, self.settled, self.supposed = classifier, settled, frozenset(supposed)
        self.stated = frozenset(stated) | self.supposed
        self._classes: dict[str, Support] = {}

    def of_class(self, name: str) -> Support:
        """What decides a settled class: for a true one its shortest rule, for a false one why every rule fails."""
        if name not in self._classes:
            rules = self.classifier.rules[name]
            if self.settled[name]:
                true = [Support(rules=(rule.id,)) | self.of(rule.when) for rule in rules if self._truth(rule.when)]
                self._classes[name] = min(true, key=self._weight)
            else:
                self._classes[name] = _union(self.of(rule.when) for rule in rules)
        return self._classes[name]

    def of(self, condition: Condition) -> Support:
        """What decides a condition that is true or false of these facts."""
        truth = self._truth(condition)
        if condition.fact is not None:
            return self._of_fact(condition.fact)
        parts = condition.all or condition.any or condition.none or ()
        want = truth if condition.none is None else not truth
        deciding = [self.of(part) for part in parts if self._truth(part) is want]
        every = truth if condition.all is not None or condition.none is not None else not truth
        return _union(deciding) if every else min(deciding, key=self._weight)

    def _of_fact(self, name: str) -> Support:
        if name in self.classifier.rules:
            return self.of_class(name)
        reading = None if name in self.stated else self.classifier.following.decider(name, self.settled)
        return self.of(reading) if reading is not None else Support(frozenset({name}))

    def _truth(self, condition: Condition) -> bool | None:
        return holds(condition, self.settled, self.classifier.groups)

    def _weight(self, support: Support) -> tuple[int, int, list[str]]:
        return len(support.facts & self.supposed), len(support.facts), sorted(support.facts)


def trace(name: str, value: bool | None, stated: Mapping[str, Any], readings: TwoReadings, classifier: Classifier) -> ClassTrace:
    """Why a class has this value; of an open one, the facts on which it turns."""
    if value is None:
        open_facts = frozenset[str]().union(*(classifier.open_facts(rule.when, readings.known.facts) for rule in classifier.rules[name]))
        return ClassTrace(value=None, open=tuple(sorted(open_facts)))
    proved = readings.known.facts.get(name) is not None
    reading = readings.known if proved else readings.supposed
    support = Tracer(classifier, reading.facts, stated, readings.assumed if not proved else ()).of_class(name)
    shown = {fact: reading.facts[fact] for fact in sorted(support.facts)}
    return ClassTrace(
        value=value,
        points=points_of(support.rules if value else (), classifier),
        rules=support.rules,
        facts={fact: v for fact, v in shown.items() if fact in stated},
        assumed={fact: v for fact, v in shown.items() if fact not in stated},
    )


def points_of(rules: Iterable[str], classifier: Classifier) -> tuple[str, ...]:
    """The points of the law that some rules name, as they are cited; sorted."""
    known = classifier.catalog.rules
    return tuple(sorted({known[rule].cites.text for rule in rules if known[rule].point}))


def _union(supports: Iterable[Support]) -> Support:
    whole = Support()
    for support in supports:
        whole |= support
    return whole
