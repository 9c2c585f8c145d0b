"""What to ask next: the facts nobody has stated, those that decide most first."""
from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from planner.domain.catalog import Catalog
from planner.domain.report import Finding, Question


@dataclass
class _Weight:
    forbidding: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)


def questions_of(
    findings: Iterable[Finding], catalog: Catalog, screening: bool = False, first: Collection[str] = ()
) -> tuple[Question, ...]:
    """The open facts of some findings as questions in plain words.

    With `screening`, facts that one list or choice answers are asked as that. `first` are facts to ask before others, lists
    at their head.

    Facts without a usual answer come first, and of those the ones on which most rules that forbid turn, then most rules
    in all; ties keep the order of the vocabulary. `decides` counts the rules. Facts that cannot be asked are left out.
    """
    weights: dict[str, _Weight] = {}
    for finding in findings:
        if finding.law_status == "proposal":
            continue
        for name in sorted({screen_of(name, catalog) for name in finding.unknown} if screening else finding.unknown):
            weight = weights.setdefault(name, _Weight())
            weight.rules.add(finding.rule)
            weight.titles.setdefault(finding.rule, finding.title)
            if finding.severity == "forbids":
                weight.forbidding.add(finding.rule)
    before = {screen_of(name, catalog) if screening else name for name in first}
    order = {name: place for place, name in enumerate(catalog.facts)}
    askable = [name for name in weights if name in catalog.facts and catalog.facts[name].question]
    askable.sort(
        key=lambda name: (
            name not in before,
            name not in before or catalog.facts[name].type != "list",
            catalog.facts[name].assume_if_unasked is not None,
            -len(weights[name].forbidding),
            -len(weights[name].rules),
            order[name],
        )
    )
    return tuple(
        Question(fact=name, question=catalog.facts[name].question or "", decides=len(weights[name].rules), about=_about(weights[name]))
        for name in askable
    )


def screen_of(name: str, catalog: Catalog) -> str:
    """The list or the choice that answers a fact, where there is one; else the fact."""
    definition = catalog.facts.get(name)
    screens = [c.fact for c in definition.follows if c.fact and catalog.facts[c.fact].type in ("list", "enum")] if definition else []
    return screens[0] if screens else name


def _about(weight: _Weight) -> str:
    first = weight.titles[min(weight.forbidding or weight.rules)]
    others = len(weight.rules) - 1
    return first + (f" and {others} more" if others else "")
