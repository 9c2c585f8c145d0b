"""The adoption checklist of a saved plan: shown, exported, and what became of it read back."""
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from planner.cli.common import AsJson, console, emit, say
from planner.problems import UsageError

PlanFile = Annotated[Path, typer.Argument(metavar="PLAN.json", help="A plan saved by `sovplan plan --out DIR`.")]


class _ShowFirst(TyperGroup):
    """`checklist PLAN.json` means `checklist show PLAN.json`."""

    def parse_args(self, ctx, args):
        """The words after `checklist`, with `show` put in where no sub-command stands first."""
        named = args and (args[0] in self.commands or args[0] == "--help")
        return super().parse_args(ctx, args if named or not args else ["show", *args])


app = typer.Typer(no_args_is_help=True, cls=_ShowFirst)


@app.callback()
def group() -> None:
    """The adoption checklist of a saved plan: what, who, by when, on what evidence, and why."""


@app.command("show")
def show(
    plan_file: PlanFile,
    as_json: AsJson = False,
    horizon: Annotated[str | None, typer.Option("--horizon", help="short, mid or long.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Formats, separated by commas: md, csv, xlsx, ics.")] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files of --to go.")] = Path("out"),
) -> None:
    """Show the checklist, or write it as Markdown, CSV, a workbook (XLSX) or iCalendar."""
    from planner.reading.saved import load_report
    from planner.reporting.terminal import show_checklist

    if horizon not in (None, "short", "mid", "long"):
        raise UsageError(f"--horizon {horizon}: one of short, mid, long")
    report = load_report(plan_file)
    steps = tuple(s for s in report.checklist if horizon in (None, s.horizon))
    report = report.model_copy(update={"checklist": steps})
    if to is not None:
        _write(report, to.split(","), out)
    elif as_json:
        emit({"format_version": "1", "checklist": steps})
    else:
        show_checklist(steps, console())


def _write(report, formats: list[str], out: Path) -> None:
    from planner.reporting.exports.steps import checklist_calendar, checklist_csv, checklist_markdown
    from planner.reporting.exports.steps_sheet import checklist_xlsx
    from planner.reporting.write import write_atomically

    makers = {"md": lambda r: checklist_markdown(r).encode(), "csv": lambda r: checklist_csv(r).encode("utf-8-sig"),
              "xlsx": checklist_xlsx, "ics": lambda r: checklist_calendar(r).encode()}
    for name in formats:
        if name not in makers:
            raise UsageError(f"--to {name}: one of {', '.join(makers)}")
    for name, data in [(name, makers[name](report)) for name in formats]:
        write_atomically(out / f"checklist.{name}", data)
        say(f"written: {out / f'checklist.{name}'}")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A checklist exported as CSV or XLSX, with status and evidence filled in.")],
    plan_file: Annotated[Path, typer.Option("--plan", metavar="PLAN.json", help="The plan that the checklist belongs to.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The status file that `plan --status` reads.")] = Path("checklist-status.yaml"),
) -> None:
    """Read status and evidence back into a status file, so that they survive the next plan. What the file holds already is kept."""
    from planner.reading.progress import PLAIN, Form, filled_in, load_progress, progress_yaml
    from planner.reading.saved import load_report
    from planner.reporting.exports.steps_sheet import report_headings, steps_shown
    from planner.reporting.phrases import languages
    from planner.reporting.write import write_atomically

    report = load_report(plan_file)
    reports = [Form(report_headings(report, lang), steps_shown(report, lang)) for lang in languages()]
    words = steps_shown(report)
    kept = {(r.step, r.horizon): r for r in (load_progress(out) if out.exists() else ())}
    for record in filled_in(file, (*reports, PLAIN)):
        shown = (record.step, record.horizon)
        if shown not in words and shown not in words.values():
            say(f"note: the plan has no step {record.step!r}; its record is kept all the same")
        step, horizon = words.get(shown, shown)
        if record.status == "open" and record.evidence is None:
            kept.pop((step, horizon), None)  # as a step is that nobody has begun
        else:
            kept[step, horizon] = record.model_copy(update={"step": step})
    write_atomically(out, progress_yaml(kept.values()).encode())
    say(f"written: {out} ({len(kept)} records). Plan with: --status {out}")
