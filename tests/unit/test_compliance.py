"""The law on one way to serve a workload: what excludes, what is added, what is asked, and from when."""
from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from law_catalog import AS_OF, END, ON_PREM, PLAIN, assessment, deployment, law_catalog, offer, party

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog, FactDefinition, Party, Rule, Severity
from planner.judging.classes import classify
from planner.judging.compliance import Judge, findings_for, judge
from planner.judging.facts import assumed_facts, facts_of
from planner.judging.following import Following
from planner.judging.law import law_of, law_of_facts
from planner.judging.questions import questions_of


def judged(a: Assessment, **how):
    return judge(deployment(a, **how), a, law_catalog(), AS_OF, END)


# ------------------------------------------------------------------------------------------------------- scope


@pytest.mark.parametrize("task", ["embedding", "retrieval", "classification", "ocr"])
def test_a_workload_is_never_outside_the_act_for_being_no_ai_system(task):
    demand = {"requests_per_month": 10, "input_tokens": 100}
    a = assessment(PLAIN, workloads=[{"id": "one", "name": "One", "task": task, "demand": demand, "facts": {"wl.is_ai_system": False}}])
    assert law_of(a, law_catalog(), AS_OF).classes["in_scope"] is True


# ---------------------------------------------------------------------------------------------------- verdicts


def test_an_option_with_every_answer_given_is_neither_excluded_nor_conditional():
    verdict = judged(assessment(PLAIN))
    assert verdict.blocked_by == () and verdict.conditional_on == ()


def test_an_unknown_fact_makes_an_option_conditional_and_names_it():
    verdict = judged(assessment({k: v for k, v in PLAIN.items() if k != "data.personal"}))
    assert verdict.blocked_by == () and "data.personal" in verdict.conditional_on


def test_an_unmet_demand_on_the_vendor_excludes_with_its_reason():
    a = assessment(PLAIN | {"data.personal": True, "data.lawful_basis": "contract", "dep.dpa_available": False})
    rules = dict(judged(a).blocked_by)
    assert "gdpr-28-dpa" in rules and "data-processing agreement available: no" in rules["gdpr-28-dpa"]


def test_a_demand_the_organisation_can_meet_adds_work_and_excludes_nothing():
    a = assessment(
        PLAIN
        | {
            "org.financial_entity": True,
            "wl.critical_or_important_function": True,
            "dep.exit_plan": False,
            "dep.dora_art30_2": True,
            "dep.dora_art30_3": True,
        }
    )
    verdict = judged(a)
    cures = dict(verdict.cures)
    assert "dora-28-8-exit" not in dict(verdict.blocked_by)
    assert cures["dora-28-8-exit"].cost_eur > 0 and cures["dora-28-8-exit"].per == "operator" and cures["dora-28-8-exit"].estimate


def test_work_for_a_duty_that_applies_is_planned_even_where_nobody_said_whether_it_is_done():
    a = assessment(
        PLAIN
        | {"org.financial_entity": True, "wl.critical_or_important_function": True, "dep.dora_art30_2": True, "dep.dora_art30_3": True}
    )
    verdict = judged(a)
    assert "dora-28-8-exit" in dict(verdict.cures) and "dep.exit_plan" in verdict.conditional_on


def test_a_rule_that_starts_after_the_horizon_does_not_close_an_option_and_one_within_it_does():
    evidence = PLAIN | {
        "wl.annex3_point": "5a",
        "wl.profiling": True,
        "org.public_body": True,
        "ven.system_registered_eu_db": False,
        "wl.type_on_market_before_hr_date": False,
        "wl.for_public_authority_use": False,
        "roles.provider": False,
        "wl.system_origin": "bought_as_is",
        "mod.own_brand": False,
        "mod.substantial_modification": False,
        "mod.changes_intended_purpose": False,
    }
    a = assessment(evidence)
    d = deployment(a)
    early = judge(d, a, law_catalog(), AS_OF, date(2027, 12, 1))
    late = judge(d, a, law_catalog(), AS_OF, date(2027, 12, 2))
    assert "ai-act-26-8-register" not in dict(early.blocked_by)
    assert "ai-act-26-8-register" in dict(late.blocked_by)


def test_a_proposal_binds_nobody_even_if_it_forbids():
    catalog = law_catalog()
    proposal = catalog.rules["cada-pending"].model_copy(update={"severity": Severity.FORBIDS, "kind": "prohibition"})
    changed = catalog.model_copy(update={"rules": {**catalog.rules, proposal.id: proposal}})
    a = assessment(PLAIN | {"org.contracting_authority": True})
    verdict = judge(deployment(a), a, changed, AS_OF, END)
    assert proposal.id not in dict(verdict.blocked_by)
    (finding,) = [f for f in verdict.findings if f.rule == proposal.id]
    assert finding.law_status == "proposal" and finding.status == "informs" and finding.timing == "upcoming"


def test_open_weights_on_own_machines_need_no_processor_contract():
    own = party("own", "DE", dep__ict_third_party=False)
    a = assessment(
        PLAIN | {"data.personal": True, "data.lawful_basis": "contract", "dep.remote_access_from_third_country": False}, country="DE"
    )
    rules = {v.rule.id for v in judged(a, operator=own, mode=ON_PREM, country="DE").verdicts}
    assert not rules & {"gdpr-28-dpa", "gdpr-44-transfer", "data-act-25-contract"}


def test_deployments_that_differ_in_nothing_a_rule_reads_share_one_judgement():
    a = assessment(PLAIN)
    bench = Judge(a, law_catalog(), AS_OF, END)
    assert bench.judge(deployment(a, party("one"))) is bench.judge(deployment(a, party("two")))


# ------------------------------------------------------------------------------------------------------- facts


def test_only_facts_that_were_seen_prove_anything():
    a = assessment()
    recalled = Party.model_validate(
        {
            "id": "v",
            "name": "V",
            "kinds": ["operator"],
            "facts": [{"fact": "dep.dpa_available", "value": True, "source": "law-gdpr", "date": "2026", "basis": "recalled"}],
        }
    )
    assert "dep.dpa_available" not in facts_of(deployment(a, recalled), a, law_catalog())
    assert facts_of(deployment(a, party(dep__dpa_available=True)), a, law_catalog())["dep.dpa_available"] is True


@pytest.mark.parametrize(
    ("country", "region", "expected"),
    [
        ("FR", None, True),
        ("NO", None, True),
        ("CH", None, False),
        ("US", None, False),
        (None, None, None),
        (None, "eu", True),
        ("US", "us", False),
        (None, "global", None),
        ("FR", "global", None),
        (None, "eea-ch", None),
        ("FR", "country", True),
    ],
)
def test_processing_in_the_eea_follows_from_contract_and_site_and_is_unknown_for_a_global_service(country, region, expected):
    a = assessment()
    facts = facts_of(deployment(a, country=country, offer=offer(region)), a, law_catalog())
    assert facts.get("dep.processing_in_eea") is expected


def test_a_maker_speaks_for_its_model_and_not_for_the_service_another_operator_runs():
    a = assessment(party_facts={"maker": {"dep.exit_plan": True, "ven.excludes_high_risk_use": True}})
    maker = party("maker", dep__dpa_available=True, m__code_of_practice="full")
    facts = facts_of(replace(deployment(a), vendor=maker), a, law_catalog())
    assert facts["m.code_of_practice"] == "full" and facts["ven.excludes_high_risk_use"] is True
    assert "dep.dpa_available" not in facts and "dep.exit_plan" not in facts


def test_what_the_choice_settles_cannot_be_declared_away():
    a = assessment({"dep.processing_in_eea": True, "dep.third_party_processor": False})
    facts = facts_of(deployment(a, country="US"), a, law_catalog())
    assert facts["dep.processing_in_eea"] is False and facts["dep.third_party_processor"] is True and facts["dep.recipient_country"] == "US"


def test_switzerland_is_reached_under_its_adequacy_decision_and_the_usa_is_not():
    a = assessment()
    assert facts_of(deployment(a, country="CH"), a, law_catalog())["dep.transfer_tool"] == "adequacy"
    assert "dep.transfer_tool" not in facts_of(deployment(a, country="US"), a, law_catalog())


def test_what_the_user_declares_of_a_party_wins_over_the_general_and_null_takes_a_fact_away():
    a = assessment({"dep.dpa_available": False, "org.country": None}, party_facts={"vendor": {"dep.dpa_available": True}})
    facts = facts_of(deployment(a), a, law_catalog())
    assert facts["dep.dpa_available"] is True and "org.country" not in facts


def test_a_class_cannot_be_typed_in():
    a = assessment({"class.aia_excluded": True})
    assert "class.aia_excluded" not in facts_of(deployment(a), a, law_catalog())
    assert law_of_facts({"class.aia_excluded": True}, law_catalog(), AS_OF).classes["aia_excluded"] is None


def test_a_task_that_gives_labels_talks_to_nobody_and_a_task_that_may_is_asked():
    def facts(task: str) -> dict:
        body = {"id": "one", "name": "W", "task": task, "demand": {"requests_per_month": 10}}
        a = assessment(workloads=[body])
        return facts_of(deployment(a), a, law_catalog())

    assert facts("classification")["wl.interacts_with_persons"] is False and facts("chat")["wl.interacts_with_persons"] is True
    assert "wl.interacts_with_persons" not in facts("extraction")


def test_silence_on_criticality_is_not_read_as_harmless():
    a = assessment()
    assert "wl.critical_or_important_function" not in facts_of(deployment(a), a, law_catalog())


@pytest.mark.parametrize(
    ("sector", "country", "expected"),
    [
        ("banking", "FR", {"org.financial_entity": True, "org.established_in_eu": True, "org.country": "FR"}),
        ("manufacturing", "JP", {"org.country": "other"}),
        ("public-administration", "IT", {"org.public_body": True, "org.contracting_authority": True}),
    ],
)
def test_of_an_organisation_only_what_is_certain_follows(sector, country, expected):
    a = assessment(sector=sector, country=country)
    facts = {k: v for k, v in facts_of(deployment(a), a, law_catalog()).items() if k.startswith("org.")}
    assert expected.items() <= facts.items()
    assert ("org.financial_entity" in facts) == (sector == "banking") and ("org.established_in_eu" in facts) == (country != "JP")


# -------------------------------------------------------------------------------------------------- assumptions


def test_only_rare_facts_are_assumed_and_never_one_that_is_known():
    catalog = law_catalog()
    assumed = assumed_facts({"wl.deepfake": True}, catalog)
    assert "wl.deepfake" not in assumed and assumed["wl.manipulative_technique"] is False and "data.personal" not in assumed
    assert all(catalog.facts[name].assume_if_unasked == value for name, value in assumed.items())


def test_an_assumption_raises_a_class_and_clears_none():
    facts = {"wl.is_ai_system": True, "org.established_in_eu": True, "wl.annex3_point": "5b", "wl.profiling": True}
    reading = law_of_facts(facts, law_catalog(), AS_OF)
    assert reading.classes["high_risk"] is True and reading.classes["prohibited"] is None and reading.classes["aia_excluded"] is None
    assert reading.if_usual["prohibited"] is not True and "wl.sole_purpose_scientific_research" in reading.assumed


def test_evidence_that_is_needed_is_told_from_a_duty_that_may_not_apply():
    facts = {"wl.is_ai_system": True, "org.established_in_eu": True, "wl.setting": "ordinary", "wl.real_world_testing": False}
    by_rule = {f.rule: f for f in law_of_facts(facts, law_catalog(), AS_OF).obligations}
    assert (by_rule["ai-act-4-literacy"].status, by_rule["ai-act-4-literacy"].applies) == ("unknown", True)
    assert (by_rule["gdpr-28-dpa"].status, by_rule["gdpr-28-dpa"].applies) == ("unknown", False)


def test_a_duty_raised_by_an_assumption_says_so():
    facts = {"wl.is_ai_system": True, "org.established_in_eu": True, "ev.literacy_programme": False}
    (finding,) = [f for f in law_of_facts(facts, law_catalog(), AS_OF).obligations if f.rule == "ai-act-4-literacy"]
    assert finding.status == "unmet" and "Supposed, as is usual" in finding.why and finding.assumed


# ------------------------------------------------------------------------------------------------ what follows


def test_two_answers_that_contradict_each_other_are_listed_and_count_as_none():
    reading = law_of_facts({"wl.practices": ["none-of-these"], "wl.manipulative_technique": True}, law_catalog(), AS_OF)
    assert reading.contradicted == ("wl.manipulative_technique",) and reading.classes["prohibited"] is None
    assert law_of_facts({"wl.practices": ["none-of-these"]}, law_catalog(), AS_OF).contradicted == ()


def test_completing_facts_twice_changes_nothing():
    following = Following(law_catalog())
    for facts in ({"wl.practices": ("manipulation",)}, {"wl.practices": ("none-of-these",), "wl.realtime_rbi": True}, {"wl.setting": "ordinary"}):
        once = following.complete(facts)
        assert following.complete(once) == once


def test_facts_that_follow_from_each_other_in_a_circle_are_refused():
    facts = [FactDefinition.model_validate({"name": f"x.{a}", "type": "bool", "meaning": a, "follows": [{"fact": f"x.{b}", "is": True}]})
             for a, b in (("a", "b"), ("b", "a"))]
    with pytest.raises(ValueError, match="circle"):
        Following(law_catalog().model_copy(update={"facts": {f.name: f for f in facts}}))


def test_a_class_is_traced_to_stated_facts_and_to_the_point_of_the_law():
    facts = {"wl.is_ai_system": True, "org.established_in_eu": True, "wl.setting": "ordinary", "wl.purposes": ["recruitment"], "wl.profiling": True}
    trace = law_of_facts(facts, law_catalog(), AS_OF).trace["high_risk"]
    assert trace.points == ("AI Act Annex III, 4(a)",) and {"wl.purposes", "wl.profiling"} <= set(trace.facts)
    assert "wl.real_world_testing" not in trace.facts and not trace.open


def test_a_role_names_the_single_facts_that_would_flip_it():
    facts = {"wl.is_ai_system": True, "org.established_in_eu": True, "wl.setting": "ordinary", "wl.purposes": ["recruitment"],
             "wl.profiling": True, "org.acts": ["use"]}
    provider = next(role for role in law_of_facts(facts, law_catalog(), AS_OF).roles if role.role == "provider")
    assert provider.holds is False
    assert {(f.fact, f.value) for f in provider.flips if f.holds} >= {
        ("mod.own_brand", True), ("mod.changes_intended_purpose", True), ("mod.substantial_modification", True), ("roles.provider", True),
        ("use.built_by_you", True),
    }
    modifier = next(role for role in law_of_facts({"mod.finetunes_model": True, "mod.compute_ratio": Decimal("0.1"), "org.acts": ["tune-model"]},
                                                  law_catalog(), AS_OF).roles if role.role.startswith("downstream"))
    assert any(f.fact == "mod.compute_ratio" and f.holds for f in modifier.flips)


# ------------------------------------------------------------------------------------------------ findings, law


def two_workloads(first: dict, second: dict) -> Assessment:
    body = {"name": "W", "task": "chat", "demand": {"requests_per_month": 10}}
    return assessment(PLAIN, workloads=[{"id": "one", **body, "facts": first}, {"id": "two", **body, "facts": second}])


def test_what_a_rule_says_of_all_workloads_alike_is_one_finding():
    a = two_workloads({}, {"wl.workplace_use": True})
    findings = findings_for([deployment(a, workload=0), deployment(a, workload=1)], a, law_catalog(), AS_OF, END)
    by_rule: dict[str, list[str | None]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding.workload)
    assert by_rule["ai-act-4-literacy"] == [None]
    assert by_rule["work-fr-cse"] == ["one", "two"]


def test_findings_begin_with_what_forbids_and_is_unmet():
    a = assessment(PLAIN | {"data.personal": True, "data.lawful_basis": "none", "dep.dpa_available": False})
    ranks = [(f.severity, f.status) for f in findings_for([deployment(a)], a, law_catalog(), AS_OF, END)]
    assert ranks[0] == ("forbids", "unmet")
    order = [("forbids", "unmet"), ("forbids", "unknown"), ("warns", "unmet"), ("warns", "unknown")]
    places = [order.index(r) for r in ranks if r in order]
    assert places == sorted(places)
    assert all(f.citation.url and f.why for f in findings_for([deployment(a)], a, law_catalog(), AS_OF, END))


def test_the_law_of_an_assessment_joins_its_workloads():
    a = two_workloads({"wl.annex3_point": "4a", "wl.profiling": True}, {})
    assert law_of(a, law_catalog(), AS_OF).classes["high_risk"] is True
    assert law_of(two_workloads({}, {}), law_catalog(), AS_OF).classes["high_risk"] is False


def test_questions_are_plain_and_rank_what_forbids_first():
    findings = law_of_facts({"data.personal": True}, law_catalog(), AS_OF).obligations
    questions = questions_of(findings, law_catalog())
    assert all(q.question.endswith("?") and not q.fact.startswith("class.") and q.decides > 0 for q in questions)
    usual = [law_catalog().facts[q.fact].assume_if_unasked is not None for q in questions]
    assert usual == sorted(usual)
    assert "dep.transfer_tool" in [q.fact for q in questions[:12]] and questions[0].decides > questions[-1].decides
    screened = [q.fact for q in questions_of(findings, law_catalog(), screening=True)]
    assert {"wl.practices", "wl.setting"} <= set(screened[:8]) and "wl.manipulative_technique" not in screened


# ------------------------------------------------------------------------------------------------------- dates


IN_SCOPE = {
    "wl.is_ai_system": True,
    "org.established_in_eu": True,
    "wl.sole_purpose_scientific_research": False,
    "wl.exclusively_defence_or_national_security": False,
    "wl.pre_market_development_only": False,
    "roles.deployer": True,
    "roles.provider": True,
}
ANNEX3 = IN_SCOPE | {
    "wl.annex3_point": "4a",
    "wl.profiling": True,
    "wl.annex1_section_a_product": False,
    "wl.type_on_market_before_hr_date": False,
}
ANNEX1 = IN_SCOPE | {
    "wl.annex3_point": "none",
    "wl.annex1_section_a_product": True,
    "wl.third_party_conformity_required": True,
    "wl.is_product_itself": True,
    "wl.type_on_market_before_hr_date": False,
}
LEGACY = ANNEX3 | {
    "wl.type_on_market_before_hr_date": True,
    "wl.significant_design_change_after_hr_date": False,
    "wl.for_public_authority_use": True,
}
MARKING = IN_SCOPE | {
    "wl.generates_synthetic_content": True,
    "wl.authorised_crime_detection": False,
    "wl.assistive_editing_only": False,
    "wl.output_is_source_code_only": False,
}


@pytest.mark.parametrize(
    ("rule", "starts", "facts"),
    [
        ("ai-act-4-literacy", date(2025, 2, 2), IN_SCOPE),
        (
            "ai-act-5-1-a",
            date(2025, 2, 2),
            IN_SCOPE | {"wl.manipulative_technique": True, "wl.distorts_decisions": True, "wl.significant_harm_likely": True},
        ),
        ("ai-act-53-1-c", date(2025, 8, 2), {"mod.finetunes_model": True, "mod.compute_ratio": Decimal("0.5")}),
        ("ai-act-4a-bias-data", date(2026, 7, 27), {"data.special_category": True, "wl.bias_testing": True}),
        ("ai-act-50-4-deepfake", date(2026, 8, 2), IN_SCOPE | {"wl.deepfake": True, "wl.authorised_crime_detection": False}),
        ("ai-act-50-2", date(2026, 8, 2), MARKING | {"wl.placed_on_market_before_2026_08_02": False}),
        ("ai-act-50-2-legacy", date(2026, 12, 2), MARKING | {"wl.placed_on_market_before_2026_08_02": True}),
        ("ai-act-101-gpai-fines", date(2026, 8, 2), {"mod.finetunes_model": True, "mod.compute_ratio": Decimal("0.5")}),
        (
            "ai-act-5-1-ba",
            date(2026, 12, 2),
            IN_SCOPE
            | {"wl.generates_intimate_imagery": True, "wl.explicit_consent_depicted": False, "wl.intimate_imagery_is_purpose": True},
        ),
        (
            "ai-act-5-1-bb",
            date(2026, 12, 2),
            IN_SCOPE | {"wl.generates_csam_foreseeable": True, "wl.csam_without_right_defence": False, "wl.csam_is_purpose": True},
        ),
        ("ai-act-26-2-oversight", date(2027, 12, 2), ANNEX3),
        ("ai-act-27-fria", date(2027, 12, 2), ANNEX3 | {"org.public_body": True}),
        ("ai-act-16-provider-duties", date(2027, 12, 2), ANNEX3),
        ("ai-act-26-2-oversight", date(2028, 8, 2), ANNEX1),
        ("ai-act-16-provider-duties", date(2028, 8, 2), ANNEX1),
        ("ai-act-111-2-legacy-public", date(2030, 8, 2), LEGACY),
        ("ai-act-26-2-oversight", date(2030, 8, 2), LEGACY),
        ("dora-17-incidents", date(2025, 1, 17), {"org.financial_entity": True}),
        (
            "dora-31-12-third-country-sub",
            date(2026, 11, 18),
            {"org.financial_entity": True, "dep.provider_is_ctpp": True, "dep.contract_party_third_country": True},
        ),
        ("data-act-25-contract", date(2025, 9, 12), {"dep.cloud_service": True, "dep.non_production_test": False}),
        (
            "data-act-29-none",
            date(2027, 1, 12),
            {"dep.cloud_service": True, "dep.non_production_test": False, "dep.custom_built_service": False},
        ),
        ("cra-14-reporting", date(2026, 9, 11), {"org.places_digital_product": True}),
        ("cra-13-essential", date(2027, 12, 11), {"org.places_digital_product": True}),
        ("platform-work-algorithmic", date(2026, 12, 2), {"org.digital_labour_platform": True}),
        ("product-liability-software", date(2026, 12, 9), {"org.places_digital_product": True}),
        ("ehds-86-90-national", date(2027, 3, 26), {"data.health": True}),
        ("ehds-secondary", date(2029, 3, 26), {"data.health_secondary_use": True}),
    ],
)
def test_a_rule_is_upcoming_until_its_day_and_in_force_from_it(rule, starts, facts):
    for day, timing in ((starts - timedelta(days=1), "upcoming"), (starts, "in-force")):
        (finding,) = [f for f in law_of_facts(facts, law_catalog(), day).obligations if f.rule == rule]
        assert (finding.timing, finding.applies_from) == (timing, starts)


@pytest.mark.parametrize(
    ("rule", "ends", "facts"),
    [
        ("ai-act-111-3-legacy-models", date(2027, 8, 2), {"m.gpai": True, "m.placed_before_2025_08_02": True}),
        (
            "data-act-29-reduced",
            date(2027, 1, 12),
            {"dep.cloud_service": True, "dep.non_production_test": False, "dep.custom_built_service": False},
        ),
    ],
)
def test_a_rule_that_ends_is_gone_on_its_last_day(rule, ends, facts):
    assert rule in {f.rule for f in law_of_facts(facts, law_catalog(), ends - timedelta(days=1)).obligations}
    assert rule not in {f.rule for f in law_of_facts(facts, law_catalog(), ends).obligations}


def test_silence_on_the_class_postpones_no_date():
    unsaid = {k: v for k, v in LEGACY.items() if k not in ("wl.type_on_market_before_hr_date", "wl.for_public_authority_use")}
    (finding,) = [f for f in law_of_facts(unsaid, law_catalog(), AS_OF).obligations if f.rule == "ai-act-26-2-oversight"]
    assert finding.applies_from == date(2027, 12, 2)


# ------------------------------------------------------------------------------------------------- the catalog


def test_every_rule_speaks_the_vocabulary_and_can_be_acted_on():
    catalog = law_catalog()
    for rule in catalog.rules.values():
        names = rule.when.fact_names() | (rule.demands.fact_names() if rule.demands else frozenset())
        assert names <= set(catalog.facts), rule.id
        assert rule.reviewed_by is None, f"{rule.id}: no lawyer has signed yet"
        if rule.demands is not None or rule.kind == "prohibition":
            assert rule.steps, f"{rule.id} demands something and no step says how to meet it"
        assert (rule.curable_by is not None) == (rule.cure_by == "deployer"), rule.id


def test_a_duty_of_a_vendor_is_something_to_check_or_get_and_not_to_do():
    vendors = {"gpai-provider", "data-processing-provider", "processor", "hosting-provider"}
    theirs = [r for r in law_catalog().rules.values() if r.demands and set(r.binds) <= vendors and "class.gpai_provider" not in r.when.fact_names()]
    assert len(theirs) > 8
    assert all(step.do.split()[0] in ("Check", "Get", "Find", "Ask", "Run") for rule in theirs for step in rule.steps)


def test_every_class_that_rules_read_is_set_by_a_rule_and_marked_derived():
    catalog = law_catalog()
    read = {n for r in catalog.rules.values() for n in r.when.fact_names() if n.startswith("class.")}
    sets = {r.sets for r in catalog.rules.values() if r.sets}
    assert read <= sets
    assert {n for n in catalog.facts if n.startswith("class.")} == sets
    assert all(catalog.facts[n].derived and catalog.facts[n].question is None for n in sets)


def test_a_new_rule_is_one_entry_and_no_code():
    catalog: Catalog = law_catalog()
    rule = Rule.model_validate(
        {
            "id": "house-no-chat",
            "instrument": "House rule",
            "title": "No chat",
            "says": "No chat.",
            "cites": {"text": "H 1", "url": "https://example.org", "checked": "2026"},
            "kind": "prohibition",
            "status": "law",
            "binds": ["any"],
            "applies_from": "2026-01-01",
            "when": {"fact": "wl.interacts_with_persons", "is": True},
            "severity": "forbids",
            "confidence": "high",
            "verified": "text-read",
        }
    )
    a = assessment(PLAIN)
    changed = catalog.model_copy(update={"rules": {**catalog.rules, rule.id: rule}})
    assert "house-no-chat" in dict(judge(deployment(a), a, changed, AS_OF, END).blocked_by)


def test_classification_tells_which_rule_made_a_class_true():
    found = classify(ANNEX3, law_catalog(), AS_OF)
    assert found.because["class.high_risk"] == ("ai-act-6-high-risk",) and found.because["class.high_risk_annex3"] == (
        "ai-act-6-2-high-risk-annex3",
    )
