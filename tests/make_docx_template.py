"""Makes templates/report.docx, the Word template that ships, so that a binary file can be reviewed: python tests/make_docx_template.py

A legal team's own template can be anything that Word writes; this one is small on purpose, and shows every shape a block can have.
"""
from __future__ import annotations

import io
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

TARGET = Path(__file__).resolve().parents[1] / "templates" / "report.docx"
INK, QUIET, ACCENT, ATTENTION = RGBColor(0x16, 0x19, 0x1D), RGBColor(0x4A, 0x4F, 0x55), RGBColor(0x1F, 0x4E, 0x79), RGBColor(0x8A, 0x38, 0x0B)
TEXT_MM = 176
LATIN, EAST_ASIAN = "Cambria", "Yu Gothic"


def template() -> bytes:
    """The template's bytes, the same on every run."""
    made = docx.Document()
    page(made)
    styles(made)
    first_page(made)
    contents(made)
    sections(made)
    made.core_properties.created = made.core_properties.modified = datetime(2026, 11, 24)
    for name in ("title", "author", "comments", "last_modified_by", "keywords", "subject"):
        setattr(made.core_properties, name, "")
    packed = io.BytesIO()
    made.save(packed)
    whole = io.BytesIO()
    with zipfile.ZipFile(packed) as parts, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as out:
        for part in parts.infolist():
            if part.filename != "docProps/thumbnail.jpeg":
                data = parts.read(part)
                if part.filename == "_rels/.rels":
                    data = b"".join(data.split(data[data.index(b"<Relationship ", data.index(b"thumbnail") - 200):data.index(b"/>", data.index(b"thumbnail")) + 2])) \
                        if b"thumbnail" in data else data
                out.writestr(zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


# ----------------------------------------------------------------------------------------- page and styles


def page(made) -> None:
    """A4, a header with whose plan it is, a footer with the day and the page."""
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(17)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
    for paragraph, left, field in ((section.header.paragraphs[0], "{{ title }}", "{{ organisation }}"), (section.footer.paragraphs[0], "{{ as_of }}", None)):
        paragraph.style.font.size, paragraph.style.font.color.rgb = Pt(8), QUIET
        paragraph.style.paragraph_format.tab_stops.clear_all()
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_MM), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run(left + "\t" + (field or ""))
        if field is None:
            add_field(paragraph, "PAGE")
            paragraph.add_run(" / ")
            add_field(paragraph, "NUMPAGES")


def styles(made) -> None:
    """The styles a legal team may change in Word, by their names."""
    normal = made.styles["Normal"]
    font(normal, 10, INK)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(5), 1.08
    for name, size, colour, before in (("Title", 12, QUIET, 0), ("Heading 1", 17, ACCENT, 22), ("Heading 2", 11, INK, 12), ("Heading 3", 10, INK, 8)):
        style = made.styles[name]
        font(style, size, colour, bold=name.startswith("Heading"))
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(5)
        style.paragraph_format.keep_with_next = True
        for border in style.element.findall(f".//{qn('w:pBdr')}"):
            border.getparent().remove(border)
    for name, size, colour, keeps in (("Kicker", 8.5, ACCENT, True), ("Decision", 17, INK, True), ("Intro", 10, QUIET, True), ("Caption Above", 10, INK, True),
                                      ("Cell", 8.5, INK, False), ("Note", 7.5, QUIET, False), ("Cell Head", 8, QUIET, True), ("Figure", 14, INK, True),
                                      ("Entry", 10, INK, False), ("Notice", 10, INK, False), ("Conditions", 9, INK, False)):
        style = made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        font(style, size, colour, bold=name in ("Caption Above", "Kicker"))
        tight = name in ("Cell", "Note", "Cell Head", "Figure", "Entry")
        style.paragraph_format.space_after = Pt(1 if tight else 6)
        style.paragraph_format.line_spacing = 1.0
        style.paragraph_format.keep_with_next = keeps
    made.styles["Caption Above"].paragraph_format.space_before = Pt(10)
    for name, colour in (("Notice", "1F4E79"), ("Conditions", "8A380B")):
        edge(made.styles[name], colour)
    mark = made.styles.add_style("Mark", WD_STYLE_TYPE.CHARACTER)
    mark.font.italic, mark.font.color.rgb = True, ATTENTION
    table_style(made)


def font(style, size: float, colour: RGBColor, bold: bool = False) -> None:
    """One typeface for Latin letters, one for those of East Asia."""
    style.font.name, style.font.size, style.font.color.rgb, style.font.bold = LATIN, Pt(size), colour, bold
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:eastAsia"), EAST_ASIAN)
    fonts.set(qn("w:hAnsi"), LATIN)


def edge(style, colour: str) -> None:
    """A bar at the left of a paragraph."""
    border = parse_xml(f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="18" w:space="8" w:color="{colour}"/></w:pBdr>')
    style.element.get_or_add_pPr().append(border)


def table_style(made) -> None:
    """Lines below rows, nothing else; and a grid without any."""
    bare = made.styles.add_style("Sovplan Grid", WD_STYLE_TYPE.TABLE)
    bare.element.append(parse_xml(f'<w:tblPr {nsdecls("w")}><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="200" w:type="dxa"/></w:tblCellMar></w:tblPr>'))
    style = made.styles.add_style("Sovplan Table", WD_STYLE_TYPE.TABLE)
    style.element.append(parse_xml(
        f'<w:tblPr {nsdecls("w")}><w:tblBorders><w:bottom w:val="single" w:sz="4" w:color="CFD3D6"/><w:insideH w:val="single" w:sz="4" w:color="CFD3D6"/>'
        '</w:tblBorders><w:tblCellMar><w:top w:w="45" w:type="dxa"/><w:left w:w="40" w:type="dxa"/><w:bottom w:w="45" w:type="dxa"/>'
        '<w:right w:w="90" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    ))


# --------------------------------------------------------------------------------------------------- parts


def first_page(made) -> None:
    """The summary: the decision, its conditions, the key figures, two drawings."""
    line(made, "{{ kind }} · {{ organisation }} · {{ as_of }}", "Kicker")
    line(made, "{{ title }}", "Title")
    line(made, "{%p for words in lines %}")
    line(made, "{%p if loop.first %}")
    line(made, "{{ words }}", "Decision")
    line(made, "{%p else %}")
    line(made, "{{ words }}", "Intro")
    line(made, "{%p endif %}")
    line(made, "{%p endfor %}")
    line(made, "{%p if conditions_title %}")
    head = line(made, "", "Conditions")
    head.add_run("{{ conditions_title }}").bold = True
    line(made, "{{ conditions_intro }}", "Conditions")
    line(made, "{%p for cell in conditions %}")
    line(made, "– {{ cell.text }} ({{ cell.note }})", "Conditions")
    line(made, "{%p endfor %}")
    line(made, "{%p if conditions_more %}")
    line(made, "{{ conditions_more }}", "Conditions")
    line(made, "{%p endif %}")
    line(made, "{%p endif %}")
    line(made, "{%p if tiles %}")
    tiles = grid(made, 1, 3, "Sovplan Grid")
    write(tiles.cell(0, 0), "{%tc for tile in tiles %}", "Cell")
    write(tiles.cell(0, 1), "{{ tile.label }}", "Cell Head")
    figure = tiles.cell(0, 1).add_paragraph(style="Figure")
    figure.add_run("{{ tile.value }} ")
    marked(figure, "{{ tile.marks }}")
    tiles.cell(0, 1).add_paragraph("{{ tile.note }}", style="Note")
    write(tiles.cell(0, 2), "{%tc endfor %}", "Cell")
    line(made, "{%p endif %}")
    line(made, "{%p if pictures %}")
    side = grid(made, 1, 3, "Sovplan Grid")
    write(side.cell(0, 0), "{%tc for picture in pictures %}", "Cell")
    write(side.cell(0, 1), "{{ picture.caption }}", "Caption Above")
    side.cell(0, 1).add_paragraph("{{ picture.image }}")
    write(side.cell(0, 2), "{%tc endfor %}", "Cell")
    line(made, "{%p endif %}")


def contents(made) -> None:
    """A table of contents that Word fills with page numbers (F9); until then it names the sections."""
    line(made, "{{ contents }}", "Heading 1").paragraph_format.page_break_before = True
    begin = line(made, "", "Entry")
    add_field(begin, 'TOC \\o "1-1" \\h \\z', closed=False)
    line(made, "{%p for section in sections %}")
    line(made, "{{ section.title }}", "Entry")
    line(made, "{%p endfor %}")
    mark_field(line(made, "", "Entry").add_run(), "end")


def sections(made) -> None:
    """Every section with its blocks, one shape for each kind."""
    line(made, "{%p for section in sections %}")
    line(made, "{{ section.title }}", "Heading 1")
    line(made, "{%p for block in section.blocks %}")
    for kind, body in (("text", text), ("heading", heading), ("bullets", bullets), ("picture", drawing)):
        line(made, f'{{%p if block.kind == "{kind}" %}}')
        body(made)
        line(made, "{%p endif %}")
    line(made, '{%p if block.columns %}')
    line(made, '{%p if block.caption and block.kind == "table" %}')
    line(made, "{{ block.caption }}", "Caption Above")
    line(made, "{%p endif %}")
    table(made)
    line(made, "", "Note")
    line(made, "{%p endif %}")
    line(made, "{%p endfor %}")
    line(made, "{%p endfor %}")
    line(made, "{{ closing }}", "Note")


def text(made) -> None:
    """A paragraph in the style it asks for."""
    for style, name in (("notice", "Notice"), ("intro", "Intro"), ("plain", "Normal")):
        line(made, f'{{%p if block.style == "{style}" %}}')
        line(made, "{{ block.words }}", name)
        line(made, "{%p endif %}")


def heading(made) -> None:
    """A heading with what stands beside it."""
    line(made, "{{ block.words }}{% if block.aside %} · {{ block.aside }}{% endif %}", "Heading 2")


def bullets(made) -> None:
    """A list."""
    line(made, "{%p for cell in block.cells %}")
    paragraph = line(made, "{{ cell.text }} ", "List Bullet")
    marked(paragraph, "{{ cell.marks }}")
    paragraph.add_run("{% if cell.note %} ({{ cell.note }}){% endif %}").font.color.rgb = QUIET
    line(made, "{%p endfor %}")


def drawing(made) -> None:
    """A drawing below its caption; its table follows."""
    line(made, "{%p if block.caption %}")
    line(made, "{{ block.caption }}", "Caption Above")
    line(made, "{%p endif %}")
    line(made, "{{ block.image }}")


def table(made) -> None:
    """A table of as many columns as there are; its head is repeated on every page."""
    made_table = grid(made, 4, 3)
    head = made_table.rows[0]
    write(head.cells[0], "{%tc for column in block.columns %}", "Cell Head")
    either(head.cells[1], "column.numeric", "Cell Head", lambda paragraph: paragraph.add_run("{{ column.title }}"))
    write(head.cells[2], "{%tc endfor %}", "Cell Head")
    for flag in ("w:cantSplit", "w:tblHeader"):
        head._tr.get_or_add_trPr().append(OxmlElement(flag))
    write(made_table.cell(1, 0), "{%tr for row in block.rows %}", "Cell")
    row = made_table.rows[2]
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    write(row.cells[0], "{%tc for cell in row.cells %}", "Cell")
    inner = row.cells[1]
    write(inner, "{%p if cell.href %}", "Cell")
    inner.add_paragraph("{{r cell.link }}", style="Cell")
    inner.add_paragraph("{%p else %}", style="Cell")
    either(inner, "cell.numeric", "Cell", named)
    inner.add_paragraph("{%p endif %}", style="Cell")
    inner.add_paragraph("{%p if cell.marks %}", style="Cell")
    marked(inner.add_paragraph(style="Note"), "{{ cell.marks }}")
    inner.add_paragraph("{%p endif %}", style="Cell")
    inner.add_paragraph("{%p if cell.note %}", style="Cell")
    inner.add_paragraph("{{ cell.note }}", style="Note")
    inner.add_paragraph("{%p endif %}", style="Cell")
    write(row.cells[2], "{%tc endfor %}", "Cell")
    write(made_table.cell(3, 0), "{%tr endfor %}", "Cell")


def named(paragraph) -> None:
    """The text of a cell; the first of a row names it."""
    paragraph.add_run("{% if loop.first %}")
    paragraph.add_run("{{ cell.text }}").bold = True
    paragraph.add_run("{% else %}{{ cell.text }}{% endif %}")


# -------------------------------------------------------------------------------------------------- pieces


def either(cell, figures: str, style: str, fill) -> None:
    """A paragraph at the right where figures stand, at the left where words do; what follows in the cell is set like it."""
    for alignment, condition in ((WD_ALIGN_PARAGRAPH.RIGHT, f"if {figures}"), (None, "else")):
        first = not cell.paragraphs[0].text
        opening = cell.paragraphs[0] if first else cell.add_paragraph(style=style)
        opening.style = style
        opening.add_run(f"{{%p {condition} %}}")
        paragraph = cell.add_paragraph(style=style)
        paragraph.alignment = alignment
        fill(paragraph)
    cell.add_paragraph("{%p endif %}", style=style)


def line(made, words: str, style: str = "Normal"):
    """A paragraph at the end."""
    return made.add_paragraph(words, style=style)


def grid(made, rows: int, columns: int, style: str = "Sovplan Table"):
    """A table as wide as the text; in the style `Sovplan Table` its columns are fitted to what they hold, in `Sovplan Grid` they are alike."""
    made_table = made.add_table(rows, columns, style=style)
    made_table.autofit = False
    for column in made_table.columns:
        column.width = Mm(TEXT_MM / columns)
    return made_table


def write(cell, words: str, style: str) -> None:
    """Words in the first paragraph of a cell."""
    cell.paragraphs[0].style = style
    cell.paragraphs[0].add_run(words)


def marked(paragraph, words: str) -> None:
    """A mark such as (estimate)."""
    paragraph.add_run(words, style="Mark")


def mark_field(run, kind: str) -> None:
    """The beginning, middle or end of a field."""
    sign = OxmlElement("w:fldChar")
    sign.set(qn("w:fldCharType"), kind)
    run._r.append(sign)


def add_field(paragraph, code: str, closed: bool = True) -> None:
    """A field that Word computes; left open where its result fills the paragraphs that follow."""
    mark_field(paragraph.add_run(), "begin")
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    paragraph.add_run()._r.append(instruction)
    mark_field(paragraph.add_run(), "separate")
    if closed:
        paragraph.add_run("1")
        mark_field(paragraph.add_run(), "end")


if __name__ == "__main__":
    TARGET.write_bytes(template())
    print(f"written: {TARGET}", file=sys.stderr)
