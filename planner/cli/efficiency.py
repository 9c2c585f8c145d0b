"""The efficiency panel: what a mixture of experts buys against dense models of its total and of its active size."""
from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import typer

from planner.cli.common import AsJson, AsOf, CatalogFolder, console, day, emit, open_catalog, say
from planner.problems import UsageError, nearest

_ROLES = {
    "mixture": "the mixture", "twin-total": "dense, equal total (synthetic)", "twin-active": "dense, equal active (synthetic)",
    "real-total": "nearest real dense model in total", "real-active": "nearest real dense model in active",
}


def efficiency(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A mixture of experts of the catalog.")],
    accelerator: Annotated[str, typer.Option("--accelerator", help="On which all are compared.")] = "h200",
    precision: Annotated[str | None, typer.Option("--precision", help="fp8, fp4, mxfp4, int4 or bf16; the model's usual where left out.")] = None,
    input_tokens: Annotated[int, typer.Option("--input-tokens", min=1, max=10**7, help="Tokens in, of one request.")] = 1500,
    output_tokens: Annotated[int, typer.Option("--output-tokens", min=1, max=10**7, help="Tokens out, of one request.")] = 400,
    ttft_ms: Annotated[int | None, typer.Option("--ttft-ms", min=1, help="p95 of the time to the first token, at most.")] = None,
    tokens_per_second: Annotated[float | None, typer.Option("--tokens-per-second", min=0.001, max=10**6, help="Streamed, at least.")] = None,
    as_of: AsOf = None,
    catalog: CatalogFolder = None,
    as_json: AsJson = False,
) -> None:
    """Compare a mixture of experts with dense models: memory, throughput, energy, cost, and the traffic at which each wins."""
    from planner.sizing.replica import Goals, Shape
    from planner.sizing.efficiency import panel

    world = open_catalog(catalog)
    if model not in world.model_names:
        raise UsageError(f"efficiency {model}: the catalog has no such model; {nearest(model, world.model_names)}")
    if accelerator not in world.accelerators:
        raise UsageError(f"--accelerator {accelerator}: the catalog has no such accelerator; {nearest(accelerator, world.accelerators)}")
    try:
        made = panel(world, world.models[world.model_names[model]], world.accelerators[accelerator], Shape(input_tokens, output_tokens),
                     Goals(ttft_ms, tokens_per_second), day(as_of), precision)
    except KeyError:
        raise UsageError(f"--precision {precision}: one of fp8, fp4, mxfp4, int4, bf16") from None
    except ValueError as reason:
        raise UsageError(f"efficiency {model}: {reason}") from None
    document = _document(made)
    if as_json:
        emit(document)
    else:
        _show(document)


def _document(made: Any) -> dict[str, Any]:
    def rounded(value: float | None, digits: int) -> Decimal | None:
        return None if value is None else Decimal(str(round(value, digits)))

    return {
        "format_version": "1", "accelerator": made.accelerator.id, "precision": made.precision,
        "input_tokens": made.shape.input_tokens, "output_tokens": made.shape.output_tokens,
        "eur_per_accelerator_hour": made.eur_per_accelerator_hour.quantize(Decimal("0.0001")), "offer": made.offer,
        "models": [{
            "role": c.role, "model": c.model.id, "parameters_total_b": c.model.parameters_total_b.value,
            "parameters_active_b": c.model.parameters_active_b and c.model.parameters_active_b.value, "weights_gb": c.weights_gb,
            "smallest_replica": c.sizes[0][0] if c.sizes else None, "tensor_parallel": c.best and c.best[0],
            "requests_per_hour": c.best and c.best[1].requests_per_hour, "tokens_per_second_per_accelerator": rounded(made.tokens_per_second(c), 1),
            "kwh_per_mtok": rounded(made.kwh_per_mtok(c), 4), "eur_per_mtok": rounded(made.eur_per_mtok(c), 4), "because": c.because or None,
        } for c in made.contestants],
        "crossings": [{
            "against": d.against, "never_dearer_from_requests_per_hour": d.from_requests_per_hour, "dearer_at_some_traffic_below": d.dearer_below,
            "cost_ratio_at_much_traffic": rounded(d.cost_ratio, 3), "energy_ratio": rounded(d.energy_ratio, 3),
        } for d in made.duels],
    }


def _show(document: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    title = f"{document['models'][0]['model']} against dense models, {document['precision']} on {document['accelerator']}"
    table = Table(title=title, title_justify="left", title_style="bold", box=None, header_style="bold")
    for column in ("", "model", "B", "active", "GB", "fits on", "tok/s", "kWh/M", "EUR/M"):
        table.add_column(column, justify="left" if column in ("", "model") else "right", no_wrap=True)
    for m in document["models"]:
        sizes = [f"{b:.0f}" for b in (m["parameters_total_b"], m["parameters_active_b"] or m["parameters_total_b"], m["weights_gb"])]
        cells = [m["role"], m["model"], *sizes]
        cells += ["no", "", "", ""] if m["because"] else [
            str(m["smallest_replica"]), f"{m['tokens_per_second_per_accelerator']:,.0f}", f"{m['kwh_per_mtok']:.3f}", f"{m['eur_per_mtok']:.3f}"]
        table.add_row(*(Text(cell) for cell in cells))
    console().print(table)
    for crossing in document["crossings"]:
        typer.echo(in_words(crossing))
    for m in document["models"]:
        if m["because"]:
            say(f"{m['model']} does not fit: {m['because']}")
    say("twin: synthetic, the mixture's own layers and attention with one feed-forward block; real: the catalog's dense model nearest in size")
    say(f"B: parameters in billions; tok/s of one accelerator; M: a million tokens, in and out, of requests of {document['input_tokens']} in and "
        f"{document['output_tokens']} out; energy of the accelerators alone; "
        f"rent of {document['eur_per_accelerator_hour']} EUR an accelerator and hour ({document['offer']})")


def in_words(crossing: dict[str, Any]) -> str:
    """One crossing as a sentence."""
    other, start = _ROLES[crossing["against"]], crossing["never_dearer_from_requests_per_hour"]
    cost, energy = crossing["cost_ratio_at_much_traffic"], crossing["energy_ratio"]
    much = f"at much traffic it costs {cost:.2f} times as much and takes {energy:.2f} times the energy"
    if not crossing["dearer_at_some_traffic_below"]:
        return f"Against {other}: the mixture is never dearer; {much}."
    if start is None:
        return f"Against {other}: the mixture never wins for good; {much}."
    return f"Against {other}: from {start:,} requests an hour the mixture is never dearer, below that the other can be; {much}."
