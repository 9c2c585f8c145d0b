"""A saved plan as the papers that people forward: every format, language and circle of readers."""
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.common import AsJson, CatalogFolder, check_files, emit, say
from planner.cli.studied import StudyFiles, with_studies
from planner.cli.what_if import WhatIf, with_what_if
from planner.problems import UsageError

PlanFile = Annotated[Path, typer.Argument(metavar="PLAN.json", help="A plan saved by `sovplan plan --out DIR`.")]


def report(
    plan_file: PlanFile,
    to: Annotated[str, typer.Option("--to", help="Formats, separated by commas: html, md, json, pdf, docx, xlsx.")] = "html",
    lang: Annotated[str, typer.Option("--lang", help="Languages, separated by commas: en, fr, de, ja.")] = "en",
    audience: Annotated[
        str, typer.Option("--audience", help="Circles of readers, separated by commas: all, board, legal, finance, engineering, policy.")
    ] = "all",
    pdf_a: Annotated[int, typer.Option("--pdf-a", help="3: the PDF carries its plan, so that `verify` can check it; 2: it does not.")] = 3,
    template: Annotated[Path | None, typer.Option("--template", metavar="FILE.docx", help="A Word template of your own.")] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files go.")] = Path("out"),
    what_if: WhatIf = False,
    study: StudyFiles = None,
    pictures: Annotated[
        Path | None, typer.Option("--pictures", metavar="DIR", help="Also write every picture here as SVG, and as PNG where extra `pdf` is there.")
    ] = None,
    catalog: CatalogFolder = None,
) -> None:
    """Render a saved plan again, in any format and language, for any circle of readers.

    One language and one audience give report.EXT; several give report.LANG.EXT and report.AUDIENCE.LANG.EXT.
    """
    from planner.reading.saved import load_report
    from planner.reporting.render import Wishes, render
    from planner.reporting.write import write_atomically

    if pdf_a not in (2, 3):
        raise UsageError(f"--pdf-a {pdf_a}: 2 or 3")
    if template is not None:
        from planner.reporting.word_lint import check

        check(template)
    made = load_report(plan_file)
    if what_if:
        made = with_what_if(made, catalog)
    made = with_studies(made, study or [])
    formats, languages, circles = (_listed(words) for words in (to, lang, audience))
    wishes = Wishes(pdf_with_plan=pdf_a == 3, template=template)
    files = [
        (out / ".".join(["report", *([a] if len(circles) > 1 else []), *([x] if len(languages) > 1 else []), f]), render(made, f, x, a, wishes))
        for a in circles for x in languages for f in formats
    ]
    for path, data in files:
        write_atomically(path, data)
        say(f"written: {path}")
    if pictures is not None:
        from planner.reporting.picture_files import picture_files

        drawn = [(pictures / (x if len(languages) > 1 else "") / name, data) for x in languages for name, data in picture_files(made, x).items()]
        for path, data in drawn:
            write_atomically(path, data)
        say(f"written: {len(drawn)} pictures in {pictures}")


app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """Word templates of your own for `report --to docx --template FILE.docx`."""


@app.command("placeholders")
def placeholders_(as_json: AsJson = False) -> None:
    """List every name that a Word template may ask for, with what it stands for."""
    from planner.reporting.word_lint import placeholders

    found = placeholders()
    if as_json:
        emit({"format_version": "1", "placeholders": [{"name": name, "says": says} for name, says in found]})
        return
    for name, says in found:
        typer.echo(f"{name}: {says}")


@app.command("lint")
def lint_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.docx...", help="Word templates.")], as_json: AsJson = False
) -> None:
    """Check Word templates: marks that do not close, names that there are none of. Exits with 2 where anything is wrong."""
    from planner.reporting.word_lint import lint

    check_files(files, lint, "template", as_json)


@app.command("start")
def start(out: Annotated[Path, typer.Argument(metavar="FILE.docx", help="Where the copy goes.")]) -> None:
    """Copy the shipped Word template, to be changed in Word."""
    from planner.reporting.word import template_file
    from planner.reporting.write import write_atomically

    if out.exists():
        raise UsageError(f"{out} exists; choose another name")
    write_atomically(out, template_file(None))
    say(f"written: {out}. Change it in Word, then: sovplan template lint {out}")


def _listed(words: str) -> list[str]:
    return list(dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
