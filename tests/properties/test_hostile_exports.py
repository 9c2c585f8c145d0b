"""Whatever stands in a text, an export keeps its form: no formula, no markup, no document that its standard refuses."""
from __future__ import annotations

import copy
import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from markdown_it import MarkdownIt
from report_fixture import rich_report, with_text
from test_hostile_text import HOSTILE

from planner.domain.assessment import Waiver
from planner.reporting.exports.dora import register
from planner.reporting.exports.drafts import FORMS, draft_markdown, record_csv
from planner.reporting.exports.oscal import oscal
from planner.reporting.json_report import to_json

jsonschema = pytest.importorskip("jsonschema")
TEXT = (Path(__file__).parent.parent / "schemas" / "oscal-assessment-results-1.2.3.json").read_text(encoding="utf-8")
SCHEMA = jsonschema.Draft7Validator(json.loads(TEXT.replace("\\\\p{L}", "[^\\\\W\\\\d_]").replace("\\\\p{N}", "\\\\d")))
FEW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FORMULA = re.compile(r"^[=+\-@\t\r|%]")


def named(report, text):
    """The report with the organisation and its workloads called by a text."""
    data = copy.deepcopy(dict(report.assessment))
    for thing in (data["organisation"], *data["workloads"]):
        thing["name"] = text
    names = {w["id"]: text for w in data["workloads"]}
    return report.model_copy(update={"assessment": data, "organisation": text, "assessment_name": text, "names": {**report.names, **names}})


@FEW
@given(HOSTILE)
def test_any_text_makes_valid_oscal(hostile):
    document = json.loads(to_json(oscal(with_text(rich_report(), lambda old: (hostile + "x" + old)[:4000]))))
    assert [e.json_path for e in SCHEMA.iter_errors(document)] == []


@FEW
@given(HOSTILE)
def test_no_cell_of_a_table_becomes_a_formula(reports, catalog, hostile):
    report = named(reports("bank")[0], ("x" + hostile)[1:] or "x")
    for text in (record_csv(report, catalog), *register(report, catalog).values()):
        assert not any(FORMULA.match(cell) for row in csv.reader(io.StringIO(text)) for cell in row)


@FEW
@given(HOSTILE)
def test_the_structure_of_a_draft_does_not_depend_on_its_text(reports, catalog, hostile):
    def structure(text):
        reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        return [kind for token in reader.parse(text) for kind in (token.type, *(c.type for c in token.children or ())) if kind != "text"]

    report = reports("bank")[0]
    workload = report.plan.choices[0].workload
    for name in FORMS:
        calm, wild = (structure(draft_markdown(name, named(report, text), catalog, workload)) for text in ("x", hostile + "x"))
        assert calm == wild


def test_a_waiver_shows_as_a_deviation_that_somebody_answers_for():
    report = rich_report()
    waiver = Waiver(rule=report.findings[0].rule, owner="Management", reason="a pilot", expires=date(2027, 6, 1))
    unmet = next(f for f in report.findings if f.status in ("unmet", "unknown") and f.act_by == "customer")
    waived = unmet.model_copy(update={"waiver": waiver})
    document = oscal(report.model_copy(update={"findings": tuple(waived if f is unmet else f for f in report.findings)}))
    risk = next(r for r in document["assessment-results"]["results"][0]["risks"] if r["title"] == unmet.title)
    assert risk["status"] == "deviation-approved" and {"waived-by", "waived-until"} <= {p["name"] for p in risk["props"]}
