"""What a report annexes to its plan: the market on its day, what the plan still depends on, and who holds its supply chains."""
from __future__ import annotations

from datetime import date

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog
from planner.domain.market import Annexes, Axis, Position, Timeline
from planner.domain.paradox import Chain
from planner.domain.plan import Plan
from planner.domain.report import Scorecard
from planner.judging.chain import chain_of
from planner.judging.deployment import OWN, deployment_of
from planner.judging.lenses import lens_readings
from planner.judging.paradox import page_of
from planner.judging.sovereignty import DEFAULT_FRAMEWORK
from planner.landscape.ladder import ladders
from planner.landscape.portfolio import matrix
from planner.landscape.position import default_weights, positions
from planner.landscape.timeline import timeline
from planner.landscape.void import find_void
from planner.planning.efficiency import panels_of

MOST_VENDORS, MOST_MOMENTS, MOST_LADDERS, MOST_CHAINS = 40, 120, 12, 24


def annexes_of(plan: Plan, scorecard: Scorecard, assessment: Assessment, world: Catalog, as_of: date) -> Annexes:
    """The annexes of a plan. The market is drawn whole, up to its bounds; tracks and ladders are those of the plan's makers and operators."""
    parties = tuple(sorted({p for c in plan.choices for p in (world.models[c.model].maker, c.operator)} & world.parties.keys() - {OWN}))
    line = timeline(world, as_of, parties)
    known = tuple(row for row in ladders(world, as_of, parties) if row.steps) if parties else ()
    places = positions(world, as_of, default_weights(world))[:MOST_VENDORS] if world.models and world.frameworks else ()
    return Annexes(
        portfolios=matrix(world, as_of)[:MOST_VENDORS], positions=tuple(map(_without_evidence, places)), void=find_void(places) if places else None,
        timeline=Timeline(moments=line.moments[-MOST_MOMENTS:], years=line.years, undated=line.undated) if parties else None,
        moments_left_out=max(0, len(line.moments) - MOST_MOMENTS) if parties else 0, ladders=known[:MOST_LADDERS],
        paradox=page_of(scorecard, world.frameworks[DEFAULT_FRAMEWORK]), chains=_chains(plan, assessment, world)[:MOST_CHAINS],
        lenses=tuple(r for key in sorted({c.operator for c in plan.choices} - {OWN}) for r in lens_readings(world.parties[key], world)),
        efficiency=panels_of(plan, assessment, world, as_of),
    )


def _without_evidence(place: Position) -> Position:
    def bare(axis: Axis) -> Axis:
        return axis.model_copy(update={"parts": tuple(part.model_copy(update={"evidence": ()}) for part in axis.parts)})

    return place.model_copy(update={"openness": bare(place.openness), "fit": bare(place.fit)})


def _chains(plan: Plan, assessment: Assessment, world: Catalog) -> tuple[Chain, ...]:
    """One chain for every distinct way of running, under the workloads that run so."""
    ways: dict[tuple[str, str, str | None], list[str]] = {}
    for choice in plan.choices:
        ways.setdefault((choice.model, choice.offer, choice.site), []).append(choice.workload)
    names = {w.id: w.name for w in assessment.workloads}
    made = []
    for (model, offer, site), workloads in ways.items():
        subject = f"{', '.join(names[w] for w in dict.fromkeys(workloads))}: {world.models[model].name}, {world.offers[offer].name}"
        made.append(chain_of(deployment_of(world, None, world.models[model], world.offers[offer], site), world, None, subject))
    return tuple(made)
