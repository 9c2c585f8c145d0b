"""Studies on a ministry with one workload: small enough to solve again and again."""
from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from planner.domain.assessment import Horizon
from planner.domain.catalog import PricePath, Scenario
from planner.problems import Refused
from planner.reading.assessment import load_assessment
from planner.studies.breakeven import breakeven
from planner.studies.comparing import compare
from planner.planning.euro_walk import cost_walk
from planner.studies.executor import executor, key_of, run_all
from planner.studies.explaining import alternatives, binding
from planner.studies.frontier import frontier, undominated
from planner.studies.futures import in_future, mean_factor
from planner.studies.montecarlo import Drawing, draw, montecarlo
from planner.studies.question import ask, case_of, question
from planner.studies.scenarios import scenarios

ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2026, 11, 24)
CACHE: dict = {}


@pytest.fixture(scope="module")
def small(catalog):
    """The ministry's letters alone, own machines or rented ones of two kinds."""
    whole = load_assessment(ROOT / "assessments" / "ministry.yaml", catalog)
    letters = whole.workloads[1].model_copy(update={"models": ("gemma-4-26b-a4b", "mistral-small-3-2", "gpt-oss-20b")})
    return whole.model_copy(update={"workloads": (letters,)})


@pytest.fixture(scope="module")
def case(catalog, small):
    return case_of(catalog, small, AS_OF)


def run(tasks):
    return run_all(ask, tasks, kept=CACHE)


def double(task):
    return {"twice": task["n"] * 2}


def test_the_order_of_results_is_the_order_of_tasks_in_every_executor():
    tasks = [{"n": n} for n in (3, 1, 2, 1)]
    with executor(2) as pool:
        assert run_all(double, tasks, pool) == run_all(double, tasks) == [{"twice": 6}, {"twice": 2}, {"twice": 4}, {"twice": 2}]


def test_finished_tasks_are_not_done_again():
    kept = {key_of({"n": 1}): {"twice": "kept"}}
    assert run_all(double, [{"n": 1}, {"n": 2}], kept=kept) == [{"twice": "kept"}, {"twice": 4}]
    assert key_of({"n": 2}) in kept


def test_a_state_file_survives_a_line_cut_short_and_refuses_another_file(tmp_path):
    from planner.cli.studies import StateFile

    path = tmp_path / "state"
    StateFile(path)["a"] = {"x": 1}
    path.write_text(path.read_text() + '{"key": "b", "res')
    assert dict(StateFile(path)) == {"a": {"x": 1}}
    path.write_text('{"some": "json"}\n')
    with pytest.raises(Refused):
        StateFile(path)


def tasks_of(case):
    """Today's plan, one of ten times the traffic, and a draw on a short list and where that holds nothing."""
    drawn = {"assumptions": {"peak-factor": Decimal("4.2")}, "growth": Decimal("0.1"), "future": "costly-alternative", "widen": True}
    listed = question(case, offers=("own-l40s-1x", "own-l40s-2x"), models=("gemma-4-26b-a4b",), **drawn)
    return [question(case), question(case, traffic=Decimal(10)), listed, question(case, offers=("mistral-ai-mistral-embed-eu",), **drawn)]


def test_serial_and_two_processes_find_the_same_plans(case):
    tasks = tasks_of(case)
    with executor(2) as pool:
        assert run_all(ask, tasks, pool) == run(tasks)


@pytest.mark.network
def test_a_dask_cluster_finds_the_same_plans(case):
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    tasks = tasks_of(case)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, executor(1, cluster.scheduler_address) as pool:
        assert run_all(ask, tasks, pool) == run(tasks)


def test_no_point_of_a_frontier_is_beaten_and_today_is_marked(case, small):
    made = frontier(case, small, run, points=4)
    points = [p for p in made["points"] if p["curve"] == "sovereignty"]
    for a in points:
        for b in points:
            assert a is b or not (Decimal(b["cost_eur"]) <= Decimal(a["cost_eur"]) and Decimal(b["score"]) >= Decimal(a["score"]))
    assert any(p["today"] for p in points)


def test_of_two_equal_points_one_is_kept():
    a = {"cost_eur": "1", "score": "2"}
    assert undominated([a, dict(a), {"cost_eur": "2", "score": "1"}, {"cost_eur": "3", "score": "3"}], "score", True) == [
        a, {"cost_eur": "3", "score": "3"}]


def test_a_future_changes_prices_law_and_places_and_leaves_the_catalog_as_it_was(catalog):
    before = catalog.offers["berget-mistral-small-3-2"].prices
    future = Scenario(
        id="f", name="f", says="f", signs=("s",), source="own-assumption", date="2026", groups_without={"eea": ("FR",)}, rules_on=("cada-pending",),
        prices=(PricePath(operators=("berget",), factor_per_year=Decimal("0.5"), because="b"),), operators_gone=("scaleway",),
    )
    world = in_future(catalog, future, Horizon(start=date(2027, 11, 24), months=12), AS_OF)
    assert [p.amount for p in world.offers["berget-mistral-small-3-2"].prices] == [p.amount / 2 for p in before]
    assert "FR" not in world.country_groups["eea"] and "FR" in catalog.country_groups["eea"]
    assert world.rules["cada-pending"].status == "law" and catalog.rules["cada-pending"].status == "proposal"
    assert not any(o.operator == "scaleway" for o in world.offers.values())
    assert catalog.offers["berget-mistral-small-3-2"].prices == before


def test_a_price_path_steps_at_each_anniversary_of_the_planning_day():
    horizon = Horizon(start=date(2026, 12, 1), months=24)
    assert mean_factor(Decimal(2), horizon, AS_OF) == (12 * 1 + 12 * 2) / Decimal(24)
    assert mean_factor(Decimal(2), horizon, AS_OF, only_start=True) == 1


def test_regret_is_never_negative_and_todays_plan_has_none_today(case, catalog):
    made = scenarios(case, catalog, run)
    assert {s["id"] for s in made["scenarios"]} == set(catalog.scenarios)
    today = next(c for c in made["candidates"] if c["plan"] == "today")
    assert Decimal(today["regret_eur"]["today"]) == 0
    assert all(r is None or Decimal(r) >= 0 for c in made["candidates"] for r in c["regret_eur"].values())


def test_draws_depend_on_the_seed_and_their_number_alone(catalog):
    used = [catalog.assumptions["peak-factor"], catalog.assumptions["growth-per-year"]]
    assert draw(1, 5, used, ["a", "b"]) == draw(1, 5, used, ["a", "b"]) != draw(2, 5, used, ["a", "b"])
    for n in range(50):
        assert Decimal("1.5") <= draw(1, n, used, [])["assumptions"]["peak-factor"] <= 6


def test_in_no_draw_is_the_best_plan_dearer_than_todays(case, catalog, small):
    made = montecarlo(case, catalog, small, AS_OF, run, draws=3, pilots=1, audits=1)
    assert len(made["draws"]) == made["summary"]["draws"] == 3
    assert all(Decimal(r["regret_eur"]) >= 0 for r in made["draws"] if r["regret_eur"] is not None)


def test_the_plan_of_a_draw_costs_what_the_one_does_that_the_whole_market_gives_where_its_offers_are_on_the_list(case, catalog, small):
    drawing = Drawing.made(case, catalog, small, AS_OF, run, draws=4, pilots=1)
    same = 0
    for n in range(4):
        short, kept_alone, whole = run([drawing.best(n), drawing.kept(n), drawing.whole(n)])
        assert short["kept"]["outcome"] == kept_alone["outcome"] and short["kept"].get("cost_eur") == kept_alone.get("cost_eur")
        if all(c["offer"] in drawing.offers and c["model"] in drawing.models for c in whole.get("choices", ())):
            assert (short["outcome"], short.get("cost_eur")) == (whole["outcome"], whole.get("cost_eur"))
            same += 1
        elif short["outcome"] == "planned":
            assert Decimal(short["cost_eur"]) >= Decimal(whole["cost_eur"])
    assert same


def test_a_short_list_without_a_plan_is_left_for_the_whole_market(case):
    listed = question(case, offers=("mistral-ai-mistral-embed-eu",), models=("mistral-embed",))
    today, short, widened = run([question(case), listed, {**listed, "widen": True}])
    assert short == {"outcome": "no-plan"} and widened == {**today, "searched_whole": True}


def test_where_a_workload_has_no_way_in_the_whole_market_no_plan_is_looked_for(case):
    closed = {"workload_limits": {"letters": {"context_tokens": 10**9}}}
    listed = question(case, offers=("own-l40s-1x",), widen=True, **closed)
    assert run([listed, question(case, **closed)]) == [{"outcome": "no-plan", "searched_whole": True}, {"outcome": "no-plan"}]


def test_the_cheapest_mode_changes_between_the_two_ends_of_a_crossing(case):
    made = breakeven(case, ("api", "on-prem"), run, traffic=(Decimal(1), Decimal(50)), steps=1)
    assert {r["subject"] for r in made["rows"]} == {"letters", "portfolio"}
    assert all(c["from"] != c["to"] and Decimal(c["above"]) < Decimal(c["below"]) for c in made["crossings"])


def test_alternatives_differ_and_come_in_order_of_cost(case):
    found = alternatives(case, run, 2)["alternatives"]
    assert [a["changes"] for a in found] == [["letters"]] * len(found) and found
    assert [Decimal(a["dearer_eur"]) for a in found] == sorted(Decimal(a["dearer_eur"]) for a in found)
    assert Decimal(found[0]["dearer_eur"]) >= 0


def test_a_looser_limit_never_costs_more_and_a_tighter_one_never_less(case):
    for row in binding(case, run)["binding"]:
        assert row["saves_eur"] is None or Decimal(row["saves_eur"]) >= 0
        assert row["costs_eur"] is None or Decimal(row["costs_eur"]) >= 0


def test_the_walk_through_a_cost_adds_up_to_the_cent(reports):
    for name in ("ministry", "bank"):
        plan = reports(name)[0].plan
        for workload in {c.workload for c in plan.choices}:
            walk = cost_walk(plan, workload)
            assert sum(p["amount_eur"] for p in walk["parts"]) == walk["amount_eur"]


def test_a_plan_does_not_differ_from_itself_and_does_from_another(reports):
    ministry, bank = reports("ministry")[0], reports("bank")[0]
    assert not compare(ministry, ministry)["changed"]
    found = compare(ministry, bank)
    assert found["changed"] and found["cost_eur"]["change"] == bank.plan.cost.total_eur - ministry.plan.cost.total_eur


def test_questions_are_plain_data(case):
    task = question(case, limits={"budget.total": Decimal("1.50"), "sovereignty.min_score": None}, traffic=Decimal(2))
    assert json.loads(json.dumps(task)) == task
