"""A catalog of one's own: one new file for each kind of thing, and no code touched, is enough to plan with it."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SAID = "source: house-notes, date: 2026-11-01"
FILES = {
    "source": 'sources:\n  - {id: house-notes, what: "Notes of our own", date: 2026-11-01, tier: own}\n',
    "model": f"""
models:
  - id: house-one
    name: House One
    maker: house-labs
    kind: chat
    group: efficiency
    released: {{value: 2026-11-01, {SAID}}}
    licence: {{value: house-licence, {SAID}}}
    reads: {{value: [text], {SAID}}}
    writes: {{value: [text], {SAID}}}
    context_tokens: {{value: 65536, {SAID}}}
    parameters_total_b: {{value: 7, {SAID}}}
    parameters_active_b: {{value: 7, {SAID}}}
    architecture: {{value: {{layers: 32, hidden: 4096, attention_heads: 32, kv_heads: 8, head_dim: 128, ffn: 14336, vocabulary: 32000}}, {SAID}}}
abilities:
  - {{model: house-one, effort: "on", ability: 2.5, standard_error: 0.1, families: {{general-knowledge: 2.5}}, sources: [house-notes], date: 2026-11-01}}
""",
    "licence": """
licences:
  - id: house-licence
    name: House licence
    spdx: LicenseRef-house
    licensor: House Labs
    permissions: {internal-use: yes, commercial-use: yes, modify: yes, fine-tune: yes, redistribute: yes, host-for-third-parties: yes,
                  embed-in-product: yes, distil-outputs: yes}
    art_53_2: unclear
    art_53_2_because: Nobody has asked
    art_53_2_paragraph: "79"
    evidence: text-read
    source: house-notes
    checked: 2026-11-01
""",
    "accelerator": f"""
accelerators:
  - id: house-chip
    name: House chip
    maker: house-labs
    memory_gb: {{value: 96, {SAID}}}
    bandwidth_gbs: {{value: 3000, {SAID}}}
    bf16_tflops: {{value: 800, {SAID}}}
    link_gbs: {{value: 64, {SAID}}}
    link: "PCIe 5"
    nvlink: false
    power_w: {{value: 400, {SAID}}}
""",
    "server": f"""
servers:
  - {{id: house-box, name: House box, accelerator: house-chip, accelerators: 1, rack_units: 2, power_w: {{value: 600, {SAID}}}}}
""",
    "operator": """
parties:
  - id: house-labs
    name: House Labs
    kinds: [operator, vendor, hardware]
    country: FR
    sites:
      - {id: house-labs-fr, name: House hall, country: FR}
""",
    "offer": f"""
offers:
  - {{id: house-tokens, name: House One by the token, operator: house-labs, mode: api, layer: L1, kind: tokens, model: house-one, sites: [house-labs-fr],
     facts: [{{fact: dep.house_round, value: true, {SAID}, basis: seen}}],
     prices: [
      {{unit: input-mtok, amount: 0.002, currency: EUR, valid_from: 2026-11-01, {SAID}}},
      {{unit: output-mtok, amount: 0.002, currency: EUR, valid_from: 2026-11-01, {SAID}}}]}}
  - {{id: house-square, name: House One in a square, operator: house-labs, mode: api, layer: L1, kind: tokens, model: house-one, sites: [house-labs-fr],
     facts: [{{fact: dep.house_round, value: false, {SAID}, basis: seen}}],
     prices: [
      {{unit: input-mtok, amount: 0.001, currency: EUR, valid_from: 2026-11-01, {SAID}}},
      {{unit: output-mtok, amount: 0.001, currency: EUR, valid_from: 2026-11-01, {SAID}}}]}}
  - {{id: house-rent, name: House chip by the hour, operator: house-labs, mode: vpc, layer: L4, kind: rent, accelerator: house-chip, accelerators: 1,
     sites: [house-labs-fr],
     prices: [
      {{unit: accelerator-hour, amount: 0.01, currency: EUR, valid_from: 2026-11-01, {SAID}}}]}}
  - {{id: house-sale, name: House box, operator: own, mode: on-prem, layer: L4, kind: purchase, server: house-box, accelerator: house-chip, accelerators: 1,
     prices: [
      {{unit: server, amount: 100, currency: EUR, valid_from: 2026-11-01, {SAID}}}]}}
""",
    "fact": """
facts:
  - {name: dep.house_round, type: bool, meaning: "served on round plates", question: "Are answers served on round plates?"}
""",
    "rule": """
rules:
  - id: house-plates
    instrument: House rules
    title: "House: plates are round"
    says: Whatever is metered is served on round plates.
    cites: {text: House rules 1, url: "https://example.org/house", checked: 2026-11-01}
    kind: obligation
    status: law
    binds: [deployer]
    applies_from: 2026-11-01
    when: {fact: dep.house_round, is_not: true}
    demands: {fact: dep.house_round, is: true}
    severity: forbids
    scope: option
    cure_by: vendor
    confidence: high
    verified: text-read
""",
    "assumption": """
assumptions:
  - {id: house-appetite, says: "how hungry the house is", value: 3, unit: ratio, source: house-notes, date: 2026-11-01}
  - {id: peak-factor, says: "requests in the busiest hour over the mean active hour, as we count them", value: 2, unit: ratio, source: house-notes, date: 2026-11-01}
""",
}
FACTOR = """
          - id: SOV-8.9
            name: "Round plates"
            why: "What answers are served on"
            gating: false
            subject: deployment
            rungs:
              - {points: 0, seal: 4, says: "square"}
              - {points: 250, seal: 4, says: "round", when: {fact: dep.house_round, is: true}}
"""
ASSESSMENT = """
name: House plan
organisation:
  name: House
  sector: retail
  country: FR
  sites:
    - {id: cellar, name: Cellar, country: FR, kind: own-room, power_kw: 20, pue: 1.3, electricity_eur_per_kwh: 0.2}
horizon: {start: 2027-01-01, months: 36}
objective: [cost]
assumptions: {house-appetite: 4}
workloads:
  - {id: by-token, name: Metered, task: chat, demand: {requests_per_month: 20000}, quality: {tier: basic}, models: [house-one], modes: [api]}
  - {id: by-hour, name: Rented, task: chat, demand: {requests_per_month: 20000}, quality: {tier: basic}, models: [house-one], modes: [vpc]}
  - {id: by-box, name: Bought, task: chat, demand: {requests_per_month: 20000}, quality: {tier: basic}, models: [house-one], modes: [on-prem]}
"""


def criteria() -> str:
    """The shipped criterion set with weights of the house's own, and one factor more."""
    text = (ROOT / "catalog" / "sovereignty" / "eu_csf_calculator.yaml").read_text()
    own = 'default_weights: house\n    weights:\n      house: {SOV-1: 5, SOV-2: 5, SOV-3: 5, SOV-4: 5, SOV-5: 5, SOV-6: 5, SOV-7: 5, SOV-8: 65}'
    changed = text.replace('default_weights: "2026"\n    weights:', own)
    assert changed != text
    return changed.rstrip() + FACTOR


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The report of a plan over an overlay of one new file a kind, and the folder it was made in."""
    folder = tmp_path_factory.mktemp("house")
    for kind, text in {**FILES, "criteria": criteria()}.items():
        (folder / "catalog" / kind).mkdir(parents=True)
        (folder / "catalog" / kind / f"house-{kind}.yaml").write_text(text)
    (folder / "house.yaml").write_text(ASSESSMENT)
    done = subprocess.run(
        [sys.executable, "-m", "planner", "plan", "house.yaml", "--catalog", "catalog", "--as-of", "2026-11-24", "--json"],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=300, check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def choice(made, workload):
    return next(c for c in made["plan"]["choices"] if c["workload"] == workload)


def test_a_new_model_at_a_new_operator_under_a_new_licence_is_chosen(made):
    chosen = choice(made, "by-token")
    assert (chosen["model"], chosen["operator"], chosen["site"], chosen["offer"]) == ("house-one", "house-labs", "house-labs-fr", "house-tokens")


def test_a_new_rule_over_a_new_fact_excludes_a_new_offer_by_name(made):
    lines = [e for e in made["exclusions"] if e["rule"] == "house-plates"]
    assert {e["workload"] for e in lines} == {"by-token"}
    assert all("house-square" in e["option"] and e["reason"] for e in lines)


def test_a_new_accelerator_is_sized_and_chosen(made):
    chosen = choice(made, "by-hour")
    assert (chosen["hardware"], chosen["offer"], chosen["size"]["calibrated"]) == ("house-chip", "house-rent", False)


def test_a_new_server_is_bought_for_the_own_room(made):
    chosen = choice(made, "by-box")
    assert (chosen["offer"], chosen["operator"], chosen["site"]) == ("house-sale", "own", "cellar")


def test_a_new_assumption_may_be_set_and_an_overridden_one_counts_and_is_named(made):
    used = {a["name"]: a for a in made["plan"]["assumptions"]}
    assert float(used["peak-factor"]["value"]) == 2 and "as we count them" in used["peak-factor"]["says"]
    assert made["provenance"]["overridden"] == ["eu-csf-calculator", "peak-factor"]


def test_a_criterion_set_of_ones_own_scores_the_plan(made):
    overall = made["scorecard"]["overall"]
    assert overall["score"]["house"] != overall["score"]["2026"]
    assert "SOV-8.9" in {f["factor"] for f in made["scorecard"]["factors"]}


def test_the_new_source_is_named(made):
    assert "house-notes" in choice(made, "by-token")["sources"]
    assert "house-notes" in {s["id"] for s in made["sources"]}
