"""Other yardsticks on the same facts: unknown is never met, nothing unread proves, and each says how much it binds."""
from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from planner.domain.base import Basis, FactRecord
from planner.domain.catalog import Party
from planner.judging.lenses import lens_readings
from planner.reporting.render import render


def party(basis: Basis = Basis.SEEN, **facts) -> Party:
    """An operator with facts about itself."""
    records = tuple(FactRecord(fact=f"party.{name}", value=value, source="own-assumption", date="2026", basis=basis) for name, value in facts.items())
    return Party(id="one", name="One", kinds=("operator",), facts=records)


def by_lens(one, catalog):
    return {reading.lens: reading for reading in lens_readings(one, catalog)}


def test_every_lens_says_how_much_it_binds_where_it_is_written_and_what_to_ask(catalog):
    assert {lens.status for lens in catalog.lenses.values()} == {"law", "scheme", "proposal"}
    for lens in catalog.lenses.values():
        assert lens.source in catalog.sources and set(lens.asked_by) <= set(catalog.rules)
        criteria = [c for level in lens.levels for c in level.criteria]
        assert len({c.id for c in criteria}) == len(criteria) and all(c.cites and c.ask for c in criteria)
        assert all(set(condition.fact_names()) <= set(catalog.facts) for c in criteria for condition in (c.met_by, c.broken_by) if condition)
    assert all(catalog.rules[rule].status == "proposal" for rule in catalog.lenses["union-assurance"].asked_by)


def test_of_a_party_nobody_knows_anything_nothing_is_met_and_nothing_ruled_out(catalog):
    for reading in lens_readings(party(), catalog):
        assert (reading.proven, reading.known, reading.possible) == (0, 0, len(reading.levels))
        assert {v.status for v in reading.criteria} == {"unknown"}


def test_taking_a_fact_away_never_raises_what_is_proven_and_meets_nothing(catalog):
    operators = [p for p in catalog.parties.values() if "operator" in p.kinds]
    for one in operators:
        before = by_lens(one, catalog)
        for record in one.facts:
            less = one.model_copy(update={"facts": tuple(r for r in one.facts if r is not record)})
            for key, after in by_lens(less, catalog).items():
                met = {v.id for v in before[key].criteria if v.status == "met"}
                assert after.proven <= before[key].proven and {v.id for v in after.criteria if v.status == "met"} <= met, (one.id, record.fact, key)
                assert after.possible >= before[key].possible


@pytest.mark.parametrize("basis", [Basis.RECALLED, Basis.INFERENCE])
def test_what_nobody_has_read_proves_nothing_and_is_marked(catalog, basis):
    reading = by_lens(party(basis, secnumcloud="qualified"), catalog)["secnumcloud"]
    assert reading.proven == 0 and reading.known == 2 and all(v.to_verify for v in reading.criteria)


def test_the_agencys_qualification_counts_for_what_it_examined(catalog):
    readings = by_lens(party(secnumcloud="qualified"), catalog)
    assert readings["secnumcloud"].proven == 2 and readings["fr-sren-31"].proven == 1
    assert by_lens(party(secnumcloud="partial"), catalog)["secnumcloud"].proven == 0


def test_who_is_controlled_from_outside_the_union_cannot_reach_level_three_wherever_the_data_lies(catalog):
    abroad = by_lens(party(owner_country="US", data_location="eu-only", ops_staff="eu-only", support_staff="eu-only"), catalog)["union-assurance"]
    assert abroad.possible == 2 and abroad.proven == 0
    at_home = by_lens(party(entity_country="SE", owner_country="SE", data_location="eu-only"), catalog)["union-assurance"]
    assert at_home.proven == 1 and at_home.possible == 4


def test_a_value_that_is_only_the_least_a_scheme_gives_breaks_nothing(catalog):
    record = FactRecord(fact="party.best_certificate", value="international", source="own-assumption", date="2026", basis=Basis.SEEN, at_least=True)
    least = by_lens(Party(id="one", name="One", kinds=("operator",), facts=(record,)), catalog)["bsi-c5"]
    sure = by_lens(party(best_certificate="international"), catalog)["bsi-c5"]
    assert (least.possible, sure.possible) == (1, 0)


def test_a_lens_is_one_entry_and_no_code(tmp_path):
    from planner.reading.catalog import load_catalog
    from planner.resources import bundled

    (tmp_path / "x.yaml").write_text("""lenses:
  - id: house-rule
    name: House rule
    status: scheme
    says: Our own minimum.
    source: lens-c5
    checked: 2026-11-24
    verified: text-read
    levels:
      - {name: ok, criteria: [{id: hr-1, says: All staff is in the Union., cites: House rule 1, met_by: {fact: party.ops_staff, is: eu-only}, ask: Where staff works.}]}
""")
    world = load_catalog([bundled("catalog"), tmp_path])
    assert by_lens(party(ops_staff="eu-only"), world)["house-rule"].proven == 1


def test_a_report_shows_the_plans_operators_by_other_yardsticks(reports):
    report = reports("bank")[0]
    outside = {c.operator for c in report.plan.choices} - {"own"}
    assert {r.party for r in report.annexes.lenses} == outside
    for to in ("html", "md"):
        assert "Other yardsticks" in render(report, to).decode() and "proposal: binds nobody" in render(report, to).decode()


def test_the_command_shows_a_party_by_every_lens(catalog):
    from planner.cli.app import app

    told = json.loads(CliRunner().invoke(app, ["score", "--operator", "ovhcloud", "--lens", "--json"]).stdout)
    assert [x["lens"] for x in told["lenses"]] == [r.lens for r in lens_readings(catalog.parties["ovhcloud"], catalog)] and told["id"] == "ovhcloud"
    assert json.loads(CliRunner().invoke(app, ["score", "--operator", "ovhcloud", "--json"]).stdout)["lenses"] == told["lenses"]
    text = CliRunner().invoke(app, ["score", "--operator", "ovhcloud", "--lens"]).stdout
    assert "SecNumCloud" in text and "(proposal: binds nobody)" in text
    assert CliRunner().invoke(app, ["score", "--operator", "ovhcloud", "--lens", "--page"]).exit_code != 0
    everybody = json.loads(CliRunner().invoke(app, ["score", "--all-operators", "--lens", "--json"]).stdout)["operators"]
    assert {x["id"]: x["lenses"] for x in everybody}["ovhcloud"] == told["lenses"] and len(everybody) > 35
    assert "OVHcloud" in CliRunner().invoke(app, ["score", "--all-operators", "--lens"]).stdout


@pytest.mark.parametrize("lang", ["fr", "de", "ja"])
def test_every_lens_of_the_catalog_is_told_in_the_readers_language(catalog, lang):
    from planner.reporting.texts import texts

    told = texts(lang)
    for lens in catalog.lenses.values():
        words = [lens.name, lens.says, *(level.name for level in lens.levels)]
        words += [text for level in lens.levels for c in level.criteria for text in (c.says, c.ask)]
        assert not [text for text in words if told(text).endswith("[EN]")]
