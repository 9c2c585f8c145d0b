"""What is known of each use of AI in a saved plan: read again from its own assessment and the catalog, nothing guessed."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planner.domain.assessment import Assessment, Workload
from planner.domain.catalog import Catalog
from planner.domain.overlay import laid_over
from planner.domain.plan import Choice
from planner.domain.report import Finding, Report
from planner.judging.deployment import OWN, Deployment, deployment_of
from planner.judging.facts import facts_of
from planner.problems import UsageError
from planner.reading.assessment import assessment_from_data


@dataclass(frozen=True, slots=True)
class Use:
    """One workload with what was chosen for it, the facts known of it, and what the law says of it."""

    workload: Workload
    choice: Choice
    deployment: Deployment
    facts: Mapping[str, Any]
    stated: frozenset[str]  # the facts that the organisation itself states
    findings: Mapping[str, Finding]  # rule -> finding

    @property
    def outside(self) -> bool:
        """Whether another company runs it."""
        return self.choice.operator != OWN


@dataclass(frozen=True, slots=True)
class Known:
    """A saved plan beside the assessment it rests on and the catalog as that assessment sees it."""

    report: Report
    assessment: Assessment
    world: Catalog
    uses: tuple[Use, ...]


def known_of(report: Report, catalog: Catalog) -> Known:
    """What is known of the uses of a plan. Raises UsageError for a report without a plan, or one the catalog no longer knows the parts of."""
    if report.plan is None:
        raise UsageError("the report holds no plan, so there is nothing to write about")
    assessment = assessment_from_data(report.assessment, catalog)
    world = laid_over(catalog, assessment)
    workloads = {w.id: w for w in assessment.workloads}
    return Known(report, assessment, world, tuple(_use(c, workloads[c.workload], report, assessment, world) for c in report.plan.choices))


def _gravity(finding: Finding) -> int:
    """The gravest last, so that it counts where a workload is served in several ways that the law judges differently."""
    return ("informs", "met", "unknown", "unmet").index(finding.status)


def _use(choice: Choice, workload: Workload, report: Report, assessment: Assessment, world: Catalog) -> Use:
    if choice.model not in world.models or choice.offer not in world.offers or (choice.site and choice.site not in world.sites):
        raise UsageError(f"{workload.id}: the catalog no longer knows its model, offer or site; plan again")
    deployment = deployment_of(world, workload, world.models[choice.model], world.offers[choice.offer], choice.site)
    declared = (assessment.evidence, assessment.organisation.facts, workload.facts, assessment.party_facts.get(choice.operator, {}))
    return Use(
        workload=workload, choice=choice, deployment=deployment,
        facts={name: value for name, value in facts_of(deployment, assessment, world).items() if value is not None},
        stated=frozenset(name for source in declared for name, value in source.items() if value is not None),
        findings={f.rule: f for f in sorted(report.findings, key=_gravity) if f.workload in (None, workload.id)},
    )
