"""The report as PDF: archivable, accessible, complete, inside its page, and able to prove itself."""
from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest
from report_fixture import no_plan_report, rich_report, with_text

from planner.problems import MissingExtra, UsageError
from planner.reporting import fonts as font_room
from planner.reporting.columns import LINE, breakable, shares
from planner.reporting.document import document
from planner.reporting.json_report import report_json
from planner.reporting.render import Wishes, render
from planner.reporting.table import Cell, Column, Table
from planner.reporting.typesetter import letters_without_a_glyph
from planner.reporting.view import view_of

pytest.importorskip("typst", reason="the extra `pdf` is not installed")
LANGUAGES = ["en", "fr", "de", pytest.param("ja", marks=pytest.mark.skipif(not font_room.found()["ja"], reason="no Japanese font is installed"))]
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")


def pages(data: bytes, tmp_path, *options: str) -> str:
    """What a reader's program takes out of a PDF."""
    (tmp_path / "r.pdf").write_bytes(data)
    done = subprocess.run(["pdftotext", *options, "r.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_pdf_carries_its_plan():
    from planner.reporting.pdf import report_in_pdf

    assert report_in_pdf(render(rich_report(), "pdf")) == report_json(rich_report())


def test_it_declares_pdf_a_and_ua_and_only_version_3_holds_an_attachment():
    from planner.reporting.pdf import report_in_pdf

    with_plan, without = render(rich_report(), "pdf"), render(rich_report(), "pdf", wishes=Wishes(pdf_with_plan=False))
    for data, part in ((with_plan, b"3"), (without, b"2")):
        assert b"<pdfaid:part>%s</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>" % part in data
    assert b"/EmbeddedFile" not in without
    with pytest.raises(UsageError, match="carries no plan"):
        report_in_pdf(without)


def test_its_dates_are_the_planning_day_and_not_the_clock():
    dates = re.findall(rb"<xmp:(?:Create|Modify)Date>([^<]*)<", render(rich_report(), "pdf"))
    assert set(dates) == {b"2026-11-24T00:00:00Z"}


def test_a_damaged_pdf_is_refused_in_words():
    from planner.reporting.pdf import report_in_pdf

    data = render(rich_report(), "pdf")
    at = re.search(rb"/EmbeddedFile.*?stream\r?\n", data, re.DOTALL).end()
    with pytest.raises(UsageError, match="damaged"):
        report_in_pdf(data[:at] + b"\xff" * 40 + data[at + 40:])
    with pytest.raises(UsageError, match="carries no plan"):
        report_in_pdf(b"%PDF-1.7\nnothing here")


@needs_poppler
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_stands_outside_the_margins_of_its_page(lang, tmp_path):
    long = with_text(rich_report(), lambda old: old + " Donaudampfschifffahrtsgesellschaftskapitänswitwenversicherung" * (len(old) % 7 == 0))
    found = pages(render(long, "pdf", lang), tmp_path, "-bbox")
    right = max(float(x) for x in re.findall(r'xMax="([0-9.]+)"', found))
    left = min(float(x) for x in re.findall(r'xMin="([0-9.]+)"', found))
    margin = 17 / 25.4 * 72
    assert margin - 1 < left and right < 595.28 - margin + 3


@needs_poppler
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_page_is_the_summary_and_the_contents_follow(lang, tmp_path):
    view = view_of(rich_report(), lang)
    text = pages(render(rich_report(), "pdf", lang), tmp_path, "-layout").split("\f")
    first = re.sub(r"\s", "", text[0])
    for tile in view.planned.tiles:
        assert re.sub(r"\s", "", tile.value) in first
    assert re.sub(r"\s", "", view.p("page.contents")) in re.sub(r"\s", "", text[1])


@needs_poppler
def test_every_section_of_the_view_is_on_paper_with_its_page_number(tmp_path):
    made = document(rich_report(), "en", "all")
    text = pages(render(rich_report(), "pdf"), tmp_path, "-layout").split("\f")
    for section in made.sections:
        number = re.search(rf"{re.escape(section.title)}\W+(\d+)", text[1])[1]
        assert section.title in text[int(number) - 1]


@needs_poppler
def test_typesetting_marks_in_a_text_stay_letters(tmp_path):
    marks = '#panic("x") *b* _i_ $x^2$ `c` = h <l> @r // c /* \\u{41} #{1+1}'
    text = pages(render(with_text(rich_report(), lambda old: marks if old == rich_report().organisation else old), "pdf"), tmp_path, "-raw")
    assert re.sub(r"\s", "", marks) in re.sub(r"\s", "", text)


def test_letters_that_no_font_has_are_spelt_out_and_nothing_is_a_box(tmp_path):
    odd = render(with_text(rich_report(), lambda old: f"{old} \U00016fe4 \U0001f600 \u0e01 日本"), "pdf")  # UA-1 is refused where a box is drawn
    assert odd.startswith(b"%PDF")


def test_what_the_typesetter_says_of_missing_letters_is_understood():
    said = r'error: the text `"日本"` could not be displayed with font `"X"` and: the PDF contains the codepoint `"\u{e000}"` the text `"\""` could not be displayed'
    assert letters_without_a_glyph(said) == set("日本\ue000\"")


def test_a_language_without_a_font_is_refused_and_says_what_to_install(monkeypatch):
    monkeypatch.setattr(font_room, "families", lambda: frozenset({"Libertinus Serif"}))
    with pytest.raises(MissingExtra, match="fonts-noto-cjk"):
        render(rich_report(), "pdf", "ja")


def test_without_the_typesetter_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    font_room.families.cache_clear()
    with pytest.raises(MissingExtra, match=r"sovplan\[pdf\]"):
        render(rich_report(), "pdf")


def test_a_report_without_a_plan_has_its_paper_too():
    assert render(no_plan_report(), "pdf").startswith(b"%PDF")


# ---------------------------------------------------------------------------------------------- columns


def table(*rows: tuple[str, ...], numeric: tuple[int, ...] = ()) -> Table:
    return Table("t", "", tuple(Column(f"c{i}", i in numeric) for i in range(len(rows[0]))), tuple(tuple(map(Cell, row)) for row in rows))


def test_columns_fill_the_page_and_figures_are_never_broken():
    for made in (table(("a", "word " * 300, "€1,234,567,890"), numeric=(2,)), table(("x" * 200,) * 7), table(("a",))):
        widths = shares(made)
        assert abs(sum(widths) - 1) < 0.001 and min(widths) > 0.03
    figures = shares(table(("some words here", "word " * 300, "€1,234,567,890"), numeric=(2,)))
    assert figures[2] * LINE >= len("€1,234,567,890")


def test_only_words_that_do_not_fit_are_opened():
    assert breakable("short words stay", 6) == "short words stay"
    assert breakable("a" * 7, 3).split("\u200b") == ["aaa", "aaa", "a"]
    assert breakable("money-laundering", 11) == "money-laundering" and breakable("dep.act_third_party", 8).split("\u200b") == ["dep.", "act_", "third_", "party"]
    assert breakable("representative", 8, hyphenates=True) == "representative" and "\u200b" in breakable("r" * 41, 8, hyphenates=True)
