"""How sovereign a deployment is: SEAL and score at three levels, cheap enough to ask of every option.

`Scorer.light` answers for the optimiser, `Scorer.meets` says whether a minimum holds and on which open facts it would turn,
and the scorecards say the same in full. Everything is remembered by what it depends on.
"""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from planner.domain.assessment import Assessment, Workload
from planner.domain.catalog import Catalog, Factor, Party, SovereigntyFramework
from planner.domain.conditions import Truth
from planner.domain.report import Scorecard
from planner.judging.deployment import Deployment
from planner.judging.rungs import FactSet, Known, Standing, standing, totals, worst
from planner.judging.scorecards import Part, scorecard_of
from planner.judging.subject import Facts, Role, Subject

DEFAULT_FRAMEWORK = "eu-csf-calculator"
_PLACES = Decimal("0.0001")


class LightScore(NamedTuple):
    """SEAL (0 to 4) and score (out of 100, to 0.0001) at three levels; None where nothing is known.

    `unknown_gating` names the facts on which the SEAL may still turn; `coverage` is the share of factors that are known without any least value.
    """

    seal_proven: int
    seal_known: int | None
    seal_possible: int
    score_proven: Decimal
    score_known: Decimal | None
    score_possible: Decimal
    unknown_gating: tuple[str, ...]
    coverage: Decimal


class Scorer:
    """Judges deployments and parties by one framework of the catalog, with the assessment's declared facts.

    Raises KeyError where the catalog has no such framework.
    """

    def __init__(self, assessment: Assessment | None, catalog: Catalog, framework_id: str = DEFAULT_FRAMEWORK):
        self.framework: SovereigntyFramework = catalog.frameworks[framework_id]
        self._catalog = catalog
        self._facts = Facts(assessment, catalog, self.framework)
        self._factors = [factor for objective in self.framework.objectives for factor in objective.factors]
        self._reads = {f.id: tuple(sorted({n for r in f.rungs if r.when for n in r.when.fact_names()})) for f in self._factors}
        self._by_facts: dict[tuple, Standing] = {}
        self._by_deployment: dict[tuple, tuple[Standing, ...]] = {}
        self._light: dict[tuple, LightScore] = {}
        self._meets: dict[tuple, tuple[Truth, tuple[str, ...]]] = {}
        self._workload_facts: dict[int, tuple[Workload, frozenset]] = {}

    def light(self, deployment: Deployment) -> LightScore:
        """SEAL and score of one deployment at the three levels, by the framework's default weights."""
        key = self._key(deployment)
        found = self._light.get(key)
        if found is None:
            found = self._light[key] = self._light_of(self._standings(key, deployment))
        return found

    def meets(self, deployment: Deployment, min_seal: int, basis: Literal["known", "strict"] = "known") -> tuple[Truth, tuple[str, ...]]:
        """Whether a deployment reaches a SEAL, and the open facts on which that turns.

        `known`: True if all facts carry it, False if some fact rules it out, None (with the facts to find out) otherwise.
        `strict`: True if proven, else False, with the facts that would have to be found out or confirmed.
        """
        key = (self._key(deployment), min_seal, basis)
        found = self._meets.get(key)
        if found is None:
            found = self._meets[key] = self._meets_of(self._standings(key[0], deployment), min_seal, basis)
        return found

    def scorecard(self, deployment: Deployment, subject: str) -> Scorecard:
        """One deployment's scorecard in full."""
        return self.plan_scorecard([("", deployment, Decimal(1))], subject)

    def plan_scorecard(self, parts: Sequence[tuple[str, Deployment, Decimal]], subject: str) -> Scorecard:
        """A plan's scorecard: the worst SEAL over its parts (workload id, deployment, weight), the score by weight."""
        judged = [Part(name, weight, self._standings(self._key(d), d)) for name, d, weight in parts]
        return scorecard_of(self.framework, judged, subject, self._catalog)

    def party_scorecard(self, party: Party) -> Scorecard:
        """An operator or vendor by itself: no model, the service as it runs it, from the EEA where it has no site elsewhere."""
        home = sorted({site.country for site in party.sites})
        eea = self._catalog.country_groups.get("eea", frozenset())
        return self.scorecard(alone(party, home[0] if home and eea.issuperset(home) else None), party.name)

    # ------------------------------------------------------------------------------------------ the work

    def _key(self, d: Deployment) -> tuple:
        """What a judgement depends on, as one hashable."""
        offer = d.offer
        bought = (offer.accelerator, offer.processing_region, offer.id if offer.facts else None) if offer else None
        return (
            d.operator.id, d.vendor.id if d.vendor else None, d.licence.id if d.licence else None, d.mode.id if d.mode else None,
            d.site, d.site_owner.id if d.site_owner else None, d.country, d.model is None, bought, self._declared(d.workload),
        )

    def _declared(self, workload: Workload | None) -> frozenset:
        if workload is None or not workload.facts:
            return frozenset()
        found = self._workload_facts.get(id(workload))
        if found is None or found[0] is not workload:
            own = frozenset((n, v) for n, v in workload.facts.items() if n.startswith("sov."))
            found = self._workload_facts[id(workload)] = (workload, own)
        return found[1]

    def _standings(self, key: tuple, deployment: Deployment) -> tuple[Standing, ...]:
        found = self._by_deployment.get(key)
        if found is None:
            subject = self._facts.subject(deployment)
            found = self._by_deployment[key] = tuple(self._standing(factor, subject) for factor in self._factors)
        return found

    def _standing(self, factor: Factor, subject: Subject) -> Standing:
        roles = [role for name in factor.parties for role in subject.roles[name]]
        if factor.subject == "deployment":
            roles = roles[:1]
        judged = [(role, self._of_role(factor, role, subject.facts)) for role in roles]
        return _combined(judged)

    def _of_role(self, factor: Factor, role: Role, deployment_facts: FactSet) -> Standing:
        found: dict[str, Known] = {}
        for name in self._reads[factor.id]:
            fact = role.facts.get(name) or deployment_facts.get(name)
            if fact is not None:
                found[name] = fact
        key = (factor.id, role.party, tuple(found.items()))
        seen = self._by_facts.get(key)
        if seen is None:
            seen = self._by_facts[key] = standing(factor, found, self._catalog.country_groups, role.party)
        return seen

    def _light_of(self, standings: Sequence[Standing]) -> LightScore:
        by_id = dict(zip((f.id for f in self._factors), standings, strict=True))
        weights = self.framework.default_weights
        proven = totals(self.framework, lambda f: by_id[f].proven, weights)
        known = totals(self.framework, lambda f: by_id[f].known, weights)
        possible = totals(self.framework, lambda f: by_id[f].possible, weights)
        gating = [(f, s) for f, s in zip(self._factors, standings, strict=True) if f.gating]
        open_facts = {n for f, s in gating if self._tag(f, s.floor) < self._tag(f, s.possible) for n in s.missing}
        coverage = Decimal(sum(s.settled for s in standings)) / len(standings)
        return LightScore(
            proven.seal or 0, None if known.seal is None else min(known.seal, possible.seal or 0), possible.seal or 0,
            (proven.score or Decimal(0)).quantize(_PLACES), None if known.score is None else known.score.quantize(_PLACES),
            (possible.score or Decimal(0)).quantize(_PLACES), tuple(sorted(open_facts)), coverage.quantize(_PLACES),
        )

    def _meets_of(self, standings: Sequence[Standing], min_seal: int, basis: str) -> tuple[Truth, tuple[str, ...]]:
        gating = [(f, s) for f, s in zip(self._factors, standings, strict=True) if f.gating]
        if any(self._tag(f, s.possible) < min_seal for f, s in gating):
            return False, ()
        short = [s for f, s in gating if self._tag(f, s.proven if basis == "strict" else s.floor) < min_seal]
        if not short:
            return True, ()
        open_facts = {name for s in short for name in s.missing + (s.unproved if basis == "strict" else ())}
        return (False if basis == "strict" else None), tuple(sorted(open_facts))

    @staticmethod
    def _tag(factor: Factor, rung: int) -> int:
        return factor.rungs[rung - 1].seal


def alone(party: Party, country: str | None = None) -> Deployment:
    """A party judged by itself: no model, no mode, and a country only where all its sites leave no doubt."""
    return Deployment(workload=None, model=None, licence=None, vendor=None, mode=None, operator=party, site=None, site_owner=None,
                      country=country, offer=None)


def _combined(judged: Sequence[tuple[Role, Standing]]) -> Standing:
    """The worst party at each level, among those that count there."""
    if all(r.counts_for_proof and r.counts_for_floor and r.counts_for_possible for r, _ in judged):
        return judged[0][1] if len(judged) == 1 else worst([s for _, s in judged])
    for_proof = worst([s for r, s in judged if r.counts_for_proof])
    for_floor = [s for r, s in judged if r.counts_for_floor] or [s for _, s in judged]
    for_possible = [s for r, s in judged if r.counts_for_possible]
    floor = worst(for_floor)
    possible = min((s.possible for s in for_possible), default=floor.possible)
    ceiling = min((s.ceiling for s in for_possible), default=floor.ceiling)
    open_terms = any(r.counts_for_floor and not r.counts_for_possible for r, _ in judged) and floor.floor < possible
    missing = {*floor.missing, *(n for s in for_possible if s.floor < possible for n in s.missing)}
    if open_terms:
        missing.add("sov.weights")
    return Standing(for_proof.proven, floor.floor, max(possible, floor.floor), floor.party, floor.facts, tuple(sorted(missing)),
                    floor.to_verify or for_proof.proven != floor.floor, floor.unproved, floor.blocking, max(ceiling, floor.floor))
