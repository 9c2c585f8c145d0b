"""The money: by layer, by year, by operator, the biggest lines, and how every line is worked out."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from planner.domain.plan import Binding, CostLine
from planner.quantities import add_months
from planner.reporting.context import Context, estimated, lines_of
from planner.reporting.svg import Bar, bars, pillars, stacked_bar
from planner.reporting.table import Cell, Drawing, Table
from planner.reporting.view_walk import cost_row, walk, walked

BIGGEST = 6


@dataclass(frozen=True, slots=True)
class Derivation:
    """How one part of the cost is worked out, line by line."""

    title: str
    amount: Cell
    table: Table


@dataclass(frozen=True, slots=True)
class Money:
    """The cost section."""

    by_layer: Drawing
    by_year: Drawing
    by_quarter: Drawing | None
    by_operator: Table
    biggest: Table
    walks: tuple[Derivation, ...]  # of each workload, down to its part of what is shared
    derivations: tuple[Derivation, ...]  # of each part of the plan, once
    binding: Table | None


def money(c: Context) -> Money:
    """The cost section of a plan; every share is of the whole horizon's cost."""
    return Money(_by_layer(c), _by_year(c), _by_quarter(c), _by_operator(c), _biggest(c), _walks(c), _derivations(c), _binding(c))


def _share(c: Context, amount: Decimal) -> Decimal:
    total = c.plan.cost.total_eur
    return amount / total if total else Decimal(0)


def _by_layer(c: Context) -> Drawing:
    cost = c.plan.cost
    guessed = {layer: any(line.estimate for line in c.plan.lines if line.layer == layer) for layer in cost.by_layer}
    rows = [(layer, amount, _share(c, amount)) for layer, amount in sorted(cost.by_layer.items())]
    table = Table("cost-by-layer", c.p("cost.by_layer"), c.columns("layer", "cost#", "share#"), tuple(
        (Cell(c.layer(layer)), c.money(amount, guessed[layer]), Cell(c.f.percent(share))) for layer, amount, share in rows
    ))
    drawn = [Bar(layer, c.layer(layer), " ".join((c.f.euros(amount), *c.estimate(guessed[layer]))), float(share), c.f.percent(share))
             for layer, amount, share in rows]
    return Drawing(stacked_bar("layers", c.p("cost.by_layer"), c.p("cost.by_layer_says"), drawn), table)


def _by_year(c: Context) -> Drawing:
    years = sorted(c.plan.cost.by_year.items())
    most = max((amount for _, amount in years), default=Decimal(0))
    table = Table(
        "cost-by-year", c.p("cost.by_year"), c.columns("year", "cost#"), tuple((Cell(year), c.money(amount)) for year, amount in years)
    )
    drawn = [Bar(year, year, c.f.euros(amount), float(amount / most) if most else 0.0, "") for year, amount in years]
    return Drawing(bars("years", c.p("cost.by_year"), c.p("cost.by_year_says"), drawn), table)


def _by_quarter(c: Context) -> Drawing | None:
    """When the money is paid; none where an older version saved the plan."""
    quarters = sorted(c.plan.cost.by_quarter.items())
    if not quarters:
        return None
    most = max(amount for _, amount in quarters)
    names = [c.p("cost.quarter", quarter=key.partition("-Q")[2], year=key.partition("-")[0]) for key, _ in quarters]
    rows = tuple((Cell(name), c.money(amount)) for name, (_, amount) in zip(names, quarters, strict=True))
    table = Table("cost-by-quarter", c.p("cost.by_quarter"), c.columns("quarter", "cost#"), rows)
    drawn = [Bar(key.replace("-", " "), name, c.f.euros(amount), float(amount / most) if most else 0.0, "")
             for name, (key, amount) in zip(names, quarters, strict=True)]
    return Drawing(pillars("quarters", c.p("cost.by_quarter"), c.p("cost.by_quarter_says"), drawn), table)


def _by_operator(c: Context) -> Table:
    spend = sorted(c.plan.cost.by_operator.items(), key=lambda item: (-item[1], item[0]))
    rows = tuple((Cell(c.name(key)), c.money(amount), Cell(c.f.percent(_share(c, amount)))) for key, amount in spend)
    return Table("cost-by-operator", c.p("cost.by_operator"), c.columns("operator", "cost#", "share#"), rows)


def _biggest(c: Context) -> Table:
    lines = sorted(
        ((line, part, f"lines-{n}") for n, part in enumerate(_parts(c), 1) for line in part.lines),
        key=lambda found: (-found[0].amount_eur, found[0].what, found[1].title),
    )
    rows = tuple(
        (
            Cell(part.what if line.what == part.said else c.p("cost.line", part=part.what, what=c.t(line.what)), part.whose),
            Cell(line.layer.value),
            replace(c.money(line.amount_eur, line.estimate), opens=table),
            Cell(c.f.percent(_share(c, line.amount_eur))),
        )
        for line, part, table in lines[:BIGGEST]
    )
    return Table("biggest-lines", c.p("cost.biggest"), c.columns("what", "layer", "cost#", "share#"), rows)


@dataclass(frozen=True, slots=True)
class _Part:
    """What holds cost lines: its title, what it is by itself and in the plan's own words, and whose it is where that is not plain."""

    title: str
    what: str
    said: str
    whose: str
    lines: tuple[CostLine, ...]


def _parts(c: Context) -> list[_Part]:
    """Everything that holds cost lines: workloads, machines, shared work."""
    plan = c.plan
    parts = [_Part(c.name(x.workload), c.name(x.workload), "", "", x.cost_lines) for x in plan.choices if x.cost_lines]
    for n in plan.nodes:
        title = c.p("cost.machines", count=c.p.count("count.servers", n.nodes), offer=c.name(n.offer), site=c.name(n.site))
        parts.append(_Part(title, title, "", "", n.cost_lines))
    for s in plan.shared:
        whom = c.whom(s.workloads)
        title, whose = c.p("cost.shared", what=c.t(s.what), workloads=whom), c.p("headline.condition_for", workloads=whom)
        parts.append(_Part(title, c.t(s.what), s.what, whose, s.cost_lines))
    for m in plan.moves:
        title = c.p("cost.move", workload=c.name(m.workload), day=c.f.day(_month(c, m.from_month)))
        parts.append(_Part(title, title, "", "", m.cost_lines))
    return parts


def _month(c: Context, month: int) -> str:
    """A month of the horizon, counted from 0."""
    return f"{add_months(date.fromisoformat(str(c.report.assessment['horizon']['start'])), month):%Y-%m}"


def _walks(c: Context) -> tuple[Derivation, ...]:
    return tuple(
        Derivation(c.name(w), c.money(
            sum((x.cost_eur for x in c.plan.choices if x.workload == w), Decimal(0)),
            any(estimated(lines_of(x, c.plan)) for x in c.plan.choices if x.workload == w),
        ), walk(c, w)) for w in walked(c.plan)
    )


def _derivations(c: Context) -> tuple[Derivation, ...]:
    return tuple(
        Derivation(p.title, c.money(sum((line.amount_eur for line in p.lines), Decimal(0)), estimated(p.lines)), _worked(c, f"lines-{i}", p))
        for i, p in enumerate(_parts(c), 1)
    )


def _worked(c: Context, key: str, part: _Part) -> Table:
    columns = c.columns("what", "quantity#", "price#", "cost#", "source")
    return Table(key, c.p("cost.worked", what=part.title), columns, tuple(cost_row(c, line) for line in part.lines))


def used_and_limit(c: Context, b: Binding) -> tuple[str, str]:
    """How much of a demand is used and where it ends, in the reader's language; in English where a saved plan has only that."""
    if b.unit is None:
        return c.t(b.used), c.t(b.limit)
    show: dict[str, Callable[[Decimal], str]] = {
        "euros": c.f.euros, "share": c.f.percent, "points": lambda value: c.f.exact(round(value, 1)), "seal": lambda value: c.f.seal(int(value)),
    }
    used, limit = (c.f.unknown if value is None else show[b.unit](value) for value in (b.used_value, b.limit_value))
    return used, c.p("format.at_least", number=limit) if b.at_least else limit


def _binding(c: Context) -> Table | None:
    if not c.report.binding:
        return None
    rows = tuple((Cell(c.t(b.demand)), *map(Cell, used_and_limit(c, b))) for b in c.report.binding)
    return Table("binding", c.p("cost.binding"), c.columns("demand", "used#", "limit#"), rows)
