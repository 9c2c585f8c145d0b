"""The questions of law that `sovplan init` puts for each kind of work: few, the most deciding first."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planner.cli.asking import Walker
from planner.cli.common import say
from planner.cli.interviewing import Facts, interviewed

if TYPE_CHECKING:
    from planner.cli.init_questions import Questions
    from planner.domain.assessment import Assessment
    from planner.reporting.starter import StarterWorkload

MOST = 6  # questions a kind of work, the screening for rare facts among them
_GROUPS = ("wl", "data", "org", "mod", "roles")  # what a workload is; where it runs is for the plan to say
_SHARED = ("mod", "roles")  # answered once for all kinds of work


def ask_facts(walker: Walker, given: Mapping[str, Any], put: Questions, draft: Assessment, works: Sequence[StarterWorkload], organisation: Facts,
              evidence: Facts) -> tuple[list[StarterWorkload], Facts, Facts]:
    """The kinds of work with their facts and what is still open, the facts of the organisation, and what holds for all of it."""
    from planner.judging.facts import workload_facts

    screened: list[Facts] = []
    not_known = set[str]()  # what was asked once for all kinds of work
    made: list[StarterWorkload] = []
    for place, work in enumerate(works):
        said = given["workloads"][place] if place < len(given["workloads"]) else {}
        own = {**work.facts, **{name: value for name, value in said.get("facts", {}).items() if value is not None}}
        known = workload_facts(draft.workloads[place], draft, put.world) | organisation | evidence | own
        before = len(walker.answers)
        if walker.asks and len(works) > 1:
            say(f"\n== {work.name} ==")
        walker.given = _rare(said.get("rare", given.get("rare")), put, known)
        new = {n: v for n, v in interviewed(put.interview, walker, known, MOST, _GROUPS, not_known).items() if n not in known}
        rare = {name: value for name, value in new.items() if put.world.facts[name].assume_if_unasked is False and value is False}
        screened.append(rare)
        organisation |= {name: value for name, value in new.items() if name.startswith("org.")}
        evidence |= {name: value for name, value in new.items() if name.split(".")[0] in _SHARED and name not in rare}
        own |= {n: v for n, v in new.items() if n not in organisation and n not in evidence and n not in rare}
        left = {a.item.key: a.item.words for a in walker.answers[before:] if a.value is None}
        not_known |= {name for name in left if name.split(".")[0] in ("org", *_SHARED)}
        made.append(replace(work, facts=own, open=left))
    common = {name: False for name in screened[0] if all(name in rare for rare in screened)}
    evidence |= common
    made = [replace(w, facts=w.facts | {n: v for n, v in rare.items() if n not in common}) for w, rare in zip(made, screened, strict=True)]
    return made, organisation, evidence


def _rare(holding: Sequence[str] | None, put: Questions, known: Facts) -> Facts:
    """What a list of the rare facts that hold says of each of them; nothing where there is no list."""
    if holding is None:
        return {}
    asked = {fact.name for fact in put.interview.rare(known)} | {n for n, f in put.world.facts.items() if f.assume_if_unasked is False}
    return {name: name in holding for name in sorted(asked | set(holding))}
