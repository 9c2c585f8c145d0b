"""Other plans made by hand, so that the sliders can be tested without planning anything."""
from __future__ import annotations

from decimal import Decimal

from report_fixture import rich_report

from planner.domain.assessment import ObjectiveName
from planner.domain.report import Report
from planner.domain.what_if import Answer, OtherChoice, OtherPlan, WhatIf

SCORES, BUDGETS = (None, Decimal(70), Decimal(75), Decimal(90)), (Decimal(2_000_000), Decimal(2_500_000), Decimal(2_800_000), None)


def other_plans(report: Report) -> WhatIf:
    """Today's plan, and a dearer one with a better score in which one workload runs on the organisation's own servers."""
    assert report.plan is not None and report.scorecard is not None
    today = tuple(OtherChoice(workload=c.workload, option=c.option, model=c.model, mode=c.mode, operator=c.operator, site=c.site,
                              cost_eur=c.cost_eur, seal_known=c.seal_known) for c in report.plan.choices)
    moved = (today[0].model_copy(update={"model": "mistral-large-3", "mode": "on-prem", "operator": "own", "site": "dc-duesseldorf",
                                         "cost_eur": today[0].cost_eur + 200_000}), *today[1:])
    percent = {key: o.percent for key, o in report.scorecard.objectives.items()}
    cost = report.plan.cost
    plans = tuple(
        OtherPlan(cost_eur=cost.total_eur + more, capex_eur=cost.capex_eur, by_year=cost.by_year, score=Decimal(score), carbon_kg=None,
                  choices=choices, percent=percent) for more, score, choices in ((0, "71.2", today), (200_000, "78.9", moved))
    )

    def answer(aim: ObjectiveName, seal: int, score: Decimal | None, budget: Decimal | None) -> Answer:
        if seal == 4:
            return Answer(plan=None, refusal="seal")
        if score == 90:
            return Answer(plan=None, refusal="score" if budget is None else "not-proved")
        best = [n for n, p in enumerate(plans) if (score is None or p.score >= score) and (budget is None or p.cost_eur <= budget)]
        if not best:
            return Answer(plan=None, refusal="budget")
        return Answer(plan=best[0 if aim is ObjectiveName.COST else -1], proved=aim is ObjectiveName.COST or budget is not None)

    aims = (ObjectiveName.COST, ObjectiveName.SOVEREIGNTY)
    cells = [answer(aim, seal, score, budget) for aim in aims for seal in (0, 4) for score in SCORES for budget in BUDGETS]
    return WhatIf(objectives=aims, min_seals=(0, 4), min_scores=SCORES, budgets=BUDGETS, today=(0, 0, 0, 1), plans=plans, answers=tuple(cells),
                  names={}, seconds=Decimal(30))


def rich_with_others() -> Report:
    """The report made by hand, with the plans behind its sliders."""
    report = rich_report()
    return report.model_copy(update={"what_if": other_plans(report)})
