"""Whatever stands in a text, it stays text on paper too: in a PDF, a Word document and a workbook."""
from __future__ import annotations

import io
import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_hostile_text import HOSTILE, PIECES, filled

from planner.reporting.render import render
from planner.reporting.text import visible

MARKUP = st.sampled_from([
    "#panic()", "#eval(\"1\")", "*b*", "_i_", "$x$", "`r`", "= h", "<l>", "@ref", "//", "/*", "\\u{41}", "~", "---", "[c]", "#let x = 1",  # Typst
    "<w:p>", "</w:t>", "<w:tbl/>", "{%p", "{%tr for x in y %}", "{{r x }}", "{_{", "%_}", "&#65;", "&amp;", "]]>",  # Word and its templates
    "=1+1", "+1", "@SUM(A1)", "{=1}", "=HYPERLINK(\"https://x.example\")", "&A", "[Red]", "'",  # spreadsheets
])
PAPER = st.lists(MARKUP | PIECES, min_size=1, max_size=6).map("".join) | HOSTILE


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\u00ad\u2060]", "", text)


@settings(max_examples=6, deadline=None)
@given(PAPER)
def test_a_pdf_is_made_of_any_text(hostile):
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    assert render(filled(hostile), "pdf", audience="legal").startswith(b"%PDF")  # a box in the place of a letter would be refused


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
@settings(max_examples=5, deadline=None)
@given(st.lists(MARKUP, min_size=1, max_size=5).map("".join))
def test_a_pdf_shows_the_letters_it_was_given(hostile):
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    report = filled(hostile)
    shown = subprocess.run(["pdftotext", "-raw", "-l", "1", "-", "-"], input=render(report, "pdf", audience="board"), capture_output=True, check=True).stdout
    assert squeezed(visible(report.organisation)) in squeezed(shown.decode()).replace("‐", "-")


@settings(max_examples=5, deadline=None)
@given(PAPER)
def test_the_structure_of_a_word_document_does_not_depend_on_its_text(hostile):
    docx = pytest.importorskip("docx", reason="the extra `docx` is not installed")
    pytest.importorskip("docxtpl", reason="the extra `docx` is not installed")
    calm, made = (docx.Document(io.BytesIO(render(filled(text), "docx", audience="legal"))) for text in ("", hostile))
    assert [len(t.rows) for t in made.tables] == [len(t.rows) for t in calm.tables] and len(made.paragraphs) == len(calm.paragraphs)
    assert squeezed(visible(filled(hostile).organisation)) in squeezed(made.paragraphs[0].text)


@settings(max_examples=8, deadline=None)
@given(PAPER)
def test_the_formulas_of_a_workbook_do_not_depend_on_its_text(hostile):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl, which reads workbooks for the tests, is not installed")
    pytest.importorskip("xlsxwriter", reason="the extra `xlsx` is not installed")
    calm, made = (openpyxl.load_workbook(io.BytesIO(render(filled(text), "xlsx"))) for text in ("", hostile))
    formulas = [{(sheet.title, cell.coordinate, cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
                for book in (calm, made)]
    assert formulas[0] == formulas[1] and made.sheetnames == calm.sheetnames
