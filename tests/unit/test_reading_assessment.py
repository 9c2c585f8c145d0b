"""Assessments, facts files and saved plans: references resolved, contradictions found, nothing corrected in silence."""
from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from planner.domain.catalog import Catalog
from planner.problems import Refused
from planner.reading.assessment import assessment_data, assessment_from_data, load_assessment
from planner.reading.catalog import raw_files, read_catalog
from planner.reading.facts_file import load_facts

DATA = Path(__file__).parent / "test_reading_data"
SAMPLE = (DATA / "assessment.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def catalog(tmp_path_factory) -> Catalog:
    folder = tmp_path_factory.mktemp("catalog")
    (folder / "catalog.yaml").write_bytes((DATA / "catalog.yaml").read_bytes())
    return read_catalog(raw_files([folder]))[0]


def refusal(tmp_path: Path, catalog: Catalog, text: str) -> list[str]:
    file = tmp_path / "a.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as caught:
        load_assessment(file, catalog)
    return [str(p) for p in caught.value.problems]


def test_aliases_come_back_as_ids_and_the_hash_is_the_files(catalog):
    assessment = load_assessment(DATA / "assessment.yaml", catalog)
    assert assessment.workloads[0].models == ("mistral-large-3", "mistral-small-4")
    assert assessment.workloads[0].quality.at_least_as_good_as == "mistral-large-3"
    assert assessment.offers[0].model == "mistral-large-3"
    assert assessment.organisation.country == "NO" and len(assessment.sha256) == 64


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("models: [mistral-large-2512, mistral-small-4]",
     "models: [mistral-large-4]",
     "workloads[0].models[0]: there is no model 'mistral-large-4' in the catalog; did you mean 'mistral-large-3'?"),
    ("models: [mistral-large-2512, mistral-small-4]", "models: [mistral small 4]", "did you mean 'mistral-small-4'?"),
    ("at_least_as_good_as: mistral-large-2512",
     "tier: strongest",
     "workloads[0].quality.tier: there is no tier 'strongest' in the catalog; did you mean 'strong'?"),
    ("at_least_as_good_as: mistral-large-2512",
     "tier: strong, accept_unmeasured: [x]",
     "workloads[0].quality.accept_unmeasured[0]: there is no model 'x'"),
    ("modes: [api]", "modes: [apis]", "workloads[0].modes[0]: there is no mode 'apis' in the catalog; did you mean 'api'?"),
    ("{only: [scaleway, mistral-ai]}", "{exclude: [scalway]}", "constraints.operators.exclude[0]: there is no party 'scalway'"),
    ("required_operators: [scaleway]", "required_operators: [ovh]", "constraints.required_operators[0]: there is no party 'ovh'"),
    ("required_operators: [scaleway]", "vendors: {only: [mistral]}", "constraints.vendors.only[0]: there is no party 'mistral'"),
    ('countries: {only: [FR, "NO"]}', "countries: {only: [FX]}", "constraints.countries.only[0]: there is no country 'FX'"),
    ('country: "NO"', "country: UK", "organisation.country: there is no country 'UK'"),
    ("{org.staff: 1200",
     "{org.staf: 1200",
     "organisation.facts.org.staf: there is no fact 'org.staf' in the catalog's vocabulary; did you mean 'org.staff'?"),
    ("{org.staff: 1200", "{org.staff: many", "`org.staff` takes a whole number, not 'many'"),
    ("{org.staff: 1200", "{org.staff: true", "`org.staff` takes a whole number, not true"),
    ("org.share: 0.35", "org.share: 0.1234567890123456", "`org.share` may have 15 digits at most"),
    ("data.kind: null", "data.kind: secrets", "`data.kind` is one of public, secret, not 'secrets'; did you mean 'secret'?"),
    ("{data.personal: true}", "{data.personal: yes}", "`data.personal` takes true or false, not 'yes'"),
    ("{data.personal: true}", "{wl.is_ai_system: false}", "workloads[0].facts.wl.is_ai_system: a workload is served by a model, which infers"),
    ("{data.personal: true}", "{class.high_risk: false}", "'class.high_risk' is not asked: it follows from other facts"),
    ("{ev.dpia: false}", "{ev.dpa: false}", "evidence.ev.dpa: there is no fact 'ev.dpa'"),
    ("{scaleway: {party.certificates: [c5]}}",
     "{scaleway: {party.certificates: [c6]}}",
     "party_facts.scaleway.party.certificates: `party.certificates` is one of"),
    ("{scaleway: {party.certificates: [c5]}}", "{scalway: {party.certificates: [c5]}}", "party_facts.scalway: there is no party 'scalway'"),
    ("{peak-factor: 4}",
     "{peak-factors: 4}",
     "assumptions.peak-factors: there is no assumption 'peak-factors' in the catalog; did you mean 'peak-factor'?"),
    ("operator: mistral-ai", "operator: mistral", "offers[0].operator: there is no party 'mistral'"),
    ("sites: [own-room]", "sites: [our-room]", "offers[0].sites[0]: there is no site 'our-room' in the catalog; did you mean 'own-room'?"),
    ("source: own-assumption, date: 2026-11-01}], facts",
     "source: own, date: 2026-11-01}], facts",
     "offers[0].prices[0].source: there is no source 'own'"),
    ("{fact: org.share, value: 0.5", "{fact: org.share, value: half", "offers[0].facts[0].value: `org.share` takes a number, not 'half'"),
    ("2027: 400000", "2027: 950000", "constraints.budget.per_year.2027: the budget of one year is larger than the total of 900000"),
    ("2027: 400000",
     "2031: 1",
     "constraints.budget.per_year.2031: 2031 lies outside the horizon, which runs from 2027-01-01 to 2029-12-31"),
    ("total: 900000", "total: 900000, capex: 1000000", "constraints.budget.capex: the budget for what is bought is larger than the total"),
    ("total: 900000", "total: -1", "constraints.budget.total: it must be at least 0, and is -1"),
    ("required_operators: [scaleway]",
     "required_operators: [iliad]",
     "constraints.required_operators[0]: 'iliad' is required, and `operators.only` does not let it in"),
    ("{only: [scaleway, mistral-ai]}",
     "{exclude: [scaleway]}",
     "constraints.required_operators[0]: 'scaleway' is both required and excluded"),
    ("{only: [scaleway, mistral-ai]}",
     "{only: [scaleway], exclude: [scaleway]}",
     "constraints.operators.exclude[0]: 'scaleway' is both let in and excluded"),
    ("required_operators: [scaleway]",
     "required_operators: [scaleway, mistral-ai]\n  max_operators: 1",
     "constraints.max_operators: at most 1 operators are wanted, and 2 are required"),
    ("modes: [api]", "modes: [on-prem]", "workloads[0].modes[0]: 'on-prem' is wanted here, and `constraints.modes` does not let it in"),
    ("currency: USD}",
     "currency: USS}",
     "organisation.group_monthly_revenue.currency: the catalog has no exchange rate for 'USS'; did you mean 'USD'?"),
    ("{id: own-room, name", "{id: scaleway-fr, name", "organisation.sites[0].id: there is another site with the id 'scaleway-fr'"),
    ("languages: [fr, de]", "languages: [fr, German]", "workloads[0].languages[1]: 'German' is not a language code"),
    ("kind: tokens, model: mistral-large-2512", "kind: tokens", "offers[0]: an offer of tokens names its `model`"),
    ("name: A small bank", "name: A small bank\nsha256: abc", "sha256: this key is not yours to set"),
])
def test_an_assessment_that_cannot_hold_is_refused(tmp_path, catalog, old, new, expected):
    assert old in SAMPLE
    found = refusal(tmp_path, catalog, SAMPLE.replace(old, new, 1))
    assert any(expected in p for p in found), found
    line = SAMPLE[: SAMPLE.index(old)].count("\n") + 1
    assert any(p.startswith(f"{tmp_path}/a.yaml:{n}:") for p in found for n in (line, line + 1)), found


def test_shape_references_and_contradictions_come_together(tmp_path, catalog):
    text = SAMPLE.replace("task: chat", "task: chatt").replace("modes: [api]", "modes: [apis]")
    assert len(refusal(tmp_path, catalog, text)) == 2


def test_a_value_of_the_wrong_shape_is_told_once(tmp_path, catalog):
    assert len(refusal(tmp_path, catalog, SAMPLE.replace("modes: [api]", "modes: [API mode]"))) == 1


@pytest.mark.parametrize("text", [
    "", "3\n", "[]\n", "a: {b: {c: [{}]}}\n",
    "workloads: {a: [1]}\norganisation: [x]\noffers: 3\nparty_facts: {scaleway: 3}\nevidence: [1]\n",
])
def test_a_misshapen_assessment_is_refused_and_never_crashes(tmp_path, catalog, text):
    assert refusal(tmp_path, catalog, text)


def test_an_assessment_survives_being_saved(catalog):
    assessment = load_assessment(DATA / "assessment.yaml", catalog)
    data = json.loads(json.dumps(assessment_data(assessment)))
    again = assessment_from_data(data, catalog)
    assert again == assessment and again.sha256 == assessment.sha256
    assert again.organisation.facts["org.share"] == Decimal("0.35") and again.offers[0].facts[0].value == Decimal("0.5")
    assert assessment_data(again) == data


def test_a_saved_assessment_that_no_longer_fits_is_refused(catalog):
    data = assessment_data(load_assessment(DATA / "assessment.yaml", catalog))
    with pytest.raises(Refused, match="there is no mode 'gone'"):
        assessment_from_data({**data, "workloads": [{**data["workloads"][0], "modes": ["gone"]}]}, catalog)
    with pytest.raises(Refused, match="nonsense: there is no such key here"):
        assessment_from_data({**data, "nonsense": 1}, catalog)


# --------------------------------------------------------------------------------------------- facts files


def test_facts_are_read_and_unknown_ones_left_out(tmp_path, catalog):
    file = tmp_path / "facts.yaml"
    file.write_text("facts: {data.personal: true, data.kind: null, org.share: 0.25, party.certificates: [c5]}\n")
    assert load_facts(file, catalog) == {"data.personal": True, "org.share": Decimal("0.25"), "party.certificates": ("c5",)}


@pytest.mark.parametrize(("text", "expected"), [
    ("facts: {data.personel: true}",
     ":1:9: facts.data.personel: there is no fact 'data.personel' in the catalog's vocabulary; did you mean 'data.personal'?"),
    ("facts: {data.personal: 'true'}", ":1:24: facts.data.personal: `data.personal` takes true or false, not 'true'"),
    ("facts: {class.high_risk: true}", "is not asked"),
    ("facts: {licensee.country: fr}", "takes a two-letter country code"),
    ("facts: [data.personal]", ":1:8: facts: a mapping of keys to values is needed here, not a list"),
    ("fact: {}", "fact: there is no such key here; did you mean 'facts'?"),
    ("facts: {data.personal: {a: 1}}", "is needed here, not a mapping"),
])
def test_facts_outside_the_vocabulary_are_refused(tmp_path, catalog, text, expected):
    file = tmp_path / "facts.yaml"
    file.write_text(text)
    with pytest.raises(Refused) as caught:
        load_facts(file, catalog)
    assert expected in str(caught.value)
