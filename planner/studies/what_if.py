"""What if the budget, the minimum sovereignty or the aim were another: exact plans over four sliders, few of them solved.

Most settings need no search of their own. A plan that is best under looser limits and meets the tighter ones is best there too; what
is impossible stays so when a limit tightens; whether a plan exists does not turn on the aim; and, where money costs nothing over time, a plan
that is cheapest at its score, and of that cost the most sovereign, is also the most sovereign for that money.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from planner.domain.assessment import Assessment, ObjectiveName
from planner.domain.catalog import Catalog
from planner.domain.overlay import laid_over
from planner.domain.plan import Plan
from planner.domain.what_if import Answer, OtherChoice, OtherPlan, WhatIf
from planner.judging.deployment import deployment_of
from planner.judging.portfolio import PORTFOLIO_WEIGHTS
from planner.judging.sovereignty import Scorer
from planner.problems import SelfCheckFailed, UsageError
from planner.studies.frontier import Run
from planner.studies.question import Data, question, ready_for
from planner.studies.resolve import Found, Prepared, placed

NO_PLAN: Data = {"outcome": "no-plan"}
NOT_PROVED: Data = {"outcome": "not-proved", "because": "not-proved"}
CAPITAL = "cost-of-capital-per-year"
MOST_STEPS = 7  # of the minimum score and of the budget, today's own and the open end apart
Cell = tuple[str, int, Decimal | None, Decimal | None]  # objective, minimum SEAL, minimum score, budget


def what_if(case: Data, catalog: Catalog, assessment: Assessment, plan: Plan, run: Run) -> WhatIf:
    """All settings and their plans. `plan` is what the assessment's own setting gave, proved best.

    Raises UsageError where a better one is found, and where workloads are cut, kept on standby or move over time: such plans are not compared.
    """
    if assessment.horizon.period_months is not None or not _one_way_each(plan):
        raise UsageError("what-if: a plan whose workloads move over time, are cut or have a standby is not compared with others; `study frontier` is")
    today = _today(assessment)
    worlds = dict(_worlds(case, assessment, today[1]))
    later_is_less = laid_over(catalog, assessment).assumptions[CAPITAL].value != 0
    desk = _Desk(case, assessment, run, worlds, paid_is_worth=not later_is_less)
    first = [desk.ask((ObjectiveName.COST, seal, None, None)) for seal in sorted(worlds) if seal <= today[1]][-1]  # what holds loosely, first
    if first["outcome"] != "planned":
        raise UsageError("what-if: the cheapest plan was not found in the time given; raise --limit")
    scores = _scores(Decimal(first["score"]), _ceiling(worlds[today[1]], assessment), today[2])
    seals = (*sorted(worlds), *([max(worlds) + 1] if max(worlds) < 4 else []))
    cheapest = {(seal, s): desk.ask((ObjectiveName.COST, seal, s, None)) for s in scores for seal in sorted(worlds)}
    costs = {Decimal(a["cost_eur"]) for (seal, _), a in cheapest.items() if seal == today[1] and a["outcome"] == "planned"}
    budgets = _budgets(sorted(costs), today[3])
    aims = tuple(dict.fromkeys((ObjectiveName.COST, ObjectiveName.SOVEREIGNTY, assessment.objective[0])))
    cells = [(aim, seal, score, budget) for aim in aims for seal in seals for score in scores for budget in budgets]
    for aim, seal, score, budget in ((a, e, s, b) for a in aims for e in seals for s in scores for b in reversed(budgets)):
        desk.ask((aim, seal, score, budget))  # the loosest first: it settles many of the others
    told = {cell: desk.ask(cell) for cell in cells}
    if told[today].get("cost_eur") != str(plan.cost.total_eur):
        raise UsageError("what-if: the plan is not the best for its own assessment any more; plan again, without --gap")
    told[today] = _as_planned(told[today], plan)
    told = {cell: desk.same(answer, cell, told[today]) for cell, answer in told.items()}
    plans = sorted({_keys(a): a for a in told.values() if a["outcome"] == "planned"}.values(), key=lambda a: (Decimal(a["cost_eur"]), _keys(a)))
    place = {_keys(a): n for n, a in enumerate(plans)}
    others = tuple(_rebuilt(worlds[min(worlds)], catalog, _keys(a)) for a in plans)
    if any(str(o.cost_eur) != a["cost_eur"] for o, a in zip(others, plans, strict=True)):
        raise SelfCheckFailed(["what-if: a plan built again costs something else"])
    return WhatIf(
        objectives=aims, min_seals=seals, min_scores=scores, budgets=budgets, plans=others, names=_names(others, catalog),
        today=(aims.index(today[0]), seals.index(today[1]), scores.index(today[2]), budgets.index(today[3])), seconds=Decimal(str(case["seconds"])),
        answers=tuple(_answer(told[cell], place) for cell in cells),
    )


def recheck_what_if(held: WhatIf, case: Data, catalog: Catalog, assessment: Assessment) -> tuple[str, ...]:
    """Every figure of other plans that does not follow from their choices, in words. Which plan is best is not searched again."""
    widest = next(ready for _, ready in _worlds(case, assessment, _today(assessment)[1]))
    wrong = []
    for number, other in enumerate(held.plans):
        try:
            same = _rebuilt(widest, catalog, tuple(sorted((c.workload, c.option) for c in other.choices))) == other
        except (SelfCheckFailed, KeyError):
            same = False
        if not same:
            wrong.append(f"what_if.plans[{number}]: its figures are not what follows from its choices")
    for number, answer in enumerate(held.answers):
        score = held.min_scores[number // len(held.budgets) % len(held.min_scores)]
        budget = held.budgets[number % len(held.budgets)]
        plan = None if answer.plan is None or answer.plan >= len(held.plans) else held.plans[answer.plan]
        short = plan is not None and ((score is not None and (plan.score or 0) < score) or (budget is not None and plan.cost_eur > budget))
        if short or (plan is None and answer.refusal is None):
            wrong.append(f"what_if.answers[{number}]: its plan does not meet this setting")
    return tuple(wrong)


def _one_way_each(plan: Plan) -> bool:
    return all(c.part is None and not c.stands_by and not c.from_month and c.until_month is None for c in plan.choices)


def _keys(answer: Data) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((c["workload"], c["option"]) for c in answer["choices"]))


def _as_planned(answer: Data, plan: Plan) -> Data:
    """Today's answer with the report's own choices: of plans that cost and score the same, one."""
    return {**answer, "choices": [{"workload": c.workload, "option": c.option} for c in plan.choices]}


def _answer(told: Data, place: Mapping[tuple, int]) -> Answer:
    if told["outcome"] == "planned":
        return Answer(plan=place[_keys(told)], proved=told["proved"])
    return Answer(plan=None, refusal=told["because"])


def _rebuilt(ready: Prepared, catalog: Catalog, keys: tuple[tuple[str, str], ...]) -> OtherPlan:
    """A plan from its options alone, under no budget and no minimum. Raises KeyError where an option is not open any more."""
    limits = ready.assessment.constraints
    free = limits.model_copy(update={"budget": limits.budget.model_copy(update={"total": None}),
                                     "sovereignty": limits.sovereignty.model_copy(update={"min_score": None})})
    assessment = ready.assessment.model_copy(update={"constraints": free})
    found = placed(ready, assessment, dict(keys))
    if found is None:
        raise KeyError(keys)
    return _other(found, laid_over(catalog, assessment), assessment)


def _other(found: Found, world: Catalog, assessment: Assessment) -> OtherPlan:
    plan, workloads = found.plan, {w.id: w for w in assessment.workloads}
    parts = [
        (c.workload, deployment_of(world, workloads[c.workload], world.models[c.model], world.offers[c.offer], c.site),
         Decimal(PORTFOLIO_WEIGHTS[workloads[c.workload].criticality])) for c in plan.choices
    ]
    card = Scorer(assessment, world).plan_scorecard(parts, assessment.name)
    return OtherPlan(
        cost_eur=plan.cost.total_eur, capex_eur=plan.cost.capex_eur, by_year=plan.cost.by_year, score=found.score, carbon_kg=found.carbon_kg,
        choices=tuple(OtherChoice(workload=c.workload, option=c.option, model=c.model, mode=c.mode, operator=c.operator, site=c.site,
                                  cost_eur=c.cost_eur, seal_known=c.seal_known) for c in plan.choices),
        percent={key: objective.percent for key, objective in sorted(card.objectives.items())},
    )


def _names(plans: Sequence[OtherPlan], world: Catalog) -> dict[str, str]:
    names: dict[str, str] = {}
    for c in (c for plan in plans for c in plan.choices):
        names |= {c.model: world.models[c.model].name, c.operator: world.parties[c.operator].name, c.mode: world.modes[c.mode].name}
        if c.site in world.sites:
            names[c.site] = world.sites[c.site][0].name
    return dict(sorted(names.items()))


# --------------------------------------------------------------------------------------------- the axes


def _today(assessment: Assessment) -> Cell:
    wanted = assessment.constraints
    return (assessment.objective[0], wanted.sovereignty.min_seal or 0, wanted.sovereignty.min_score, wanted.budget.total)


def _worlds(case: Data, assessment: Assessment, today: int) -> Iterator[tuple[int, Prepared]]:
    """The options under each minimum SEAL, as far up as every workload has one."""
    carbon = ("carbon",) if ObjectiveName.CARBON in assessment.objective else ()
    for seal in range(5):
        ready = ready_for(question(case, limits={"sovereignty.min_seal": seal}, objective=carbon))
        if seal > today and not all(ready.options.open.get(w.id) for w in assessment.workloads):
            return
        yield seal, ready


def _ceiling(ready: Prepared, assessment: Assessment) -> Decimal:
    """No plan scores more: each workload at its best option, whatever that costs."""
    strict = assessment.constraints.sovereignty.basis == "strict"
    weight = {w.id: PORTFOLIO_WEIGHTS[w.criticality] for w in assessment.workloads}
    best = {w: max(o.score_strict if strict else o.score for o in ways) for w, ways in ready.options.open.items()}
    return Decimal(sum(weight[w] * score for w, score in best.items())) / sum(weight.values()) / 10_000


def _scores(low: Decimal, high: Decimal, today: Decimal | None) -> tuple[Decimal | None, ...]:
    """No minimum, today's own, and round steps from the cheapest plan's score to one that no plan reaches."""
    step = next((Decimal(s) for s in ("1", "2", "2.5", "5", "10", "20") if (high - low) / Decimal(s) <= MOST_STEPS - 1), Decimal(20))
    first = (low / step).to_integral_value(ROUND_FLOOR) + 1
    steps = {step * (first + n) for n in range(MOST_STEPS) if step * (first + n - 1) < high}
    return (None, *sorted({min(s, Decimal(100)) for s in steps} | ({today} if today is not None else set())))


def _budgets(costs: Sequence[Decimal], today: Decimal | None) -> tuple[Decimal | None, ...]:
    """The costs at which the answer changes, today's budget, one that is too small for any plan, and none."""
    unit = Decimal(10) ** max(costs[0].adjusted() - 1, 0)
    low = (costs[0] * Decimal("0.95") / unit).to_integral_value(ROUND_FLOOR) * unit
    thin = costs if len(costs) <= MOST_STEPS else [costs[n * (len(costs) - 1) // (MOST_STEPS - 1)] for n in range(MOST_STEPS)]
    return (*sorted({low, *thin} | ({today} if today is not None else set())), None)


# ------------------------------------------------------------------------------------------ the answers


@dataclass
class _Desk:
    """Answers settings, searching only where nothing that is known already settles them."""

    case: Data
    assessment: Assessment
    run: Run
    worlds: Mapping[int, Prepared]
    paid_is_worth: bool  # a budget caps what is paid; what is made small is what it is worth: the same only where money costs nothing
    known: dict[Cell, Data] = field(default_factory=dict)

    def ask(self, cell: Cell) -> Data:
        """The answer: as from a question, `because` where there is no plan, and `proved` for this setting."""
        if cell not in self.known:
            self.known[cell] = self._found(cell)
        return self.known[cell]

    def _found(self, cell: Cell) -> Data:
        aim, seal, score, budget = cell
        if seal not in self.worlds:
            return {**NO_PLAN, "because": "seal"}
        if aim == ObjectiveName.COST and budget is not None and self.paid_is_worth:
            if score is not None and (wider := self.ask((aim, seal, None, budget)))["outcome"] == "no-plan":
                return wider
            return self._within(self.ask((aim, seal, score, None)), budget)
        if aim != ObjectiveName.COST:
            possible = self.ask((ObjectiveName.COST, seal, score, budget))
            if possible["outcome"] == "no-plan":
                return possible
            if aim == ObjectiveName.SOVEREIGNTY and (known := self._for_that_money(cell, possible)) is not None:
                return known
        return self._settled(cell) or self._searched(cell)

    def _within(self, cheapest: Data, budget: Decimal) -> Data:
        """The cheapest plan where the budget allows it. One that is not proved cheapest may still be too dear for nothing."""
        if cheapest["outcome"] != "planned" or Decimal(cheapest["cost_eur"]) <= budget:
            return cheapest
        return {**NO_PLAN, "because": "budget"} if cheapest["proved"] else NOT_PROVED

    def _for_that_money(self, cell: Cell, possible: Data) -> Data | None:
        """The most sovereign plan, where the least costs that are known already say which it is."""
        aim, seal, score, budget = cell
        if score is not None:  # a minimum changes nothing of the most sovereign plan: it reaches the minimum or no plan does
            free = self.ask((aim, seal, None, budget))
            if free["outcome"] == "planned" and Decimal(free["score"]) >= score:
                return free
            return {**possible, "proved": False} if possible["outcome"] == "planned" else possible
        if not self.paid_is_worth or self._aims(ObjectiveName.COST)[:2] != (ObjectiveName.COST, ObjectiveName.SOVEREIGNTY):
            return None
        same = [a for a in self._cheapest(seal) if budget is not None and Decimal(a["cost_eur"]) == budget and a["proved"]]
        return max(same, key=lambda a: Decimal(a["score"]), default=None)

    def _cheapest(self, seal: int) -> list[Data]:
        return [a for (aim, at, _, _), a in self.known.items() if aim == ObjectiveName.COST and at == seal and a["outcome"] == "planned"]

    def _settled(self, cell: Cell) -> Data | None:
        """What a looser setting of the same aim says: its plan, where that meets this one; that there is none, where there is none."""
        aim, seal, score, budget = cell
        for (other_aim, other_seal, other_score, other_budget), answer in self.known.items():
            looser = other_aim == aim and other_seal <= seal and (other_score is None or (score is not None and other_score <= score)) \
                and (other_budget is None or (budget is not None and other_budget >= budget))
            if not looser:
                continue
            if answer["outcome"] == "no-plan":
                return answer
            if answer["outcome"] == "planned" and self._fits(answer, cell):
                return answer
        return None

    def same(self, answer: Data, cell: Cell, today: Data) -> Data:
        """One plan for all that cost and score the same, where it fits too: today's before any other, else the one found first."""
        if answer["outcome"] != "planned":
            return answer
        worth = (answer["cost_eur"], answer["score"])
        alike = [a for a in (today, *self.known.values()) if a["outcome"] == "planned" and (a["cost_eur"], a["score"]) == worth]
        return {**next((a for a in alike if self._fits(a, cell)), answer), "proved": answer["proved"]}

    def _fits(self, answer: Data, cell: Cell) -> bool:
        _, seal, score, budget = cell
        keys = {w: {o.key for o in ways} for w, ways in self.worlds[seal].options.open.items()}
        return (score is None or Decimal(answer["score"]) >= score) and (budget is None or Decimal(answer["cost_eur"]) <= budget) \
            and all(c["option"] in keys[c["workload"]] for c in answer["choices"])

    def _aims(self, first: str) -> tuple[str, ...]:
        """The assessment's own order where it begins so, else this aim and then the other of cost and sovereignty."""
        own = self.assessment.objective
        return own if own[0] == first else tuple(dict.fromkeys((first, ObjectiveName.COST, ObjectiveName.SOVEREIGNTY)))

    def _searched(self, cell: Cell) -> Data:
        aim, seal, score, budget = cell
        limits = {"sovereignty.min_seal": seal, "sovereignty.min_score": score, "budget.total": budget}
        (answer,) = self.run([question(self.case, limits=limits, objective=self._aims(aim))])
        if answer["outcome"] == "no-plan":
            return {**answer, "because": "score" if score is not None and budget is None else "budget" if budget is not None else "seal"}
        known = [a for a in self._cheapest(seal) if self._fits(a, cell)] if aim == ObjectiveName.SOVEREIGNTY else []
        best = max([*known, *([answer] if answer["outcome"] == "planned" else [])],
                   key=lambda a: (Decimal(a["score"]), -Decimal(a["cost_eur"])), default=None)
        if answer["outcome"] == "planned" and answer["proved"]:
            return answer
        return NOT_PROVED if best is None else {**best, "proved": False}
