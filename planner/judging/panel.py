"""All judges on one deployment: licence, law, sovereignty, quality. One verdict, with what stands in the way in words."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from planner.domain.assessment import Assessment, Workload
from planner.domain.catalog import Catalog, Cure, Model
from planner.judging.compliance import Judge
from planner.judging.deployment import Barrier, Deployment
from planner.judging.licences import judge_licence, licensee_facts, uses_of
from planner.judging.portfolio import SCORE_UNIT
from planner.judging.quality import QualityVerdict, passes_floor
from planner.judging.sovereignty import Scorer
from planner.quantities import add_months


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judges say of one deployment. `barriers` empty: it may be used, on the conditions named."""

    barriers: tuple[Barrier, ...]
    cures: tuple[tuple[str, Cure], ...]  # (rule, what the organisation has to do)
    conditional_on: tuple[str, ...]  # facts nobody has stated that could still close it
    seal_known: int | None
    seal_proven: int
    score: int  # known, in ten-thousandths of a point
    score_strict: int  # proven
    quality_probability: Decimal | None
    quality_pinned: bool
    sources: tuple[str, ...]


class Panel:
    """Judges deployments of one assessment on one day; remembers what it has already judged."""

    def __init__(self, catalog: Catalog, assessment: Assessment, as_of: date):
        self.catalog, self.assessment, self.as_of = catalog, assessment, as_of
        end = add_months(assessment.horizon.start, assessment.horizon.months)
        self.law = Judge(assessment, catalog, as_of, end)
        self.sovereignty = Scorer(assessment, catalog)
        self._quality: dict[tuple[str, str], QualityVerdict | None] = {}
        self._judged: dict[tuple, Judgement] = {}
        self._licence: dict[tuple, tuple[tuple[Barrier, ...], tuple[str, ...]]] = {}

    def quality(self, workload: Workload, model: Model) -> QualityVerdict | None:
        """Whether a model clears a workload's floor; None where it has none."""
        key = (workload.id, model.id)
        if key not in self._quality:
            floor = workload.quality
            self._quality[key] = None if floor is None else passes_floor(
                model.id, workload.reasoning_effort, floor, workload.task, workload.languages, self.catalog
            )
        return self._quality[key]

    def judge(self, deployment: Deployment) -> Judgement:
        """The verdict of all judges. Offers that differ in nothing a judge looks at (size, term, price) share one."""
        d, offer = deployment, deployment.offer
        about = (offer.processing_region, offer.accelerator, offer.server, offer.facts and offer.id) if offer else None
        key = (d.workload and d.workload.id, d.model and d.model.id, d.operator.id, d.mode and d.mode.id, d.site, d.country, about)
        if key not in self._judged:
            self._judged[key] = self._judge(deployment)
        return self._judged[key]

    def _judge(self, deployment: Deployment) -> Judgement:
        workload, model = deployment.workload, deployment.model
        assert workload is not None and model is not None
        licence_barriers, licence_open = self._licensed(deployment)
        law = self.law.judge(deployment)
        score = self.sovereignty.light(deployment)
        seal_barriers, seal_open = self._sovereign(deployment, workload, score.score_known, score.score_proven)
        quality = self.quality(workload, model)
        starts = {v.rule.id: v.applies_from for v in law.verdicts}
        barriers = [*licence_barriers, *(Barrier(rule, because, begins=starts[rule]) for rule, because in law.blocked_by), *seal_barriers]
        return Judgement(
            barriers=tuple(barriers), cures=tuple(law.cures), conditional_on=tuple(sorted({*law.conditional_on, *licence_open, *seal_open})),
            seal_known=score.seal_known, seal_proven=score.seal_proven, score=_units(score.score_known), score_strict=_units(score.score_proven),
            quality_probability=quality.probability if quality else None, quality_pinned=bool(quality and quality.pinned),
            sources=tuple(sorted({model.licence.source, *(quality.sources if quality else ())})),
        )

    def _licensed(self, d: Deployment) -> tuple[tuple[Barrier, ...], tuple[str, ...]]:
        """Whether the licence of the weights allows what the deployment does with them."""
        assert d.licence is not None and d.workload is not None and d.mode is not None
        facts = licensee_facts(self.assessment, d, self.catalog, self.as_of)
        uses = uses_of(d, self.assessment)
        key = (d.licence.id, tuple(uses), tuple(sorted((k, str(v)) for k, v in facts.items())))
        if key not in self._licence:
            verdicts = judge_licence(d.licence, facts, uses, self.catalog.country_groups)
            closed = tuple(Barrier(f"licence-{d.licence.id}"[:64], v.because) for v in verdicts if v.verdict in ("forbidden", "needs-licence"))
            unknown = tuple(sorted({fact for v in verdicts if v.verdict == "cannot-tell" for fact in v.unknown}))
            self._licence[key] = (closed, unknown)
        return self._licence[key]

    def _sovereign(self, d: Deployment, workload: Workload, known: Decimal | None, proven: Decimal) -> tuple[list[Barrier], set[str]]:
        """Whether the deployment reaches the minimum SEAL and score; what has to be stated for it to be sure."""
        wanted, barriers, unknown = self.assessment.constraints.sovereignty, [], set[str]()
        for least, demand in ((wanted.min_seal, "portfolio-seal"), (workload.min_seal, f"seal:{workload.id}")):
            if least is None:
                continue
            reached, open_facts = self.sovereignty.meets(d, least, wanted.basis)
            if reached is False:
                barriers.append(Barrier("seal-too-low", f"it does not reach SEAL-{least}", demand))
            elif reached is None:
                unknown |= set(open_facts)
        if workload.min_score is not None:
            reached_score = proven if wanted.basis == "strict" else known
            if reached_score is None or reached_score < workload.min_score:
                barriers.append(Barrier("score-too-low", f"its sovereignty score does not reach {workload.min_score}", f"score:{workload.id}"))
        return barriers, unknown


def _units(score: Decimal | None) -> int:
    return 0 if score is None else int(score * SCORE_UNIT)


