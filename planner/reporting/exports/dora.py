"""The register of information under DORA Art. 28(3), as far as a plan can fill it: one CSV a template, and a list of what is missing.

The columns, their codes and their closed lists are data, in templates/exports/LANG/dora-register.yaml. A plan is not a contract: what it
proposes is marked "to be confirmed", and where templates are linked by a code that nobody knows, a placeholder stands that no authority would take.
"""
from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planner.domain.base import Id, Noun, Text
from planner.domain.catalog import Catalog
from planner.domain.report import Report
from planner.problems import UsageError
from planner.reporting.exports.cells import csv_text
from planner.reporting.exports.dora_rows import FINANCIAL, Cell, Row, rows_of
from planner.reporting.exports.known import known_of
from planner.reporting.exports.words import export_data, export_words
from planner.reporting.phrases import Phrases

MISSING, COLUMNS = "missing.csv", "columns.csv"


class Column(Noun):
    """One column of a template: its code, when it is mandatory, what it may hold, and who supplies it."""

    c: Text
    name: Text
    need: Text
    of: Text
    list: Id | None = None


class Template(Noun):
    """One template of the register."""

    code: Text
    name: Text
    columns: tuple[Column, ...]


class RegisterFormat(Noun):
    """The templates, the closed lists, and what the plan's kinds are taken for."""

    templates: tuple[Template, ...]
    lists: Mapping[str, Mapping[str, str]]
    services: Mapping[str, str]
    entities: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Gap:
    """One field that somebody has to supply, replace or confirm."""

    template: str
    column: str
    name: str
    row: str
    why: str
    of: str
    need: str


def register_format(lang: str = "en") -> RegisterFormat:
    """The format of the register, from the data beside the words of the language."""
    return RegisterFormat.model_validate(export_data("dora-register", lang))


def register(report: Report, catalog: Catalog, lang: str = "en") -> dict[str, str]:
    """File name -> CSV of RFC 4180, for each template, `missing.csv` and `columns.csv`.

    Raises UsageError for a report without a plan, or of an organisation that is known not to be a financial entity.
    """
    form, rows, p = *_filled(report, catalog, lang), export_words(lang)
    files = {f"{t.code.lower()}.csv": csv_text(_table(t, rows.get(t.code, ()))) for t in form.templates}
    return {**files, MISSING: _gaps_csv(tuple(gaps(form, rows)), p), COLUMNS: _columns_csv(form, p)}


def register_document(report: Report, catalog: Catalog, lang: str = "en") -> dict[str, Any]:
    """The same as one document for scripts: `templates` (code -> columns and rows) and `missing`, a list of fields. Raises as `register` does."""
    form, rows = _filled(report, catalog, lang)
    tables = {t.code: _table(t, rows.get(t.code, ())) for t in form.templates}
    return {
        "format_version": "1", "as_of": report.provenance.as_of,
        "templates": {code: {"columns": head, "rows": body} for code, (head, *body) in tables.items()},
        "missing": [{"template": g.template, "column": g.column or None, "name": g.name, "row": g.row or None, "state": _state(g),
                     "supplied_by": g.of, "mandatory": g.need} for g in gaps(form, rows)],
    }


def _filled(report: Report, catalog: Catalog, lang: str) -> tuple[RegisterFormat, dict[str, tuple[Row, ...]]]:
    known, form = known_of(report, catalog), register_format(lang)
    if any(use.facts.get(FINANCIAL) is False for use in known.uses):
        raise UsageError(export_words(lang)("dora.no_need"))
    return form, rows_of(known, form.services, form.entities)


def zipped(files: Mapping[str, str]) -> bytes:
    """The files as one archive, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text.encode("utf-8-sig"))
    return out.getvalue()


def _table(template: Template, rows: Iterable[Row]) -> list[list[str]]:
    codes = [column.c for column in template.columns]
    return [codes, *([row.cells.get(code, Cell()).value for code in codes] for row in rows)]


# ------------------------------------------------------------------------------------------ what is missing


def gaps(form: RegisterFormat, rows: Mapping[str, tuple[Row, ...]]) -> Iterator[Gap]:
    """Every field that is empty, a placeholder, or only proposed, in the order of the templates."""
    for template in form.templates:
        ours = rows.get(template.code, ())
        for row in ours:
            for column in template.columns:
                cell = row.cells.get(column.c, Cell())
                if cell.why not in ("known", "not-applicable") and not (column.need == "optional" and not cell.value):
                    yield Gap(template.code, column.c, column.name, row.about, cell.why, row.provider or "" if column.of == "Provider" else column.of,
                              column.need)
        for why in _NOTES.get(template.code, ()):
            if why != "own" or any(row.own for row in rows["B_06.01"]):
                yield Gap(template.code, "", template.name, "", why, template.columns[0].of, "always")


_NOTES = {"B_01.03": ("branches",), "B_02.01": ("own",), "B_02.03": ("group",), "B_03.03": ("group",), "B_05.02": ("chain",)}


def _state(gap: Gap) -> str:
    """Missing, a placeholder, or proposed and to be confirmed; a whole template that is left to the entity is missing."""
    return gap.why if gap.why in ("missing", "placeholder") else "proposed" if gap.column else "missing"


def _gaps_csv(found: tuple[Gap, ...], p: Phrases) -> str:
    head = [p(f"dora.head.{key}") for key in ("template", "column", "name", "row", "state", "of", "why", "need")]
    body = [[g.template, g.column, g.name, g.row, p(f"dora.{_state(g)}"), g.of,
             p(f"dora.why.{g.why}"), p(f"dora.need.{g.need}")] for g in found]
    return csv_text([head, *body])


def _columns_csv(form: RegisterFormat, p: Phrases) -> str:
    head = [p(f"dora.head.{key}") for key in ("template", "column", "name", "need", "values")]
    body = [[t.code, c.c, f"{t.name}: {c.name}", p(f"dora.need.{c.need}"), _values(form, c)] for t in form.templates for c in t.columns]
    return csv_text([head, *body])


def _values(form: RegisterFormat, column: Column) -> str:
    closed = form.lists.get(column.list or "")
    return column.list or "" if closed is None else "; ".join(f"{code} {says}" for code, says in closed.items())
