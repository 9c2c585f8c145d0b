"""The studies that a report holds, as annexes: regret over the futures, and where the cheapest way of running changes."""
from __future__ import annotations

from decimal import Decimal

from planner.domain.studied import Crossing, Studied
from planner.reporting.context import Context
from planner.reporting.study_drawings import Regret, draw_breakeven, draw_regret
from planner.reporting.svg import sheet_picture
from planner.reporting.table import Cell, Column, Drawing, Table

TODAY, PORTFOLIO = "today", "portfolio"
_MOST = 14


def regret(c: Context, held: Studied) -> tuple[Drawing, str] | None:
    """Plans by futures, with the plan whose largest regret is least in words; None where that study was not given."""
    if not held.regret:
        return None
    worlds = list(held.regret[0].regret_eur)
    rows = [(row, [row.regret_eur.get(world) for world in worlds]) for row in held.regret]
    drawn = draw_regret(Regret(
        tuple(_world(c, held, row.plan) for row, _ in rows), tuple(_world(c, held, w) for w in worlds), tuple(tuple(cells) for _, cells in rows),
    ), c.p.lang)
    body = tuple(
        (Cell(_world(c, held, TODAY) if row.plan == TODAY else c.p("studied.made_for", future=_world(c, held, row.plan)),
              marks=(c.p("studied.least"),) if row.plan == held.least_regret else ()),
         *(Cell(_amount(c, cell)) for cell in cells)) for row, cells in rows
    )
    columns = (*c.columns("plan"), *(Column(_world(c, held, w), numeric=True) for w in worlds))
    table = Table("annex-regret", c.p("study.regret"), columns, body)
    return Drawing(sheet_picture(drawn, table.caption), table), _least(c, held)


def _least(c: Context, held: Studied) -> str:
    if held.least_regret is None:
        return c.p("studied.none_holds")
    return c.p("studied.least_today") if held.least_regret == TODAY else c.p("studied.least_says", future=_world(c, held, held.least_regret))


def breakeven(c: Context, held: Studied) -> tuple[Drawing, str] | None:
    """The whole portfolio as a picture, every subject in the table, the crossings in words; None where that study was not given."""
    if not held.traffic:
        return None
    subject = PORTFOLIO if any(row.subject == PORTFOLIO for row in held.traffic) else held.traffic[0].subject
    drawn = draw_breakeven([
        {"subject": _subject(c, row.subject), "cached_share": None if row.cached_share is None else str(row.cached_share),
         "traffic": str(row.traffic), "cost_eur": {c.t.name(c.name(mode)): cost for mode, cost in row.cost_eur.items()}, "cheapest": row.cheapest}
        for row in held.traffic if row.subject == subject
    ], c.p.lang)
    modes = list(held.traffic[0].cost_eur)
    columns = (*c.columns("workload", "traffic#"), *(Column(c.t.name(c.name(mode)), numeric=True) for mode in modes), *c.columns("cheapest"))
    body = tuple(
        (Cell(_subject(c, row.subject)), Cell(c.f.exact(row.traffic) + "×"), *(Cell(_amount(c, row.cost_eur[mode])) for mode in modes),
         Cell(c.t.name(c.name(row.cheapest)) if row.cheapest else c.p("known.none"))) for row in held.traffic
    )
    table = c.shortened(Table("annex-breakeven", c.p("study.breakeven"), columns, body), _MOST)
    note = " ".join(_crossing(c, found) for found in held.crossings) or c.p("studied.no_crossing")
    return Drawing(sheet_picture(drawn, table.caption), table), note


def _crossing(c: Context, found: Crossing) -> str:
    before, after = (c.t.name(c.name(mode)) if mode else c.p("studied.no_way") for mode in (found.before, found.after))
    return c.p("studied.crossing", subject=_subject(c, found.subject), before=before, after=after, low=c.f.exact(found.above.normalize()),
               high=c.f.exact(found.below.normalize()))


def _subject(c: Context, key: str) -> str:
    return c.p("studied.portfolio") if key == PORTFOLIO else c.name(key)


def _world(c: Context, held: Studied, key: str) -> str:
    return c.p("study.today") if key == TODAY else c.t.name(held.names.get(key, key))


def _amount(c: Context, value: Decimal | None) -> str:
    return c.p("study.fails") if value is None else c.f.euros(value)
