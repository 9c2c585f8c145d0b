"""Why a saved plan is as it is: one euro figure walked down, why this option and not another, what binds, what else there is."""
from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from planner.cli.common import AsJson, CatalogFolder, emit, open_catalog, say
from planner.problems import UsageError

app = typer.Typer(no_args_is_help=True, subcommand_metavar="PLAN.json COMMAND [ARGS]...")
PlanFile = Annotated[Path, typer.Argument(metavar="PLAN.json", help="A plan saved by `sovplan plan --out DIR`.")]
WorkloadName = Annotated[str, typer.Argument(metavar="WORKLOAD", help="A workload of the plan.")]


@app.callback()
def group(ctx: typer.Context, plan: PlanFile) -> None:
    """Why a saved plan is as it is. Every answer but `cost` and `carbon` is solved again, and says what was solved."""
    ctx.obj = plan


@app.command()
def cost(ctx: typer.Context, workload: WorkloadName, as_json: AsJson = False) -> None:
    """Walk what a workload costs down to prices, sizes, volumes, sources and dates; it adds up to the cent. What leaving costs stands beside."""
    from rich.text import Text
    from rich.tree import Tree

    from planner.cli.common import console
    from planner.planning.euro_walk import cost_walk

    walk = cost_walk(_report(ctx.obj).plan, workload)
    if as_json:
        emit({"format_version": "1", **walk})
        return
    tree = Tree(Text(f"{walk['says']}: € {walk['amount_eur']:,.2f}"))
    for part in walk["parts"]:
        branch = tree.add(Text(_told(part)))
        if "whole_eur" in part:
            whole = branch.add(Text(f"of € {part['whole_eur']:,.2f} in all, for {', '.join(part['shared_with'])}"))
            if part.get("size"):
                size = part["size"]
                whole.add(Text(f"one replica answers {size['requests_per_hour']:,} requests an hour ({size['low']:,} to {size['high']:,}"
                               f"{'' if size['calibrated'] else ', not calibrated'}); load {part['load']} of {part['replicas']} replicas"))
            for line in part["lines"]:
                whole.add(Text(_told(line)))
    for exits in walk["leaving"]:
        branch = tree.add(Text(f"{exits['says']}: € {exits['amount_eur']:,.2f}"))
        for line in exits["parts"]:
            branch.add(Text(_told(line)))
    if walk["assumed"]:
        assumed = tree.add(Text("assumed, because the assessment does not say"))
        for a in walk["assumed"]:
            assumed.add(Text(f"{a['says']}: {a['value']} {a['unit']}"))
    console().print(tree)


def _told(line: dict[str, Any]) -> str:
    words = f"{line['says']}: € {line['amount_eur']:,.2f}"
    if "price" in line:
        rate = "" if line["currency"] == "EUR" else f" / {line['per_eur']}"
        words += f" = {Decimal(line['quantity']):,f} x {line['price']:f} {line['currency']}{rate}"
        words += f" [{line['source']}, {line['date']}{', estimate' if line['estimate'] else ''}]"
    return words


@app.command()
def carbon(ctx: typer.Context, catalog: CatalogFolder = None, as_json: AsJson = False) -> None:
    """Show what each choice emits and what that rests on; what makers and others say of its model stands beside, and is never part of it."""
    from planner.landscape.energy import BESIDE, energy_notes

    plan, world = _report(ctx.obj).plan, open_catalog(catalog)
    notes = {m: energy_notes(world, model=m) for m in dict.fromkeys(c.model for c in plan.choices)}
    if as_json:
        fields = {"workload", "part", "option", "model", "stands_by", "carbon_kg", "carbon_source"}
        emit({
            "format_version": "1", "carbon_kg": plan.cost.carbon_kg, "choices": [c.model_dump(mode="json", include=fields) for c in plan.choices],
            "machines": [g.model_dump(mode="json", include={"id", "carbon_kg"}) for g in plan.nodes], "read_it": BESIDE,
            "beside": {m: [n.model_dump(mode="json", exclude_defaults=True) for n in told] for m, told in notes.items() if told},
        })
        return
    for c in plan.choices:
        known = "stands by" if c.stands_by else "not known" if c.carbon_kg is None else f"{c.carbon_kg:,} kg CO2e [{c.carbon_source}]"
        typer.echo(f"{c.workload}, {c.option}: {known}")
    typer.echo("together: " + ("not known" if plan.cost.carbon_kg is None else f"{plan.cost.carbon_kg:,} kg CO2e over {plan.months} months"))
    if any(notes.values()):
        typer.echo(f"{BESIDE}:")
    for note in (n for told in notes.values() for n in told):
        typer.echo(f"- {note.says} [{note.source}, {note.date}]")


@app.command()
def why(ctx: typer.Context, workload: WorkloadName, catalog: CatalogFolder = None, as_json: AsJson = False) -> None:
    """Show why a workload is served as it is: the next best plans in which it is served otherwise, and what would differ."""
    from planner.studies.explaining import why as answer

    case, ready, report, _ = _again(ctx.obj, catalog)
    found = answer(case, report.plan, ready, workload, _run)
    if as_json:
        emit({"format_version": "1", **found})
        return
    chosen = found["chosen"][0]
    typer.echo(f"{workload}: {_way(chosen)}, one of {found['open_ways']} ways that are open (model, mode, operator).")
    for n in found["next"]:
        typer.echo(f"- {_way(n['instead'][0])}: the plan costs {_more(n['dearer_eur'])}, score {Decimal(n['score']):+.1f}"
                   + _with(n["changes"], workload))
    if not found["next"]:
        typer.echo("No other plan exists in which it is served otherwise.")


@app.command("why-not")
def why_not(
    ctx: typer.Context, workload: WorkloadName,
    option: Annotated[str, typer.Argument(metavar="OPTION", help="A model, an offer, an operator, or an option as the plan names it.")],
    catalog: CatalogFolder = None, as_json: AsJson = False,
) -> None:
    """Show why a workload does not get an option: which rule shuts it out, or how much dearer a plan with it is."""
    from planner.studies.explaining import why_not as answer

    case, ready, report, world = _again(ctx.obj, catalog)
    citations = {r.id: r.cites.text for r in world.rules.values()}
    found = answer(case, report.plan, ready, workload, world.model_names.get(option, option), citations, _run)
    if as_json:
        emit({"format_version": "1", **found})
        return
    if found["verdict"] in ("dearer", "ties", "chosen"):
        dearer = f"it is open, and the plan with it costs {_more(found['dearer_eur'])}"
        words = "it is what the plan chooses" if found["verdict"] == "chosen" else dearer
        typer.echo(f"{option} for {workload}: {words}{_with(found['changes'], workload)}.")
    elif found["verdict"] != "excluded":
        typer.echo(f"{option} for {workload}: it is open, but no plan with it meets the other demands ({found['verdict']}).")
    else:
        typer.echo(f"{option} for {workload}: ruled out.")
    for e in found["exclusions"][:12]:
        cited = f"; {e['citation']}" if e["citation"] else ""
        typer.echo(f"- {e['option']}" + (f" ({e['count']} ways)" if e["count"] > 1 else "") + f": {e['reason']} [{e['rule']}{cited}]")


@app.command()
def binding(ctx: typer.Context, catalog: CatalogFolder = None, as_json: AsJson = False) -> None:
    """Show what each demand with a number costs: the plan solved again with it one step looser, and one step tighter."""
    from planner.studies.explaining import binding as answer

    case, _, _, _ = _again(ctx.obj, catalog)
    found = answer(case, _run)
    if as_json:
        emit({"format_version": "1", **found})
        return
    for row in found["binding"]:
        saved = row["saves_eur"]
        saves = "no plan found" if saved is None else f"saves € {Decimal(saved):,.2f}" if Decimal(saved) else "saves nothing"
        costs = f"no plan ({row['tighter_outcome']})" if row["costs_eur"] is None else f"costs € {Decimal(row['costs_eur']):,.2f}"
        typer.echo(f"{row['demand']} = {row['value']}: {row['step']} looser {saves}; {row['step']} tighter {costs}"
                   + _with(row["changes_tighter"], ""))
    if not found["binding"]:
        typer.echo("The assessment sets no limit with a number.")


@app.command()
def alternatives(
    ctx: typer.Context, number: Annotated[int, typer.Option("--number", min=1, max=50, help="How many.")] = 3, catalog: CatalogFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show the next best plans that really differ, each with what it trades."""
    from planner.studies.explaining import alternatives as answer

    case, _, _, _ = _again(ctx.obj, catalog)
    found = answer(case, _run, number)
    if as_json:
        emit({"format_version": "1", **found})
        return
    for n, a in enumerate(found["alternatives"], 1):
        typer.echo(f"{n}. {_more(a['dearer_eur'])}, score {Decimal(a['score']):+.1f}")
        for c in a["plan"]["choices"]:
            if c["workload"] in a["changes"]:
                typer.echo(f"   {c['workload']}: {_way(c)}")
    if not found["alternatives"]:
        typer.echo("There is no other plan.")


def _report(file: Path) -> Any:
    from planner.reading.saved import load_report

    report = load_report(file)
    if report.plan is None:
        raise UsageError(f"{file}: it holds no plan, so there is nothing to explain")
    return report


def _again(file: Path, folder: Path | None) -> tuple[Any, Any, Any, Any]:
    """What is needed to solve a saved plan's assessment again. Says so where the catalog has moved on."""
    from planner.reading.assessment import assessment_from_data
    from planner.studies.question import case_of, question, ready_for

    report, world = _report(file), open_catalog(folder)
    if world.sha256 != report.provenance.catalog_sha256:
        say("note: the plan was made with another catalog than the one read now; answers are by the one read now")
    asked = assessment_from_data(report.assessment, world)
    case = case_of(world, asked, report.provenance.as_of, [folder] if folder else [])
    return case, ready_for(question(case)), report, world


def _run(tasks: Any) -> list[Any]:
    from planner.studies.executor import run_all
    from planner.studies.question import ask

    return run_all(ask, tasks)


def _way(c: dict[str, Any]) -> str:
    return f"{c['model']} by {c['mode']} under {c['operator']}" + (f" ({c['site']})" if c["site"] else "")


def _more(amount: str) -> str:
    return f"€ {Decimal(amount):,.2f} more" if Decimal(amount) else "the same"


def _with(changes: list[str], workload: str) -> str:
    others = [w for w in changes if w != workload]
    return f", and moves {', '.join(others)}" if others else ""
