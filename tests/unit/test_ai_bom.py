"""The AI bill of materials: valid by the standard's own schema, the same bytes for the same plan, and silent on what is not known."""
from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from planner.reporting.ai_bom import ai_bom
from planner.reporting.json_report import report_json, to_json
from planner.reporting.write import write_atomically


@pytest.fixture(scope="module")
def validate():
    """Raises where a document is not strictly valid CycloneDX 1.6."""
    schema = pytest.importorskip("cyclonedx.schema")
    validation = pytest.importorskip("cyclonedx.validation.json")
    validator = validation.JsonStrictValidator(schema.SchemaVersion.V1_6)

    def check(text: str) -> None:
        error = validator.validate_str(text)
        assert error is None, error

    return check


@pytest.fixture(scope="module")
def report(reports):
    return reports("bank")[0]


def test_the_bill_of_a_worked_plan_is_strictly_valid(report, catalog, validate):
    validate(to_json(ai_bom(report, catalog)))


def test_the_bill_of_every_model_of_the_catalog_is_strictly_valid(report, catalog, validate):
    one = report.plan.choices[0]
    everything = tuple(one.model_copy(update={"model": key}) for key in sorted(catalog.models))
    plan = report.plan.model_copy(update={"choices": everything})
    document = ai_bom(report.model_copy(update={"plan": plan}), catalog)
    assert len(document["components"]) == len(catalog.models)
    validate(to_json(document))


def test_every_model_of_the_plan_is_named_with_maker_licence_and_uses(report, catalog):
    document = ai_bom(report, catalog)
    assert {c["bom-ref"] for c in document["components"]} == {f"model:{c.model}" for c in report.plan.choices}
    for component in document["components"]:
        model = catalog.models[component["bom-ref"].removeprefix("model:")]
        assert component["type"] == "machine-learning-model" and component["supplier"]["name"] and "hashes" not in component
        licence = component["licenses"][0]["license"]
        assert licence.get("id") == catalog.licences[model.licence.value].spdx or licence["name"] == catalog.licences[model.licence.value].name
        names = {w["name"] for w in report.assessment["workloads"] for c in report.plan.choices if c.workload == w["id"] and c.model == model.id}
        assert set(component["modelCard"]["considerations"]["useCases"]) == names


def test_every_reference_leads_to_something_in_the_bill(report, catalog):
    document = ai_bom(report, catalog)
    known = {"portfolio"} | {c["bom-ref"] for c in document["components"]} | {s["bom-ref"] for s in document["services"]}
    used = {ref for d in document["dependencies"] for ref in (d["ref"], *d.get("dependsOn", ()))}
    assert used == known


def test_the_serial_number_follows_from_the_plan_and_nothing_else(report, catalog):
    first, again = ai_bom(report, catalog), ai_bom(report, catalog)
    assert to_json(first) == to_json(again) and first["metadata"]["timestamp"] == "2026-11-24T00:00:00Z"
    other = report.model_copy(update={"provenance": report.provenance.model_copy(update={"assessment_sha256": "0" * 64})})
    assert ai_bom(other, catalog)["serialNumber"] != first["serialNumber"]


def test_a_model_the_catalog_does_not_know_appears_under_its_name_alone(report, catalog, validate):
    fields = {name: getattr(catalog, name) for name in type(catalog).model_fields}
    document = ai_bom(report, type(catalog).model_construct(**{**fields, "models": {}}))
    assert all(set(c) == {"type", "bom-ref", "name"} for c in document["components"])
    validate(to_json(document))


def test_hostile_names_stay_names(report, catalog, validate):
    plan = report.model_copy(update={"assessment_name": '"},{"x\u202e<script>', "organisation": "a\nb"})
    text = to_json(ai_bom(plan, catalog))
    validate(text)
    assert json.loads(text)["metadata"]["component"]["name"] == plan.assessment_name


def test_the_command_writes_a_file_or_stdout_and_refuses_a_report_without_a_plan(report, tmp_path, validate):
    from planner.cli.app import app

    write_atomically(tmp_path / "plan.json", report_json(report).encode())
    shown = CliRunner().invoke(app, ["export", "ai-bom", str(tmp_path / "plan.json")])
    validate(shown.stdout)
    CliRunner().invoke(app, ["export", "ai-bom", str(tmp_path / "plan.json"), "--out", str(tmp_path / "bom.json")])
    assert (tmp_path / "bom.json").read_text() == shown.stdout
    write_atomically(tmp_path / "none.json", report_json(report.model_copy(update={"plan": None})).encode())
    assert "holds no plan" in str(CliRunner().invoke(app, ["export", "ai-bom", str(tmp_path / "none.json")]).exception)
