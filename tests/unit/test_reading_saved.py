"""Saved plans and the schemas of the files."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner.problems import Refused
from planner.reading import saved
from planner.reading.saved import load_report
from planner.reading.schema import KINDS, json_schema, schema_text
from planner.reading.strict_yaml import read

DATA = Path(__file__).parent / "test_reading_data"
SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
REPORT = {
    "format_version": "1", "outcome": "no-plan", "assessment_name": "A", "organisation": "B", "headline": ["no plan"],
    "proof": {"status": "infeasible", "gap": None, "bound_eur": "12.50", "objective": ["cost"], "solver": "highs"},
    "plan": None, "scorecard": None, "stack": [], "findings": [], "checklist": [], "exclusions": [], "options_open": 0,
    "options_excluded": 0,
    "questions": [], "sources": [], "names": {}, "assessment": {"name": "A", "x": 0.5},
    "provenance": {"tool": "t", "catalog_sha256": "0", "assessment_sha256": "0", "as_of": "2026-11-24", "exchange_rates": [],
                   "solver": "highs"},
}
TEXT = json.dumps(REPORT, indent=1)


def refusal(tmp_path: Path, text: str | bytes) -> str:
    file = tmp_path / "plan.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Refused) as caught:
        load_report(file)
    return str(caught.value).replace(str(file), "plan.json")


def test_a_saved_report_is_read(tmp_path):
    file = tmp_path / "plan.json"
    file.write_text(TEXT)
    report = load_report(file)
    assert str(report.proof.bound_eur) == "12.50" and report.assessment["x"] == 0.5


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("\"format_version\": \"1\"",
     "\"format_version\": \"99\"",
     "plan.json:2:20: format_version: the plan is saved in format '99', and this version reads '1'"),
    ('"format_version": "1",', "", "plan.json:1:1: this is not a saved plan: it has no `format_version`"),
    ('"stack": []', '"stack": [], "stak": []', "stak: there is no such key here; did you mean 'stack'?"),
    ('"stack": []', '"stack": [], "stack": []', "stack: this key is given twice"),
    ('"gap": null', '"gap": null, "gap": 1', "plan.json:11:16: proof.gap: this key is given twice"),
    ('"stack": []', '"stack": {}', "stack: a list is needed here"),
    ('"stack": [],', "", "plan.json:1:1: stack: this key is missing"),
    ("\"outcome\": \"no-plan\"",
     "\"outcome\": \"noplan\"",
     "outcome: the text 'noplan' is not accepted here; one of planned, no-plan; did you mean 'no-plan'?"),
    ('"options_open": 0', '"options_open": -1', "options_open: it must be at least 0, and is -1"),
    ('"options_open": 0', '"options_open": NaN', "NaN is not a number"),
    ('"options_open": 0', '"options_open": 1e99999999999999999999', "out of range"),
    ('"options_open": 0', '"options_open": ' + "9" * 5000, "not valid JSON"),
    ('"organisation": "B"', '"organisation": "B\\u202e"', "organisation: the hidden character U+202E"),
    ('"organisation": "B"', '"organisation": "B\\ud800"', "organisation: the hidden character U+D800"),
    ('"organisation": "B"', '"organisation": "B\u202e"', "the hidden character U+202E"),
    ('"organisation": "B"', '"organisation": "B', "not valid JSON"),
    ("}", "", "not valid JSON"),
    ("{", "[", "not valid JSON"),
])
def test_a_damaged_report_is_refused_with_its_place(tmp_path, old, new, expected):
    assert expected in refusal(tmp_path, TEXT.replace(old, new, 1))


@pytest.mark.parametrize(("text", "expected"), [
    ("", "plan.json:1:1: this is not valid JSON"),
    (b"\xff\xfe{", "plan.json:1:1: the file is not UTF-8"),
    ("3", "plan.json:1:1: a mapping"),
    ("[" * 100_000, "nested too deep"),
    ('{"a":' * 100_000, "nested too deep"),
    ("{}\x00", "U+0000"),
    ('{"a": 1}{"b": 2}', "plan.json:1:9: this is not valid JSON"),
])
def test_what_is_no_report_is_refused(tmp_path, text, expected):
    assert expected in refusal(tmp_path, text)


def test_a_report_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(saved, "MAX_BYTES", 100)
    assert "larger than 100 bytes" in refusal(tmp_path, TEXT)


def test_a_missing_report_is_refused(tmp_path):
    with pytest.raises(Refused, match="there is no such file"):
        load_report(tmp_path / "plan.json")


# ------------------------------------------------------------------------------------------------- schemas


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_in_docs_are_up_to_date(kind):
    """After a noun has changed, call `planner.reading.schema.write_schemas(Path("docs/schemas"))`."""
    assert (SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8") == schema_text(kind)


@pytest.mark.parametrize("kind", ["assessment", "catalog"])
def test_the_sample_files_use_no_key_that_their_schema_does_not_know(kind):
    schema = json_schema(kind)
    assert set(read(DATA / f"{kind}.yaml").data) <= set(schema["properties"]) and schema["additionalProperties"] is False


def test_numbers_in_files_are_numbers_and_in_json_also_text():
    assert json_schema("assessment")["$defs"]["Budget"]["properties"]["capex"]["anyOf"][0] == {"minimum": 0, "type": "number"}
    assert {"string", "number"} <= {part.get("type") for part in json_schema("report")["$defs"]["Proof"]["properties"]["gap"]["anyOf"]}


def test_the_hash_is_not_a_key_one_may_write():
    assert "sha256" not in json_schema("assessment")["properties"]
