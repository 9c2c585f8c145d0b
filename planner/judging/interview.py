"""Which question to ask next: the one whose answer, whatever it is, leaves least open in the law.

Questions are weighed by looking one answer ahead. Rare facts (those with a usual value) are supposed to have it while
the others are weighed, and are asked in one go at the end: supposing them decides what to ask, and nothing else.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from planner.domain.catalog import Catalog, FactDefinition
from planner.domain.conditions import Condition
from planner.judging.classes import CLASS
from planner.judging.facts import assumed_facts
from planner.judging.lawbook import LawBook
from planner.judging.questions import screen_of

MOST = 15  # questions after which an interview ends
_LOOKED_AT = 24  # candidates that are weighed, those on which most open rules turn
_A_CLASS = 2  # how many rules a class weighs
_SAMPLES = 4  # values of a long list that are tried


@dataclass(frozen=True, slots=True)
class Asking:
    """One fact to ask for, and what its answer would settle, counted in rules (a class counts as two)."""

    fact: FactDefinition
    turns_on_it: int  # open rules and classes that read it
    at_least: int  # settled whatever the answer is
    on_average: float


class Interview:
    """The law of one day, asked about until enough is known. Holds no answers: they are passed in."""

    def __init__(self, catalog: Catalog, as_of: date, horizon_end: date = date.max):
        self.catalog = catalog
        self.book = LawBook(catalog, as_of, horizon_end)
        self.classifier = self.book.classifier
        self.rules = sum(rule.status != "proposal" for rule in self.book.rules)

    def next(self, facts: Mapping[str, Any], skip: Collection[str] = (), groups: Collection[str] = ()) -> Asking | None:
        """The fact to ask for, or None where no open rule or class turns on one.

        `skip` are facts already asked; `groups` are the first words of the names that may be asked (`wl`, `org` …; none: all).
        """
        supposed = {**assumed_facts(facts, self.catalog), **facts}
        turns = self._turns_on(supposed, {*skip, *facts})
        names = [n for n in turns if n not in skip and n not in supposed and self._askable(n) and (not groups or n.split(".")[0] in groups)]
        names.sort(key=lambda n: (-turns[n], self._place(n)))
        now = self._left_open(supposed)
        weighed = [self._weigh(name, turns[name], facts, now) for name in names[:_LOOKED_AT]]
        return max(weighed, key=lambda a: (a.on_average, a.at_least, a.turns_on_it), default=None)

    def rare(self, facts: Mapping[str, Any]) -> tuple[FactDefinition, ...]:
        """Rare facts whose usual answer, no, would settle classes that are open for want of them; in the order of the vocabulary.

        Stating them all as false turns what is supposed of these classes into what is known.
        """
        usual = {name: value for name, value in assumed_facts(facts, self.catalog).items() if value is False}
        supposed = self.classifier.classify({**facts, **usual}).facts
        stated, found = dict(facts), set[str]()
        while True:
            known = self.classifier.classify(stated).facts
            gates = set[str]()
            for name in self.classifier.rules:
                if known.get(name) is None and supposed.get(name) is not None:
                    gates |= self.classifier.gates(Condition.model_validate({"fact": name, "is": True}), bool(supposed[name]), known)
            if not (more := gates & set(usual) - found):
                return tuple(f for f in self.catalog.facts.values() if f.name in found and f.question)
            found |= more
            stated |= {name: False for name in more}

    def open_classes(self, facts: Mapping[str, Any]) -> tuple[str, ...]:
        """Classes not decided even where every rare fact has its usual value; sorted."""
        settled = self.classifier.classify({**assumed_facts(facts, self.catalog), **facts}).facts
        return tuple(name.removeprefix(CLASS) for name in sorted(self.classifier.rules) if settled.get(name) is None)

    def decided_rules(self, facts: Mapping[str, Any]) -> int:
        """Rules of law of which it is settled whether they apply, rare facts supposed usual."""
        return self.rules - len(self._open_rules({**assumed_facts(facts, self.catalog), **facts}))

    # ------------------------------------------------------------------------------------------ weighing

    def _open_rules(self, facts: Mapping[str, Any]) -> list[str]:
        verdicts = self.book.verdicts(facts)
        return [v.rule.id for v in verdicts if v.status == "unknown" and not v.applies and v.rule.status != "proposal"]

    def _left_open(self, facts: Mapping[str, Any]) -> int:
        settled = self.classifier.classify(facts).facts
        return len(self._open_rules(facts)) + _A_CLASS * sum(settled.get(name) is None for name in self.classifier.rules)

    def _turns_on(self, facts: Mapping[str, Any], asked: Collection[str] = ()) -> dict[str, int]:
        """Open fact -> how many undecided rules and classes it could still settle; the list that answers it, unless that was asked."""
        settled = self.classifier.classify(facts).facts
        open_rules = set(self._open_rules(facts))
        conditions = [r.when for r in self.book.rules if r.id in open_rules]
        conditions += [r.when for name, rules in self.classifier.rules.items() if settled.get(name) is None for r in rules]
        counts: dict[str, int] = {}
        for condition in conditions:
            for name in self.classifier.open_facts(condition, settled):
                screen = screen_of(name, self.catalog)
                name = name if screen in asked else screen
                counts[name] = counts.get(name, 0) + 1
        return counts

    def _weigh(self, name: str, turns: int, facts: Mapping[str, Any], now: int) -> Asking:
        definition = self.catalog.facts[name]
        answered = [{**facts, name: value} for value in _samples(definition)]
        settled = [now - self._left_open({**assumed_facts(a, self.catalog), **a}) for a in answered] or [0]
        return Asking(definition, turns, min(settled), sum(settled) / len(settled))

    def _askable(self, name: str) -> bool:
        definition = self.catalog.facts.get(name)
        return definition is not None and definition.question is not None and not definition.derived

    def _place(self, name: str) -> int:
        return list(self.catalog.facts).index(name)


def _samples(fact: FactDefinition) -> list[Any]:
    """A few values that a fact can take, spread over its list. Numbers and countries have none that stand for the rest."""
    if fact.type == "bool":
        return [True, False]
    if fact.type == "enum":
        step = max(1, len(fact.values) // _SAMPLES)
        return list(fact.values[::step])
    if fact.type == "list" and fact.values:
        step = max(1, len(fact.values) // _SAMPLES)
        return [(value,) for value in dict.fromkeys((*fact.values[::step], fact.values[-1]))]
    return []


def settles(asking: Asking) -> str:
    """What turns on a question, in words."""
    say = f"{asking.turns_on_it} open rules and classes turn on it"
    if asking.at_least > 0:
        return f"{say}; any answer settles {asking.at_least} or more."
    return f"{say}; an answer settles about {round(asking.on_average)}." if asking.on_average >= 1 else f"{say}."


def reads(book: LawBook, facts: Iterable[str]) -> int:
    """How many rules of law look at one of some facts, directly or through a class."""
    wanted = set(facts)
    return sum(rule.status != "proposal" and bool(wanted & set(book.reads_by_rule[rule.id])) for rule in book.rules)
