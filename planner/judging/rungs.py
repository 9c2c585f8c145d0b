"""Where one factor of a sovereignty framework stands, by typed facts: the proven, the known and the possible rung.

Bounds carry the three levels. `proven` is the highest rung whose condition holds by facts that were read in their source or
declared by the user; `floor` the highest that holds by all facts, verified or not; `possible` the highest that no fact rules out.
A value that is only the least that law or a scheme gives lifts the floor and rules nothing out. A rung is *known* where all facts
determine it, a least value counting as it stands. Conditions are three-valued and monotone in knowledge, so taking a fact away can
lower `proven` and raise `possible`, and never the reverse.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from planner.domain.base import Basis, FactRecord
from planner.domain.catalog import Factor, SovereigntyFramework
from planner.domain.conditions import Groups, deciding, holds
from planner.quantities import exact

PROVING = frozenset({Basis.SEEN, Basis.DECLARED})


class Known(NamedTuple):
    """A fact's value as far as anybody knows, and the value that is proved (None where nothing proves one).

    `least`: the value is only the least that law or a scheme gives, on an ordered scale; what is possible stays open above it.
    """

    value: Any
    proof: Any
    least: bool = False


FactSet = Mapping[str, Known]


def certain(value: Any) -> Known:
    """A fact that is its own proof: declared by the user, or following from the deployment itself."""
    return Known(value, value)


def fact_set(records: Iterable[FactRecord]) -> dict[str, Known]:
    """Facts by name. Of several records of one fact the last counts (a declared one before all), and the last that proves is proof."""
    facts: dict[str, Known] = {}
    for record in sorted(records, key=lambda r: r.basis is Basis.DECLARED):
        earlier = facts.get(record.fact)
        proof = record.value if record.basis in PROVING else earlier.proof if earlier else None
        facts[record.fact] = Known(record.value, proof, record.at_least)
    return facts


@dataclass(frozen=True, slots=True)
class Standing:
    """Bounds of one factor (rungs count from 1), who holds it there, and the facts that carry or would settle it."""

    proven: int
    floor: int
    possible: int
    party: str
    facts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    to_verify: bool = False
    unproved: tuple[str, ...] = ()  # of the facts that carry it, those that nobody has read in their source
    blocking: tuple[tuple[str, Any], ...] = ()  # facts (with their values) that keep it off the next rung
    capped: int = 0  # the highest rung that no fact rules out where a least value counts as the value; 0: the same as possible

    @property
    def ceiling(self) -> int:
        """The highest rung for what is known: `capped`, or `possible` where no least value counts."""
        return self.capped or self.possible

    @property
    def known(self) -> int | None:
        """The rung that all facts together determine, or None."""
        return self.floor if self.floor == self.ceiling else None

    @property
    def settled(self) -> bool:
        """Whether it is known without any least value: only this counts where a label asks how much is known."""
        return self.floor == self.possible


def standing(factor: Factor, facts: FactSet, groups: Groups, party: str) -> Standing:
    """Where one party, or one deployment, stands on one factor by these facts."""
    everything = {name: fact.value for name, fact in facts.items()}
    exact = {name: fact.value for name, fact in facts.items() if not fact.least}
    proof = {name: fact.proof for name, fact in facts.items() if fact.proof is not None}
    proven, most_by_proof = _bounds(factor, proof, groups)
    floor, capped = _bounds(factor, everything, groups)
    possible = max(capped, _bounds(factor, exact, groups)[1])
    proven = min(proven, floor)  # where a later, unproved record says worse, the worse counts
    carrying: set[str] = set()
    missing: set[str] = set()
    for number, rung in enumerate(factor.rungs, 1):
        if rung.when is None or not floor <= number <= max(possible, floor + 1):
            continue
        carrying |= deciding(rung.when, everything, groups)[0]
        missing |= deciding(rung.when, exact, groups)[1]
    settled_by_proof = (proven, most_by_proof) == (floor, possible)
    unproved = tuple(sorted(name for name in carrying if facts[name].proof != facts[name].value))
    return Standing(
        proven, floor, possible, party, tuple(sorted(carrying)), tuple(sorted(missing)), not settled_by_proof, unproved,
        _blocking(factor, floor, everything, groups), capped,
    )


def _blocking(factor: Factor, rung: int, facts: Mapping[str, Any], groups: Groups) -> tuple[tuple[str, Any], ...]:
    """The facts whose single tests fail in the condition of the rung above."""
    above = factor.rungs[rung].when if rung < len(factor.rungs) else None
    failed = {leaf.fact for leaf in above.leaves() if holds(leaf, facts, groups) is False} if above else set()
    return tuple((name, facts[name]) for name in sorted(name for name in failed if name))


def _bounds(factor: Factor, facts: Mapping[str, Any], groups: Groups) -> tuple[int, int]:
    """The highest rung that holds, and the highest that is not ruled out; the lowest rung needs nothing."""
    held = open_ = 1
    for number, rung in enumerate(factor.rungs, 1):
        truth = True if rung.when is None else holds(rung.when, facts, groups)
        if truth is not False:
            open_ = number
        if truth is True:
            held = number
    return held, open_


def worst(standings: Sequence[Standing]) -> Standing:
    """The worst party counts, bound by bound; who holds the floor down is named, and every open fact that could matter is kept."""
    lowest = min(standings, key=lambda s: (s.floor, s.possible, s.proven))
    possible, ceiling = min(s.possible for s in standings), min(s.ceiling for s in standings)
    open_facts = {name for s in standings if s.floor < possible for name in s.missing}
    return replace(
        lowest, proven=min(s.proven for s in standings), possible=possible, capped=ceiling,
        missing=tuple(sorted(open_facts)) if lowest.floor < possible else (),
        to_verify=any(s.to_verify for s in standings if s.floor == lowest.floor),
    )


class Totals(NamedTuple):
    """SEAL and share of points at one level; None where nothing is known. Percentages are out of 100."""

    objective_seal: dict[str, int | None]
    objective_percent: dict[str, Decimal | None]
    seal: int | None
    score: Decimal | None


def totals(framework: SovereigntyFramework, rung_of: Callable[[str], int | None], weights: str) -> Totals:
    """Add up one level: SEAL = lowest tag of gating factors, score = points over maximum times weight.

    `rung_of` gives a factor's rung (from 1), or None to leave the factor out; weights of objectives with nothing known are left
    out with them. The lowest objective is the overall SEAL.
    """
    seals: dict[str, int | None] = {}
    percents: dict[str, Decimal | None] = {}
    with exact():
        for objective in framework.objectives:
            got = most = Decimal(0)
            tags = []
            for factor in objective.factors:
                rung = rung_of(factor.id)
                if rung is None:
                    continue
                got += factor.rungs[rung - 1].points
                most += factor.rungs[-1].points
                if factor.gating:
                    tags.append(factor.rungs[rung - 1].seal)
            seals[objective.id] = min(tags, default=None)
            percents[objective.id] = got / most * 100 if most else None
        score = weighted(percents, framework.weights[weights])
    return Totals(seals, percents, min((s for s in seals.values() if s is not None), default=None), score)


def weighted(percents: Mapping[str, Decimal | None], weights: Mapping[str, Decimal]) -> Decimal | None:
    """The mean of objectives by weight, over those that are known; None where none is."""
    with exact():
        known = [(percent, weights[key]) for key, percent in percents.items() if percent is not None]
        whole = sum(weight for _, weight in known)
        return sum(percent * weight for percent, weight in known) / whole if whole else None
