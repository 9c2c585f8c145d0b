"""What licences let a licensee do: the cases a lawyer wrote, the edges, and that silence never allows anything."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.assessment import Assessment
from planner.domain.catalog import Colour, Effect, ExchangeRate, Licence, Permission, Trigger, Use
from planner.domain.conditions import Condition
from planner.judging.deployment import Deployment
from planner.judging.licences import Ruling, art_53_2, colour, desk, duties, judge_licence, licensee_facts, uses_of
from planner.reading.strict_yaml import read

SPEC = read(Path(__file__).resolve().parents[1] / "specs" / "licences.yaml").data["cases"]
DAY = date(2026, 11, 24)
EU = {"eu": frozenset({"DE", "FR"})}
GOOD = (Ruling.ALLOWED, Ruling.WITH_DUTIES)


def licence(triggers=(), permission=Permission.YES, **more) -> Licence:
    return Licence(**{
        "id": "some-licence", "name": "Some licence", "spdx": "LicenseRef-Some", "licensor": "Somebody", "permissions": {use: permission for use in Use},
        "triggers": tuple(triggers), "art_53_2": "yes", "art_53_2_because": "free", "art_53_2_paragraph": "79-82", "evidence": "text-read",
        "source": "some-source", "checked": "2026-05", **more,
    })


def trigger(effect=Effect.NEEDS_LICENCE, **test) -> Trigger:
    when = Condition(**(test or {"fact": "licensee.monthly_revenue_usd", "above": Decimal(100)}))
    return Trigger(kind="revenue", says="A limit", when=when, effect=effect, uses=tuple(Use), clause="Section 1", remedy="Ask")


def one(given_licence, facts=(), use=Use.INTERNAL):
    return judge_licence(given_licence, dict(facts), (use,), EU)[0]


def case_name(case) -> str:
    return f"{case['model']}-{case['use']}-{'-'.join(f'{k}={v}' for k, v in case['facts'].items())}"[:120]


@pytest.mark.parametrize("case", SPEC, ids=case_name)
def test_a_licence_says_what_a_lawyer_expects(case, catalog):
    model = catalog.models[catalog.model_names[case["model"]]]
    facts = {f"licensee.{name}": value for name, value in case["facts"].items()}
    assert facts.keys() <= catalog.facts.keys()
    verdict = judge_licence(catalog.licences[model.licence.value], facts, (Use(case["use"]),), catalog.country_groups)[0]
    assert (verdict.verdict, verdict.trigger) == (case["verdict"], case["trigger"]), verdict.because
    assert verdict.source in catalog.sources


# ---------------------------------------------------------------------------------------- the shipped licences


def test_every_licence_answers_for_every_use_and_every_trigger_can_be_asked_about(catalog):
    assert len(catalog.licences) >= 33
    for entry in catalog.licences.values():
        assert set(entry.permissions) == set(Use), entry.id
        for rule in entry.triggers:
            assert all(name.startswith("licensee.") and catalog.facts[name].question for name in rule.when.fact_names()), entry.id


def test_with_nothing_known_no_limited_licence_allows_a_limited_use(catalog):
    for entry in catalog.licences.values():
        for use in Use:
            limited = any(use in t.uses and t.effect is not Effect.ADDS_DUTY for t in entry.triggers)
            verdict = judge_licence(entry, {}, (use,), catalog.country_groups)[0]
            if limited or entry.evidence == "not-read":
                assert verdict.verdict not in GOOD, (entry.id, use)
            assert verdict.unknown or verdict.verdict is not Ruling.CANNOT_TELL, (entry.id, use)
            assert verdict.unknown <= catalog.facts.keys()


def test_colours_follow_from_terms(catalog):
    of = {key: colour(entry) for key, entry in catalog.licences.items()}
    assert {of[k] for k in ("apache-2-0", "mit", "eurollm-apache-2-0", "openmdw-1-0")} == {Colour.OPEN}
    assert {of[k] for k in ("mistral-modified-mit-2025", "llama-3-3-community", "cc-by-nc-4-0", "open-aleph-1-0", "glm-5-3")} == {Colour.RESTRICTED}
    assert {key for key, c in of.items() if c is Colour.CLOSED} == {key for key, entry in catalog.licences.items() if not entry.weights_available}


def test_only_open_terms_are_free_and_open_for_the_ai_act(catalog):
    for entry in catalog.licences.values():
        assert (entry.art_53_2 == "yes") == (colour(entry) is Colour.OPEN), entry.id
        assert art_53_2(entry)["paragraph"], entry.id


def test_weights_that_shut_the_eu_out_say_so_in_a_way_the_law_can_see(catalog):
    shut = {key for key, entry in catalog.licences.items() for t in entry.triggers if any(leaf.in_group == "eu" for leaf in t.when.leaves())}
    assert shut == {"llama-3-2-community", "llama-4-community"}


# ------------------------------------------------------------------------------------------------- the judge


@pytest.mark.parametrize(("revenue", "expected"), [("99.99", Ruling.ALLOWED), ("100", Ruling.ALLOWED), ("100.01", Ruling.NEEDS_LICENCE)])
def test_a_limit_begins_a_cent_above_its_threshold(revenue, expected):
    verdict = one(licence([trigger()], Permission.CONDITIONAL), {"licensee.monthly_revenue_usd": Decimal(revenue)})
    assert verdict.verdict is expected


def test_an_unknown_fact_that_could_set_a_limit_off_is_never_read_as_allowed():
    verdict = one(licence([trigger()]))
    assert (verdict.verdict, verdict.unknown) == (Ruling.CANNOT_TELL, {"licensee.monthly_revenue_usd"})


def test_the_worst_limit_that_is_set_off_decides():
    limits = [trigger(), trigger(Effect.FORBIDS, fact="licensee.country", in_group="eu")]
    assert one(licence(limits), {"licensee.monthly_revenue_usd": 500, "licensee.country": "DE"}).verdict is Ruling.FORBIDDEN
    assert one(licence(limits), {"licensee.country": "DE"}).verdict is Ruling.FORBIDDEN  # what is certain needs no further fact


def test_a_duty_that_might_be_raised_is_taken_as_raised():
    verdict = one(licence([trigger(Effect.ADDS_DUTY)]))
    assert (verdict.verdict, verdict.duties, verdict.unknown) == (Ruling.WITH_DUTIES, ("A limit",), {"licensee.monthly_revenue_usd"})
    assert one(licence([trigger(Effect.ADDS_DUTY)]), {"licensee.monthly_revenue_usd": 1}).verdict is Ruling.ALLOWED


def test_terms_nobody_has_read_allow_nothing_until_counsel_says_so():
    unread = licence(evidence="not-read")
    assert one(unread).verdict is Ruling.CANNOT_TELL
    assert one(unread, {"licensee.terms_reviewed": True}).verdict is Ruling.WITH_DUTIES


def test_a_condition_that_is_nowhere_written_allows_nothing():
    assert one(licence(permission=Permission.CONDITIONAL)).verdict is Ruling.CANNOT_TELL
    assert one(licence(permission=Permission.CONDITIONAL, conditions=("Say who made it",))).verdict is Ruling.WITH_DUTIES


def test_whoever_passes_the_model_on_owes_the_notices():
    permissive = licence(conditions=("Keep the notice",))
    verdicts = judge_licence(permissive, {}, (Use.INTERNAL, Use.REDISTRIBUTE), EU)
    assert [v.verdict for v in verdicts] == [Ruling.ALLOWED, Ruling.WITH_DUTIES]
    assert duties(permissive, verdicts) == ("Keep the notice",)
    assert duties(permissive, [one(licence(permission=Permission.NO))]) == ()


BAD = {"licensee.monthly_revenue_usd": 500, "licensee.country": "DE", "licensee.commercial_use": True}


@given(known=st.fixed_dictionaries({
    "licensee.monthly_revenue_usd": st.sampled_from([None, 50, 100, 101]), "licensee.country": st.sampled_from([None, "DE", "US"]),
    "licensee.commercial_use": st.sampled_from([None, True, False]),
}), forgotten=st.sets(st.sampled_from(sorted(BAD))))
def test_forgetting_a_fact_never_makes_a_forbidden_use_allowed_nor_an_uncertain_one_sure(known, forgotten):
    terms = licence([
        trigger(), trigger(Effect.FORBIDS, fact="licensee.country", in_group="eu"),
        trigger(Effect.FORBIDS, all=[Condition(fact="licensee.commercial_use", **{"is": True}), Condition(fact="licensee.country", in_group="eu")]),
    ])
    facts = {name: value for name, value in known.items() if value is not None}
    before, after = one(terms, facts), one(terms, {n: v for n, v in facts.items() if n not in forgotten})
    if before.verdict not in GOOD:
        assert after.verdict not in GOOD
    if after.verdict in (Ruling.FORBIDDEN, Ruling.NEEDS_LICENCE):
        assert before.verdict not in GOOD


# ------------------------------------------------------------------------------------- who asks, and for what


def assessment(workload=(), **organisation) -> Assessment:
    return Assessment.model_validate({
        "name": "A", "horizon": {"start": "2027-01-01"},
        "organisation": {"name": "O", "sector": "banking", "country": "DE", **organisation},
        "workloads": [{"id": "w", "name": "W", "task": "chat", "demand": {"requests_per_month": 1}, **dict(workload)}],
    })


def deployment(catalog, mode: str, model: str, given_assessment: Assessment) -> Deployment:
    entry = catalog.models[model]
    return Deployment(
        workload=given_assessment.workloads[0], model=entry, licence=catalog.licences[entry.licence.value], vendor=catalog.parties[entry.maker],
        mode=catalog.modes[mode], operator=catalog.parties["mistral-ai"], site=None, site_owner=None, country=None, offer=None,
    )


def test_revenue_is_converted_at_the_latest_rate_that_had_been_published(catalog):
    rates = (ExchangeRate(currency="USD", per_eur=Decimal("1.25"), date=date(2026, 1, 1), source="s"),
             ExchangeRate(currency="USD", per_eur=Decimal("2"), date=date(2026, 6, 1), source="s"))
    world = catalog.model_copy(update={"rates": rates})
    asked = assessment(group_monthly_revenue={"amount": Decimal(16000000), "currency": "EUR"})
    way = deployment(catalog, "vpc", "mistral-medium-3-5", asked)
    revenue = {day: licensee_facts(asked, way, world, day).get("licensee.monthly_revenue_usd") for day in (date(2026, 5, 31), DAY, date(2025, 1, 1))}
    assert revenue == {date(2026, 5, 31): Decimal("20000000.00"), DAY: Decimal(32000000), date(2025, 1, 1): None}


def test_what_is_not_said_of_an_organisation_stays_unknown(catalog):
    facts = licensee_facts(asked := assessment(), deployment(catalog, "vpc", "devstral-2", asked), catalog, DAY)
    assert not {"licensee.monthly_revenue_usd", "licensee.public_body", "licensee.commercial_use", "licensee.monthly_active_users"} & facts.keys()
    assert facts["licensee.country"] == "DE" and facts["licensee.fine_tunes"] is False


def test_the_words_of_the_workload_win_over_those_of_the_organisation(catalog):
    asked = assessment({"facts": {"licensee.separate_licence": True}}, facts={"licensee.separate_licence": False, "licensee.annual_revenue_usd": 5})
    facts = licensee_facts(asked, deployment(catalog, "vpc", "devstral-2", asked), catalog, DAY)
    assert facts["licensee.separate_licence"] is True and facts["licensee.annual_revenue_usd"] == 5


def test_only_whoever_holds_the_weights_is_bound_by_their_licence(catalog):
    asked = assessment(public_body=False)
    uses = {mode: uses_of(deployment(catalog, mode, "mistral-medium-3-5", asked), asked) for mode in ("api", "vpc", "on-prem", "mistral-compute")}
    assert uses == {"api": (), "mistral-compute": (), "vpc": (Use.INTERNAL, Use.COMMERCIAL), "on-prem": (Use.INTERNAL, Use.COMMERCIAL)}


def test_terms_of_an_api_bind_its_caller_and_outputs_bind_whoever_trains_on_them(catalog):
    asked = assessment({"tuning": {"kind": "distil"}, "embeds_in_product": True}, public_body=False)
    assert uses_of(deployment(catalog, "api", "gpt-5-5", asked), asked) == (Use.INTERNAL, Use.COMMERCIAL, Use.EMBED, Use.DISTIL)
    assert uses_of(deployment(catalog, "api", "llama-3-3-70b", asked), asked) == (Use.DISTIL,)


def test_a_model_is_multimodal_by_what_it_reads_and_not_by_what_it_is_used_for(catalog):
    asked = assessment()
    reads = {m: licensee_facts(asked, deployment(catalog, "vpc", m, asked), catalog, DAY)["licensee.multimodal_use"] for m in ("llama-3-3-70b", "mistral-large-3")}
    assert reads == {"llama-3-3-70b": False, "mistral-large-3": True}
    eyes = catalog.models["mistral-large-3"]
    vision = eyes.model_copy(update={"licence": eyes.licence.model_copy(update={"value": "llama-3-2-community"})})
    assert {v["verdict"] for v in desk(vision, {"licensee.country": "FR", "licensee.monthly_active_users": 5}, catalog)["verdicts"]} == {"forbidden"}


def test_a_public_body_is_not_asked_about_commercial_use_and_tuning_is_a_use(catalog):
    asked = assessment({"tuning": {"kind": "adapter"}}, sector="public-administration")
    assert uses_of(deployment(catalog, "on-prem", "apertus-70b", asked), asked) == (Use.INTERNAL, Use.FINE_TUNE)
    facts = licensee_facts(asked, deployment(catalog, "on-prem", "apertus-70b", asked), catalog, DAY)
    assert facts["licensee.public_body"] is True and "licensee.commercial_use" not in facts


def test_the_desk_judges_the_uses_that_are_meant_and_speaks_plainly(catalog):
    answer = desk(catalog.models["mistral-large-3"], {"licensee.hosts_for_third_parties": True, "licensee.fine_tunes": True}, catalog)
    assert [v["use"] for v in answer["verdicts"]] == ["internal-use", "commercial-use", "modify", "fine-tune", "host-for-third-parties"]
    assert {v["verdict"] for v in answer["verdicts"]} == {"allowed", "allowed-with-duties"}
    assert (answer["colour"], answer["art_53_2"]["verdict"]) == ("open", "yes") and answer["duties"]
