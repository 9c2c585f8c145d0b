"""From Options to a programme: one function a family of constraints, each row with the sentence it stands for.

Sets: workloads w, open options o in O(w), pools p (replicas of a model on a kind of machine), machines g (an offer at a
site), shared work s (paid once). Variables: x[w,o] choose; y[p] open; r[p] spares needed; N[p] replicas; K[g] machines;
z[s] paid; u[operator], m[model] in use. Loads are thousandths of a replica, money is whole cents.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import gcd

from planner.domain.assessment import Assessment, Criticality, ObjectiveName
from planner.domain.plan import CostLine
from planner.judging.deployment import OWN
from planner.judging.portfolio import PORTFOLIO_WEIGHTS, SCORE_UNIT
from planner.optimising.linear import Constraint, Objective, Programme, Terms, Variable
from planner.options.calendar import Calendar
from planner.options.option import Option, Options
from planner.quantities import to_cents


@dataclass(frozen=True)
class Formulation:
    """The programme and what its variables stand for."""

    programme: Programme
    choose: dict[tuple[str, str], int]  # (workload, option) -> variable
    replicas: dict[str, int]
    machines: dict[str, int]
    shared: dict[str, int]
    options: Options


def formulate(options: Options, assessment: Assessment) -> Formulation:
    """The whole formulation for one period. Raises KeyError only on inconsistent options, which is a defect."""
    return _Builder(options, assessment).build()


class _Builder:
    def __init__(self, options: Options, assessment: Assessment):
        self.o, self.a = options, assessment
        self.calendar = Calendar(assessment, options.volumes)
        self.variables: list[Variable] = []
        self.rows: list[Constraint] = []
        self.all = [option for w in options.workloads for option in options.open[w.id]]
        self.pool_users: dict[str, list[Option]] = defaultdict(list)
        for option in self.all:
            if option.pool:
                self.pool_users[option.pool].append(option)
        self.pools = sorted(self.pool_users)
        self.pools_on: dict[str, list[str]] = defaultdict(list)
        for p in self.pools:
            self.pools_on[options.pools[p].node].append(p)
        self.critical = {w.id for w in options.workloads if w.criticality is Criticality.CRITICAL}

    def build(self) -> Formulation:
        self._make_variables()
        for family in (
            self._served, self._opened, self._loaded, self._spared, self._placed, self._powered, self._paid_once, self._named, self._budgets,
            self._sovereign, self._concentrated, self._unpadded, self._counted, self._carbon, self._required,
        ):
            family()
        groups = tuple(tuple(self.x[w.id, o.key] for o in self.o.open[w.id]) for w in self.o.workloads)
        tail = (*self.N.values(), *self.K.values(), *self.y.values(), *self.r.values(), *self.z.values(), *self.u.values(), *self.m.values())
        programme = Programme(tuple(self.variables), tuple(self.rows), self._objectives(), groups, tail)
        return Formulation(programme, self.x, self.N, self.K, self.z, self.o)

    # ------------------------------------------------------------------------------------ variables

    def _variable(self, letter: str, number: int, upper: int, meaning: str) -> int:
        self.variables.append(Variable(f"{letter}{number:05d}", upper, meaning))
        return len(self.variables) - 1

    def _make_variables(self) -> None:
        self.x = {(o.workload, o.key): self._variable("x", n, 1, f"{o.workload} is served by {o.key}") for n, o in enumerate(self.all)}
        self.y = {p: self._variable("y", n, 1, f"{p} is open") for n, p in enumerate(self.pools)}
        spare = self.a.constraints.spare_replicas_for_critical
        with_spares = [p for p in self.pools if spare and any(o.workload in self.critical for o in self.pool_users[p])]
        self.r = {p: self._variable("r", n, 1, f"{p} keeps spares") for n, p in enumerate(with_spares)}
        self.cap = {p: -(-sum(self._largest_loads(p)) // 1000) + (spare if p in self.r else 0) for p in self.pools}
        self.N = {p: self._variable("n", n, self.cap[p], f"replicas of {p}") for n, p in enumerate(self.pools)}
        self.K = {}
        for n, g in enumerate(sorted(self.pools_on)):
            each = self.o.nodes[g].accelerators
            most = -(-sum(self.cap[p] * self.o.pools[p].tensor_parallel for p in self.pools_on[g]) // each)
            self.K[g] = self._variable("k", n, most, f"machines {g}")
        used = sorted({s for o in self.all for s in o.shared})
        self.z = {s: self._variable("z", n, 1, f"{s} is paid") for n, s in enumerate(used)}
        limits = self.a.constraints
        operators = sorted({o.operator for o in self.all}) if limits.max_operators is not None else []
        self.u = {name: self._variable("u", n, 1, f"operator {name} is used") for n, name in enumerate(operators)}
        models = sorted({o.model for o in self.all}) if limits.max_models is not None else []
        self.m = {name: self._variable("m", n, 1, f"model {name} is used") for n, name in enumerate(models)}

    def _largest_loads(self, pool: str) -> Iterable[int]:
        """For each workload that can use a pool, the load it would bring: what the pool can at most be asked."""
        loads: dict[str, int] = {}
        for o in self.pool_users[pool]:
            loads[o.workload] = max(loads.get(o.workload, 0), o.load_milli)
        return loads.values()

    def _row(self, family: str, says: str, terms: Iterable[tuple[int, int]], sense: str, rhs: int, demand: str | None = None) -> None:
        self.rows.append(Constraint(f"{family}_{len(self.rows):05d}", family, says, tuple(terms), sense, rhs, demand))

    # ----------------------------------------------------------------------------------- families

    def _served(self) -> None:
        for w in self.o.workloads:
            self._row("served", f"{w.name} is served in exactly one way", ((self.x[w.id, o.key], 1) for o in self.o.open[w.id]), "=", 1)

    def _opened(self) -> None:
        for p in self.pools:
            for o in self.pool_users[p]:
                self._row("opened", f"{o.workload} may use {p} only if it is open", ((self.x[o.workload, o.key], 1), (self.y[p], -1)), "<=", 0)

    def _loaded(self) -> None:
        spare = self.a.constraints.spare_replicas_for_critical
        for p in self.pools:
            terms = [(self.x[o.workload, o.key], o.load_milli) for o in self.pool_users[p]] + [(self.N[p], -1000)]
            if p in self.r:
                terms.append((self.r[p], 1000 * spare))
            self._row("loaded", f"the replicas of {p} carry the peak of what runs on them, spares apart", terms, "<=", 0)
            self._row("standing", f"an open {p} has a replica" + (" and its spares" if p in self.r else ""),
                      [(self.y[p], 1), (self.N[p], -1)] + ([(self.r[p], spare)] if p in self.r else []), "<=", 0)

    def _spared(self) -> None:
        for p in self.r:
            for o in self.pool_users[p]:
                if o.workload in self.critical:
                    self._row("spared", f"{o.workload} is critical, so {p} keeps spares", ((self.x[o.workload, o.key], 1), (self.r[p], -1)), "<=", 0)

    def _placed(self) -> None:
        for g, pools in sorted(self.pools_on.items()):
            each = self.o.nodes[g].accelerators
            terms = [(self.N[p], self.o.pools[p].tensor_parallel) for p in pools] + [(self.K[g], -each)]
            self._row("placed", f"the accelerators of {g} hold the replicas on them", terms, "<=", 0)
            for p in pools:
                self._row("rented", f"{p} needs a machine", ((self.y[p], 1), (self.K[g], -1)), "<=", 0)

    def _powered(self) -> None:
        for site in self.a.organisation.sites:
            here = [g for g in sorted(self.K) if self.o.nodes[g].site == site.id and self.o.nodes[g].operator == OWN]
            if site.power_kw is not None and here:
                watts = int(site.power_kw * 1000)
                terms = ((self.K[g], self.o.nodes[g].power_watts or 0) for g in here)
                self._row("powered", f"servers at {site.name} draw at most {site.power_kw} kW", terms, "<=", watts, f"power:{site.id}")

    def _paid_once(self) -> None:
        users: dict[str, list[Option]] = defaultdict(list)
        for o in self.all:
            for s in o.shared:
                users[s].append(o)
        for s, options in sorted(users.items()):
            by_workload: dict[str, list[Option]] = defaultdict(list)
            for o in options:
                by_workload[o.workload].append(o)
            for w, group in by_workload.items():
                terms = [(self.x[w, o.key], 1) for o in group] + [(self.z[s], -1)]
                self._row("paid", f"{self.o.shared[s].what} is paid if {w} needs it", terms, "<=", 0)

    def _named(self) -> None:
        for flags, key in ((self.u, "operator"), (self.m, "model")):
            for name, flag in flags.items():
                for w in self.o.workloads:
                    terms = [(self.x[w.id, o.key], 1) for o in self.o.open[w.id] if getattr(o, key) == name]
                    if terms:
                        self._row("in_use", f"{name} counts as in use if {w.name} runs on it", [*terms, (flag, -1)], "<=", 0)

    def _budgets(self) -> None:
        budget = self.a.constraints.budget
        if budget.total is not None:
            self._row("budget", f"the plan costs at most EUR {budget.total:,}", self._money(), "<=", to_cents(budget.total), "budget:total")
        if budget.capex is not None:
            self._row("capex", f"at most EUR {budget.capex:,} is bought", self._money(capex=True), "<=", to_cents(budget.capex), "budget:capex")
        for year, amount in sorted(budget.per_year.items()):
            self._row("budget_year", f"{year} costs at most EUR {amount:,}", self._money(year=year), "<=", to_cents(amount), f"budget:{year}")

    def _sovereign(self) -> None:
        wanted = self.a.constraints.sovereignty
        if wanted.min_score is None:
            return
        weight = {w.id: PORTFOLIO_WEIGHTS[w.criticality] for w in self.o.workloads}
        terms = [(self.x[o.workload, o.key], weight[o.workload] * self._score(o)) for o in self.all]
        least = int(wanted.min_score * SCORE_UNIT) * sum(weight.values())
        self._row("sovereign", f"the portfolio's sovereignty score is at least {wanted.min_score}", terms, ">=", least, "portfolio-score")

    def _concentrated(self) -> None:
        limits = self.a.constraints.concentration
        operators = sorted({o.operator for o in self.all} - {OWN})
        for name in operators if limits.max_share_of_spend is not None else ():
            share = limits.max_share_of_spend
            part, whole = share.as_integer_ratio()
            theirs = dict(self._money(operator=name))
            terms = [(i, theirs.get(i, 0) * whole - c * part) for i, c in self._money()]
            says = f"{name} gets at most {share:%} of the spend"
            self._row("spend_share", says, _reduced(terms), "<=", 0, "concentration:spend")
        for name in operators if limits.max_share_of_critical is not None and self.critical else ():
            most = int(limits.max_share_of_critical * len(self.critical))
            terms = [(self.x[o.workload, o.key], 1) for o in self.all if o.workload in self.critical and o.operator == name]
            says = f"{name} carries at most {most} of {len(self.critical)} critical workloads"
            self._row("critical_share", says, terms, "<=", most, "concentration:critical")

    def _unpadded(self) -> None:
        """Where shares of the spend are capped, nothing may be bought just to make the whole larger."""
        if self.a.constraints.concentration.max_share_of_spend is None:
            return
        spare = self.a.constraints.spare_replicas_for_critical
        for p in self.pools:
            loads = [(self.x[o.workload, o.key], -o.load_milli) for o in self.pool_users[p]]
            spares = [(self.r[p], -1000 * spare)] if p in self.r else []
            self._row("no_idle", f"{p} has no replica beyond its load and spares", [(self.N[p], 1000), *loads, *spares], "<=", 999)
            users = [(self.x[o.workload, o.key], -1) for o in self.pool_users[p]]
            self._row("no_idle", f"{p} is open only for somebody", [(self.y[p], 1), *users], "<=", 0)
            if p in self.r:
                critical = [(self.x[o.workload, o.key], -1) for o in self.pool_users[p] if o.workload in self.critical]
                self._row("no_idle", f"{p} keeps spares only for critical workloads", [(self.r[p], 1), *critical], "<=", 0)
        for g, pools in sorted(self.pools_on.items()):
            each = self.o.nodes[g].accelerators
            held = [(self.N[p], -self.o.pools[p].tensor_parallel) for p in pools]
            self._row("no_idle", f"no machine {g} stands empty", [(self.K[g], each), *held], "<=", each - 1)
        for s, variable in sorted(self.z.items()):
            users = [(self.x[o.workload, o.key], -1) for o in self.all if s in o.shared]
            self._row("no_idle", f"{self.o.shared[s].what} is paid only where needed", [(variable, 1), *users], "<=", 0)

    def _counted(self) -> None:
        limits = self.a.constraints
        for flags, most, word in ((self.u, limits.max_operators, "operators"), (self.m, limits.max_models, "models")):
            if most is not None and flags:
                self._row("count", f"at most {most} {word} are in use", ((v, 1) for v in flags.values()), "<=", most, f"max-{word}")

    def _carbon(self) -> None:
        cap = self.a.constraints.max_carbon_kg
        if cap is None:
            return
        kilos = [(self.K[g], self.o.nodes[g].carbon_kg or 0) for g in sorted(self.K)]
        self._row("carbon", f"the plan emits at most {cap:,} kg CO2e", [t for t in kilos if t[1]], "<=", int(cap), "carbon")

    def _required(self) -> None:
        for name in self.a.constraints.required_operators:
            terms = [(self.x[o.workload, o.key], 1) for o in self.all if o.operator == name]
            self._row("required", f"{name} serves at least one workload", terms, ">=", 1, f"required:{name}")

    # -------------------------------------------------------------------------------------- money

    def _money(self, operator: str | None = None, year: int | None = None, capex: bool = False) -> list[tuple[int, int]]:
        """Cents that each variable costs: all of them, one operator's, one year's, or what is bought."""

        def cents(lines: tuple[CostLine, ...], workload: str | None) -> int:
            if capex:
                return sum(to_cents(line.amount_eur) for line in lines if line.capex)
            if year is not None:
                return sum(self.calendar.cents_in(line, workload, year) for line in lines)
            return sum(to_cents(line.amount_eur) for line in lines)

        terms = [(self.x[o.workload, o.key], cents(o.lines, o.workload)) for o in self.all if o.lines and operator in (None, o.operator)]
        terms += [(v, cents(self.o.nodes[g].lines, None)) for g, v in self.K.items() if operator in (None, self.o.nodes[g].operator)]
        terms += [(v, cents(self.o.shared[s].lines, None)) for s, v in self.z.items() if operator in (None, self.o.shared[s].operator)]
        return [t for t in terms if t[1]]

    def _score(self, option: Option) -> int:
        return option.score_strict if self.a.constraints.sovereignty.basis == "strict" else option.score

    def _objectives(self) -> tuple[Objective, ...]:
        weight = {w.id: PORTFOLIO_WEIGHTS[w.criticality] for w in self.o.workloads}
        made = {
            ObjectiveName.COST: lambda: tuple(self._money()),
            ObjectiveName.SOVEREIGNTY: lambda: tuple((self.x[o.workload, o.key], -weight[o.workload] * self._score(o)) for o in self.all),
            ObjectiveName.CARBON: lambda: tuple((self.K[g], self.o.nodes[g].carbon_kg or 0) for g in sorted(self.K)),
        }
        asked = [Objective(name.value, made[name]()) for name in self.a.objective]
        if ObjectiveName.COST not in self.a.objective:
            asked.append(Objective(ObjectiveName.COST.value, made[ObjectiveName.COST]()))
        return tuple(asked)


def _reduced(terms: list[tuple[int, int]]) -> Terms:
    """Terms divided by their greatest common divisor, so that coefficients stay small."""
    divisor = 0
    for _, c in terms:
        divisor = gcd(divisor, c)
    return tuple((i, c // divisor) for i, c in terms) if divisor > 1 else tuple(terms)
