"""Other plans: few are solved, and yet every setting's answer is what solving it would give."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from what_if_fixture import rich_with_others

from planner.domain.report import Report
from planner.planning import plan
from planner.problems import UsageError
from planner.reading.assessment import assessment_data
from planner.reporting.json_report import report_json
from planner.studies.executor import run_all
from planner.studies.question import ask, case_of, question
from planner.studies.what_if import recheck_what_if, what_if

ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2026, 11, 24)
CACHE: dict = {}


@pytest.fixture(scope="module")
def case(catalog, small):
    return case_of(catalog, small, AS_OF)


@pytest.fixture(scope="module")
def made(catalog, small):
    return plan(catalog, small, AS_OF, assessment_data(small))


@pytest.fixture(scope="module")
def held(case, catalog, small, made):
    return what_if(case, catalog, small, made.plan, lambda tasks: run_all(ask, tasks, kept=CACHE))


def assert_true(case, small, held, every: int) -> None:
    """One setting in `every`, solved by itself, gives what the study says of it."""
    cells = [(aim, seal, score, budget) for aim in held.objectives for seal in held.min_seals for score in held.min_scores for budget in held.budgets]
    assert len(cells) == len(held.answers)
    for (aim, seal, score, budget), told in list(zip(cells, held.answers, strict=True))[::every]:
        order = small.objective if small.objective[0] is aim else tuple(dict.fromkeys((aim, "cost", "sovereignty")))
        limits = {"sovereignty.min_seal": seal, "sovereignty.min_score": score, "budget.total": budget}
        (true,) = run_all(ask, [question(case, limits=limits, objective=order)], kept=CACHE)
        if told.plan is None:
            assert true["outcome"] == "no-plan", (aim, seal, score, budget)
        else:
            mine = held.plans[told.plan]
            assert (str(mine.cost_eur), mine.score) == (true["cost_eur"], Decimal(true["score"])), (aim, seal, score, budget)


def test_every_setting_says_what_solving_it_says(case, small, held):
    assert len(CACHE) < len(held.answers) / 4
    assert_true(case, small, held, every=3)


def test_so_does_it_where_later_money_is_worth_less(catalog, small):
    dear = small.model_copy(update={"assumptions": {**small.assumptions, "cost-of-capital-per-year": Decimal("0.12")}})
    case = case_of(catalog, dear, AS_OF)
    made = plan(catalog, dear, AS_OF, assessment_data(dear))
    assert made.plan.cost.present_eur < made.plan.cost.total_eur
    held = what_if(case, catalog, dear, made.plan, lambda tasks: run_all(ask, tasks, kept=CACHE))
    assert_true(case, dear, held, every=7)


def test_plans_that_move_over_time_are_not_compared(case, catalog, small, made):
    moving = small.model_copy(update={"horizon": small.horizon.model_copy(update={"period_months": 12})})
    with pytest.raises(UsageError, match="move over time"):
        what_if(case, catalog, moving, made.plan, lambda tasks: [])


def test_todays_setting_gives_todays_plan(held, made):
    today = held.plans[held.answer(*held.today).plan]
    assert [(c.workload, c.option, c.cost_eur) for c in today.choices] == [(c.workload, c.option, c.cost_eur) for c in made.plan.choices]
    assert today.percent == {key: o.percent for key, o in made.scorecard.objectives.items()}


def test_a_forged_figure_of_another_plan_is_found(held, case, catalog, small):
    assert recheck_what_if(held, case, catalog, small) == ()
    cheap = held.plans[-1].model_copy(update={"cost_eur": Decimal(1)})
    (said,) = recheck_what_if(held.model_copy(update={"plans": (*held.plans[:-1], cheap)}), case, catalog, small)
    assert said.startswith(f"what_if.plans[{len(held.plans) - 1}]")
    swapped = held.model_copy(update={"answers": tuple(a.model_copy(update={"plan": None if a.plan is None else 99}) for a in held.answers)})
    assert recheck_what_if(swapped, case, catalog, small)


def test_a_plan_that_is_not_the_best_has_no_neighbours(case, catalog, small, made):
    dear = made.plan.model_copy(update={"cost": made.plan.cost.model_copy(update={"total_eur": made.plan.cost.total_eur + 1})})
    with pytest.raises(UsageError, match="not the best"):
        what_if(case, catalog, small, dear, lambda tasks: run_all(ask, tasks, kept=CACHE))


def test_other_plans_come_back_from_json_unchanged():
    report = rich_with_others()
    assert Report.model_validate_json(report_json(report)) == report
