"""The figures to watch: each follows from the plan, and what nobody knows is neither good nor counted."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from planner.planning import plan, recheck
from planner.planning.kpis import kpis_of
from planner.reading.assessment import assessment_data
from planner.reporting.texts import texts
from planner.reporting.view import view_of
from planner.sizing.demand import volumes

ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2026, 11, 24)


@pytest.fixture(scope="module")
def report(catalog, small):
    return plan(catalog, small, AS_OF, assessment_data(small))


@pytest.fixture(scope="module")
def held(report):
    return {k.id: k for k in report.kpis}


def again(report, small, catalog, **changed):
    given = {"stack": report.stack, "findings": report.findings} | changed
    made = kpis_of(report.plan, report.scorecard, given["stack"], given["findings"], small, catalog, AS_OF)
    return {k.id: k for k in made}


def test_cost_of_a_request_times_the_requests_is_the_cost(report, held, small, catalog):
    workloads = {w.id: w for w in small.workloads}
    requests = sum(volumes(workloads[c.workload], small.horizon, catalog.assumptions, catalog.models[c.model].unit).total_requests
                   for c in report.plan.choices)
    assert abs(held["cost-per-request"].value * requests - report.plan.cost.total_eur) < requests / 1_000_000


def test_utilisation_counts_what_is_owned_or_committed_alone(report, held, catalog):
    assert all(catalog.offers[p.offer].term_months or catalog.offers[p.offer].kind.value == "purchase" for p in report.plan.pools
               if p.model in {part.name for part in held["capacity-utilisation"].parts})
    if held["capacity-utilisation"].value is not None:
        assert 0 < held["capacity-utilisation"].value <= 1


def test_an_operator_whose_control_is_not_known_is_not_counted_as_the_eu(report, small, catalog, held):
    blind = tuple(s.model_copy(update={"layers": tuple(x.model_copy(update={"law": "not known"}) for x in s.layers)}) for s in report.stack)
    unseen = again(report, small, catalog, stack=blind)["spend-under-eu-law"]
    assert unseen.value == 0 and unseen.high == 1
    assert held["spend-under-eu-law"].value >= unseen.value


def test_an_exit_plan_that_nobody_states_is_no_exit_plan(report, small, catalog):
    silent = small.model_copy(update={"evidence": {k: v for k, v in small.evidence.items() if k != "dep.exit_plan"}})
    figure = again(report, silent, catalog, findings=())["exit-readiness"]
    assert figure.value in (None, Decimal(0)) and (figure.value is None or figure.high == 1)
    stated = small.model_copy(update={"evidence": {**small.evidence, "dep.exit_plan": True}})
    figure = again(report, stated, catalog)["exit-readiness"]
    assert figure.value in (None, Decimal(1))


def test_a_forged_figure_is_found(report, small, catalog):
    forged = report.model_copy(update={"kpis": (report.kpis[0].model_copy(update={"value": Decimal("0.99")}), *report.kpis[1:])})
    assert any("kpis" in said for said in recheck(forged, catalog, small)) and not recheck(report, catalog, small)


def with_carbon(report, kilos):
    """The report with so much carbon for each choice in turn, and the plan's as it follows: None as soon as one's is."""
    choices = tuple(c.model_copy(update={"carbon_kg": k}) for c, k in zip(report.plan.choices, kilos, strict=True))
    whole = None if None in kilos else sum(kilos, Decimal(0))
    return report.model_copy(update={
        "plan": report.plan.model_copy(update={"choices": choices, "cost": report.plan.cost.model_copy(update={"carbon_kg": whole})})})


@pytest.mark.parametrize("hidden", [0, 1])
def test_carbon_that_is_not_known_is_never_counted_as_none(report, small, catalog, hidden):
    choices = [c for c in report.plan.choices if not c.stands_by]
    assert len(choices) == len(report.plan.choices) > 1
    kilos = [Decimal(100 + n) for n in range(len(choices))]
    everything = with_carbon(report, kilos)
    assert everything.plan.carbon_known == (sum(kilos), 1)
    kilos[hidden] = None
    partly = with_carbon(report, kilos)
    seen = sum(k for k in kilos if k)
    known, share = partly.plan.carbon_known
    assert known == seen and share == 1 - choices[hidden].cost_eur / sum(c.cost_eur for c in choices)
    figure = again(partly, small, catalog)["carbon"]
    assert (figure.value, figure.low, figure.high) == (None, seen, None) and figure.unknown_because
    assert [part.value for part in figure.parts if part.name == choices[hidden].workload] == [None]
    tile, = view_of(partly, "en").planned.carbon
    assert tile.value == f"at least {seen} kg CO2e" and "not known" in tile.note
    whole, = view_of(everything, "en").planned.carbon
    assert whole.value == f"{everything.plan.cost.carbon_kg} kg CO2e" and again(everything, small, catalog)["carbon"].value == everything.plan.cost.carbon_kg


def test_where_no_carbon_is_known_there_is_no_tile_and_the_figure_says_so(report, small, catalog):
    dark = with_carbon(report, [None] * len(report.plan.choices))
    figure = again(dark, small, catalog)["carbon"]
    assert view_of(dark, "en").planned.carbon == () and (figure.value, figure.low) == (None, None) and figure.unknown_because


@pytest.mark.parametrize("lang", ["fr", "de", "ja"])
def test_every_word_of_a_figure_is_translated(report, lang):
    say = texts(lang)
    for k in report.kpis:
        for words in (k.name, k.formula, k.measure, *([k.unknown_because] if k.unknown_because else [])):
            assert "[EN]" not in say(words), words


def test_each_mixture_of_a_plan_has_its_panel_and_no_dense_model_has(report, small, catalog):
    mixtures = {c.model for c in report.plan.choices if (a := catalog.models[c.model].architecture) and a.value.experts}
    panels = {p.model: p for p in report.annexes.efficiency}
    assert set(panels) == mixtures
    for panel in panels.values():
        roles = [c.role for c in panel.contenders]
        assert roles[0] == "mixture" and {"twin-total", "twin-active"} <= set(roles)
        assert all((c.eur_per_mtok is None) == (c.because is not None) for c in panel.contenders)
        assert {d.against for d in panel.duels} <= set(roles)
