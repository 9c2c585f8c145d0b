"""The report as a Word document, by our template or by a legal team's own."""
from __future__ import annotations

import io
import re
import sys
import zipfile

import pytest
from report_fixture import no_plan_report, rich_report, with_text

from planner.problems import MissingExtra, Refused
from planner.reporting.document import document
from planner.reporting.render import Wishes, render
from planner.reporting.text import visible

docx = pytest.importorskip("docx", reason="the extra `docx` is not installed")
pytest.importorskip("docxtpl", reason="the extra `docx` is not installed")
pytest.importorskip("typst", reason="the extra `docx` is not installed")


def opened(data: bytes):
    return docx.Document(io.BytesIO(data))


def words(data: bytes) -> str:
    """All text of the body, in order, without its spaces."""
    body = opened(data).element.body
    return re.sub(r"\s", "", "".join(part.text or "" for part in body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")))


def template(path, *lines: str):
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    made.save(path)
    return path


def test_every_section_table_and_picture_of_the_document_is_in_it():
    made, data = document(rich_report(), "en", "all"), render(rich_report(), "docx")
    text = words(data)
    for section in made.sections:
        assert re.sub(r"\s", "", section.title) in text
        for block in section.blocks:
            table = getattr(block, "table", block)
            for row in getattr(table, "rows", ()):
                assert re.sub(r"\s", "", row[0].text) in text
    drawings = sum(hasattr(block, "svg") for section in made.sections for block in section.blocks)
    assert len(opened(data).inline_shapes) + sum(len(t._cells) for t in opened(data).tables if t.style.name == "Sovplan Grid") >= drawings


def test_every_picture_says_what_it_shows():
    xml = zipfile.ZipFile(io.BytesIO(render(rich_report(), "docx"))).read("word/document.xml").decode()
    pictures = re.findall(r"<wp:docPr [^>]*>", xml)
    assert pictures and all(re.search(r'descr="[^"]{20,}"', one) for one in pictures)


@pytest.mark.parametrize("lang", ["fr", "de"])
def test_it_speaks_the_language_it_is_asked_for(lang):
    made = document(rich_report(), lang, "legal")
    assert re.sub(r"\s", "", made.sections[0].title) in words(render(rich_report(), "docx", lang, "legal"))


def test_no_table_is_wider_than_its_page():
    made = opened(render(rich_report(), "docx"))
    page = made.sections[0]
    room = (page.page_width - page.left_margin - page.right_margin) / 635
    for table in made.tables:
        widths = [int(column.get("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}w")) for column in table._tbl.tblGrid]
        assert sum(widths) <= room + len(widths) and len(widths) == len(table.columns)


def test_the_same_report_gives_the_same_bytes_and_no_clock():
    data = render(rich_report(), "docx")
    parts = zipfile.ZipFile(io.BytesIO(data))
    assert data == render(rich_report(), "docx")
    assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert parts.read("docProps/core.xml").count(b"2026-11-24T00:00:00Z") == 2


def test_the_shipped_template_is_what_its_script_makes_and_is_in_order():
    import make_docx_template as script

    from planner.reporting.word_lint import lint

    assert script.TARGET.read_bytes() == script.template()
    assert lint(script.TARGET) == ()


@pytest.mark.parametrize("hostile", [
    "<w:p><w:r><w:t>x</w:t></w:r></w:p>", "</w:t></w:r></w:p>", "{{ 7*7 }}", "{%tr for x in y %}", "{_{ 7*7 }_}", "{%p endfor %}", "&amp;", "]]>", "<!--", "\x07\x0c", "{#",
])
def test_text_from_others_is_text(hostile):
    calm, made = (render(with_text(rich_report(), lambda old: old if old.startswith("https://") else put + "x" + old), "docx", audience="legal")
                  for put in ("", hostile))
    assert len(opened(made).tables) == len(opened(calm).tables) and len(opened(made).paragraphs) == len(opened(calm).paragraphs)
    assert re.sub(r"\s", "", visible(hostile + "x" + rich_report().organisation)) in words(made) + re.sub(r"\s", "", opened(made).sections[0].header.paragraphs[0].text)


def test_a_report_without_a_plan_has_its_paper_too():
    assert "Noplanmeetseverythingthatwasasked" in words(render(no_plan_report(), "docx"))


# ---------------------------------------------------------------------------------------- own templates


def test_a_template_of_ones_own_takes_what_it_asks_for(tmp_path):
    own = template(tmp_path / "own.docx", "{{ organisation }}: {{ decision }}", "{%p for row in tables.choices_table.rows %}", "{{ row.workload.text }} costs {{ row.cost.text }}",
                   "{%p endfor %}", "{{ section.law.title }}")
    text = words(render(rich_report(), "docx", wishes=Wishes(template=own)))
    assert "RheinlandBank" in text and "Assistantforallstaffcosts€412,346" in text and "Whatthelawasks" in text


def test_the_lint_finds_every_name_there_is_none_of_at_once(tmp_path):
    from planner.reporting.word_lint import lint

    own = template(tmp_path / "own.docx", "{{ organisatoin }}", "{%p for tile in tiles %}", "{{ tile.worth }}", "{%p endfor %}", "{{ section.lawn.title }}", "{{ title|upper }}",
                   "{%p if conditions and not wrong %}", "x", "{%p endif %}", "{{ tables['choices_table'].caption }}")
    problems = lint(own)
    assert {re.search(r"'(\S+)'", p.message)[1] for p in problems} == {"organisatoin", "worth", "section.lawn", "wrong"}
    assert {p.hint for p in problems} >= {"did you mean 'organisation'?"} and all(p.file == str(own) for p in problems)


@pytest.mark.parametrize(("lines", "says"), [
    (("{{ title",), "unexpected"), (("{%p for x in tiles %}", "x"), "(?i)unexpected end"), (("{%p endif %}",), "(?i)unknown tag|unexpected"),
])
def test_a_mark_that_does_not_close_is_found(tmp_path, lines, says):
    from planner.reporting.word_lint import lint

    [problem] = lint(template(tmp_path / "own.docx", *lines))
    assert re.search(says, problem.message)


def test_a_table_that_a_report_lacks_is_refused_in_words(tmp_path):
    own = template(tmp_path / "own.docx", "{{ tables.no_such_table.caption }}")
    with pytest.raises(Refused, match="no_such_table"):
        render(rich_report(), "docx", wishes=Wishes(template=own))


@pytest.mark.parametrize("code", ["{{ ''.__class__.__mro__ }}", "{{ lines.__init__.__globals__ }}", "{{ section.update({}) }}"])
def test_a_template_runs_no_code_of_its_own(tmp_path, code):
    own = template(tmp_path / "own.docx", code)
    with pytest.raises(Refused):
        render(rich_report(), "docx", wishes=Wishes(template=own))


def test_what_is_no_word_document_is_refused(tmp_path):
    from planner.reporting.word_lint import lint

    (tmp_path / "a.docx").write_text("no")
    with zipfile.ZipFile(tmp_path / "b.docx", "w") as part:
        part.writestr("word/document.xml", "<a/>")
    for name in ("a.docx", "b.docx", "none.docx"):
        with pytest.raises(Refused):
            lint(tmp_path / name)


def test_every_placeholder_is_a_name_of_what_a_template_is_filled_with():
    from planner.reporting.word_lint import placeholders

    names = [name for name, _ in placeholders()]
    assert len(names) == len(set(names)) and {"title", "sections[].blocks[]", "section.NAME", "tiles[].value"} <= set(names)
    assert all(says for _, says in placeholders())


def test_without_its_writer_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "docxtpl", None)
    with pytest.raises(MissingExtra, match=r"sovplan\[docx\]"):
        render(rich_report(), "docx")
