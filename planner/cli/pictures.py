"""The pictures of the market, each from catalog facts: for people, as JSON with sources and dates, and as an SVG file."""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer

from planner.cli.common import AsJson, AsOf, CatalogFolder, console, day, emit, open_catalog, say
from planner.problems import UsageError, nearest

FORMAT = {"format_version": "1"}
AsSvg = Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the picture to this file.")]
Vendors = Annotated[list[str] | None, typer.Option("--vendor", metavar="ID", help="This vendor alone; may be repeated.")]


def matrix(vendor: Vendors = None, svg: AsSvg = None, as_of: AsOf = None, catalog: CatalogFolder = None, as_json: AsJson = False) -> None:
    """Show the portfolio matrix: each maker's models by group and by licence colour, and what is sold in the four layers of the stack."""
    from planner.landscape import portfolio
    from planner.landscape.products import product_lines
    from planner.reporting.market_drawings import draw_matrix

    world, on = open_catalog(catalog), day(as_of)
    chosen = _chosen(vendor, world)
    rows = [row for row in portfolio.matrix(world, on) if not chosen or row.vendor in chosen]
    _save(svg, draw_matrix(rows, on))
    products = product_lines(world, on, chosen)
    if as_json:
        emit({**FORMAT, "as_of": on, "vendors": rows, "products": products})
        return
    heads = [f"{c.group} {c.colour}" for c in rows[0].cells] if rows else []
    if len(rows) == 1:
        _table("", ("group", "colour", "models"), [(c.group, c.colour, ", ".join(f"{m.name} ({m.licence})" for m in c.models) or "none")
                                                   for c in rows[0].cells])
    else:
        _table("", ("vendor", *heads), [(r.name, *(len(c.models) or "·" for c in r.cells)) for r in rows])
    _products(products, whole=bool(chosen))
    say(f"{sum(r.size for r in rows)} models in service on {on}; a model whose own maker has withdrawn it is left out")


def map_(
    weights: Annotated[str, typer.Option("--weights", metavar="PART=N,…", help="Your own weights, such as open-licence=2,eu-offers=0.")] = "",
    svg: AsSvg = None, as_of: AsOf = None, catalog: CatalogFolder = None, as_json: AsJson = False,
) -> None:
    """Show the competitive map: openness against enterprise and sovereign fit, from stated weights, and the void it holds."""
    from planner.landscape.position import default_weights, positions
    from planner.landscape.void import find_void, turns_on
    from planner.reporting.market_drawings import draw_map, void_in_words

    world, on = open_catalog(catalog), day(as_of)
    used = {**default_weights(world), **_weights(weights, default_weights(world))}
    try:
        places = positions(world, on, used)
    except ValueError as error:
        raise UsageError(f"--weights {weights}: {error}") from None
    if not places:
        raise UsageError(f"catalog map --as-of {on}: no maker has a model in service on that day")
    void, parts = find_void(places), turns_on(places)
    _save(svg, draw_map(places, void, on))
    if as_json:
        emit({**FORMAT, "as_of": on, "weights": used, "vendors": places, "void": void, "turns_on": parts})
        return
    rows = sorted(places, key=lambda p: (-p.fit.value - p.openness.value, p.vendor))
    _table("", ("vendor", "models", "openness", "range", "fit", "range"),
           [(p.name, p.models, *_of_hundred(p.openness), *_of_hundred(p.fit)) for p in rows])
    typer.echo(void_in_words(void, {p.vendor: p.name for p in places}))
    typer.echo(f"Others would stand in that quarter without: {', '.join(parts)}." if parts else "No single part decides who stands there.")
    say("Of 100. Weights: " + ", ".join(f"{part} {weight:f}" for part, weight in used.items()) + "; --json shows each part with its sources.")


def timeline(vendor: Vendors = None, svg: AsSvg = None, as_of: AsOf = None, catalog: CatalogFolder = None, as_json: AsJson = False) -> None:
    """Show two tracks in time: models released, deprecated and retired; infrastructure and acquisitions."""
    from planner.landscape import timeline as story
    from planner.reporting.story_drawings import draw_timeline

    world, on = open_catalog(catalog), day(as_of)
    chosen = _chosen(vendor, world)
    line = story.timeline(world, on, chosen)
    names = ", ".join(world.parties[v].name for v in chosen) or "all vendors"
    _save(svg, draw_timeline(line, names, on))
    if as_json:
        emit({**FORMAT, "as_of": on, "vendors": chosen, "moments": line.moments, "years": line.years, "undated": line.undated})
        return
    _table("", ("date", "vendor", "track", "what", "source"),
           [(m.day + (" (ahead)" if m.ahead else ""), m.vendor, m.track, m.says, m.source) for m in line.moments])
    _table("", ("year", "models", "infrastructure"), [(y.year, y.models, y.infrastructure) for y in line.years])
    if line.undated:
        say(f"Without a known release: {', '.join(line.undated)}")


def ladder(vendor: Vendors = None, svg: AsSvg = None, as_of: AsOf = None, catalog: CatalogFolder = None, as_json: AsJson = False) -> None:
    """Show the capital ladder: funding, debt, building costs and revenue of each vendor, and its fixed-cost burden."""
    from planner.landscape.ladder import ladders
    from planner.landscape.products import product_lines
    from planner.reporting.story_drawings import burden_in_words, draw_ladder

    world, on = open_catalog(catalog), day(as_of)
    rows = ladders(world, on, _chosen(vendor, world))
    sold = {row.vendor: product_lines(world, on, (row.vendor,)) for row in rows}
    silent = sorted(k for k, p in world.parties.items() if {"vendor", "operator"} & set(p.kinds) and k not in sold and not vendor)
    _save(svg, draw_ladder(rows, on))
    if as_json:
        emit({**FORMAT, "as_of": on, "vendors": rows, "products": [line for lines in sold.values() for line in lines], "nothing_known": silent})
        return
    for row in rows:
        _table(f"{row.name}: {burden_in_words(row)}", ("date", "kind", "amount", "so far", "what", "source"), [
            (s.day, s.kind, f"{s.currency} {s.amount_m:,f}m" if s.amount_m is not None else "not known",
             f"{s.total_m:,f}m" if s.total_m is not None else "", s.says, s.source) for s in row.steps])
        typer.echo(row.viability.because)
        typer.echo(f"Sells: {_sold(sold[row.vendor])}\n")
    say(f"{len(rows)} vendors with a known event by {on}" + (f"; nothing is known of {len(silent)}: {', '.join(silent)}" if silent else ""))


def dossier(
    vendor: Annotated[str, typer.Argument(metavar="VENDOR", help="The id of a vendor, operator or other party.")],
    svg: AsSvg = None, as_of: AsOf = None, catalog: CatalogFolder = None, as_json: AsJson = False,
) -> None:
    """Show all that is known of one vendor: facts with source, date and basis, events, models, offers, and what is open."""
    from planner.landscape import dossier as story
    from planner.reporting.story_drawings import draw_dossier

    world, on = open_catalog(catalog), day(as_of)
    (party,) = _chosen([vendor], world)
    d = story.dossier(world.parties[party], world, on)
    _save(svg, draw_dossier(d, on))
    if as_json:
        emit({**FORMAT, "as_of": on, **{name: getattr(d, name) for name in type(d).model_fields}})
        return
    typer.echo(f"{d.name} ({d.vendor}): {', '.join(d.kinds)}; country {d.country or 'not known'}; parent {d.parent or 'none known'}")
    typer.echo(f"Sovereignty {d.rating_range[0]} (proven) to {d.rating_range[1]} (possible) of 10; {d.known_percent} % of the factors known")
    _table("About", ("topic", "says", "source", "date", "basis"), [(e.topic, e.says, e.source, e.date, e.basis) for e in d.about])
    _table("Facts", ("fact", "value", "source", "date", "basis"), [(f.fact, _value(f.value), f.source, f.date, f.basis) for f in d.facts])
    _table("Events", ("date", "kind", "what", "source"), [(e.date, e.kind, e.says, e.source) for e in d.events])
    _table("Models", ("model", "standing", "released", "licence", "colour", "source"),
           [(m.name, m.standing, m.released or "not known", m.licence, m.colour, m.source) for m in d.models])
    _table("Offers", ("offer", "layer", "mode", "source", "date"), [(o.name, o.layer, o.mode, o.source, o.date) for o in d.offers])
    _products(d.products, whole=True)
    _table("Energy and life cycle, beside any plan's carbon", ("model", "what", "source", "date"),
           [(n.model or "not named", "; otherwise ".join((n.says, *n.disagrees)), n.source, n.date) for n in d.energy])
    _table("Open questions", ("fact", "why", "question"), [(q.fact, q.why, q.question) for q in d.questions])


def _products(lines: Sequence[Any], whole: bool) -> None:
    """The products one by one, or how many stand in each layer of the stack by what is known of their price."""
    from planner.landscape.products import count_by_stack

    if whole:
        _table("Products", ("layer", "product", "price layer", "price", "amount or how", "source"),
               [(p.stack, p.name + (f" (ended {p.ended})" if p.ended else ""), p.layer, p.pricing, p.price, p.source) for p in lines])
        return
    counts = count_by_stack(tuple(lines))
    kinds = list(next(iter(counts.values())))
    _table("Products", ("layer of the stack", *(f"price {kind}" for kind in kinds)), [(s, *row.values()) for s, row in counts.items()])


def _sold(lines: Sequence[Any]) -> str:
    from planner.domain.catalog import Pricing

    words = []
    for stack in dict.fromkeys(line.stack for line in lines):
        held = [line for line in lines if line.stack is stack]
        hidden = sum(line.pricing is Pricing.NOT_PUBLIC for line in held)
        words.append(f"{stack} {len(held)}" + (f" ({hidden} without a public price)" if hidden else ""))
    return ", ".join(words) or "no product is known"


def diff(
    against: Annotated[str, typer.Option("--against", metavar="DATE", help="The day to compare with.")],
    svg: AsSvg = None, as_of: AsOf = None, catalog: CatalogFolder = None, as_json: AsJson = False,
) -> None:
    """Show what changed between two days: prices, offers, models, rules and events."""
    from planner.landscape.changes import changes
    from planner.reporting.story_drawings import draw_changes

    found = changes(open_catalog(catalog), day(as_of), _against(against))
    _save(svg, draw_changes(found))
    if as_json:
        emit({**FORMAT, **{name: getattr(found, name) for name in type(found).model_fields}})
        return
    typer.echo(f"From {found.since} to {found.until}")
    _table("Prices", ("offer", "unit", "before", "after", "change", "from", "source"), [
        (p.offer, f"{p.unit}{' (batch)' if p.batch else ''}", f"{p.before:f} {p.currency_before}", f"{p.after:f} {p.currency_after}",
         "" if p.percent is None else f"{p.percent:+f} %", p.valid_from, p.source) for p in found.prices])
    _table("Offers", ("date", "offer", "what", "source"), [(o.day, o.offer, o.what, o.source) for o in found.offers])
    _table("Models", ("date", "model", "what", "source"), [(m.day, m.model, m.what, m.source) for m in found.models])
    _table("Rules", ("date", "rule", "what", "citation"), [(r.day, r.rule, r.what, r.citation) for r in found.rules])
    _table("Events", ("date", "party", "kind", "what", "source"), [(e.date, e.party, e.kind, e.says, e.source) for e in found.events])
    if not any((found.prices, found.offers, found.models, found.rules, found.events)):
        say("nothing changed")


# ------------------------------------------------------------------------------------------------- pieces


def _chosen(vendors: Sequence[str] | None, world: Any) -> tuple[str, ...]:
    """The named parties; UsageError for one that the catalog does not know."""
    for name in vendors or ():
        if name not in world.parties:
            raise UsageError(f"{name}: the catalog has no such party; {nearest(name, world.parties) or 'see sovplan catalog list vendors'}")
    return tuple(dict.fromkeys(vendors or ()))


def _weights(text: str, known: dict[str, Decimal]) -> dict[str, Decimal]:
    """`open-licence=2,eu-offers=0` as weights; UsageError for a part that does not exist or a weight that is no number from 0."""
    found = {}
    for piece in filter(None, (p.strip() for p in text.split(","))):
        part, _, number = piece.partition("=")
        if part not in known:
            raise UsageError(f"--weights {part}: there is no such part; {nearest(part, known) or 'one of ' + ', '.join(known)}")
        try:
            found[part] = Decimal(number)
        except InvalidOperation:
            raise UsageError(f"--weights {piece}: a weight is a number from 0, such as {part}=2") from None
        if not found[part].is_finite() or not 0 <= found[part] <= 1_000_000:
            raise UsageError(f"--weights {piece}: a weight is a number from 0 to a million, such as {part}=2")
    return found


def _against(text: str) -> Any:
    try:
        return day(text)
    except UsageError:
        raise UsageError(f"--against {text}: a day is written like 2026-11-24") from None


def _of_hundred(axis: Any) -> tuple[str, str]:
    """A place on an axis and its range, out of 100."""
    return f"{axis.value * 100:.0f}", f"{axis.low * 100:.0f} to {axis.high * 100:.0f}"


def _save(file: Path | None, drawing: str) -> None:
    if file is not None:
        from planner.reporting.write import write_atomically

        write_atomically(file, drawing.encode())
        say(f"wrote {file}")


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    from planner.reporting.text import visible

    if not rows:
        return
    table = Table(box=None, header_style="bold", title=title or None, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(str(cell))) for cell in row))
    console().print(table)


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
