"""How it was proved and from what: proof, provenance, assumptions, sources, stale facts; and the conflict where there is no plan."""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.plan import Conflict
from planner.reporting.context import Context
from planner.reporting.table import Cell, Table
from planner.reporting.text import https_only


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no plan, and what would make one possible."""

    demands: tuple[Cell, ...]
    minimal: str
    repairs: tuple[Cell, ...]


def refusal(c: Context, conflict: Conflict) -> Refusal:
    """The conflict in words, and its repairs as they were checked."""
    return Refusal(
        tuple(Cell(c.t(d.says), d.name) for d in conflict.demands),
        c.p("conflict.minimal" if conflict.proved_minimal else "conflict.not_minimal"),
        tuple(Cell(c.t(r.says), "" if r.cost_eur is None else c.p("conflict.cost", cost=c.f.euros(r.cost_eur))) for r in conflict.repairs),
    )


def proof(c: Context) -> Table:
    """Each figure of the proof."""
    made = c.report.proof
    rows = [
        ("status", c.p(f"proof.short.{made.status}")),
        ("cost", c.f.euros(c.report.plan.cost.total_eur) if c.report.plan else c.f.unknown),
        ("bound", c.f.euros(made.bound_eur)),
        ("gap", c.f.percent(made.gap, 2)),
        ("objective", ", ".join(c.p(f"objective.{o}") if c.p.has(f"objective.{o}") else o for o in made.objective)),
        ("solver", made.solver),
    ]
    return Table(
        "proof-table", c.p("proof.caption"), c.columns("item", "value"), tuple((Cell(c.p(f"proof.row.{k}")), Cell(v)) for k, v in rows)
    )


def provenance(c: Context) -> Table:
    """What is needed to compute the report again."""
    p = c.report.provenance
    rows = [
        ("tool", p.tool),
        ("as_of", c.f.day(p.as_of)),
        ("catalog", p.catalog_sha256),
        ("assessment", p.assessment_sha256),
        ("solver", p.solver),
        ("rates", c.clauses(map(c.t, p.exchange_rates)) or c.p("known.none")),
        ("overridden", ", ".join(p.overridden) or c.p("known.none")),
        (
            "rules",
            ", ".join(
                f"{c.f.number(n)} {c.p('law_status.' + k) if c.p.has('law_status.' + k) else k}" for k, n in p.facts_by_status.items()
            )
            or c.p("known.none"),
        ),
    ]
    caption = c.p("provenance.caption")
    return Table(
        "provenance-table", caption, c.columns("item", "value"), tuple((Cell(c.p(f"provenance.row.{k}")), Cell(v)) for k, v in rows)
    )


def sources(c: Context) -> Table:
    """Where the figures come from."""
    rows = tuple((Cell(c.source_names[s.id], s.id, href=https_only(s.url)), Cell(c.f.day(s.date)), Cell(s.url or c.p("sources.no_address")))
                 for s in c.report.sources)
    return c.shortened(Table("sources-table", c.p("sources.caption"), c.columns("source", "date", "address"), rows), 20)


def stale(c: Context) -> Table:
    """Facts past their shelf life on the planning day."""
    rows = tuple(
        (Cell(c.t(s.what)), Cell(c.f.day(s.date)), Cell(c.f.number(s.age_days)), Cell(c.f.number(s.shelf_life_days))) for s in c.report.stale
    )
    return c.shortened(Table("stale-table", c.p("stale.caption"), c.columns("what", "date", "age#", "shelf_life#"), rows), 10)


def assumptions(c: Context) -> Table:
    """Defaults that stood in for what the assessment does not say; one that served several workloads alike is one row."""
    used: dict[tuple, list[str]] = {}
    for a in c.report.plan.assumptions if c.report.plan else ():
        used.setdefault((a.name, a.value, a.unit, a.says, a.unsuitable_for), []).extend(filter(None, [a.workload]))
    rows = tuple(
        (Cell(c.t(says), name), Cell(c.whom(workloads)), Cell(c.f.exact(value), c.t(unit)),
         Cell(c.t(unsuitable) if unsuitable else c.p("known.none")))
        for (name, value, unit, says, unsuitable), workloads in used.items()
    )
    table = Table(
        "assumptions-table", c.p("assumptions.caption"), c.columns("assumption", "workloads", "value#", "unsuitable"), rows, cards=True
    )
    return c.shortened(table, 10)
