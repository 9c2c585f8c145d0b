"""From Catalog and Assessment to Options: walk every part of a workload × model × offer × site × precision × degree of parallelism."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING

from planner.domain.assessment import Assessment, Workload
from planner.domain.catalog import SERVICES, Catalog, Licence, Model, Offer, OfferKind, Site, WorkUnit
from planner.judging.deployment import Barrier, Deployment, deployment_of
from planner.judging.panel import Judgement, Panel
from planner.options.carbon import MeteredCarbon
from planner.options.exclusions import Ledger
from planner.options.gates import closed_in, kind_barrier, model_barriers, offer_barriers
from planner.options.leaving import Leaving
from planner.options.machines import machines
from planner.options.minimums import Minimum
from planner.options.option import Lines, NodeKind, Option, Options, PoolKind, SharedKind
from planner.options.pricing import Pricer
from planner.options.subscriptions import Subscriptions
from planner.quantities import exact
from planner.sizing.capacities import capacity_for
from planner.sizing.constants import constants_from
from planner.sizing.demand import Part, Volumes, parts_of, volumes
from planner.sizing.replica import Capacity, Goals, Replica

PRECISIONS = ("bf16", "fp8", "fp4", "mxfp4", "int4")
NATIVE = ("bf16", "fp8")  # what every engine serves from BF16 weights, where the maker publishes nothing else


def enumerate_options(
    catalog: Catalog, assessment: Assessment, as_of: date, lifted: frozenset[str] = frozenset(), only: frozenset[str] | None = None,
    affordable_cents: int | None = None,
) -> Options:
    """Every way that is open, and for each that is not, the reason.

    `catalog` is the one laid over by the assessment. Ways that fail nothing but `lifted` wishes stay in, each with the wishes it
    breaks, so that a conflict can be looked for; `only` looks at some workloads alone, and machines dearer than
    `affordable_cents` apiece are left out.
    """
    return _Enumeration(catalog, assessment, as_of, lifted, affordable_cents).run(only)


class _Enumeration:
    def __init__(self, catalog: Catalog, assessment: Assessment, as_of: date, lifted: frozenset[str], affordable_cents: int | None):
        self.catalog, self.assessment, self.lifted = catalog, assessment, lifted
        self.pricer = Pricer(catalog, assessment, as_of)
        self.subscriptions = Subscriptions(self.pricer)
        self.panel = Panel(catalog, assessment, as_of)
        self.carbon = MeteredCarbon(catalog)
        self.constants = constants_from(catalog.sizing)
        self.ledger = Ledger()
        self.nodes: dict[str, NodeKind] = {}
        self.pools: dict[str, PoolKind] = {}
        self.shared: dict[str, SharedKind] = {}
        self.minimums: dict[str, Minimum] = {}
        self.capacities: dict[tuple, Capacity] = {}
        self.metered: dict[str, list[Offer]] = {}
        for offer in (catalog.offers[key] for key in sorted(catalog.offers)):
            if offer.kind in SERVICES and offer.model:
                self.metered.setdefault(offer.model, []).append(offer)
        kept, self.dearer_terms = machines(catalog, self.pricer)
        self.machines = [m for m in kept if affordable_cents is None or m[2].cents <= affordable_cents]

    def run(self, only: frozenset[str] | None) -> Options:
        found: dict[str, tuple[Option, ...]] = {}
        asked: dict[tuple[str, WorkUnit], Volumes] = {}
        horizon = self.assessment.horizon
        parts = [(w, part) for w in self.assessment.workloads if only is None or w.id in only for part in parts_of(w, horizon)]
        for workload, part in parts:
            options = []
            for model in (self.catalog.models[key] for key in sorted(self.catalog.models)):
                if barrier := kind_barrier(workload, model):
                    self.ledger.rule_out(workload.id, model.id, barrier)
                    continue
                if (part.id, model.unit) not in asked:
                    asked[part.id, model.unit] = volumes(workload, horizon, self.catalog.assumptions, model.unit, part)
                options += self._ways(workload, part, model, asked[part.id, model.unit])
            found[part.id] = tuple(options)
        return Options(
            workloads=self.assessment.workloads, periods=self.pricer.periods, parts=tuple(part for _, part in parts), volumes=asked, open=found,
            pools=self.pools, nodes=self.nodes, shared=self.shared, excluded=self.ledger.lines(), dearer_terms=self.dearer_terms,
            moving=self.pricer.moving(), standing_by=self.pricer.standing_by(),
            capital_per_year=self.pricer.number("cost-of-capital-per-year"), leaving=Leaving(self.pricer).lines,
            minimums={key: self.minimums[key] for key in sorted(self.minimums)}, carbon_counts=self.assessment.counts_carbon,
        )

    # ----------------------------------------------------------------------------------- one model

    def _ways(self, workload: Workload, part: Part, model: Model, v: Volumes) -> Iterator[Option]:
        quality = self.panel.quality(workload, model)
        barriers = list(model_barriers(workload, model, v, quality, self.assessment))
        violated = self._violated(workload, model.id, barriers)
        if violated is None:
            return
        licence = self.catalog.licences[model.licence.value]
        for offer in self.metered.get(model.id, ()):
            for site in self._sites(offer):
                yield from self._metered(workload, part, model, licence, offer, site, v, violated)
        if licence.weights_available and model.kind in (workload.model_kind, "code"):
            yield from self._hosted(workload, part, model, licence, v, violated)

    def _sites(self, offer: Offer) -> tuple[Site | None, ...]:
        return tuple(self.catalog.sites[s][0] for s in offer.sites) or (None,)

    def _judged(
        self, workload: Workload, model: Model, licence: Licence, offer: Offer, site: Site | None, violated: frozenset[str]
    ) -> tuple[Deployment, Judgement, tuple[bool, ...], frozenset[str]] | None:
        """The deployment, what the judges say of it, when it is open, and the wishes it breaks; None where what cannot be lifted rules it out."""
        label = f"{model.id}@{offer.id}" + (f"/{site.id}" if site else "")
        more = self._violated(workload, label, list(offer_barriers(workload, model, offer, site, self.assessment, self.catalog)))
        if more is None:
            return None
        deployment = deployment_of(self.catalog, workload, model, offer, site.id if site else None)
        judgement = self.panel.judge(deployment)
        starts = [b.begins for b in judgement.barriers if b.begins]
        opens = tuple(
            next(closed_in(model, offer, site, p), None) is None and all(day >= p.end for day in starts) for p in self.pricer.periods
        )
        wishes = self._violated(workload, label, [b for b in judgement.barriers if b.begins is None or not any(opens)])
        return None if wishes is None else (deployment, judgement, opens, violated | more | wishes)

    def _carbon(self, least_kg: int | None) -> list[Barrier]:
        """What closes a way where carbon counts: it is not known, or more than is allowed at the very least. Unknown is never read as none."""
        cap = self.assessment.constraints.max_carbon_kg
        if least_kg is None and self.assessment.counts_carbon:
            return [Barrier("carbon-not-known", "its carbon is not known, and the assessment counts carbon", "carbon")]
        if least_kg is not None and cap is not None and least_kg > cap:
            return [Barrier("carbon-over-the-limit", "by itself it emits more than the assessment allows", "carbon")]
        return []

    def _violated(self, workload: Workload, label: str, barriers: list[Barrier]) -> frozenset[str] | None:
        """The wishes that stand in the way (lifted), or None after writing down the first reason that rules the way out."""
        for barrier in barriers:
            if barrier.demand not in self.lifted:
                self.ledger.rule_out(workload.id, label, barrier)
                return None
        return frozenset(b.demand for b in barriers if b.demand)

    # ----------------------------------------------------------------------------- run by their operator

    def _metered(
        self, workload: Workload, part: Part, model: Model, licence: Licence, offer: Offer, site: Site | None, v: Volumes, violated: frozenset[str]
    ) -> Iterator[Option]:
        kilos = self._metered_kilos(model, offer, site, v)
        dark = self._violated(workload, f"{model.id}@{offer.id}", self._carbon(None if kilos is None else min(kilos)))
        judged = None if dark is None else self._judged(workload, model, licence, offer, site, violated | dark)
        if judged is None:
            return
        deployment, judgement, opens, wishes = judged
        key = f"{model.id}@{offer.id}" + (f"/{site.id}" if site else "")
        priced, reason = self._priced(workload, part, offer, v)
        opens = tuple(was and lines is not None for was, lines in zip(opens, priced, strict=True))
        if not any(opens):
            self.ledger.rule_out(workload.id, key, Barrier("no-price", reason))
            return
        lines = tuple(x or () for x in priced)
        spans = offer.kind is not OfferKind.TOKENS and self.subscriptions.spans(offer)
        option = self._option(key, workload, part, deployment, judgement, ((),) * len(opens) if spans else lines, opens, wishes)
        if spans:
            ticket = self._share(f"held:{offer.id}:{workload.id}", lambda key: self.subscriptions.held(key, offer, lines))
            option = replace(option, shared=tuple(sorted((*option.shared, ticket))))
        if offer.minimum_eur_per_month:
            self.minimums[offer.id] = Minimum(offer, self.pricer.months)
        source = None if kilos is None else self.carbon.source(model, offer, site.country if site else None)
        yield replace(option, carbon_kg=kilos, carbon_source=source)

    def _priced(self, workload: Workload, part: Part, offer: Offer, v: Volumes) -> tuple[list[Lines | None], str]:
        """What an offer costs in each period, None where it has no price then; and why it has none anywhere."""
        periods = self.pricer.periods
        if offer.kind is OfferKind.TOKENS:
            reason = "it has no price on the planning day for what the workload needs"
            return [self.pricer.metered(offer, v, workload.demand.batch, p) for p in periods], reason
        closed = self.subscriptions.closed(offer, workload, part, v)
        priced = [None if closed else self.subscriptions.lines(offer, workload, v, p) for p in periods]
        if self.subscriptions.spans(offer) and None in priced:  # begun before there is a price, it would be free
            priced = [None] * len(periods)
        return priced, closed or "it has no price on the planning day"

    def _metered_kilos(self, model: Model, offer: Offer, site: Site | None, v: Volumes) -> tuple[int, ...] | None:
        """What one equal part emits in each period, where the assessment counts carbon and the estimate knows it."""
        if not self.assessment.counts_carbon:
            return None
        kilos = [self.carbon.kilos(model, offer, site.country if site else None, v, p) for p in self.pricer.periods]
        known = tuple(k for k in kilos if k is not None)
        return known if len(known) == len(kilos) else None

    # -------------------------------------------------------------------------------- hosted weights

    def _hosted(self, workload: Workload, part: Part, model: Model, licence: Licence, v: Volumes, violated: frozenset[str]) -> Iterator[Option]:
        if model.unit is WorkUnit.TOKENS and (model.architecture is None or model.parameters_total_b is None):
            barrier = Barrier("cannot-be-sized", "its architecture is not published, so no hardware can be sized for it")
            self.ledger.rule_out(workload.id, model.id, barrier)
            return
        precisions = [p for p in PRECISIONS if p in model.published_precisions] or list(NATIVE)
        peaks = [v.busiest(p.first, p.until) for p in self.pricer.periods]
        for offer, site, node in self.machines:
            if offer.models_allowed and model.id not in offer.models_allowed:
                barrier = Barrier("not-on-this-service", "the service does not run this maker's models")
                self.ledger.rule_out(workload.id, f"{model.id}@{offer.id}", barrier)
                continue
            dark = self._violated(workload, f"{model.id}@{offer.id}", self._carbon(node.least_kg))
            if dark is None:
                continue
            sizes = [size for precision in precisions for size in self._fitting(workload, model, node, precision, v)]
            judged = self._judged(workload, model, licence, offer, site, violated | dark) if sizes else None
            if judged is None:
                continue
            deployment, judgement, opens, wishes = judged
            for pool, size, broken in sizes:
                self.pools.setdefault(pool.key, pool)
                self.nodes.setdefault(node.key, node)
                key = pool.key + (" without its service goals" if broken else "")
                with exact():
                    filled = ((peak * 1000 / size.requests_per_hour).to_integral_value(rounding=ROUND_CEILING) for peak in peaks)
                    loads = tuple(max(int(load), 1) for load in filled)
                lines = ((),) * len(opens)
                yield self._option(key, workload, part, deployment, judgement, lines, opens, wishes | broken, pool.key, loads, size)

    def _fitting(
        self, workload: Workload, model: Model, node: NodeKind, precision: str, v: Volumes
    ) -> Iterator[tuple[PoolKind, Capacity, frozenset[str]]]:
        """The two smallest degrees of parallelism that fit the machine and carry the workload, and those that the organisation measured.

        Where none does, the reason is noted.
        """
        reason, fitting = "it does not fit one machine", 0
        stated = {m.tensor_parallel for m in self.assessment.measured if m.model in (model.id, *model.aliases)}
        for degree in sorted({1, 2, 4, 8, 16} | stated):
            if degree > node.accelerators or fitting >= 2 and degree not in stated:
                continue
            sizes = self._capacities(workload, model, node.accelerator, precision, degree, v)
            usable = [(size, broken) for size, broken in sizes if size.fits and size.requests_per_hour]
            fitting += bool(usable)
            reason = reason if usable else sizes[0][0].because or reason
            for size, broken in usable:
                yield PoolKind(f"{model.id}/{precision}/tp{degree}@{node.key}", model.id, precision, degree, node.key), size, broken
        if not fitting:
            self.ledger.rule_out(workload.id, f"{model.id}/{precision}@{node.accelerator}", Barrier("does-not-fit", reason))

    def _capacities(
        self, workload: Workload, model: Model, accelerator: str, precision: str, degree: int, v: Volumes
    ) -> list[tuple[Capacity, frozenset[str]]]:
        """What a replica can do within the service goals and, with wishes lifted, what it can do without them."""
        service = workload.service
        goals = Goals(service.time_to_first_token_ms, float(service.tokens_per_second) if service.tokens_per_second else None)
        sizes = [(self._cached_capacity(model, accelerator, precision, degree, v, goals), frozenset[str]())]
        if f"service:{workload.id}" in self.lifted and goals != Goals(None, None):
            free = self._cached_capacity(model, accelerator, precision, degree, v, Goals(None, None))
            sizes.append((free, frozenset({f"service:{workload.id}"})))
        return sizes

    def _cached_capacity(self, model: Model, accelerator: str, precision: str, degree: int, v: Volumes, goals: Goals) -> Capacity:
        shape = (v.input_tokens, v.output_tokens, v.cached_share, v.pages, v.audio_minutes)
        key = (model.id, accelerator, precision, degree, shape, goals)
        if key not in self.capacities:
            replica = Replica(model, self.catalog.accelerators[accelerator], precision, degree)
            measured, published = self.assessment.measured, self.catalog.published_rates.values()
            self.capacities[key] = capacity_for(replica, v, goals, self.constants, measured, published)
        return self.capacities[key]

    # ---------------------------------------------------------------------------------- one option

    def _option(
        self, key: str, workload: Workload, part: Part, deployment: Deployment, judgement: Judgement, lines: tuple[Lines, ...],
        opens: tuple[bool, ...], violated: frozenset[str], pool: str | None = None, loads: tuple[int, ...] = (), size: Capacity | None = None,
    ) -> Option:
        model, mode, operator = deployment.model, deployment.mode, deployment.operator
        assert model is not None and mode is not None
        ticket = f"operator:{operator.id}:{mode.id}"
        shared = [
            self._share(ticket, lambda key: self.pricer.operator_set_up(key, operator, mode.id)),
            self._share(f"running:{operator.id}:{mode.id}", lambda key: self.pricer.operator_running(key, ticket, operator, mode.id)),
            self._share(f"model:{model.id}:{operator.id}", lambda key: self.pricer.model_work(key, model, operator)),
        ]
        for rule, cure in judgement.cures:
            scope = {"workload": workload.id, "operator": operator.id, "organisation": "all"}[cure.per]
            payer = operator.id if cure.per == "operator" else None
            shared.append(self._share(f"cure:{rule}:{scope}", lambda key, cure=cure, payer=payer: self.pricer.cure(key, cure, payer)))
        return Option(
            key=key, part=part.id, workload=workload.id, deployment=deployment, lines=lines, shared=tuple(sorted(set(shared))), opens=opens,
            pool=pool, loads=loads, capacity=size, quality_probability=judgement.quality_probability, quality_pinned=judgement.quality_pinned,
            seal_known=judgement.seal_known,
            seal_proven=judgement.seal_proven, score=judgement.score, score_strict=judgement.score_strict, conditional_on=judgement.conditional_on,
            sources=judgement.sources, violated=violated,
        )

    def _share(self, key: str, make: Callable[[str], SharedKind]) -> str:
        """The key of something paid once, made the first time it is needed."""
        if key not in self.shared:
            self.shared[key] = make(key)
        return key
