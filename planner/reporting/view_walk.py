"""Each figure of the choices walked down to what it is made of: prices, quantities, parts of machines and of shared work, sources and dates."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from planner.domain.plan import Choice, CostLine
from planner.planning.euro_walk import cost_walk
from planner.reporting.context import Context
from planner.reporting.table import Cell, Table


def part_ids(c: Context) -> dict[str, str]:
    """What machines and shared work are called on the page: their id in the plan -> the id of the table that lists their lines."""
    plan = c.plan
    own = sum(1 for x in plan.choices if x.cost_lines)
    return {part.id: f"lines-{n}" for n, part in enumerate((*plan.nodes, *plan.shared), own + 1)}


def walk_id(number: int) -> str:
    """The id of the table that derives the cost of the choice at this place, from 1."""
    return f"walk-{number}"


def walk(c: Context, number: int, choice: Choice) -> Table:
    """The lines of one workload's cost; they add up to it to the cent."""
    made = cost_walk(c.plan, choice.workload)
    tables = part_ids(c)
    lines = iter(choice.cost_lines)
    rows = [_part(c, part, tables) if "of" in part else cost_row(c, next(lines)) for part in made["parts"]]
    months, none = c.p("walk.months", months=c.p.count("count.months", c.plan.months)), Cell("·")
    rows.append((Cell(c.p("walk.total"), months), none, none, Cell(c.f.cents(Decimal(made["amount_eur"]))), none))
    columns = c.columns("what", "quantity#", "price#", "cost#", "source")
    return Table(walk_id(number), c.p("walk.title", what=c.name(choice.workload)), columns, tuple(rows))


def _part(c: Context, part: Mapping[str, Any], tables: Mapping[str, str]) -> tuple[Cell, ...]:
    node = next((n for n in c.plan.nodes if n.id == part["of"]), None)
    if node is not None:
        what = c.p("cost.machines", count=c.p.count("count.servers", node.nodes), offer=c.name(node.offer), site=c.name(node.site))
        lines = node.cost_lines
        notes = [c.p("walk.load", load=c.f.exact(part["load"] or 0), replicas=c.p.count("count.replicas", part["replicas"]))]
        if size := part["size"]:
            notes.append(c.p("choices.size", low=c.f.number(size["low"]), high=c.f.number(size["high"])))
    else:
        shared = next(s for s in c.plan.shared if s.id == part["of"])
        what, lines, notes = c.t(shared.what), shared.cost_lines, []
    of = c.p("walk.of", amount=c.f.cents(part["whole_eur"]), workloads=c.whom(part["shared_with"]))
    guessed = c.estimate(any(line.estimate for line in lines))
    where = sorted({c.source_names.get(line.source, line.source) for line in lines})
    return (
        Cell(c.p("walk.part", what=what), "; ".join(notes)), Cell("·"), Cell("·"),
        Cell(c.f.cents(part["amount_eur"]), of, guessed, opens=tables[part["of"]]),
        Cell("; ".join(where), c.f.day(max(line.date for line in lines)) if lines else ""),
    )


def cost_row(c: Context, line: CostLine) -> tuple[Cell, ...]:
    """One cost line: quantity times price at its rate, and who says so when."""
    rate = "" if line.currency == "EUR" else c.p("cost.rate", rate=c.f.exact(line.per_eur), currency=line.currency)
    marks = c.estimate(line.estimate) + ((c.p("mark.capex"),) if line.capex else ())
    return (
        Cell(c.t(line.what), line.layer.value),
        Cell(c.f.exact(line.quantity), c.p(f"unit.{line.unit.value}")),
        Cell(c.p("cost.price", amount=c.f.exact(line.price), currency=line.currency), rate, c.estimate(line.estimate)),
        Cell(c.f.cents(line.amount_eur), "", marks),
        Cell(c.source_names.get(line.source, line.source), c.f.day(line.date)),
    )
