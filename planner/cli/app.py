"""The commands and how they are grouped. Heavy rooms are imported inside the commands that need them."""
from __future__ import annotations

import typer

from planner.cli import (
    catalog, checklist, diff, efficiency, explain, exports, init, licences, plans, reports, score, sizing, start, studies, verdicts,
)

app = typer.Typer(
    name="sovplan",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Plan where enterprise AI runs in Europe, prove why, and say what it takes to get there.\n\n"
    "Start with `sovplan demo`; then `sovplan init my.yaml`, edit it, and `sovplan plan my.yaml --out out`.",
    epilog="Exit codes: 0 done, 1 a gate you asked for failed, 2 input refused, 3 no plan exists (the conflict is shown), "
    "4 nothing proved within the limit, 5 an extra is missing, 6 our own re-check failed.",
)

for command in (start.demo, init.init, plans.validate, plans.plan, reports.report, plans.verify, score.score, verdicts.law,
                diff.diff, sizing.size, efficiency.efficiency, start.schema, start.doctor):
    app.command()(command)
app.add_typer(catalog.app, name="catalog", help="What the tool knows of the world: list, show and check it.")
app.add_typer(checklist.app, name="checklist", help="The adoption checklist: shown, exported, read back.")
app.add_typer(exports.app, name="export", help="A saved plan in the formats of other trades.")
app.add_typer(reports.app, name="template", help="Word templates of your own: listed placeholders, checked files.")
app.add_typer(studies.app, name="study", help="Many plans: frontier, futures, sensitivity, Monte Carlo, break-even.")
app.add_typer(explain.app, name="explain", help="Why a saved plan is as it is: cost, why, why-not, binding, alternatives.")
app.add_typer(licences.app, name="licence", help="What a model's licence lets you do.")


@app.callback(invoke_without_command=True)
def version(show: bool = typer.Option(False, "--version", help="Show the version and stop.", is_eager=True)) -> None:
    """Show the version where asked."""
    if show:
        from planner import __version__

        typer.echo(f"sovplan {__version__}")
        raise typer.Exit()
