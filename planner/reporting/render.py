"""A report in any format for which a template stands, as bytes."""
from __future__ import annotations

import base64
import gzip
import hashlib
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.domain.report import Report
from planner.problems import UsageError, nearest
from planner.reporting.audiences import EVERYBODY
from planner.reporting.json_report import report_json
from planner.reporting.text import markdown, visible
from planner.resources import bundled

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_BYTES = 64 * 1024 * 1024  # of the JSON in a page; no report comes near


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one format alone can be told: whether a PDF carries its plan (PDF/A-3) or not (PDF/A-2); a Word template of one's own."""

    pdf_with_plan: bool = True
    template: Path | None = None


def render(report: Report, to: str, lang: str = "en", audience: str = EVERYBODY, wishes: Wishes = Wishes()) -> bytes:
    """The report in one of FORMATS, one language, and for one circle of readers; text in UTF-8. The same report gives the same bytes.

    Raises UsageError, with the nearest name, for a format, a language or an audience that there is none of; MissingExtra where a format
    needs a part that is not installed.
    """
    if to not in FORMATS:
        raise UsageError(f"--to {to}: there is no such format; {nearest(to, FORMATS) or 'one of ' + ', '.join(sorted(FORMATS))}")
    made = FORMATS[to](report, lang, audience, wishes)
    return made.encode() if isinstance(made, str) else made


def _json(report: Report, lang: str, audience: str, wishes: Wishes) -> str:
    return report_json(report)


def _html(report: Report, lang: str, audience: str, wishes: Wishes) -> str:
    """One self-contained page: its style is inline and named by its hash, and its policy lets nothing else in."""
    from markupsafe import Markup

    from planner.reporting.view import view_of

    css, script = (_tidy((_folder() / name).read_text(encoding="utf-8")) for name in ("report.css", "report.js"))
    page = (
        _environment(_as_html)
        .get_template("report.html.j2")
        .render(view=view_of(report, lang, audience), css=Markup(css), css_hash=_hash(css), script=Markup(script), script_hash=_hash(script),
                embedded=embedded(report))
    )
    return _tidy(page)


def embedded(report: Report) -> str:
    """The report's JSON as a page carries it: packed, in letters that end no element."""
    return base64.b64encode(gzip.compress(report_json(report).encode(), 9, mtime=0)).decode()


def report_in_page(page: str) -> str:
    """The JSON that a page of ours carries. Raises UsageError where it carries none, or more than a report can be."""
    found = re.search(r'<script type="application/json" id="report" data-encoding="gzip\+base64">"([A-Za-z0-9+/=]+)"</script>', page)
    if found is None:
        raise UsageError("this page carries no report: it is not one of ours, or it was cut")
    unpack = zlib.decompressobj(wbits=31)
    try:
        text = unpack.decompress(base64.b64decode(found[1]), MOST_BYTES).decode()
    except (ValueError, zlib.error):
        raise UsageError("the report in this page is damaged: its plan cannot be unpacked") from None
    if unpack.unconsumed_tail:
        raise UsageError(f"the report in this page is larger than {MOST_BYTES} bytes")
    return text


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _markdown(report: Report, lang: str, audience: str, wishes: Wishes) -> str:
    from markupsafe import Markup

    from planner.reporting.document import document, kind_of

    made = document(report, lang, audience)
    page = _environment(_as_markdown).get_template("report.md.j2").render(made=made, kind_of=kind_of, raw_url=Markup)
    return re.sub(r"\n{3,}", "\n\n", page.strip()) + "\n"


def _tidy(text: str) -> str:
    """Without empty lines and with one newline at the end; tidying twice changes nothing, which the hash of the style relies on."""
    return "\n".join(line for line in text.splitlines() if line.strip()) + "\n"


def _pdf(report: Report, lang: str, audience: str, wishes: Wishes) -> bytes:
    from planner.reporting.pdf import pdf

    return pdf(report, lang, audience, wishes.pdf_with_plan)


def _xlsx(report: Report, lang: str, audience: str, wishes: Wishes) -> bytes:
    from planner.reporting.workbook import xlsx

    return xlsx(report, lang, audience)


def _docx(report: Report, lang: str, audience: str, wishes: Wishes) -> bytes:
    from planner.reporting.word import docx

    return docx(report, lang, audience, wishes.template)


FORMATS: dict[str, Callable[[Report, str, str, Wishes], str | bytes]] = {
    "html": _html, "json": _json, "md": _markdown, "pdf": _pdf, "docx": _docx, "xlsx": _xlsx,
}


def _folder() -> Path:
    return bundled("templates")


def _as_html(value: Any) -> Any:
    """What the engine escapes next: everything but markup of our own, with nothing invisible left in it."""
    return value if hasattr(value, "__html__") else visible(str(value))


def _as_markdown(value: Any) -> Any:
    """Markdown of our own as it is; everything else escaped for Markdown, and so not for HTML again."""
    from markupsafe import Markup

    return value if hasattr(value, "__html__") else Markup(markdown(str(value)))


@cache
def _environment(finish: Callable[[Any], Any]) -> Environment:
    """Templates that cannot fall silent: a name that does not exist is an error, and every value passes `finish` on its way out."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finish,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
