"""The adoption checklist: every line has an owner, a date, evidence and what raised it; nothing is said twice."""
from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from law_catalog import AS_OF, END, PLAIN, assessment, deployment, law_catalog

from planner.domain.catalog import Catalog, Licence, Mode, Model, Party
from planner.domain.plan import Choice, Cost, CostLine, Plan, Pool
from planner.judging.checklist import checklist
from planner.judging.compliance import findings_for

LEGAL = PLAIN | {"data.personal": True, "data.lawful_basis": "none", "dep.dpa_available": True, "org.employees": 300}
LINE = {
    "what": "Servers",
    "layer": "L4",
    "offer": "rent",
    "unit": "accelerator-hour",
    "quantity": Decimal(10),
    "price": Decimal(2),
    "currency": "EUR",
    "per_eur": Decimal(1),
    "amount_eur": Decimal(20),
    "source": "own-assumption",
    "date": "2026",
}


def catalog() -> Catalog:
    base = law_catalog()
    figure = {"source": "law-gdpr", "date": "2026"}
    licence = Licence.model_validate(
        {
            "id": "open",
            "name": "Open Licence",
            "spdx": "LicenseRef-open",
            "licensor": "maker",
            "permissions": {},
            "conditions": ["Keep the notice of the licence"],
            "triggers": [
                {
                    "kind": "revenue",
                    "says": "Above USD 20m a month a licence is needed.",
                    "when": {"fact": "licensee.monthly_revenue_usd", "above": 20000000},
                    "effect": "needs-licence",
                    "uses": ["commercial-use"],
                    "clause": "2.1",
                }
            ],
            "art_53_2": "no",
            "art_53_2_because": "x",
            "art_53_2_paragraph": "x",
            "evidence": "text-read",
            "source": "law-gdpr",
            "checked": "2026",
        }
    )
    model = Model.model_validate(
        {
            "id": "m",
            "name": "Model M",
            "maker": "mistral-ai",
            "kind": "chat",
            "group": "flagship",
            "licence": {"value": "open", **figure},
            "reads": {"value": ["text"], **figure},
            "writes": {"value": ["text"], **figure},
        }
    )
    mode = Mode(id="on-prem", name="On-prem", says="x", weights_held_by_customer=True, hardware="owned", operated_by_customer=True)
    api = Mode(id="api", name="API", says="x", weights_held_by_customer=False, hardware="none", operated_by_customer=False)
    maker = Party.model_validate({"id": "mistral-ai", "name": "Mistral AI", "kinds": ["vendor", "operator"]})
    return base.model_copy(
        update={
            "licences": {"open": licence},
            "models": {"m": model},
            "modes": {"on-prem": mode, "api": api},
            "parties": {"mistral-ai": maker},
        }
    )


def plan(mode: str = "on-prem", **choice) -> Plan:
    line = CostLine.model_validate(LINE | {"estimate": True})
    one = Choice.model_validate(
        {
            "workload": "one",
            "option": "o",
            "model": "m",
            "mode": mode,
            "operator": "mistral-ai",
            "site": None,
            "country": None,
            "offer": "rent",
            "cost_eur": Decimal(20),
            "cost_lines": [line, line],
            "sources": [],
            **choice,
        }
    )
    pool = Pool.model_validate(
        {
            "id": "p",
            "model": "m",
            "precision": "bf16",
            "accelerator": "h100",
            "tensor_parallel": 1,
            "offer": "rent",
            "site": None,
            "replicas": 2,
            "spares": 1,
            "load": Decimal(1),
            "workloads": ["one"],
        }
    )
    cost = Cost(total_eur=Decimal(20), capex_eur=Decimal(0), by_year={}, by_layer={}, by_operator={})
    return Plan(choices=(one,), pools=(pool,) if mode == "on-prem" else (), nodes=(), cost=cost, as_of=AS_OF, months=36)


def steps(evidence: dict | None = None, made: Plan | None = None, as_of: date = AS_OF, **more):
    a = assessment(LEGAL if evidence is None else evidence, **more)
    findings = findings_for([deployment(a)], a, law_catalog(), as_of, END)
    return checklist(findings, made, a, catalog(), as_of)


def by_source(found, source: str):
    return [s for s in found if s.id.startswith(source)]


def test_an_unmet_rule_raises_its_step_with_owner_evidence_and_citation():
    (step,) = by_source(steps(), "gdpr-6-lawful-basis")
    assert step.owner == "Data protection officer" and step.citation == "GDPR Art. 6(1)" and step.evidence and step.cost_eur == 3000
    assert step.because.startswith("gdpr-6-lawful-basis, GDPR Art. 6(1): ")


def test_a_met_rule_raises_no_step():
    assert by_source(steps(LEGAL | {"data.lawful_basis": "contract"}), "gdpr-6-lawful-basis") == []


def test_nothing_is_due_before_the_planning_day_or_before_its_rule_applies():
    evidence = LEGAL | {"wl.annex3_point": "4a", "wl.profiling": True, "wl.type_on_market_before_hr_date": False}
    found = steps(evidence, as_of=date(2027, 6, 1))
    assert min(s.due for s in found) == date(2027, 6, 1)
    (oversight,) = by_source(found, "ai-act-26-2-oversight")
    assert oversight.due == date(2027, 12, 2)


def test_go_live_is_the_due_date_of_what_is_already_in_force():
    (step,) = by_source(steps(), "gdpr-6-lawful-basis")
    assert step.due == date(2027, 1, 1)


def test_an_estimated_price_asks_for_one_quote_however_often_it_is_used():
    (step,) = by_source(steps(made=plan()), "get-a-quote")
    assert "estimate" in step.because and step.workloads == ("one",)


def test_pinned_quality_self_hosting_and_open_facts_each_raise_their_step():
    found = steps(made=plan(quality_pinned=True, conditional_on=["dep.exit_plan"]))
    assert len(by_source(found, "measure-quality")) == len(by_source(found, "capacity-test")) == 1
    (answer,) = by_source(found, "open-fact")
    assert answer.step == "Answer: Is there a documented and tested exit plan?"


def test_licence_duties_follow_the_weights():
    held = steps(made=plan())
    (duty,) = by_source(held, "licence-duty")
    (trigger,) = by_source(held, "licence-trigger")
    assert duty.step == "Keep the notice of the licence" and trigger.horizon == "mid" and trigger.citation == "2.1"
    assert not by_source(steps(made=plan("api")), "licence-")


def test_a_critical_workload_rehearses_its_exit_and_a_supporting_one_does_not():
    body = {"id": "one", "name": "One", "task": "chat", "demand": {"requests_per_month": 10}}
    assert by_source(steps(made=plan(), workloads=[body | {"criticality": "critical"}]), "exit-test")
    assert not by_source(steps(made=plan(), workloads=[body]), "exit-test")


def test_horizons_speak_to_adopters_then_investors_then_policy():
    found = steps(made=plan())
    assert [s.horizon for s in found] == sorted((s.horizon for s in found), key=["short", "mid", "long"].index)
    (viability,), (use,), (autonomy,) = (by_source(found, x) for x in ("vendor-viability", "compute-utilisation", "supply-chain"))
    assert "investor" in viability.audience and viability.due == date(2028, 1, 1) and "utilisation" in use.step
    assert (autonomy.horizon, autonomy.audience, autonomy.due) == ("long", "policy", date(2030, 1, 1))


def test_the_same_step_for_two_workloads_is_one_line():
    body = {"name": "W", "task": "chat", "demand": {"requests_per_month": 10}}
    a = assessment(LEGAL, workloads=[{"id": "one", **body}, {"id": "two", **body, "facts": {"data.lawful_basis": None}}])
    findings = findings_for([deployment(a, workload=0), deployment(a, workload=1)], a, law_catalog(), AS_OF, END)
    found = checklist(findings, None, a, catalog(), AS_OF)
    assert len({(s.step, s.owner) for s in found}) == len(found)
    (basis,) = by_source(found, "gdpr-6-lawful-basis")
    assert basis.workloads == ("one", "two") and basis.cost_eur == 6000


def test_ids_are_short_unique_and_stable():
    first, second = steps(made=plan()), steps(made=plan())
    assert first == second and len({s.id for s in first}) == len(first)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", s.id) for s in first)
