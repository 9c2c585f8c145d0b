"""Each rule of the catalog held against some facts: one verdict a rule, with its date, its reasons and what is not known."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, Literal

from planner.domain.catalog import Catalog, FactDefinition, Rule, Severity
from planner.domain.conditions import Condition, Truth, deciding, holds
from planner.domain.report import Finding
from planner.judging.classes import Classifier, TwoReadings

Status = Literal["met", "unmet", "unknown", "informs"]
_MANY = 6  # facts that one reason names


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says. `gates` are the few facts that would settle an unknown; `assumed` those supposed to raise the duty."""

    rule: Rule
    status: Status
    applies_from: date
    in_force: bool
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    gates: tuple[str, ...]
    assumed: tuple[str, ...]
    why: str
    applies: bool  # False: it is open whether the rule applies

    @property
    def forbids(self) -> bool:
        """Whether the rule can close an option: it is law (or a licence) and forbids."""
        return self.rule.severity is Severity.FORBIDS and self.rule.status != "proposal"

    def finding(self, workload: str | None = None) -> Finding:
        """The verdict as it is shown, for one workload or for all."""
        rule = self.rule
        return Finding(
            rule=rule.id,
            title=rule.title,
            workload=workload,
            status=self.status,
            applies=self.applies,
            timing="in-force" if self.in_force else "upcoming",
            applies_from=self.applies_from,
            severity=rule.severity.value,
            law_status=rule.status,
            citation=rule.cites,
            says=rule.says,
            why=self.why,
            facts=self.known,
            unknown=self.unknown,
            assumed=self.assumed,
            act_by=rule.act_by,
            confidence=rule.confidence,
            verified=rule.verified,
        )


class LawBook:
    """The rules of a catalog as they stand on one day, up to the end of a horizon. Remembers what it has judged.

    A rule is looked up by the values of the facts it reads, classes replaced by what they follow from, so that options
    which differ in nothing a rule looks at share its verdict.
    """

    def __init__(self, catalog: Catalog, as_of: date, horizon_end: date = date.max):
        self.catalog, self.as_of, self.horizon_end = catalog, as_of, horizon_end
        self.groups = catalog.country_groups
        self.classifier = Classifier(catalog, as_of)
        self.rules = tuple(rule for rule in catalog.rules.values() if self._in_play(rule))
        self.reads_by_rule = {rule.id: self.classifier.base_facts(_looks_at(rule)) for rule in self.rules}
        self.reads = tuple(sorted({name for names in self.reads_by_rule.values() for name in names}))
        place = {name: n for n, name in enumerate(self.reads)}
        self._picks = {rule.id: _picking([place[name] for name in self.reads_by_rule[rule.id]]) for rule in self.rules}
        self._verdicts: dict[tuple, Verdict | None] = {}

    def verdicts(self, facts: Mapping[str, Any]) -> tuple[Verdict, ...]:
        """The verdict of every rule that has something to say, in catalog order."""
        readings: TwoReadings | None = None
        found, values = [], [_hashable(facts.get(name)) for name in self.reads]
        for rule in self.rules:
            key = (rule.id, self._picks[rule.id](values))
            if key not in self._verdicts:
                readings = readings or self.classifier.read(facts)
                self._verdicts[key] = self._verdict(rule, readings)
            verdict = self._verdicts[key]
            if verdict is not None:
                found.append(verdict)
        return tuple(found)

    @property
    def worked_out(self) -> int:
        """How many verdicts were worked out; all others were remembered."""
        return len(self._verdicts)

    def _in_play(self, rule: Rule) -> bool:
        """Not yet over, and starting within the horizon; proposals are always told."""
        earliest = min([rule.applies_from, *(c.applies_from for c in rule.applies_from_by_class)])
        return rule.status == "proposal" or (
            (rule.applies_until is None or rule.applies_until > self.as_of) and earliest <= self.horizon_end
        )

    # -------------------------------------------------------------------------------------- one rule

    def _verdict(self, rule: Rule, readings: TwoReadings) -> Verdict | None:
        """None where the rule does not apply, or only informs and is not sure to apply."""
        known = readings.known.facts
        applies = proved = holds(rule.when, known, self.groups)
        if applies is None and holds(rule.when, readings.supposed.facts, self.groups):
            applies = True
        status, starts = self._status(rule, applies, known), self._starts(rule, known)
        if applies is False or status is None or (starts > self.horizon_end and rule.status != "proposal"):
            return None
        missing = self.classifier.open_facts(rule.when, known)
        assumed = missing & set(readings.assumed) if applies and proved is None else frozenset()
        gates = frozenset[str]()
        if status == "unknown":
            if rule.demands is not None:
                missing |= self.classifier.open_facts(rule.demands, known)
            gates = self.classifier.gates(rule.when, False, known)
            if proved and rule.demands is not None:
                gates = self.classifier.gates(rule.demands, True, known)
        carrying = {name for condition in _conditions(rule) for name in deciding(condition, known, self.groups)[0]}
        return Verdict(
            rule=rule,
            status=status,
            applies_from=starts,
            in_force=starts <= self.as_of,
            known=tuple(sorted(carrying)),
            unknown=tuple(sorted(missing)),
            gates=tuple(sorted(gates)),
            assumed=tuple(sorted(assumed)),
            applies=bool(applies),
            why=self._why(status, sorted(carrying), [*sorted(gates), *sorted(missing - assumed - gates)], sorted(assumed), readings),
        )

    def _status(self, rule: Rule, applies: Truth, known: Mapping[str, Any]) -> Status | None:
        """A demand that is met clears the rule even where it is open whether the rule applies; supposing never meets one."""
        if rule.status == "proposal" or rule.demands is None and rule.kind != "prohibition":
            return "informs" if applies else None
        met = holds(rule.demands, known, self.groups) if rule.demands is not None else False
        if met:
            return "met"
        return "unmet" if applies and met is False else "unknown"

    def _starts(self, rule: Rule, known: Mapping[str, Any]) -> date:
        """The date of the first class that holds; the earliest it could be where a class before it is open."""
        candidates = []
        for by_class in rule.applies_from_by_class:
            truth = known.get(by_class.when_class)
            if truth is not False:
                candidates.append(by_class.applies_from)
            if truth:
                break
        return min(candidates, default=rule.applies_from)

    # ------------------------------------------------------------------------------------- in words

    def _why(self, status: Status, known: list[str], missing: list[str], assumed: list[str], readings: TwoReadings) -> str:
        parts = []
        if known:
            parts.append("Known: " + self._listed(known, readings.known.facts))
        if assumed:
            parts.append("Supposed, as is usual: " + self._listed(assumed, readings.assumed))
        if missing and status == "unknown":
            names = [self._named(name) for name in missing]
            parts.append("Not known: " + ", ".join(names[:_MANY]) + (f" and {len(names) - _MANY} more" if len(names) > _MANY else ""))
        return ". ".join(parts) + "." if parts else "It applies to everybody."

    def _listed(self, names: list[str], values: Mapping[str, Any]) -> str:
        said = [f"{self._named(name)}: {in_words(values[name])}" for name in names]
        return "; ".join(said[:_MANY]) + (f" and {len(said) - _MANY} more" if len(said) > _MANY else "")

    def _named(self, name: str) -> str:
        definition: FactDefinition | None = self.catalog.facts.get(name)
        return definition.meaning if definition else name


def in_words(value: Any) -> str:
    """A fact's value for a reader: yes, no, or the value with its underscores as spaces."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list)):
        return ", ".join(in_words(v) for v in value)
    return str(value).replace("_", " ")


def _picking(places: Sequence[int]) -> Callable[[Sequence[Any]], Any]:
    """What is at some places of a list; quick, as every rule is looked up for every option."""
    return itemgetter(*places) if places else lambda values: ()


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _conditions(rule: Rule) -> list[Condition]:
    return [c for c in (rule.when, rule.demands) if c is not None]


def _looks_at(rule: Rule) -> set[str]:
    """Every fact and class a rule's verdict can turn on, its dates included."""
    return {name for c in _conditions(rule) for name in c.fact_names()} | {c.when_class for c in rule.applies_from_by_class}
