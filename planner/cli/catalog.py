"""List, show and check what the tool knows of the world."""
from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from planner.cli import pictures, prices, quality
from planner.cli.common import AsJson, AsOf, CatalogFolder, console, day, emit, open_catalog, problem_fields, say
from planner.problems import Exit, UsageError, nearest

app = typer.Typer(no_args_is_help=True)
app.command()(quality.quality)
app.command("map")(pictures.map_)
for picture in (pictures.matrix, pictures.timeline, pictures.ladder, pictures.dossier, pictures.diff):
    app.command()(picture)
app.command()(prices.sync)
KINDS = ("models", "licences", "accelerators", "servers", "operators", "vendors", "sites", "modes", "products", "measured-energy",
         "life-cycles", "offers", "rules", "facts", "factors", "lenses", "countries", "assumptions", "tiers", "scenarios", "sources")
LicenceTexts = Annotated[
    Path | None, typer.Option("--licences", metavar="DIR", help="Texts of licences as <licence id>.txt, to see which changed since they were read.")
]
Kind = Annotated[str, typer.Argument(metavar="KIND", help=f"One of: {', '.join(KINDS)}.")]


@app.command("list")
def list_(kind: Kind, catalog: CatalogFolder = None, as_json: AsJson = False) -> None:
    """List the entries of one kind."""
    items = _items(kind, open_catalog(catalog))
    if as_json:
        emit({"format_version": "1", "kind": kind, "items": items})
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold")
    columns = list(items[0]) if items else ["id"]
    for column in columns:
        table.add_column(column.replace("_", " "))
    for item in items:
        table.add_row(*(Text(_word(item.get(column))) for column in columns))
    console().print(table)
    say(f"{len(items)} {kind}")


@app.command()
def show(
    kind: Kind,
    name: Annotated[str, typer.Argument(metavar="ID", help="The id of an entry.")],
    catalog: CatalogFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show one entry whole, every figure with its source and date."""
    world = open_catalog(catalog)
    entries = _entries(kind, world)
    key = world.model_names.get(name, name) if kind == "models" else name
    if key not in entries:
        raise UsageError(f"catalog show {kind} {name}: no such entry; {nearest(name, entries) or f'see sovplan catalog list {kind}'}")
    data = entries[key].model_dump(mode="json", exclude_defaults=True, by_alias=True) | _beside(kind, key, world)
    if as_json:
        emit({"format_version": "1", "kind": kind, **data})
        return
    import yaml

    typer.echo(yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=140), nl=False)


@app.command()
def check(
    as_of: AsOf = None,
    licences: LicenceTexts = None,
    catalog: CatalogFolder = None,
    as_json: AsJson = False,
    page: Annotated[bool, typer.Option("--page", help="The warnings as a page of Markdown on stdout, grouped for reading.")] = False,
) -> None:
    """Check the catalog: sources, dates, references, arithmetic, published memory, contradictions, shelf lives. Exit 2 on an error."""
    from planner.reading.catalog_check import check_catalog
    from planner.resources import bundled
    from planner.studies.published_minima import published_minima

    folders: list[Path] = [bundled("catalog"), *([catalog] if catalog else [])]
    checked = check_catalog(folders, day(as_of), [published_minima])
    if licences is not None and not checked.errors:  # a catalog with errors has no hashes to go by
        from planner.reading.licence_drift import licence_drift

        drift = licence_drift(licences, open_catalog(catalog))
        checked = checked._replace(errors=drift.changed, warnings=[*checked.warnings, *drift.unkept])
        say(f"licence texts: {len(drift.same)} as they were read, {len(drift.changed)} changed, {len(drift.unkept)} with nothing to compare")
    if as_json:
        emit({"format_version": "1", "problems": problem_fields(checked.errors), "warnings": problem_fields(checked.warnings)})
    elif page:
        from planner.reporting.warnings_page import warnings_page

        typer.echo(warnings_page(checked.warnings, day(as_of)), nl=False)
    else:
        for problem in checked.warnings:
            say(f"warning: {problem}")
        for problem in checked.errors:
            say(str(problem))
        say(f"{len(checked.errors)} errors, {len(checked.warnings)} warnings")
    if checked.errors:
        raise typer.Exit(int(Exit.REFUSED))


def _beside(kind: str, key: str, world: Any) -> dict[str, Any]:
    """What else the catalog holds on a model: measured energy and life cycle, which no plan counts."""
    if kind != "models":
        return {}
    from planner.landscape.energy import BESIDE, energy_notes

    notes = [note.model_dump(mode="json", exclude={"vendor", "model"}, exclude_defaults=True) for note in energy_notes(world, model=key)]
    return {"energy": {"read_it": BESIDE, "notes": notes}} if notes else {}


def _entries(kind: str, world: Any) -> dict[str, Any]:
    if kind not in KINDS:
        raise UsageError(f"catalog: no kind {kind!r}; {nearest(kind, KINDS) or 'one of ' + ', '.join(KINDS)}")
    if kind in ("operators", "vendors"):
        return {k: p for k, p in sorted(world.parties.items()) if kind[:-1] in p.kinds}
    if kind == "sites":
        return {k: site for k, (site, _) in sorted(world.sites.items())}
    if kind == "factors":
        return {f.id: f for framework in world.frameworks.values() for o in framework.objectives for f in o.factors}
    return dict(sorted(getattr(world, kind.replace("-", "_"), {}).items()))


def _items(kind: str, world: Any) -> list[dict[str, Any]]:
    return [{"id": key, **_summary(kind, entry, world)} for key, entry in _entries(kind, world).items()]


def _summary(kind: str, entry: Any, world: Any) -> dict[str, Any]:
    if kind == "models":
        from planner.judging.licences import colour

        return {"name": entry.name, "maker": entry.maker, "kind": entry.kind, "licence": entry.licence.value,
                "colour": colour(world.licences[entry.licence.value]), "aliases": list(entry.aliases)}
    if kind == "licences":
        from planner.judging.licences import colour

        return {"name": entry.name, "colour": colour(entry), "art_53_2": entry.art_53_2, "triggers": len(entry.triggers)}
    if kind in ("operators", "vendors"):
        return {"name": entry.name, "country": entry.country, "sites": len(entry.sites), "facts": len(entry.facts)}
    if kind == "offers":
        of = entry.model or entry.accelerator or entry.server
        return {"operator": entry.operator, "mode": entry.mode, "layer": entry.layer, "sells": entry.kind, "of": of}
    if kind == "products":
        return {"name": entry.name, "vendor": entry.vendor, "stack": entry.stack, "layer": entry.layer, "pricing": entry.pricing,
                "price": entry.price_says or ""}
    if kind in ("measured-energy", "life-cycles"):
        return {"model": entry.model or "", "vendor": entry.vendor, "says": entry.says, "boundary": entry.boundary}
    if kind == "rules":
        return {"title": entry.title, "instrument": entry.instrument, "from": entry.applies_from.isoformat(), "severity": entry.severity,
                "status": entry.status}
    if kind == "facts":
        return {"type": entry.type, "question": entry.question or "(derived)"}
    if kind == "assumptions":
        return {"value": str(entry.value), "unit": entry.unit, "says": entry.says}
    if kind == "sources":
        return {"what": entry.what, "date": entry.date, "tier": entry.tier}
    return {"name": getattr(entry, "name", "") or getattr(entry, "says", "")}


def _word(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else "" if value is None else str(value)
