"""Whatever stands in a text, it stays text: the structure of a report does not depend on it."""
from __future__ import annotations

import io
import unicodedata
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from report_fixture import rich_report, with_text
from rich.console import Console

from planner.reporting.render import render
from planner.reporting.terminal import show
from planner.reporting.text import markdown, visible

PIECES = st.sampled_from([
    "<script>alert(1)</script>", '" onmouseover="x', "'", "<!--", "]]>", "</td></tr></table>", "&lt;", "&#x3c;", "<a href=https://x.example>", "{{ 7*7 }}",
    "{% raw %}", "{#", "[x](https://x.example)", "![x](x)", "|", "||", "`", "```", "\\", "\\|", "**", "__", "~~", "# ", "> ", "- ", "1. ", "---", "===",
    "<https://x.example>", "https://x.example", "www.x.example", "[bold]", "[/]", "[link=https://x.example]", ":smile:", "\x1b[31m", "\x00", "\x07", "\r",
    "\n", "\n\n", "\t", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "=cmd|'/c calc'!A1", "+1", "@SUM(A1)", "%s", "{0}", "$1", "é", "日本", "x" * 90,
])
HOSTILE = st.lists(PIECES | st.text(st.characters(exclude_categories=("Cs",)), max_size=8), min_size=1, max_size=6).map("".join)


class Structure(HTMLParser):
    """The elements of a page with the names of their attributes, drawings as one; and every address."""

    def __init__(self, page: str):
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.links: set[str] = set()
        self.inside = 0
        self.drawn: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if self.inside:
            self.drawn.add(tag)
            return
        self.elements.append((tag, *(name for name, _ in attrs)))
        self.links |= {value for name, value in attrs if name == "href" and not value.startswith("#")}
        self.inside = int(tag == "svg")

    def handle_endtag(self, tag):
        if tag == "svg":
            self.inside = 0


def filled(hostile: str):
    """The report with this put before every text; an address stays one, because a text that makes another address is another link."""
    return with_text(rich_report(), lambda old: old if old.startswith("https://") else (hostile + "x" + old)[:4000])


def inline_types(text: str) -> list[str]:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return [kind for token in reader.parse(text) for kind in (token.type, *(child.type for child in token.children or ())) if kind != "text"]


@settings(max_examples=12, deadline=None)
@given(HOSTILE)
def test_the_structure_of_a_page_does_not_depend_on_its_text(hostile):
    calm = Structure(render(filled(""), "html").decode())
    page = Structure(render(filled(hostile), "html").decode())
    assert page.elements == calm.elements and page.links == calm.links
    assert page.drawn <= {"title", "desc", "rect", "text", "line", "polygon", "circle"}


@settings(max_examples=12, deadline=None)
@given(HOSTILE)
def test_the_structure_of_markdown_does_not_depend_on_its_text(hostile):
    calm = render(filled(""), "md").decode()
    made = render(filled(hostile), "md").decode()
    assert inline_types(made) == inline_types(calm)


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
def test_escaped_text_reads_as_the_letters_it_was(hostile):
    assert not set(inline_types(f"| a |\n| - |\n| {markdown(hostile)} |")) & {"link_open", "image", "em_open", "strong_open", "code_inline", "html_inline"}
    shown = [c for t in MarkdownIt("commonmark").parse(f"x {markdown(hostile)}") for c in t.children or ()]
    assert all(c.type == "text" for c in shown) and "".join(c.content for c in shown) == f"x {visible(hostile)}".rstrip()


@settings(max_examples=15, deadline=None)
@given(HOSTILE)
def test_a_terminal_is_never_steered(hostile):
    file = io.StringIO()
    show(filled(hostile), Console(file=file, width=100, highlight=False))
    assert not [c for c in file.getvalue() if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\u00ad\u200c\u200d"]
