"""A report as a Word document, by the template that ships (templates/report.docx) or by a legal team's own."""
from __future__ import annotations

import io
import zipfile
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from planner.domain.report import Report
from planner.problems import MissingExtra, Problem, Refused
from planner.reporting.columns import shares
from planner.reporting.document import document
from planner.reporting.fonts import fonts
from planner.reporting.pictures import picture
from planner.reporting.table import Cell, Column, Drawing, Table
from planner.reporting.text import visible
from planner.reporting.typesetter import png
from planner.reporting.word_context import Maker, WordReport
from planner.resources import bundled

TABLE_STYLE, GRID_STYLE = "Sovplan Table", "Sovplan Grid"  # of tables whose columns are fitted to what they hold, and of those whose are alike
WD_RIGHT = 2  # a paragraph set at the right, as Word counts
MOST_BYTES = 32 * 1024 * 1024  # of a template, unpacked
_WIDTH_MM, _NARROW_MM = 174.0, 82.0  # of a page's text, and of a small drawing
_DOTS = 180
_EMU_PER_TWIP = 635
_STAMP = (1980, 1, 1, 0, 0, 0)


def docx(report: Report, lang: str, audience: str, template: Path | None = None) -> bytes:
    """The report as a Word document; the same report and template give the same bytes.

    Raises MissingExtra without its writer, Refused where a template is none, or asks for what there is not.
    """
    library = word_library()
    made = document(report, lang, audience)
    file = template_file(template)
    letter = library.DocxTemplate(io.BytesIO(file))
    letter.init_docx()
    maker = Maker(lambda drawing: _image(library, letter, drawing, lang), lambda text, href: _link(library, letter, text, href))
    try:
        letter.render(_context(maker.report(made)), environment())
    except Exception as error:
        if not _of_templates(error):
            raise
        raise refused(template, str(error)) from None
    _finish(letter.docx, report, made.view.title)
    packed = io.BytesIO()
    letter.save(packed)
    return _without_clock(packed.getvalue())


def word_library() -> Any:
    """The module `docxtpl`. Raises MissingExtra with the line that installs it."""
    try:
        import docxtpl
    except ImportError:
        raise MissingExtra('Word documents need their writer: pip install "sovplan[docx]"') from None
    return docxtpl


def template_file(path: Path | None) -> bytes:
    """The bytes of a template, the shipped one for None. Raises Refused where it is no Word document or far too large."""
    place = path or bundled("templates") / "report.docx"
    try:
        data = place.read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            size, names = sum(part.file_size for part in parts.infolist()), set(parts.namelist())
    except OSError as error:
        raise refused(path, f"it cannot be read: {(error.strerror or '').lower()}") from None
    except zipfile.BadZipFile:
        raise refused(path, "it is not a Word document (.docx)") from None
    if "word/document.xml" not in names or size > MOST_BYTES:
        raise refused(path, "it is not a Word document (.docx)" if size <= MOST_BYTES else f"it unpacks to more than {MOST_BYTES} bytes")
    return data


def refused(path: Path | None, message: str, hint: str = "`sovplan template placeholders` lists what there is") -> Refused:
    """The refusal of a template."""
    return Refused([Problem(str(path or "templates/report.docx"), 1, 1, "", message, hint)])


def environment() -> Any:
    """An engine that runs no template's code beyond what it is given, and is loud about a name that does not exist."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=_shown)


def _shown(value: Any) -> Any:
    """Text from others without anything invisible, and without what the writer takes for its own marks."""
    if hasattr(value, "__html__") or not isinstance(value, str):
        return value
    return Markup(str(escape(visible(value))).replace("{", "&#123;").replace("}", "&#125;"))


def _of_templates(error: Exception) -> bool:
    from jinja2 import TemplateError
    from lxml.etree import XMLSyntaxError

    return isinstance(error, (TemplateError, XMLSyntaxError))


def _context(made: WordReport) -> dict[str, Any]:
    return {one.name: getattr(made, one.name) for one in fields(made)}


def _image(library: Any, letter: Any, drawing: Drawing, lang: str) -> tuple[Any, str]:
    from docx.shared import Mm

    families = fonts(lang)
    made = picture(drawing, families)
    width = _NARROW_MM if made.width < 420 else _WIDTH_MM
    data = png(made.svg, width, _DOTS, system_fonts=len(families) > 1)
    return _Described(library.InlineImage(letter, io.BytesIO(data), width=Mm(width)), visible(made.says)), made.says


class _Described:
    """An image with its alternative in words."""

    def __init__(self, image: Any, says: str):
        self._image, self._says = image, says

    def __html__(self) -> str:
        return str(self._image).replace("<wp:docPr ", f'<wp:docPr descr="{escape(self._says)}" ', 1)

    __str__ = __html__


def _link(library: Any, letter: Any, text: str, href: str) -> Any:
    rich = library.RichText()
    rich.add(visible(text), url_id=letter.build_url_id(href), color="#1F4E79", underline=True)
    return rich


# ------------------------------------------------------------------------------------------- afterwards


def _finish(made: Any, report: Report, title: str) -> None:
    """Widths of columns, and the document's properties: whose it is, and the planning day in the place of the clock."""
    page = made.sections[0]
    width = round((page.page_width - page.left_margin - page.right_margin) / _EMU_PER_TWIP)
    for table in made.tables:
        if table.style is not None and table.style.name in (TABLE_STYLE, GRID_STYLE):
            _fit(table, width, alike=table.style.name == GRID_STYLE)
    day: date = report.provenance.as_of
    properties = made.core_properties
    properties.title, properties.author, properties.last_modified_by = visible(title)[:255], visible(report.organisation)[:255], ""
    properties.comments, properties.revision = visible(report.provenance.tool)[:255], 1
    properties.created = properties.modified = datetime(day.year, day.month, day.day)


def _fit(table: Any, whole: int, alike: bool) -> None:
    """Columns as wide as what stands in them needs, or all alike; together as wide as the text (in twentieths of a point)."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    rows = [row.findall(qn("w:tc")) for row in table._tbl.findall(qn("w:tr"))]
    if len({len(row) for row in rows}) != 1 or not rows[0]:
        return
    right = [[_at_the_right(cell) for cell in row] for row in rows]
    cells = [[Cell(*_words(cell)) for cell in row] for row in rows]
    held = Table("", "", tuple(Column(cell.text, figures) for cell, figures in zip(cells[0], right[-1], strict=True)), tuple(map(tuple, cells[1:])))
    widths = [round(whole * share) for share in ([1 / len(rows[0])] * len(rows[0]) if alike else shares(held))]
    for column in table._tbl.tblGrid.findall(qn("w:gridCol")):
        table._tbl.tblGrid.remove(column)
    for width in widths:
        column = OxmlElement("w:gridCol")
        column.set(qn("w:w"), str(width))
        table._tbl.tblGrid.append(column)
    for row in rows:
        for cell, width in zip(row, widths, strict=True):
            size = cell.get_or_add_tcPr().get_or_add_tcW()
            size.set(qn("w:w"), str(width))
            size.set(qn("w:type"), "dxa")


def _words(cell: Any) -> tuple[str, str]:
    """The first paragraph of a cell, and the others."""
    from docx.oxml.ns import qn

    first, *others = ["".join(part.text or "" for part in paragraph.iter(qn("w:t"))) for paragraph in cell.p_lst] or [""]
    return first, " ".join(others)


def _at_the_right(cell: Any) -> bool:
    """Whether the first paragraph of a cell is set at its right; those that follow are then set like it."""
    first, *others = cell.p_lst or [None]
    if first is None or first.alignment != WD_RIGHT:
        return False
    for paragraph in others:
        paragraph.alignment = WD_RIGHT
    return True


def _without_clock(data: bytes) -> bytes:
    """The same parts in the same order, none with the time at which it was packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as whole:
        for part in parts.infolist():
            whole.writestr(zipfile.ZipInfo(part.filename, _STAMP), parts.read(part), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
