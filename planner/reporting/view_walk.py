"""Each figure of the choices walked down to what it is made of: prices, quantities, parts of machines and of shared work, sources and dates."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from planner.domain.plan import CostLine, Plan
from planner.planning.euro_walk import cost_walk
from planner.reporting.context import Context
from planner.reporting.table import Cell, Table


def part_ids(c: Context) -> dict[str, str]:
    """What machines and shared work are called on the page: their id in the plan -> the id of the table that lists their lines."""
    plan = c.plan
    own = sum(1 for x in plan.choices if x.cost_lines)
    return {part.id: f"lines-{n}" for n, part in enumerate((*plan.nodes, *plan.shared), own + 1)}


def walked(plan: Plan) -> tuple[str, ...]:
    """The workloads of a plan, each once: one may be served by several choices, part by part or one after the other."""
    return tuple(dict.fromkeys(choice.workload for choice in plan.choices))


def walk_id(plan: Plan, workload: str) -> str:
    """The id of the table that derives the cost of a workload."""
    return f"walk-{walked(plan).index(workload) + 1}"


def walk(c: Context, workload: str) -> Table:
    """The lines of one workload's cost, which add up to it to the cent; then those of leaving it, which are no part of it."""
    made = cost_walk(c.plan, workload)
    tables = part_ids(c)
    lines = iter([line for choice in c.plan.choices if choice.workload == workload for line in choice.cost_lines])
    months, none = c.p("walk.months", months=c.p.count("count.months", c.plan.months)), Cell("·")
    rows: list[tuple[Cell, ...]] = []
    for part in made["parts"]:
        if "of" in part:
            rows.append(_part(c, part, tables))
        elif "price" in part:
            rows.append(cost_row(c, next(lines)))
        else:  # no machine of the plan carries it
            rows.append((Cell(c.p("walk.rest")), none, none, Cell(c.f.cents(Decimal(part["amount_eur"]))), none))
    rows.append((Cell(c.p("walk.total"), months), none, none, Cell(c.f.cents(Decimal(made["amount_eur"]))), none))
    for choice in (x for x in c.plan.choices if x.workload == workload and x.exit_lines):
        rows += [cost_row(c, line) for line in choice.exit_lines]
        says = c.p("walk.leaving", n=choice.exit_lines[0].from_month)
        rows.append((Cell(says, c.p("walk.beside")), none, none, Cell(c.f.cents(choice.exit_cost_eur or Decimal(0))), none))
    columns = c.columns("what", "quantity#", "price#", "cost#", "source")
    return Table(walk_id(c.plan, workload), c.p("walk.title", what=c.name(workload)), columns, tuple(rows))


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
        Cell(c.p("walk.part", what=what), c.clauses(notes)), Cell("·"), Cell("·"),
        Cell(c.f.cents(part["amount_eur"]), of, guessed, opens=tables[part["of"]]),
        Cell(c.clauses(where), c.f.day(max(line.date for line in lines)) if lines else ""),
    )


def cost_row(c: Context, line: CostLine) -> tuple[Cell, ...]:
    """One cost line: quantity times price at its rate, and who says so when."""
    rate = "" if line.currency == "EUR" else c.p("cost.rate", rate=c.f.exact(line.per_eur), currency=line.currency)
    counts = "" if line.factor == 1 else c.p("cost.factor", factor=c.f.exact(line.factor))
    months = ""
    if line.from_month or line.until_month is not None:
        months = c.p("cost.months", first=line.from_month + 1, last=line.until_month or c.plan.months)
    marks = c.estimate(line.estimate) + ((c.p("mark.capex"),) if line.capex else ())
    return (
        Cell(c.t(line.what), c.clauses([line.layer.value, months])),
        Cell(c.f.exact(line.quantity), c.p(f"unit.{line.unit.value}")),
        Cell(c.p("cost.price", amount=c.f.exact(line.price), currency=line.currency), c.clauses([rate, counts]),
             c.estimate(line.estimate)),
        Cell(c.f.cents(line.amount_eur), "", marks),
        Cell(c.source_names.get(line.source, line.source), c.f.day(line.date)),
    )
