"""Who clears a quality floor, who does not, who is unmeasured, and the cheapest test that would decide."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, get_args

import typer

from planner.cli.common import AsJson, CatalogFolder, console, emit, open_catalog, say
from planner.problems import UsageError, nearest


def quality(
    tier: Annotated[str | None, typer.Option("--tier", help="A named floor: `sovplan catalog list tiers`.")] = None,
    reference: Annotated[str | None, typer.Option("--reference", metavar="MODEL", help="At least as good as this model.")] = None,
    task: Annotated[str, typer.Option("--task", help="What the models are for, in the words of an assessment.")] = "chat",
    language: Annotated[list[str] | None, typer.Option("--language", help="A language as two letters; may be repeated. The worst counts.")] = None,
    probability: Annotated[float, typer.Option("--probability", min=0.5, max=0.999, help="How sure it has to be.")] = 0.9,
    catalog: CatalogFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show who clears a quality floor, with probability, sources and dates; who does not; and who must be tested first."""
    from decimal import Decimal

    from planner.domain.assessment import Demand, QualityFloor, Workload
    from planner.domain.catalog import ModelKind
    from planner.judging.standings import cheapest_test, standings
    from planner.options.gates import kind_barrier

    world = open_catalog(catalog)
    _check(tier, reference, task, world)
    floor = QualityFloor(tier=tier, at_least_as_good_as=reference, probability=Decimal(str(probability)))
    languages = tuple(language or ("en",))
    asked = Workload.model_construct(id="asked", task=task, demand=Demand.model_construct())
    rows = standings(floor, task, languages, [m for _, m in sorted(world.models.items()) if kind_barrier(asked, m) is None], world)
    unmeasured = [row for row in rows if row.verdict.passes is None]
    margin = world.assumptions["quality-test-margin"].value
    own_scale = asked.model_kind is not ModelKind.CHAT
    test = cheapest_test(floor, task, languages, unmeasured[0].model, margin, world) if unmeasured and not own_scale else None
    gates = sorted({g.gate for g in world.gate_scores if g.gate.startswith(f"{task}-")}) if own_scale else []
    document = {
        "format_version": "1",
        "floor": {"tier": tier, "reference": tier and world.tiers[tier].reference or world.model_names[reference or ""], "task": task,
                  "languages": languages, "probability": floor.probability},
        "passes": [_row(row) for row in rows if row.verdict.passes],
        "fails": [_row(row) for row in rows if row.verdict.passes is False],
        "unmeasured": [{**_row(row), "claims": row.model.claims} for row in unmeasured],
        "test": None if test is None else {
            "id": test.test.id, "name": test.test.name, "kind": test.test.kind, "items": test.items, "of": test.test.items,
            "standard_error": test.standard_error, "margin": margin, "source": test.test.source, "date": test.test.date,
        },
        "own_scale": own_scale,
        "gates": gates,
    }
    if as_json:
        emit(document)
    else:
        _show(document)


def _check(tier: str | None, reference: str | None, task: str, world: Any) -> None:
    """Raise UsageError for what the catalog does not know."""
    from planner.domain.assessment import Workload

    if (tier is None) == (reference is None):
        raise UsageError(f"catalog quality: give --tier ({', '.join(sorted(world.tiers))}) or --reference MODEL")
    if tier is not None and tier not in world.tiers:
        raise UsageError(f"--tier {tier}: the catalog has no such tier; {nearest(tier, world.tiers) or ', '.join(sorted(world.tiers))}")
    if reference is not None and reference not in world.model_names:
        raise UsageError(f"--reference {reference}: the catalog has no such model; {nearest(reference, world.model_names)}")
    tasks = get_args(Workload.model_fields["task"].annotation)
    if task not in tasks:
        raise UsageError(f"--task {task}: {nearest(task, tasks) or 'one of ' + ', '.join(tasks)}")


def _row(row: Any) -> dict[str, Any]:
    return {"model": row.model.id, "name": row.model.name, "effort": row.effort, "probability": row.verdict.probability,
            "because": row.verdict.because, "sources": row.verdict.sources, "date": row.date}


def _show(document: dict[str, Any]) -> None:
    floor = document["floor"]
    typer.echo(f"Floor: at least as good as {floor['reference']} for {floor['task']} in {', '.join(floor['languages'])}, "
               f"with a probability of {floor['probability']}.")
    _table("Clears it", document["passes"])
    _table("Does not clear it", document["fails"])
    if unmeasured := document["unmeasured"]:
        typer.echo("\nUnmeasured, so it clears nothing unless an assessment pins it (accept_unmeasured):")
        for row in unmeasured:
            typer.echo(f"  {row['name']}: {row['because']}")
            for claim in row["claims"]:
                typer.echo(f"    claimed, which never counts: {claim}")
        typer.echo(f"\n{_advice(document)}")
    say(f"{len(document['passes'])} clear it, {len(document['fails'])} do not, {len(unmeasured)} are unmeasured")


def _table(title: str, rows: Sequence[dict[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", title_style="bold", box=None, header_style="bold")
    for column in ("model", "reasoning", "P", "measured", "sources"):
        table.add_column(column)
    for row in rows:
        sure = "" if row["probability"] is None else row["probability"]
        cells = (row["name"], row["effort"] or "", sure, row["date"] or "", ", ".join(row["sources"]))
        table.add_row(*(Text(str(cell)) for cell in cells))
    console().print(table)


def _advice(document: dict[str, Any]) -> str:
    """The cheapest test in plain words."""
    test, reference = document["test"], document["floor"]["reference"]
    if document["own_scale"]:
        known = "no open benchmark is known here, so take samples of your own"
        if document["gates"]:
            known = f"the benchmarks known here are {', '.join(document['gates'])}"
        return f"Tasks of this kind lie on scales of their own: measure the models and {reference} on one and the same benchmark; {known}."
    if test is None:
        return ("No single benchmark behind the scale is sharp enough to decide this alone: measure with several, or on samples of your own "
                f"against {reference}.")
    of = f" of its {test['of']:,}" if test["of"] else ""
    return (f"The cheapest test that would decide: {test['items']}{of} items of {test['name']} ({test['kind']}) give the ability with a "
            f"standard error of {test['standard_error']} or less; a model that truly is {test['margin']} above {reference} is then shown to "
            "clear this floor. Run it at the reasoning effort you will use.")
