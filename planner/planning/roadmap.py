"""What the horizon brings, day by day: duties that begin or end, steps to have ready, models and offers that end, prices that change."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.assessment import Assessment, Waiver
from planner.domain.catalog import Catalog, Model, Offer
from planner.domain.plan import Choice, Plan
from planner.domain.report import Finding, Step
from planner.domain.roadmap import RoadmapEntry
from planner.quantities import add_months, first_day

_ORDER = ("duty", "duty-ends", "model-retires", "model-deprecated", "offer-ends", "term-ends", "price", "waiver", "ready")
_WORST = ("unmet", "unknown", "informs", "met")


@dataclass(frozen=True, slots=True)
class Span:
    """From the planning day, which is over, to the last day that counts."""

    as_of: date
    until: date

    def holds(self, day: date) -> bool:
        """Whether a day lies ahead and within reach."""
        return self.as_of < day <= self.until


def plan_roadmap(
    plan: Plan, findings: Sequence[Finding], checklist: Sequence[Step], assessment: Assessment, world: Catalog, as_of: date
) -> tuple[RoadmapEntry, ...]:
    """The roadmap of a plan up to the end of its horizon, in the order of days.

    A step that a coming duty raises stands with that duty; the others stand by owner and due day.
    """
    span = Span(as_of, add_months(assessment.horizon.start, assessment.horizon.months))
    duties = list(_duties(findings, world, span))
    entries = [*duties, *_ending(findings, world, span), *_ready(checklist, {d.rule for d in duties}, as_of)]
    entries += [*_models(plan.choices, world, span), *_offers(plan.choices, assessment.horizon.start, world, span)]
    return _sorted([*entries, *_waivers(assessment.waivers, span)])


def law_roadmap(findings: Sequence[Finding], world: Catalog, as_of: date, until: date) -> tuple[RoadmapEntry, ...]:
    """What begins and ends by law alone, up to and with a day. `findings` have to reach as far."""
    span = Span(as_of, until)
    return _sorted([*_duties(findings, world, span), *_ending(findings, world, span)])


def _sorted(entries: Iterable[RoadmapEntry]) -> tuple[RoadmapEntry, ...]:
    return tuple(sorted(entries, key=lambda e: (e.day, _ORDER.index(e.kind), e.rule or "", e.what, e.workloads)))


# ---------------------------------------------------------------------------------------------- the law


def _duties(findings: Iterable[Finding], world: Catalog, span: Span) -> Iterator[RoadmapEntry]:
    """One entry for each rule and day on which it begins, with the gravest of its verdicts."""
    together: dict[tuple[str, date], list[Finding]] = {}
    for finding in findings:
        if finding.law_status != "proposal" and world.rules[finding.rule].kind != "classification" and span.holds(finding.applies_from):
            together.setdefault((finding.rule, finding.applies_from), []).append(finding)
    for (rule_id, day), found in together.items():
        rule, first = world.rules[rule_id], found[0]
        status = min((f.status for f in found), key=_WORST.index)
        steps = rule.steps if status != "met" and first.act_by == "customer" else ()
        weeks = max([step.weeks for step in steps], default=0)
        begin = day - timedelta(weeks=weeks) if steps else None
        yield RoadmapEntry(
            day=day, kind="duty", what=rule.title, says=rule.says, rule=rule_id, status=status, citation=first.citation.text,
            workloads=_workloads(found), owners=tuple(dict.fromkeys(step.owner for step in steps)), steps=tuple(step.do for step in steps),
            weeks=weeks, begin_by=begin, late=begin is not None and begin < span.as_of,
        )


def _ending(findings: Iterable[Finding], world: Catalog, span: Span) -> Iterator[RoadmapEntry]:
    """Rules that speak today and end within reach."""
    together: dict[str, list[Finding]] = {}
    for finding in findings:
        ends = world.rules[finding.rule].applies_until
        if ends is not None and span.holds(ends):
            together.setdefault(finding.rule, []).append(finding)
    for rule_id, found in together.items():
        rule = world.rules[rule_id]
        assert rule.applies_until is not None
        yield RoadmapEntry(day=rule.applies_until, kind="duty-ends", what=rule.title, says=rule.says, rule=rule_id,
                           citation=rule.cites.text, workloads=_workloads(found))


def _workloads(found: Sequence[Finding]) -> tuple[str, ...]:
    named = sorted({f.workload for f in found if f.workload is not None})
    return () if any(f.workload is None for f in found) else tuple(named)


def _ready(checklist: Iterable[Step], duties: set[str | None], as_of: date) -> Iterator[RoadmapEntry]:
    """The steps that are not done, by due day and owner; those that a coming duty raises stand with it."""
    together: dict[tuple[date, str], list[Step]] = {}
    for step in checklist:
        if step.status != "done" and not any(rule and f"; {rule}, " in f"; {step.because}" for rule in duties):
            together.setdefault((step.due, step.owner), []).append(step)
    for (day, owner), steps in together.items():
        begin = min((step.start_by for step in steps if step.start_by), default=None)
        named = {w for step in steps for w in step.workloads}
        yield RoadmapEntry(
            day=day, kind="ready", what=owner, owners=(owner,), steps=tuple(dict.fromkeys(step.step for step in steps)),
            workloads=() if any(not step.workloads for step in steps) else tuple(sorted(named)), weeks=max(step.weeks for step in steps),
            begin_by=begin, late=begin is not None and begin < as_of,
        )


# ------------------------------------------------------------------------------------ models and offers


def _models(choices: Sequence[Choice], world: Catalog, span: Span) -> Iterator[RoadmapEntry]:
    """When makers stop recommending and running the plan's models. Weights that are held elsewhere stay."""
    for key in sorted({c.model for c in choices}):
        model: Model = world.models[key]
        named = tuple(sorted({c.workload for c in choices if c.model == key}))
        for kind, figure in (("model-deprecated", model.deprecated), ("model-retires", model.retires)):
            if figure is not None and span.holds(first_day(figure.value)):
                yield RoadmapEntry(day=first_day(figure.value), kind=kind, what=model.name, detail=model.successor, workloads=named)


def _offers(choices: Sequence[Choice], start: date, world: Catalog, span: Span) -> Iterator[RoadmapEntry]:
    """When the plan's offers end, when their terms run out, and when a price that is already published begins."""
    for key in sorted({c.offer for c in choices}):
        offer: Offer = world.offers[key]
        ours = [c for c in choices if c.offer == key]
        named, begins = tuple(sorted({c.workload for c in ours})), add_months(start, min(c.from_month for c in ours))
        if offer.available_until is not None and span.holds(first_day(offer.available_until)):
            yield RoadmapEntry(day=first_day(offer.available_until), kind="offer-ends", what=offer.name, workloads=named)
        if offer.term_months and span.holds(ends := add_months(begins, offer.term_months)) and ends < span.until:
            yield RoadmapEntry(day=ends, kind="term-ends", what=offer.name, workloads=named)
        for price in offer.prices:
            if span.holds(first_day(price.valid_from)):
                yield RoadmapEntry(day=first_day(price.valid_from), kind="price", what=offer.name, workloads=named,
                                   detail=f"{price.amount:f} {price.currency} / {price.unit.value}")


def _waivers(waivers: Iterable[Waiver], span: Span) -> Iterator[RoadmapEntry]:
    for waiver in waivers:
        if span.holds(waiver.expires):
            yield RoadmapEntry(day=waiver.expires, kind="waiver", what=waiver.rule, detail=waiver.owner, owners=(waiver.owner,),
                               workloads=(waiver.workload,) if waiver.workload else ())
