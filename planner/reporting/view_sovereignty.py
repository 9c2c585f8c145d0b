"""Sovereignty: the range, the eight objectives, what is achieved, what remains and how to cut it, and the stack map."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from planner.domain.report import Levels, Scorecard, StackLayer
from planner.domain.scorecard import FactorVerdict
from planner.reporting.context import Context
from planner.reporting.svg import Column as StackColumn, Spoke, StackCell, radar, stack_map
from planner.reporting.table import Cell, Drawing, Table


@dataclass(frozen=True, slots=True)
class Sovereignty:
    """The sovereignty section."""

    summary: tuple[Cell, ...]
    radar: Drawing
    achieved_title: str
    achieved: tuple[str, ...]
    remaining: Table
    next_step: Cell | None
    parts: Table
    factors: Table
    unknown: tuple[str, ...]


def sovereignty(c: Context, card: Scorecard) -> Sovereignty:
    """The section for one scorecard; the headline is always the range."""
    return Sovereignty(
        _summary(c, card),
        _radar(c, card),
        c.p("sovereignty.achieved", factors=c.p.count("count.factors", len(card.achieved))),
        tuple(map(c.t, card.achieved)),
        _remaining(c, card),
        _next_step(c, card),
        _parts(c, card),
        _factors(c, card),
        tuple(map(c.t, card.unknown)),
    )


def _summary(c: Context, card: Scorecard) -> tuple[Cell, ...]:
    overall, f = card.overall, c.f
    low, high = overall.rating_range
    lines = [
        Cell(c.p("sovereignty.rating", rating=f.span(low, high, 1), label=c.t(overall.label)),
             c.p("sovereignty.rating_known", rating=f.number(overall.rating_out_of_10, 1), coverage=f.number(overall.coverage_percent))),
        Cell(c.p("sovereignty.seal", seal=f.seals(overall.seal)), _seal_known(c, overall.seal)),
    ]
    for weights in sorted(overall.score, reverse=True):
        first, last = overall.score_range[weights]
        lines.append(Cell(c.p("sovereignty.score", weights=weights, score=f.span(first, last, 1)),
                          _score_known(c, overall.score[weights])))
    return tuple(lines)


def _seal_known(c: Context, seal: Levels) -> str:
    return c.p("sovereignty.seal_open") if seal.known is None else c.p("sovereignty.seal_known", seal=c.f.seal(seal.known))


def _score_known(c: Context, score: Decimal | None) -> str:
    return c.p("sovereignty.score_open") if score is None else c.p("sovereignty.score_known", score=c.f.number(score, 1))


def _radar(c: Context, card: Scorecard) -> Drawing:
    f = c.f
    rows = tuple(
        (Cell(key, c.t(o.name)), Cell(f.number(o.percent.proven), f.seal(o.seal.proven)), Cell(f.number(o.percent.known), f.seal(o.seal.known)),
         Cell(f.number(o.percent.possible), f.seal(o.seal.possible))) for key, o in sorted(card.objectives.items())
    )
    table = Table("objectives", c.p("sovereignty.objectives"), c.columns("objective", "proven#", "known#", "possible#"), rows)
    spokes = [
        Spoke(key, c.t(o.name), float(o.percent.proven), None if o.percent.known is None else float(o.percent.known), float(o.percent.possible))
        for key, o in sorted(card.objectives.items())
    ]
    legend = (c.p("level.proven"), c.p("level.known"), c.p("level.possible"))
    return Drawing(radar("radar", c.p("sovereignty.radar"), c.p("sovereignty.radar_says"), spokes, legend), table)


def _remaining(c: Context, card: Scorecard) -> Table:
    rows = tuple(
        (
            Cell(c.t(d.name), d.factor),
            Cell(c.t.name(d.party)),
            Cell(c.t(d.cause), "" if d.seal is None else c.p("sovereignty.holds", seal=c.f.seal(d.seal))),
            Cell(c.t(d.cut_by)),
        )
        for d in card.remaining
    )
    return c.shortened(
        Table("remaining", c.p("sovereignty.remaining"), c.columns("dependency", "on_whom", "cause", "cut_by"), rows, cards=True), 5
    )


def _next_step(c: Context, card: Scorecard) -> Cell | None:
    step = card.next_step
    if step is None:
        return None
    return Cell(c.t(step.says), c.p("sovereignty.next_note", points=c.f.number(step.gain_points, 1), cost=c.f.euros(step.cost_eur)))


def _parts(c: Context, card: Scorecard) -> Table:
    rows = tuple(
        (Cell(c.name(part.workload)), Cell(c.f.seals(part.seal), _seal_known(c, part.seal)),
         Cell(c.f.span(part.score.proven, part.score.possible, 1), _score_known(c, part.score.known)))
        for part in card.parts
    )
    return Table("parts", c.p("sovereignty.parts"), c.columns("workload", "seal", "score"), rows, cards=True)


def _factors(c: Context, card: Scorecard) -> Table:
    rows = tuple(
        (Cell(c.t(v.name), v.factor, (c.p("mark.verify"),) if v.to_verify else ()),
         Cell(_rungs(c, v)),
         Cell(c.t.name(v.party)), Cell(c.t(v.because), c.p("sovereignty.missing", facts=", ".join(v.unknown)) if v.unknown else ""))
        for v in card.factors
    )
    return Table("factors", c.p("sovereignty.factors"), c.columns("factor", "rung", "party", "because"), rows)


def _rungs(c: Context, v: FactorVerdict) -> str:
    held = {"low": v.rung_proven, "high": v.rung_possible, "of": v.rungs}
    return c.p("sovereignty.rungs_unknown", **held) if v.rung_known is None else c.p("sovereignty.rungs", known=c.f.number(v.rung_known), **held)


# ---------------------------------------------------------------------------------------------- the stack


def stack(c: Context) -> Drawing | None:
    """The stack map: a column for each distinct way of running, whichever models and workloads share it; a row for each layer."""
    choices = {x.workload: x for x in c.plan.choices}
    alike: dict[tuple, list[str]] = {}
    for entry in c.report.stack:
        if entry.workload in choices:
            alike.setdefault((choices[entry.workload].mode, entry.layers), []).append(entry.workload)
    if not alike:
        return None
    columns, rows = [], []
    for (mode, layers), workloads in alike.items():
        models = c.names(dict.fromkeys(choices[w].model for w in workloads))
        cells = tuple(_layer(c, layer) for layer in layers)
        columns.append(StackColumn(c.t.name(c.name(mode)), models, c.names(workloads), cells))
        way = Cell(c.t.name(c.name(mode)), c.p("stack.way", models=models, workloads=c.names(workloads)))
        rows += [(way, Cell(cell.layer), Cell(cell.owner), Cell(cell.law), Cell(cell.stop, cell.note)) for cell in cells]
    table = Table("stack-table", c.p("stack.table"), c.columns("way", "layer", "owner", "law", "stop"), tuple(rows))
    return Drawing(stack_map("stack", c.p("stack.title"), c.p("stack.says"), columns), table)


def _layer(c: Context, layer: StackLayer) -> StackCell:
    key = {True: "yes", False: "no", None: "unknown"}[layer.could_switch_off]
    law = c.f.unknown if layer.law == "not known" else layer.law
    return StackCell(
        c.p("stack.layer", layer=layer.layer, name=c.t(layer.name)),
        c.f.unknown if layer.owner == "not known" else layer.owner,
        c.p("stack.law", law=law),
        c.p(f"stack.stop.{key}"),
        key,
        c.t(layer.note or ""),
    )
