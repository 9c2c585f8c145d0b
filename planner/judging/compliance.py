"""The law on one way to serve one workload, and on a whole plan: what excludes, what has to be done, what has to be asked.

An unmet rule that forbids excludes the way, unless the organisation can meet it by its own work: then that work is
added. A rule whose verdict is not known makes the way conditional on the facts that would settle it. Nothing is
cleared by silence, and proposals bind nobody.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog, Cure
from planner.domain.report import Finding
from planner.judging.deployment import Deployment
from planner.judging.facts import facts_of
from planner.judging.lawbook import LawBook, Verdict

_STATUS = {"unmet": 0, "unknown": 1, "met": 2, "informs": 3}
_SEVERITY = {"forbids": 0, "warns": 1, "informs": 2}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The law on one deployment. `blocked_by`: (rule, because) of what excludes it; `cures`: (rule, work to be done)."""

    blocked_by: tuple[tuple[str, str], ...]
    cures: tuple[tuple[str, Cure], ...]
    conditional_on: tuple[str, ...]  # facts nobody has stated that could still close it
    verdicts: tuple[Verdict, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every verdict as it is shown, the gravest first."""
        return tuple(sorted((v.finding() for v in self.verdicts), key=_gravity))


class Judge:
    """Judges deployments of one assessment by the law of one day, up to the end of the horizon; remembers what it has judged."""

    def __init__(self, assessment: Assessment, catalog: Catalog, as_of: date, horizon_end: date):
        self.assessment, self.catalog = assessment, catalog
        self.book = LawBook(catalog, as_of, horizon_end)
        self._judged: dict[tuple[Any, ...], Judgement] = {}

    def judge(self, deployment: Deployment) -> Judgement:
        """The law on one deployment. Deployments with the same facts share one judgement."""
        facts = facts_of(deployment, self.assessment, self.catalog)
        key = tuple(map(facts.get, self.book.reads))
        if key not in self._judged:
            self._judged[key] = judgement_of(self.book.verdicts(facts))
        return self._judged[key]


def judge(deployment: Deployment, assessment: Assessment, catalog: Catalog, as_of: date, horizon_end: date) -> Judgement:
    """The law on one deployment. Use a `Judge` for many."""
    return Judge(assessment, catalog, as_of, horizon_end).judge(deployment)


def findings_for(
    deployments: Iterable[Deployment], assessment: Assessment, catalog: Catalog, as_of: date, horizon_end: date
) -> tuple[Finding, ...]:
    """The findings on a plan's choices, the gravest first. What a rule says of all workloads alike is one finding for all."""
    bench = Judge(assessment, catalog, as_of, horizon_end)
    judged = [(d.workload.id if d.workload else None, bench.judge(d).verdicts) for d in deployments]
    return merged(judged)


def merged(judged: list[tuple[str | None, tuple[Verdict, ...]]]) -> tuple[Finding, ...]:
    """Verdicts by workload as findings: one for all workloads where a rule says the same of each, else one a workload."""
    by_rule: dict[str, list[tuple[str | None, Verdict]]] = {}
    for workload, verdicts in judged:
        for verdict in verdicts:
            by_rule.setdefault(verdict.rule.id, []).append((workload, verdict))
    found = []
    for said in by_rule.values():
        alike = len(judged) > 1 and len(said) == len(judged) and all(verdict == said[0][1] for _, verdict in said)
        found += [said[0][1].finding()] if alike else [verdict.finding(workload) for workload, verdict in said]
    return tuple(sorted(dict.fromkeys(found), key=_gravity))


def judgement_of(verdicts: tuple[Verdict, ...]) -> Judgement:
    """What verdicts mean for an option: excluded, with work to do, conditional, or none of these."""
    binding = [v for v in verdicts if v.rule.status != "proposal"]
    blocked = [v for v in binding if v.forbids and v.status == "unmet" and v.rule.cure_by != "deployer"]
    cures = [
        (v.rule.id, v.rule.curable_by)
        for v in binding
        if v.rule.curable_by is not None and (v.status == "unmet" or v.status == "unknown" and v.applies)
    ]
    gates = {name for v in binding if v.forbids and v.status == "unknown" for name in v.gates}
    return Judgement(
        blocked_by=tuple((v.rule.id, f"{v.rule.title}: {v.why}") for v in blocked),
        cures=tuple(cures),
        conditional_on=tuple(sorted(gates)),
        verdicts=verdicts,
    )


def _gravity(finding: Finding) -> tuple:
    """Unmet before unknown before met, and in each what forbids first; of equals what is in force first."""
    open_first = _STATUS[finding.status]
    grave = _SEVERITY[finding.severity]
    band = (grave, open_first) if open_first < 2 else (3, open_first)
    return (*band, grave, finding.timing == "upcoming", finding.rule, finding.workload or "")
