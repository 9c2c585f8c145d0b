"""The annexes of a report: the market's pictures with the tables that say the same, the paradox page, and the supply chains."""
from __future__ import annotations

from dataclasses import dataclass

from planner.domain.catalog import Colour, PortfolioGroup
from planner.domain.efficiency import Duel, EfficiencyPanel
from planner.domain.market import Annexes, Ladder, Portfolio
from planner.domain.paradox import Chain, Cut, ParadoxPage
from planner.reporting.context import Context
from planner.reporting.lenses import lens_table
from planner.reporting.market_drawings import draw_map, draw_matrix, hundred, names_of
from planner.reporting.story_drawings import burden_in_words, draw_ladder, draw_timeline
from planner.reporting.study_drawings import draw_bars
from planner.reporting.svg import sheet_picture
from planner.reporting.table import Cell, Drawing, Table
from planner.reporting.view_studied import breakeven, regret

_ELSEWHERE = {"in the EEA": "chain.inside", "outside the EEA only": "chain.outside_only", "nobody": "market.nobody",
              "not known": "chain.not_known"}
_MOST = 12  # rows of a table before the rest is folded away


@dataclass(frozen=True, slots=True)
class AnnexPart:
    """One folded annex: its title, a drawing or tables, and a note."""

    title: str
    drawing: Drawing | None = None
    tables: tuple[Table, ...] = ()
    note: str = ""


def annexes(c: Context, held: Annexes | None) -> tuple[AnnexPart, ...]:
    """What the report annexes, in the order of reading; nothing where it has none."""
    if held is None:
        return ()
    day, lang = c.report.provenance.as_of, c.p.lang
    parts = [_paradox(c, held.paradox)] if held.paradox else []
    parts += [AnnexPart(c.p("annex.chain", subject=chain.subject), tables=(_chain(c, n, chain),)) for n, chain in enumerate(held.chains, 1)]
    if c.report.studied:
        for told in (regret(c, c.report.studied), breakeven(c, c.report.studied)):
            parts += [AnnexPart(told[0].table.caption, told[0], note=told[1])] if told else []
    parts += [_efficiency(c, n, panel) for n, panel in enumerate(held.efficiency, 1)]
    if held.lenses:
        parts.append(AnnexPart(c.p("lens.title"), tables=(lens_table(c, held.lenses),), note=c.p("lens.intro")))
    if held.portfolios:
        parts.append(_part(draw_matrix(held.portfolios, day, lang), _matrix(c, held.portfolios)))
    if held.void:
        parts.append(_part(draw_map(held.positions, held.void, day, lang), _map(c, held)))
    if held.timeline and held.timeline.moments:
        called = {row.vendor: row.name for row in held.portfolios}
        names = ", ".join(called.get(v) or c.name(v) for v in sorted({m.vendor for m in held.timeline.moments}))
        left = c.p("annex.left_out", n=held.moments_left_out) if held.moments_left_out else ""
        parts.append(_part(draw_timeline(held.timeline, names, day, lang), _timeline(c, held, names), left))
    if held.ladders:
        parts.append(_part(draw_ladder(held.ladders, day, lang), _ladder(c, held.ladders)))
    return tuple(parts)


def _part(svg: str, table: Table, note: str = "") -> AnnexPart:
    """A drawing with its table."""
    return AnnexPart(table.caption, Drawing(sheet_picture(svg, table.caption), table), note=note)


# ------------------------------------------------------------------------------------------ efficiency


def _efficiency(c: Context, number: int, panel: EfficiencyPanel) -> AnnexPart:
    """The mixture first, then the others by role; what it costs as bars, and in words at which traffic the mixture wins."""
    none = c.p("efficiency.no_fit")
    rows = tuple(
        (Cell(x.model, c.p(f"efficiency.role.{x.role}")), Cell(c.f.number(x.weights_gb)),
         Cell(c.f.number(x.tokens_per_second) if x.accelerators else none),
         Cell(c.f.number(x.kwh_per_mtok, 3) if x.accelerators else none), Cell(c.f.number(x.eur_per_mtok, 3) if x.accelerators else none))
        for x in panel.contenders
    )
    title = c.p("efficiency.title", model=panel.contenders[0].model)
    columns = c.columns("model", "memory#", "speed#", "energy#", "per_mtok#")
    table = Table(f"annex-efficiency-{number}", title, columns, rows, cards=True)
    bars = draw_bars(title, [(f"{x.model}, {c.p(f'efficiency.role.{x.role}')}", x.eur_per_mtok) for x in panel.contenders], c.p.lang)
    shape = c.p("efficiency.shape", accelerator=c.name(panel.accelerator) if panel.accelerator in c.report.names else panel.accelerator.upper(),
                precision=panel.precision, rent=c.p("format.euros", amount=c.f.number(panel.eur_per_accelerator_hour, 2)),
                workload=c.name(panel.workload), input=c.f.number(panel.input_tokens), output=c.f.number(panel.output_tokens))
    return AnnexPart(title, Drawing(sheet_picture(bars, title), table), note=" ".join([shape, *(_duel(c, d) for d in panel.duels)]))


def _duel(c: Context, duel: Duel) -> str:
    told = {"other": c.p(f"efficiency.role.{duel.against}"), "cost": c.f.number(duel.cost_ratio, 2), "energy": c.f.number(duel.energy_ratio, 2)}
    if not duel.dearer_below:
        return c.p("efficiency.always", **told)
    if duel.from_requests_per_hour is None:
        return c.p("efficiency.never", **told)
    return c.p("efficiency.from", n=c.f.number(duel.from_requests_per_hour), **told)


# ------------------------------------------------------------------------------------------- the market


def _matrix(c: Context, rows: tuple[Portfolio, ...]) -> Table:
    made = tuple(
        (Cell(row.name), *(Cell(c.clauses(_group(c, row, group, colour) for group in PortfolioGroup if _models(row, group, colour))
                                or c.p("known.none")) for colour in Colour))
        for row in rows
    )
    return c.shortened(Table("annex-matrix", c.p("market.matrix"), c.columns("vendor", "open", "restricted", "closed"), made, cards=True), _MOST)


def _models(row: Portfolio, group: PortfolioGroup, colour: Colour) -> list[str]:
    return [name for cell in row.cells if cell.group is group and cell.colour is colour for name in names_of(cell)]


def _group(c: Context, row: Portfolio, group: PortfolioGroup, colour: Colour) -> str:
    return f"{c.p(f'market.group.{group}')}: {', '.join(_models(row, group, colour))}"


def _map(c: Context, held: Annexes) -> Table:
    ranked = sorted(held.positions, key=lambda p: (-p.fit.value - p.openness.value, p.vendor))
    rows = tuple(
        (Cell(p.name), *(Cell(hundred(axis.value), c.p("format.range", low=hundred(axis.low), high=hundred(axis.high)))
                         for axis in (p.openness, p.fit)))
        for p in ranked
    )
    return c.shortened(Table("annex-map", c.p("market.map"), c.columns("vendor", "openness#", "fit#"), rows), _MOST)


def _timeline(c: Context, held: Annexes, names: str) -> Table:
    assert held.timeline is not None
    rows = tuple(
        (Cell(c.f.day(m.day)), Cell(c.name(m.vendor)), Cell(c.p(f"market.kind.{m.kind}")), Cell(c.t(m.says)), Cell(m.source))
        for m in reversed(held.timeline.moments)
    )
    columns = c.columns("date", "vendor", "kind", "what", "source")
    return c.shortened(Table("annex-timeline", c.p("market.timeline", names=names), columns, rows, cards=True), _MOST)


def _ladder(c: Context, rows: tuple[Ladder, ...]) -> Table:
    made = tuple(
        (Cell(row.name, burden_in_words(row, c.p.lang)), Cell(c.f.day(s.day)), Cell(c.p(f"market.kind.{s.kind}")),
         Cell(_millions(c, s.amount_m, s.currency)), Cell(_millions(c, s.total_m, s.currency)), Cell(c.t(s.says), s.source))
        for row in rows for s in row.steps
    )
    columns = c.columns("vendor", "date", "kind", "amount#", "total#", "what")
    return c.shortened(Table("annex-ladder", c.p("market.ladder"), columns, made, cards=True), _MOST)


def _millions(c: Context, amount: object, currency: str | None) -> str:
    return c.p("known.not") if amount is None else f"{c.f.exact(amount)}m {currency or ''}".strip()  # type: ignore[arg-type]


# ---------------------------------------------------------------------------------- paradox and chains


def _paradox(c: Context, page: ParadoxPage) -> AnnexPart:
    rows = tuple(_cut(c, cut) for cut in page.remaining)
    columns = c.columns("dependency", "on_whom", "cause", "cut_by", "brings")
    table = Table("annex-paradox", c.p("sovereignty.remaining"), columns, rows, cards=True)
    return AnnexPart(c.p("annex.paradox"), tables=(c.shortened(table, _MOST),),
                     note=f"{c.p('paradox.holding')}: {c.listed(map(c.t, page.holding))}." if page.holding else "")


def _cut(c: Context, cut: Cut) -> tuple[Cell, ...]:
    seal = "" if cut.seal is None else c.p("paradox.seal", before=cut.seal, after=cut.seal_after)
    brings = seal + c.p("paradox.brings", points=c.f.number(cut.points, 1), overall=cut.overall_seal_after)
    if cut.cost_eur is not None:
        price = c.p("paradox.once", cost=c.f.euros(cut.cost_eur), weeks=cut.weeks)
    else:
        price = c.p("paradox.no_price")
    return (Cell(c.t(cut.name), cut.factor, (c.p("mark.verify"),) if cut.to_verify else ()), Cell(c.t.name(cut.party)), Cell(c.t(cut.cause)),
            Cell(c.t(cut.cut_by)), Cell(brings, price))


def _chain(c: Context, number: int, chain: Chain) -> Table:
    rows = tuple(
        (Cell(c.t(link.name)), Cell(c.t.name(link.owner), c.t(link.note or "")),
         Cell(c.t.name(link.law), c.p({True: "chain.inside", False: "chain.outside", None: "chain.not_known"}[link.in_eea])),
         Cell(c.p(_ELSEWHERE[link.substitutable]), ", ".join(map(c.t, link.substitutes))))
        for link in reversed(chain.links)
    )
    caption = c.p("chain.sum", eea=chain.in_eea, outside=chain.outside, unknown=chain.not_known)
    return Table(f"annex-chain-{number}", caption, c.columns("layer", "holder", "law", "substitutable"), rows, cards=True)
