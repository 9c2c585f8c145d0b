"""The paradox page: what a service achieves, what it still depends on, how that is cut, and the cheapest step to take next."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from planner.domain.catalog import Factor, SovereigntyFramework
from planner.domain.paradox import Cut, Leave, ParadoxPage
from planner.domain.report import Dependency, FactorVerdict, Scorecard
from planner.judging.rungs import totals
from planner.judging.scorecards import points_between
from planner.quantities import exact

_FINE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Change:
    """What a new plan would have to respect for a cut to be made: this factor at this SEAL or above, without this party in it."""

    factor: str
    min_seal: int | None
    without_party: str


@dataclass(frozen=True, slots=True)
class Left:
    """A plan without a party: what it costs more by the month (below 0: less), and its known score out of 100 and SEAL, if any."""

    cost_eur_per_month: Decimal
    score: Decimal | None = None
    seal: int | None = None


Resolve = Callable[[Change], Left | None]
"""Plans again under a change; None where no plan exists or none can be made."""


def page_of(card: Scorecard, framework: SovereigntyFramework, resolve: Resolve | None = None) -> ParadoxPage:
    """The page of a scorecard that was made by this framework.

    Each cut is weighed alone, everything else as known today: what it does to the overall SEAL, and to the score in points. A plan of
    several workloads is weighed by its worst part, so its points are the most a cut can bring. With `resolve` every cut that has to
    leave a party carries the difference of the bill, and what leaving each party does to the whole is told once. KeyError for a factor
    that the framework does not hold.
    """
    factors = {f.id: f for o in framework.objectives for f in o.factors}
    verdicts = {v.factor: v for v in card.factors}
    rungs = {key: v.rung_known for key, v in verdicts.items()}
    now = totals(framework, rungs.get, framework.default_weights).seal
    cuts = tuple(_cut(d, factors[d.factor], verdicts[d.factor], framework, rungs, resolve) for d in card.remaining)
    return ParadoxPage(
        subject=card.subject, seal=card.overall.seal, rating_out_of_10=card.overall.rating_out_of_10,
        rating_range=card.overall.rating_range, label=card.overall.label, achieved=card.achieved, remaining=cuts,
        holding=tuple(f"{c.factor} {c.name}" for c in cuts if c.seal is not None and c.seal == now),
        unknown=card.unknown, confirm_first=card.next_step if card.next_step and card.next_step.cost_eur == 0 else None,
        next_cut=_cheapest(cuts, now or 0), leaves=_leaves(card, cuts, factors, framework.default_weights, resolve),
    )


def _leaves(
    card: Scorecard, cuts: tuple[Cut, ...], factors: Mapping[str, Factor], weights: str, resolve: Resolve | None,
) -> tuple[Leave, ...]:
    """Leaving each party that only a new plan can cut, by what a point then costs; those that bring no point come last."""
    if resolve is None:
        return ()
    found = {}
    for cut in cuts:
        left = resolve(Change(cut.factor, cut.seal_after, cut.party)) if factors[cut.factor].cure is None else None
        if left is not None and cut.party not in found:
            found[cut.party] = _leave(cut.party, left, card.overall.score[weights], card.overall.seal.known)

    def rank(leave: Leave) -> tuple[bool, Decimal, str]:
        with exact():
            gains = leave.points is not None and leave.points > 0
            return not gains, leave.cost_eur_per_month / (leave.points or 1) if gains else leave.cost_eur_per_month, leave.party

    return tuple(sorted(found.values(), key=rank))


def _leave(party: str, left: Left, score: Decimal | None, seal: int | None) -> Leave:
    with exact():
        points = None if left.score is None or score is None else (left.score - score).quantize(_FINE)
    return Leave(party=party, cost_eur_per_month=left.cost_eur_per_month, points=points, seal=seal, seal_after=left.seal)


def _cut(
    d: Dependency, factor: Factor, verdict: FactorVerdict, framework: SovereigntyFramework, rungs: Mapping[str, int | None],
    resolve: Resolve | None,
) -> Cut:
    here = verdict.rung_known or verdict.rung_proven
    target = _next_that_counts(factor, here)
    after = totals(framework, {**rungs, factor.id: target}.get, framework.default_weights)
    reached = factor.rungs[target - 1].seal if factor.gating else None
    left = resolve(Change(factor.id, reached, d.party)) if resolve and factor.cure is None else None
    cure = factor.cure
    return Cut(
        factor=factor.id, name=factor.name, party=d.party, cause=d.cause, cut_by=d.cut_by, to_verify=verdict.to_verify, seal=d.seal,
        seal_after=reached, overall_seal_after=after.seal or 0, points=points_between(framework, factor, here, target).quantize(_FINE),
        cost_eur=cure.cost_eur if cure else None, cost_estimate=bool(cure and cure.estimate), weeks=cure.weeks if cure else None,
        cost_eur_per_month=left.cost_eur_per_month if left else None,
    )


def _next_that_counts(factor: Factor, rung: int) -> int:
    """The lowest rung above that carries a higher SEAL; the next one where none does, or where the factor only ranks."""
    better = (n for n in range(rung + 1, len(factor.rungs) + 1) if factor.rungs[n - 1].seal > factor.rungs[rung - 1].seal)
    return next(better, rung + 1) if factor.gating else rung + 1


def _cheapest(cuts: tuple[Cut, ...], seal: int) -> Cut | None:
    """Of the cuts with a price: one that raises the SEAL by itself, else one that helps hold it down, else the least paid for a point."""
    priced = [c for c in cuts if c.cost_eur is not None and c.points > 0]

    def rank(cut: Cut) -> tuple[bool, bool, Decimal, str]:
        with exact():
            return cut.overall_seal_after <= seal, cut.seal != seal, (cut.cost_eur or Decimal(0)) / cut.points, cut.factor

    return min(priced, key=rank, default=None)
