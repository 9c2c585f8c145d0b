"""What it takes to serve a model: the ways and their price, predictions for a file of measured points, and a benchmark to pin them to."""
from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from planner.cli.common import AsJson, AsOf, CatalogFolder, console, day, emit, open_catalog, say
from planner.problems import UsageError, nearest

_SHOWN = 25  # ways in the table for people; --json has all


def size(
    model: Annotated[str | None, typer.Argument(metavar="[MODEL]", help="A model of the catalog.")] = None,
    requests_per_month: Annotated[int | None, typer.Option("--requests-per-month", min=1, max=10**12, help="How much is asked of it.")] = None,
    input_tokens: Annotated[int | None, typer.Option("--input-tokens", min=1, max=10**7, help="Tokens in, of one request.")] = None,
    output_tokens: Annotated[int | None, typer.Option("--output-tokens", min=1, max=10**7, help="Tokens out, of one request.")] = None,
    ttft_ms: Annotated[int | None, typer.Option("--ttft-ms", min=1, help="p95 of the time to the first token, at most.")] = None,
    tokens_per_second: Annotated[float | None, typer.Option("--tokens-per-second", min=0.001, max=10**6, help="Streamed, at least.")] = None,
    country: Annotated[list[str] | None, typer.Option("--country", help="Only here (DE); may be repeated. Bought servers stand here.")] = None,
    points: Annotated[Path | None, typer.Option("--points", metavar="FILE.csv", help="Predict every row of a file of measured points.")] = None,
    anchor: Annotated[Path | None, typer.Option("--anchor", metavar="FILE.csv", help="Pin the estimate to your own benchmark, same columns.")] = None,
    as_of: AsOf = None,
    catalog: CatalogFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show the ways to serve a model for a demand, the cheapest first; or predict measured points and show the error.

    Size and money only: what the law, sovereignty and quality say of a way is what `sovplan plan` judges.
    """
    world = open_catalog(catalog)
    pinned = _anchor(anchor, world)
    if points is not None:
        if model is not None:
            raise UsageError("size: give MODEL or --points FILE.csv, not both")
        _points(points, world, pinned, as_json)
        return
    if model is None or requests_per_month is None or input_tokens is None or output_tokens is None:
        raise UsageError("size: give MODEL with --requests-per-month, --input-tokens and --output-tokens, or --points FILE.csv")
    if model not in world.model_names:
        raise UsageError(f"size {model}: the catalog has no such model; {nearest(model, world.model_names)}")
    where = tuple(sorted({c.upper() for c in country or ()}))
    for code in where:
        if code not in world.countries:
            raise UsageError(f"--country {code}: the catalog knows nothing of it; one of {', '.join(sorted(world.countries))}")
    demand = {"requests_per_month": requests_per_month, "input_tokens": input_tokens, "output_tokens": output_tokens, "cached_input_share": 0,
              "growth_per_year": 0}
    service = {"time_to_first_token_ms": ttft_ms, "tokens_per_second": None if tokens_per_second is None else Decimal(str(tokens_per_second))}
    document = _ways(world, world.models[world.model_names[model]], demand, service, where, as_of, pinned)
    if as_json:
        emit(document)
    else:
        _show(document)


def _anchor(file: Path | None, world: Any) -> Any:
    """The user's benchmark, with what could not be used of it said on stderr; None without a file."""
    if file is None:
        return None
    from planner.reading.points_file import load_points
    from planner.sizing.anchor import anchor_from
    from planner.sizing.constants import constants_from

    made = anchor_from(load_points(file), world, constants_from(world.sizing))
    for row, reason in made.skipped:
        say(f"{file}: row {row or '(unnamed)'} pins nothing: {reason}")
    if not made.ratios:
        raise UsageError(f"--anchor {file}: no row of it can be used")
    return made


def _points(file: Path, world: Any, pinned: Any, as_json: bool) -> None:
    from planner.reading.points_file import load_points
    from planner.sizing.constants import constants_from
    from planner.sizing.points import predict_rows

    factor = None if pinned is None else lambda replica, metric: pinned.factors(replica).of(metric)
    made = predict_rows(load_points(file), world, constants_from(world.sizing), factor)
    summary = {**made.summary, "band_coverage": made.band_coverage, "predicted": made.predicted, "of": made.of}
    blank = dict.fromkeys(("out_tps_gpu", "tpot_ms", "ttft_ms", "watts_gpu", "low", "high"))
    rows = [*made.rows, *({"row_id": row, **blank, "reason": reason} for row, reason in made.skipped)]
    if as_json:
        emit({"format_version": "1", "anchored": pinned is not None, "summary": summary, "rows": rows})
        return
    for metric, errors in made.summary.items():
        found = f"median error {errors['median_ape']:.1%}, P90 {errors['p90_ape']:.1%}, {errors['n']} points" if errors["n"] else "not measured"
        typer.echo(f"{metric:<11} {found}")
    if made.band_coverage is not None:
        typer.echo(f"{made.band_coverage:.1%} of the throughputs lie in the published band")
    for row, reason in made.skipped:
        say(f"not predicted: {row or '(unnamed)'}: {reason}")
    say(f"{made.predicted} of {made.of} rows predicted" + (", pinned to your benchmark" if pinned else ""))


def _ways(world: Any, model: Any, demand: dict, service: dict, countries: tuple[str, ...], as_of: str | None, pinned: Any) -> dict[str, Any]:
    from planner.domain.assessment import Assessment
    from planner.domain.overlay import laid_over
    from planner.landscape.energy import energy_notes
    from planner.options.ways import ways_to_serve

    on = day(as_of)
    sites = [{"id": f"own-{c.lower()}", "name": f"own room in {c}", "country": c} for c in countries]
    asked = Assessment.model_validate({
        "name": "size", "organisation": {"name": "who asks", "sector": "other", "country": countries[0] if countries else "FR", "sites": sites},
        "horizon": {"start": on.replace(day=1), "months": 1},
        "workloads": [{"id": "asked", "name": "asked", "task": "chat", "demand": demand, "service": service}],
    })
    nearby = {} if pinned is None else {"factors": pinned.factors}
    made = ways_to_serve(laid_over(world, asked), asked, model, on, frozenset(countries), **nearby)
    return {
        "format_version": "1", "model": model.id, "as_of": on, "peak_requests_per_hour": made.volumes.peak_per_hour.quantize(1),
        "countries": countries, "bought_servers_priced": bool(countries),
        "assumptions": [{"name": a.name, "value": a.value, "unit": a.unit, "says": a.says} for a in made.volumes.assumed],
        "ways": [_way(way) for way in made.ways],
        "closed": [{"what": what, "reason": reason} for what, reason in made.closed],
        "measured_elsewhere": [{"says": n.says, "disagrees": n.disagrees, "source": n.source, "date": n.date} for n in energy_notes(world, model.id)],
    }


def _way(way: Any) -> dict[str, Any]:
    s = way.size
    return {
        "offer": way.offer.id, "kind": way.offer.kind, "operator": way.offer.operator, "mode": way.offer.mode, "countries": way.countries,
        "precision": way.precision, "accelerator": way.accelerator, "tensor_parallel": way.tensor_parallel or None,
        "eur_per_month": way.eur_per_month, "over_months": way.months, "estimate": way.estimate, "replicas": way.replicas or None,
        "machines": way.machines or None,
        "requests_per_hour": s and {"value": s.requests_per_hour, "low": s.requests_per_hour_low, "high": s.requests_per_hour_high},
        "ttft_ms": s and s.ttft_ms, "tokens_per_second": s and (round(1e6 / s.tpot_us, 1) if s.tpot_us else None),
        "watts": s and way.watts, "weights_gb": s and s.weights_gb, "calibrated": s and s.calibrated, "anchor": way.pinned or None,
        "sources": sorted({line.source for line in way.lines}),
    }


def _show(document: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    title = f"Ways to serve {document['model']}, the cheapest first"
    table = Table(title=title, title_justify="left", title_style="bold", box=None, header_style="bold")
    for column in ("EUR/month", "offer", "where", "replicas of", "req/h each (band)", "watts"):
        table.add_column(column, justify="right" if column in ("EUR/month", "req/h each (band)", "watts") else "left")
    shown = _best_by_offer(document["ways"])
    for way in shown[:_SHOWN]:
        table.add_row(*(Text(cell) for cell in _cells(way)))
    if shown:
        console().print(table)
    for line in _remarks(document, len(shown)):
        say(line)


def _best_by_offer(ways: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """For people: of one offer at one place, the first way in each precision."""
    best: dict[tuple, dict[str, Any]] = {}
    for way in ways:
        best.setdefault((way["offer"], way["countries"], way["precision"]), way)
    return list(best.values())


def _cells(way: dict[str, Any]) -> tuple[str, ...]:
    money, where = f"{way['eur_per_month']:,.0f}" + ("~" if way["estimate"] else ""), " ".join(way["countries"])
    per_hour = way["requests_per_hour"]
    if per_hour is None:
        return (money, way["offer"], where, "metered" if way["kind"] == "tokens" else way["kind"], "", "")
    runs = f"{way['replicas']:,} x {way['precision']} on {way['tensor_parallel']} {way['accelerator']}" + ("" if way["calibrated"] else "*")
    rate = f"{per_hour['value']:,} ({per_hour['low']:,}-{per_hour['high']:,})"
    return (money, way["offer"], where, runs, rate, f"{way['watts']:,}")


def _remarks(document: dict[str, Any], rows: int) -> list[str]:
    """What a reader has to know beside the table."""
    ways = document["ways"]
    lines = [f"{len(ways)} ways for {document['peak_requests_per_hour']:,} requests in the busiest hour"]
    shown = min(rows, _SHOWN)
    lines += [f"shown: the cheapest of each offer and precision, {shown} in all; --json has every one"] if shown < len(ways) else []
    lines += ["~ rests on an estimated price"] if any(way["estimate"] for way in ways) else []
    lines += ["* too little was measured on this accelerator, so the band is wider"] if any(way["calibrated"] is False for way in ways) else []
    lines += [f"assumed: {a['says']}: {a['value']} {a['unit']}" for a in document["assumptions"]]
    lines += sorted({way["anchor"] for way in ways if way["anchor"]})
    lines += [] if document["bought_servers_priced"] else ["bought servers are priced where --country says that they stand"]
    lines += [f"does not work: {c['what']}: {c['reason']}" for c in document["closed"][:6]]
    lines += [f"beside, not in the watts above: {n['says']} [{n['source']}, {n['date']}]" for n in document["measured_elsewhere"]]
    lines += ["money: machines and metered work, averaged over the commitment; without spare replicas, staff and set-up, which a plan adds"]
    return lines
