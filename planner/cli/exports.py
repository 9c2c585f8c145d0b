"""A saved plan in the formats of other trades."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.common import CatalogFolder, open_catalog, say
from planner.problems import UsageError

if TYPE_CHECKING:
    from planner.domain.catalog import Catalog
    from planner.domain.report import Report

app = typer.Typer(no_args_is_help=True)
PlanFile = Annotated[Path, typer.Argument(metavar="PLAN.json", help="A plan saved by `sovplan plan --out DIR`.")]
OneWorkload = Annotated[str | None, typer.Option("--workload", metavar="ID", help="Only this workload, whether or not the duty seems to apply.")]
Language = Annotated[str, typer.Option("--lang", metavar="LANG", help="The language of the fixed words: en, de or fr.")]
OutFile = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write here instead of on stdout.")]


@app.callback()
def group() -> None:
    """A saved plan in the formats of other trades."""


@app.command("ai-bom")
def ai_bom_(plan_file: PlanFile, out: OutFile = None, catalog: CatalogFolder = None) -> None:
    """Write the AI bill of materials: CycloneDX 1.6 JSON with a model card for each model, its licence, supplier and services."""
    from planner.reporting.ai_bom import ai_bom
    from planner.reporting.json_report import to_json

    report = _with_plan(plan_file)
    world = _same_catalog(report, catalog)
    _written(to_json(ai_bom(report, world)), out)


@app.command("oscal")
def oscal_(plan_file: PlanFile, out: OutFile = None, lang: Language = "en") -> None:
    """Write the findings as OSCAL 1.2.3 assessment results: observations, findings, risks with their remedies, and the sources."""
    from planner.reporting.exports.oscal import oscal
    from planner.reporting.json_report import to_json

    _written(to_json(oscal(_with_plan(plan_file), lang)), out)


@app.command("dora-register")
def dora_register(
    plan_file: PlanFile,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="A folder for CSV files, FILE.zip with them, or FILE.json.")] = None,
    catalog: CatalogFolder = None,
    lang: Language = "en",
) -> None:
    """Write the register of information of DORA as far as the plan knows it: one CSV a template, and missing.csv with who supplies the rest.

    Without --out, one JSON document on stdout.
    """
    from planner.reporting.exports.dora import MISSING, register, register_document, zipped
    from planner.reporting.exports.words import export_words
    from planner.reporting.json_report import to_json
    from planner.reporting.write import write_atomically

    if out is not None and out.suffix not in ("", ".zip", ".json"):
        raise UsageError(f"--out {out}: the register is many tables; give a folder, FILE.zip or FILE.json")
    report = _with_plan(plan_file)
    world = _same_catalog(report, catalog)
    organisation = report.assessment["organisation"]
    if organisation["facts"].get("org.financial_entity") is None and organisation["sector"] not in ("banking", "insurance"):
        say(export_words(lang)("dora.not_known"))
    if out is None or out.suffix == ".json":
        _written(to_json(register_document(report, world, lang)), out)
        return
    files = register(report, world, lang)
    if out.suffix == ".zip":
        write_atomically(out, zipped(files))
    else:
        for name, text in files.items():
            write_atomically(out / name, text.encode("utf-8-sig"))
    say(f"written: {out} ({len(files)} files; {len(files[MISSING].splitlines()) - 1} fields to supply or confirm, see {MISSING})")


@app.command("ropa")
def ropa(plan_file: PlanFile, out: OutFile = None, catalog: CatalogFolder = None, workload: OneWorkload = None, lang: Language = "en") -> None:
    """Write the record of processing activities (GDPR Art. 30), one entry a workload: Markdown, or a table where FILE ends in .csv."""
    from planner.reporting.exports.drafts import draft_markdown, record_csv

    report = _with_plan(plan_file)
    world = _same_catalog(report, catalog)
    if out is not None and out.suffix == ".csv":
        _written("\ufeff" + record_csv(report, world, workload, lang), out)
    else:
        _written(draft_markdown("ropa", report, world, workload, lang), out)


@app.command("fria")
def fria(plan_file: PlanFile, out: OutFile = None, catalog: CatalogFolder = None, workload: OneWorkload = None, lang: Language = "en") -> None:
    """Write drafts of the fundamental rights impact assessment (AI Act Art. 27) in Markdown: what is known, and questions for the rest."""
    _draft("fria", plan_file, out, catalog, workload, lang)


@app.command("dpia")
def dpia(plan_file: PlanFile, out: OutFile = None, catalog: CatalogFolder = None, workload: OneWorkload = None, lang: Language = "en") -> None:
    """Write drafts of the data protection impact assessment (GDPR Art. 35) in Markdown: what is known, and questions for the rest."""
    _draft("dpia", plan_file, out, catalog, workload, lang)


def _draft(name: str, plan_file: Path, out: Path | None, catalog: Path | None, workload: str | None, lang: str) -> None:
    from planner.reporting.exports.drafts import draft_markdown

    report = _with_plan(plan_file)
    _written(draft_markdown(name, report, _same_catalog(report, catalog), workload, lang), out)


def _with_plan(plan_file: Path) -> Report:
    from planner.reading.saved import load_report

    report = load_report(plan_file)
    if report.plan is None:
        raise UsageError(f"{plan_file}: it holds no plan, so there is nothing to write")
    return report


def _same_catalog(report: Report, catalog: Path | None) -> Catalog:
    """The catalog read now; says so where it is not the one the plan was made with."""
    world = open_catalog(catalog)
    if world.sha256 != report.provenance.catalog_sha256:
        say("note: the plan was made with another catalog than the one read now; facts and names are those of the one read now")
    return world


def _written(text: str, out: Path | None) -> None:
    """The document to a file, whole or not at all, or to stdout."""
    from planner.reporting.write import write_atomically

    if out is None:
        sys.stdout.write(text)
        return
    write_atomically(out, text.encode())
    say(f"written: {out}")
