"""From Options and the assessment's limits to the problem as plain data: ways, pools, machines, work and limits, all by period."""
from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import lcm

from planner.domain.assessment import Assessment, Criticality, Workload
from planner.domain.catalog import OfferKind
from planner.judging.deployment import OWN
from planner.judging.portfolio import PORTFOLIO_WEIGHTS, SCORE_UNIT
from planner.optimising.portfolio import NOTHING, Aim, Bill, Item, Limits, Node, Pool, Portfolio, Spend, Standby, Term, Way, Work
from planner.options.calendar import Calendar
from planner.options.minimums import Minimum
from planner.options.option import Lines, NodeKind, Option, Options, TermKind, cents_of
from planner.quantities import to_cents
from planner.sizing.demand import Part

QUALITY_UNIT = 10_000  # a probability as a whole number


def portfolio_of(options: Options, assessment: Assessment) -> Portfolio:
    """The whole problem of one assessment."""
    return _Adapter(options, assessment).portfolio()


class _Adapter:
    def __init__(self, options: Options, assessment: Assessment):
        self.o, self.a, self.calendar = options, assessment, Calendar(assessment, options)
        self.strict = assessment.constraints.sovereignty.basis == "strict"
        self.workloads = {w.id: w for w in assessment.workloads}
        self.by_year = bool(assessment.constraints.budget.per_year)
        self._spends: dict[tuple[int, str | None], Spend] = {}

    def portfolio(self) -> Portfolio:
        a = self.a
        return Portfolio(
            items=tuple(self._item(part) for part in self.o.parts),
            ways=tuple(self._way(o) for part in self.o.parts for o in self.o.open[part.id]),
            pools=tuple(Pool(p.key, p.node, p.tensor_parallel) for p in self.o.pools.values()),
            nodes=tuple(self._node(n) for n in self.o.nodes.values()),
            works=(*(
                Work(s.key, tuple(self._spend(lines) for lines in s.lines), s.operator, s.lasts, s.what, each=False) for s in self.o.shared.values()
            ), *map(self._least, self.o.minimums.values())),
            limits=self._limits(), aims=tuple(Aim(name.value, Fraction(a.tolerance.get(name, Decimal(0)))) for name in a.objective),
            periods=tuple(p.months for p in self.o.periods), moments=tuple(h.id for h in a.horizon.hours), years=tuple(self.calendar.years),
        )

    def _spend(self, lines: Lines, part: str | None = None) -> Spend:
        """What some lines are as money: as paid, as worth at the start, what of it is bought, and by year where a year has a budget."""
        key = (id(lines), part)
        if key not in self._spends:
            by_year = [self.calendar.most_by_year(x, part) for x in lines] if self.by_year else []
            years = tuple(map(sum, zip(*by_year, strict=True))) if by_year else (0,) * len(self.calendar.years) if self.by_year else ()
            self._spends[key] = Spend(
                cents_of(lines), sum(self.calendar.present(x, part) for x in lines), cents_of(tuple(x for x in lines if x.capex)), years,
            )
        return self._spends[key]

    def _least(self, m: Minimum) -> Work:
        """An offer's least monthly bills as work that costs nothing by itself, and is needed by whoever uses the offer."""
        years = [self.calendar.years.index(month.year) if self.by_year else None for month in self.calendar.months]
        months = ((p.number, n) for p in self.o.periods for n in range(p.first, p.until))
        bills = tuple(Bill(t, m.cents, self.calendar.worth(m.cents, n), years[n]) for t, n in months)
        return Work(m.key, (NOTHING,) * len(self.o.periods), m.offer.operator, 1, m.what, each=False, least=bills)

    def _billed(self, o: Option) -> tuple[tuple[int, int], ...]:
        """What one equal part adds to the least bill of its offer in each month."""
        by_period = [self.calendar.by_month(lines, o.part) for lines in o.lines]
        months = ((n, by_period[p.number][n]) for p in self.o.periods for n in range(p.first, p.until))
        return tuple((cents, self.calendar.worth(cents, n)) for n, cents in months)

    def _item(self, part: Part) -> Item:
        w = self.workloads[part.workload]
        weight = PORTFOLIO_WEIGHTS[w.criticality] * self._unit * Fraction(part.share) / part.count
        moving = tuple(self._spend(lines) for lines in self.o.moving) if len(self.o.periods) > 1 else ()
        return Item(part.id, part.count, w.criticality is Criticality.CRITICAL, int(weight), part.hours, moving, self._stands_by(w))

    @cached_property
    def _unit(self) -> int:
        """The number by which each part's share of its workload becomes whole."""
        return lcm(*((Fraction(part.share) / part.count).denominator for part in self.o.parts))

    def _stands_by(self, w: Workload) -> bool:
        return w.standby or w.criticality is Criticality.CRITICAL and self.a.constraints.standby_for_critical

    def _way(self, o: Option) -> Way:
        standby = None
        if self._stands_by(self.workloads[o.workload]) and self._may_stand_by(o):
            standby = Standby(self._spend(self.o.standing_by), tuple(s for s in o.shared if self.o.shared[s].lasts == 0))
        least = self.o.minimums.get(o.offer)
        return Way(
            o.key, o.part, o.operator, o.model, tuple(self._spend(lines, o.part) for lines in o.lines), o.pool, o.loads,
            o.shared if least is None else (*o.shared, least.key),
            () if all(o.opens) else o.opens, o.score_strict if self.strict else o.score,
            0 if o.quality_probability is None else int(o.quality_probability * QUALITY_UNIT),
            (o.carbon_kg or ()) if self.a.counts_carbon else (), standby, () if least is None else self._billed(o),
        )

    def _may_stand_by(self, o: Option) -> bool:
        """What can be called upon within hours: what is paid by use or by the month alone, and machines that are rented by the hour."""
        offer = o.deployment.offer
        if o.pool is None:
            return offer is not None and offer.kind is not OfferKind.PROVISIONED and not offer.term_months and not offer.minimum_eur_per_month
        return any(term.lasts == 1 for term in self.o.nodes[self.o.pools[o.pool].node].terms)

    def _node(self, n: NodeKind) -> Node:
        first, *others = (self._term(term) for term in n.terms)
        own_power = n.operator == OWN and n.power_watts
        return Node(
            n.key, n.operator, n.accelerators, first.spends, first.lasts, first.by_moment, n.site if own_power else None, n.power_watts or 0,
            first.carbon, None, tuple(others),
        )

    def _term(self, term: TermKind) -> Term:
        def spends(lines: tuple[Lines | None, ...]) -> tuple[Spend | None, ...]:
            return tuple(None if x is None else self._spend(x) for x in lines)

        by_hours = {h: spends(lines) for h, lines in term.by_hours.items()}
        return Term(term.key, spends(term.lines), term.lasts, by_hours, (term.carbon_kg or ()) if self.a.counts_carbon else ())

    def _limits(self) -> Limits:
        c = self.a.constraints
        budget, share = c.budget, c.concentration
        power = {site.id: int(site.power_kw * 1000) for site in self.a.organisation.sites if site.power_kw is not None}
        return Limits(
            total=None if budget.total is None else to_cents(budget.total), bought=None if budget.capex is None else to_cents(budget.capex),
            by_year={year: to_cents(amount) for year, amount in budget.per_year.items()},
            score=None if c.sovereignty.min_score is None else int(c.sovereignty.min_score * SCORE_UNIT),
            share_of_spend=None if share.max_share_of_spend is None else Fraction(share.max_share_of_spend),
            share_of_critical=None if share.max_share_of_critical is None else Fraction(share.max_share_of_critical),
            operators=c.max_operators, models=c.max_models, carbon=None if c.max_carbon_kg is None else int(c.max_carbon_kg), power=power,
            required=c.required_operators, spares=c.spare_replicas_for_critical, free_operators=frozenset({OWN}),
        )

