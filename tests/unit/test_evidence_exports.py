"""Evidence for auditors and authorities: valid by the standard's own schema, linked, cited, and never green on silence."""
from __future__ import annotations

import copy
import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from report_fixture import rich_report, with_text
from typer.testing import CliRunner

from planner.problems import UsageError
from planner.reporting.exports.cells import plain_cell
from planner.reporting.exports.dora import MISSING, register, register_document, register_format, zipped
from planner.reporting.exports.drafts import FORMS, draft_markdown, record_csv
from planner.reporting.exports.forms import filled, form_named
from planner.reporting.exports.known import known_of
from planner.reporting.exports.oscal import oscal
from planner.reporting.exports.words import export_languages, export_words
from planner.reporting.json_report import report_json, to_json

jsonschema = pytest.importorskip("jsonschema")
SCHEMA = Path(__file__).parent.parent / "schemas" / "oscal-assessment-results-1.2.3.json"
LEI = re.compile(r"[A-Z0-9]{18}\d{2}")
HOSTILE = "=cmd|'/c calc'!A1 <script>alert(1)</script> [x](https://x.example) | a | {organisation} \u202e\n# b"


@pytest.fixture(scope="module")
def report(reports):
    return reports("bank")[0]


@pytest.fixture(scope="module")
def validator():
    """NIST's schema; its patterns use Unicode classes that Python spells otherwise."""
    text = SCHEMA.read_text(encoding="utf-8").replace("\\\\p{L}", "[^\\\\W\\\\d_]").replace("\\\\p{N}", "\\\\d")
    return jsonschema.Draft7Validator(json.loads(text), format_checker=jsonschema.FormatChecker())


def hostile(report, text=HOSTILE):
    """The report with hostile names of the organisation, the assessment and the workloads."""
    data = copy.deepcopy(dict(report.assessment))
    data["organisation"]["name"] = data["name"] = text
    for workload in data["workloads"]:
        workload["name"] = text
    names = {w["id"]: text for w in data["workloads"]}
    return report.model_copy(update={"assessment": data, "organisation": text, "assessment_name": text, "names": {**report.names, **names}})


def without(report, facts):
    """The report whose assessment no longer states these facts."""
    data = copy.deepcopy(dict(report.assessment))
    for place in (data["evidence"], data["organisation"]["facts"], *(w["facts"] for w in data["workloads"])):
        for name in facts:
            place.pop(name, None)
    return report.model_copy(update={"assessment": data})


# ------------------------------------------------------------------------------------------------- OSCAL


@pytest.mark.parametrize("which", ["bank", "made by hand", "hostile"])
def test_the_findings_are_valid_oscal(which, report, validator):
    plan = {"bank": report, "made by hand": rich_report(), "hostile": with_text(rich_report(), lambda old: f"{HOSTILE} {old}"[:4000])}[which]
    document = json.loads(to_json(oscal(plan)))
    assert [f"{e.json_path}: {e.message}" for e in validator.iter_errors(document)] == []


def test_only_a_demand_that_is_met_is_satisfied(report):
    for plan in (report, rich_report()):
        law = oscal(plan)["assessment-results"]["results"][0]
        seen = {o["uuid"]: {p["name"]: p["value"] for p in o["props"]}["status"] for o in law["observations"]}
        for finding in law["findings"]:
            status = seen[finding["related-observations"][0]["observation-uuid"]]
            assert (finding["target"]["status"]["state"] == "satisfied") == (status == "met")
            assert finding["target"]["status"]["reason"] == {"met": "pass", "unmet": "fail", "unknown": "other"}[status]


def test_every_reference_of_the_document_leads_somewhere(report):
    text = to_json(oscal(report))
    defined = set(re.findall(r'"uuid": "([^"]+)"', text))
    used = set(re.findall(r'"(?:subject|risk|observation)-uuid": "([^"]+)"', text)) | set(re.findall(r'"href": "#([^"]+)"', text))
    assert used and used <= defined
    assert len(re.findall(r'"uuid": "', text)) == len(defined)  # nothing is named twice


def test_the_same_plan_gives_the_same_bytes_and_another_plan_other_names(report):
    assert to_json(oscal(report)) == to_json(oscal(report))
    other = report.model_copy(update={"organisation": "Another"})
    assert oscal(other)["assessment-results"]["uuid"] != oscal(report)["assessment-results"]["uuid"]


# -------------------------------------------------------------------------------------------------- DORA


def tables(files):
    return {name: list(csv.reader(io.StringIO(text))) for name, text in files.items()}


def test_the_register_has_the_columns_of_the_regulation_and_links_its_templates(report, catalog):
    form, found = register_format(), tables(register(report, catalog))
    for template in form.templates:
        head, *rows = found[f"{template.code.lower()}.csv"]
        assert head == [c.c for c in template.columns] and all(len(row) == len(head) for row in rows)
    rows = {name[:7]: [dict(zip(head, row)) for row in body] for name, (head, *body) in found.items() if name.startswith("b_")}
    contracts, providers = {r["c0010"] for r in rows["b_02.01"]}, {r["c0010"] for r in rows["b_05.01"]}
    functions = {r["c0010"] for r in rows["b_06.01"]}
    assert {r["c0010"] for name in ("b_02.02", "b_03.01", "b_03.02", "b_04.01", "b_05.02", "b_07.01") for r in rows[name]} == contracts
    assert {r["c0030"] for r in rows["b_02.02"]} | {r["c0020"] for r in rows["b_03.02"]} <= providers
    assert {r["c0030"] for r in rows["b_05.02"]} <= providers and {r["c0050"] for r in rows["b_02.02"]} <= functions
    assert len(functions) == len(report.plan.choices)


def test_every_value_of_the_register_is_one_that_its_column_takes(report, catalog):
    form, found = register_format(), tables(register(report, catalog))
    shapes = {"country": r"eba_GA:[A-Z]{2}", "currency": r"eba_CU:[A-Z]{3}", "date": r"\d{4}-\d{2}-\d{2}", "number": r"\d+", "amount": r"\d+(\.\d+)?"}
    for template in form.templates:
        for row in found[f"{template.code.lower()}.csv"][1:]:
            for column, value in zip(template.columns, row):
                if value and column.list:
                    closed = form.lists.get(column.list)
                    assert value in closed if closed else re.fullmatch(shapes[column.list], value), (template.code, column.c, value)


def test_every_empty_field_that_may_be_mandatory_is_listed_with_who_supplies_it(report, catalog):
    form, found = register_format(), tables(register(report, catalog))
    listed = {(row[0], row[1]) for row in found[MISSING][1:]}
    assert all(row[5] for row in found[MISSING][1:])
    for template in form.templates:
        for row in found[f"{template.code.lower()}.csv"][1:]:
            for column, value in zip(template.columns, row):
                assert value or column.need != "always" or (template.code, column.c) in listed, (template.code, column.c)
                if value.startswith("PLACEHOLDER"):
                    assert (template.code, column.c) in listed and not LEI.fullmatch(value)


def test_nobody_has_to_be_asked_less_when_a_fact_is_taken_away(report, catalog):
    def asked(plan):
        return {tuple(row[:4]) for row in tables(register(plan, catalog))[MISSING][1:]}

    assert asked(report) <= asked(without(report, ["wl.critical_or_important_function", "dep.exit_plan"]))


def test_an_organisation_that_is_no_financial_entity_keeps_no_register(report, catalog):
    data = copy.deepcopy(dict(report.assessment))
    data["organisation"]["facts"]["org.financial_entity"] = False
    with pytest.raises(UsageError, match="not a financial entity"):
        register(report.model_copy(update={"assessment": data}), catalog)


def test_no_cell_of_the_register_is_a_formula(report, catalog):
    found = tables(register(hostile(report), catalog))
    assert not any(cell.startswith(("=", "+", "-", "@")) for table in found.values() for row in table for cell in row)
    assert plain_cell(found["b_01.01.csv"][1][1]).startswith("=cmd")


def test_the_document_for_scripts_says_what_the_tables_say(report, catalog):
    document, found = json.loads(to_json(register_document(report, catalog))), tables(register(report, catalog))
    for code, table in document["templates"].items():
        assert [table["columns"], *table["rows"]] == [[plain_cell(cell) for cell in row] for row in found[f"{code.lower()}.csv"]]
    assert len(document["missing"]) == len(found[MISSING]) - 1 and all(gap["supplied_by"] for gap in document["missing"])


def test_the_archive_is_the_same_for_the_same_files(report, catalog):
    files = register(report, catalog)
    assert zipped(files) == zipped(dict(files))
    with zipfile.ZipFile(io.BytesIO(zipped(files))) as archive:
        assert archive.namelist() == list(files)


# ------------------------------------------------------------------------------------------------ drafts


@pytest.mark.parametrize("lang", export_languages())
@pytest.mark.parametrize("name", FORMS)
def test_every_fact_and_rule_that_a_form_names_is_in_the_catalog(name, lang, catalog):
    form = form_named(name, lang)
    assert form.rule in catalog.rules
    for item in (item for section in form.sections for item in section.items):
        assert set(item.facts) <= set(catalog.facts) and {*item.rules, *item.steps} <= set(catalog.rules), item
        assert not any(catalog.facts[name].derived for name in item.facts), item
        assert item.says or item.ask or item.facts or item.rules or item.steps


def test_the_forms_cover_every_point_of_their_article():
    cited = {name: " ".join(f"{s.cites} {i.cites or ''}" for s in form_named(name).sections for i in s.items) for name in FORMS}
    assert all(f"Art. 27(1)({point})" in cited["fria"] for point in "abcdef") and "Art. 27(4)" in cited["fria"]
    assert all(f"Art. 35(7)({point})" in cited["dpia"] for point in "abcd") and "Art. 35(9)" in cited["dpia"] and "Art. 36" in cited["dpia"]
    assert all(f"Art. 30(1)({point})" in cited["ropa"] for point in "abcdefg")


@pytest.mark.parametrize("name", FORMS)
def test_every_line_of_a_draft_cites_an_article(name, report, catalog):
    for workload in ("fraud", None) if any(c.workload == "fraud" for c in report.plan.choices) else (report.plan.choices[0].workload, None):
        text = draft_markdown(name, report, catalog, workload)
        lines = [line for line in text.splitlines() if line.startswith("- ")]
        assert all(re.search(r"\([^()]*(\([^()]*\)[^()]*)*\d[^()]*(\([^()]*\)[^()]*)*\)$", line) for line in lines)


@pytest.mark.parametrize("name", FORMS)
def test_a_fact_that_nobody_states_is_asked_and_never_stated(name, report, catalog):
    form = form_named(name)
    facts = sorted({fact for section in form.sections for item in section.items for fact in item.facts})
    before, after = known_of(report, catalog), known_of(without(report, facts), catalog)
    for use, bare in zip(before.uses, after.uses):
        told, asked = filled(form, use, before), filled(form, bare, after)
        assert set(told.questions) <= set(asked.questions)
        said = [line.text.lower() for section in asked.sections for line in section.lines if not line.of]
        for fact in set(facts) - set(bare.facts):
            assert not any(text.startswith(f"{catalog.facts[fact].meaning.lower()}: ") and text.endswith(")") for text in said), fact


def test_the_record_has_an_entry_for_every_use_that_may_process_personal_data(report, catalog):
    rows = list(csv.reader(io.StringIO(record_csv(report, catalog))))
    drafted = {use.workload.name for use in known_of(report, catalog).uses if "gdpr-30-ropa" in use.findings}
    assert drafted and {row[0] for row in rows[1:]} == drafted and len(rows[0]) == 8
    assert all(use.workload.name in drafted for use in known_of(report, catalog).uses if use.facts.get("data.personal") is not False)


@pytest.mark.parametrize("name", FORMS)
def test_hostile_text_stays_text_in_a_draft(name, report, catalog):
    def structure(text):
        reader = MarkdownIt("commonmark").enable(["table"])
        return [kind for token in reader.parse(text) for kind in (token.type, *(c.type for c in token.children or ())) if kind != "text"]

    workload = report.plan.choices[0].workload
    calm, wild = (draft_markdown(name, hostile(report, text), catalog, workload) for text in ("Calm", HOSTILE))
    assert structure(calm) == structure(wild) and "{organisation}" in wild.replace("\\", "")
    assert not any(cell.startswith("=") for row in csv.reader(io.StringIO(record_csv(hostile(report), catalog))) for cell in row)


def test_a_workload_that_is_served_in_two_ways_is_told_twice_and_counted_once(report, catalog, validator):
    plan = report.plan
    twice = plan.choices[0].model_copy(update={"from_month": 12})
    both = report.model_copy(update={"plan": plan.model_copy(update={"choices": (*plan.choices, twice)})})
    text = to_json(oscal(both))
    assert [e.json_path for e in validator.iter_errors(json.loads(text))] == []
    assert len(re.findall(r'"uuid": "', text)) == len(set(re.findall(r'"uuid": "([^"]+)"', text)))
    found = tables(register(both, catalog))
    assert len(found["b_06.01.csv"]) == len(plan.choices) + 1 and len({tuple(row) for row in found["b_02.02.csv"]}) == len(found["b_02.02.csv"])
    assert draft_markdown("ropa", both, catalog, twice.workload).count("\n## ") == 2 + 2


def test_each_language_has_the_same_words_and_forms():
    english = export_words("en").words
    places = re.compile(r"\{[a-z_]+\}")
    for lang in export_languages():
        words = export_words(lang).words
        assert set(words) == set(english)
        assert all(set(places.findall(words[key])) == set(places.findall(english[key])) for key in english)
        for name in FORMS:
            sections, source = form_named(name, lang).sections, form_named(name).sections
            assert [s.cites for s in sections] == [s.cites for s in source] and form_named(name, lang).rule == form_named(name).rule
            for ours, theirs in ((o, t) for s, e in zip(sections, source, strict=True) for o, t in zip(s.items, e.items, strict=True)):
                assert (ours.facts, ours.rules, ours.steps, ours.cites, ours.outside) == (theirs.facts, theirs.rules, theirs.steps, theirs.cites, theirs.outside)
                assert [set(places.findall(ours.says or "")), bool(ours.ask)] == [set(places.findall(theirs.says or "")), bool(theirs.ask)]
    with pytest.raises(UsageError, match="one of|did you mean"):
        export_words("xx")


def test_the_commands_write_whole_files_and_refuse_a_report_without_a_plan(report, tmp_path):
    from planner.cli.app import app

    plan, none = tmp_path / "plan.json", tmp_path / "none.json"
    plan.write_text(report_json(report))
    none.write_text(report_json(report.model_copy(update={"plan": None})))
    for name, out in (("oscal", "a.json"), ("dora-register", "dora"), ("dora-register", "dora.zip"), ("dora-register", "dora.json"), ("ropa", "r.md"), ("ropa", "r.csv"), ("fria", "f.md"),
                      ("dpia", "d.md")):
        done = CliRunner().invoke(app, ["export", name, str(plan), "--out", str(tmp_path / out)])
        assert done.exit_code == 0 and (tmp_path / out).exists(), (name, done.output)
        refused = CliRunner().invoke(app, ["export", name, str(none), "--out", str(tmp_path / "x")])
        assert "holds no plan" in str(refused.exception) and not (tmp_path / "x").exists()
    assert (tmp_path / "r.csv").read_bytes().startswith("\ufeff".encode()) and (tmp_path / "dora" / MISSING).is_file()
    assert "give a folder" in str(CliRunner().invoke(app, ["export", "dora-register", str(plan), "--out", str(tmp_path / "x.csv")]).exception)
    assert json.loads(CliRunner().invoke(app, ["export", "dora-register", str(plan)]).stdout) == json.loads((tmp_path / "dora.json").read_text())
    shown = CliRunner().invoke(app, ["export", "dpia", str(plan)])
    assert shown.stdout == (tmp_path / "d.md").read_text()
