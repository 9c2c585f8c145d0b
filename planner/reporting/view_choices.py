"""The choices, as a table; and the first lines: decision, conditions, key figures."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from planner.domain.plan import Choice, ProofStatus
from planner.domain.report import Overall, Step
from planner.quantities import add_months
from planner.reporting.context import Context, estimated, lines_of
from planner.reporting.table import Cell, Points, Table, Tile
from planner.reporting.view_law import law_counts
from planner.reporting.view_walk import walk_id

FIRST_CONDITIONS = 5  # of the open facts, shown before the reader unfolds the others


def choices_table(c: Context) -> Table:
    """For each workload: the model, how and where it runs, what it costs, how good and how sovereign it is."""
    return Table(
        "choices-table", c.p("choices.caption"), c.columns("workload", "model", "how", "where", "cost#", "quality", "sovereignty"),
        tuple(_row(c, choice) for choice in c.plan.choices), cards=True,
    )


def _row(c: Context, choice: Choice) -> tuple[Cell, ...]:
    every = all(x.conditional_on for x in c.plan.choices)  # the first line says so then
    conditional = (c.p("mark.conditional"),) if choice.conditional_on and not every else ()
    return (
        Cell(c.name(choice.workload), which(c, choice), conditional),
        Cell(
            c.name(choice.model),
            " · ".join(filter(None, [choice.precision, choice.effort and c.p("choices.effort", effort=choice.effort)])),
        ),
        Cell(c.t.name(c.name(choice.mode)), _hardware(c, choice), (c.p("mark.uncalibrated"),) if choice.size and not choice.size.calibrated else ()),
        where(c, choice),
        replace(c.money(choice.cost_eur, estimated(lines_of(choice, c.plan)), _beside(c, choice)), opens=walk_id(c.plan, choice.workload)),
        quality(c, choice),
        Cell(c.p("choices.seal_proven", seal=c.f.seal(choice.seal_proven)), _known(c, choice)),
    )


def _beside(c: Context, choice: Choice) -> str:
    said = [] if choice.exit_cost_eur is None else [c.p("choices.leaving", amount=c.f.euros(choice.exit_cost_eur))]
    if choice.carbon_kg is not None and choice.carbon_source:
        said.append(c.p("choices.carbon", amount=c.f.number(choice.carbon_kg), source=c.t(choice.carbon_source)))
    return c.clauses(said)


def which(c: Context, choice: Choice) -> str:
    """Which part of a workload a choice serves and when, where it is not all of it all the time."""
    said = [c.p("choices.part", part=choice.part, share=c.f.percent(choice.share))] if choice.part else []
    start = c.plan.start
    if start and choice.from_month:
        said.append(c.p("choices.from", day=c.f.day(add_months(start, choice.from_month))))
    if start and choice.until_month is not None:
        said.append(c.p("choices.until", day=c.f.day(add_months(start, choice.until_month))))
    return ", ".join([*said, *([c.p("choices.stands_by")] if choice.stands_by else [])])


def _known(c: Context, choice: Choice) -> str:
    if choice.seal_known is None:
        return c.p("choices.seal_open")
    return c.p("choices.seal_known", seal=c.f.seal(choice.seal_known), score=c.f.number(choice.score_known, 1))


def where(c: Context, choice: Choice) -> Cell:
    """Site, country and operator of a choice."""
    site = c.name(choice.site)
    if choice.country and choice.site:
        site = c.p("choices.site", site=site, country=choice.country)
    elif choice.country:
        site = choice.country
    return Cell(site, c.p("choices.run_by", operator=c.name(choice.operator)))


def quality(c: Context, choice: Choice) -> Cell:
    """How surely a choice reaches the asked quality."""
    if choice.quality_probability is not None:
        return Cell(c.f.probability(choice.quality_probability), c.p("choices.quality_note"), _pinned(c, choice))
    return Cell(c.p("known.not_measured"), marks=_pinned(c, choice))


def _pinned(c: Context, choice: Choice) -> tuple[str, ...]:
    return (c.p("mark.pinned"),) if choice.quality_pinned else ()


def _hardware(c: Context, choice: Choice) -> str:
    if choice.hardware is None or choice.replicas is None:
        return ""
    replicas = c.p.count("count.replicas", choice.replicas)
    held = c.p("choices.hardware", replicas=replicas, accelerators=choice.tensor_parallel or 1, accelerator=c.name(choice.hardware))
    if choice.size is None:
        return held
    low, high = c.f.number(choice.size.requests_per_hour_low), c.f.number(choice.size.requests_per_hour_high)
    return c.clauses([held, c.p("choices.size", low=low, high=high), c.t(choice.size.rests_on)])


# -------------------------------------------------------------------------------------------- first lines


def decision(c: Context) -> str:
    """The plan in one sentence."""
    choices, cost = c.plan.choices, c.plan.cost
    operators = sorted({x.operator for x in choices}, key=lambda key: (key == "own", key))
    return c.p(
        "headline.decision", workloads=c.p.count("count.workloads", len(choices)),
        models=c.p.count("count.models", len({x.model for x in choices})),
        operators=c.listed(map(c.name, operators)), cost=c.f.euros(cost.total_eur), months=c.p.count("count.months", c.plan.months),
    )


def ways(c: Context) -> str:
    """How many workloads run in each mode, the most used first."""
    used = Counter(x.mode for x in c.plan.choices)
    if len(used) == 1:
        return c.p("headline.one_way", mode=c.t.name(c.name(next(iter(used)))))
    counted = sorted(used.items(), key=lambda item: (-item[1], item[0]))
    return c.p("headline.ways", ways=c.listed(c.p("headline.way", mode=c.t.name(c.name(mode)), n=n) for mode, n in counted))


def conditions(c: Context) -> Points:
    """What the plan rests on, before what it promises: models taken unmeasured, then open facts, those that decide the most first."""
    pinned = [Cell(c.p("headline.pinned", model=c.name(x.model), workload=c.name(x.workload))) for x in c.plan.choices if x.quality_pinned]
    holders: dict[str, list[str]] = {}
    for choice in c.plan.choices:
        for fact in choice.conditional_on:
            holders.setdefault(fact, []).append(choice.workload)
    decides = {q.fact: q.decides for q in c.report.questions}
    order = sorted(holders, key=lambda fact: (-decides.get(fact, 0), -len(holders[fact]), fact))
    facts = [Cell(c.fact(fact), c.p("headline.condition_for", workloads=c.whom(holders[fact]))) for fact in order]
    found = (*pinned, *facts)
    most = len(pinned) + FIRST_CONDITIONS
    most = len(found) if len(found) <= most + 2 else most
    title = c.p.count("count.conditions", len(found)) if found else ""
    return Points(title, found[:most], found[most:], c.p.count("count.further", len(found) - most))


def tiles(c: Context) -> tuple[Tile, ...]:
    """The key figures: cost, estimates, sovereignty, proof."""
    cost = c.plan.cost
    lines = c.plan.lines
    guessed = sum((line.amount_eur for line in lines if line.estimate), Decimal(0))
    shown = [
        Tile(c.p("tile.cost"), c.f.euros(cost.total_eur), c.p("tile.cost_note", months=c.p.count("count.months", c.plan.months),
             mean=c.f.euros(cost.total_eur / c.plan.months)), c.estimate(bool(guessed)), opens="cost"),
        Tile(c.p("tile.estimates"), c.f.percent(guessed / cost.total_eur if cost.total_eur else Decimal(0)),
             c.p("tile.estimates_note", amount=c.f.euros(guessed)) if guessed else c.p("tile.estimates_none"), opens="biggest-lines"),
    ]
    if c.report.scorecard is not None:
        shown.append(_sovereignty(c, c.report.scorecard.overall))
    return (*shown, Tile(c.p("tile.proof"), c.p(f"proof.short.{c.report.proof.status}"), proof_sentence(c), opens="proof"))


def carbon(c: Context) -> tuple[Tile, ...]:
    """What is known of the plan's carbon and of how much of the plan; no tile where nothing is. What is not known is never none."""
    kilos, share = c.plan.carbon_known
    if not share:
        return ()
    amount = c.p("format.kilograms", amount=c.f.number(kilos))
    whole = share == 1
    value = amount if whole else c.p("format.at_least", number=amount)
    note = c.p("tile.carbon_all") if whole else c.p("tile.carbon_part", share=c.f.percent(share))
    return (Tile(c.p("tile.carbon"), value, note, c.estimate(True), opens="kpis"),)


def outlook(c: Context, held: Points, steps: Sequence[Step]) -> tuple[Tile, ...]:
    """What is still open, and what to do first."""
    counts = law_counts(c.report.findings)
    law = c.p("tile.open_law", unmet=c.f.number(counts["unmet"]), unknown=c.f.number(counts["unknown"]))
    shown = [Tile(c.p("tile.open"), c.p.count("count.open", len(held.first) + len(held.rest)), law, opens="conditions")]
    if first := next((s for s in steps if s.status != "done" and s.waiver is None), None):
        shown.append(_first_step(c, first))
    return tuple(shown)


def _first_step(c: Context, step: Step) -> Tile:
    begin, who = step.start_by or step.due, {"step": c.t(step.step), "owner": c.t(step.owner)}
    if begin < c.report.provenance.as_of:
        return Tile(c.p("tile.next_first"), c.p("tile.now"), c.p("tile.next_late", day=c.f.day(begin), **who), opens="checklist")
    return Tile(c.p("tile.next"), c.f.day(begin), c.p("tile.next_note", **who), opens="checklist")


def _sovereignty(c: Context, overall: Overall) -> Tile:
    low, high = overall.rating_range
    note = c.p("tile.sovereignty_note", rating=c.f.span(low, high, 1), label=c.t(overall.label))
    return Tile(c.p("tile.sovereignty"), c.f.seals(overall.seal), note, opens="sovereignty")


def proof_sentence(c: Context) -> str:
    """What was proved, in one sentence."""
    proof = c.report.proof
    by_cost = proof.objective[:1] == ("cost",)
    if proof.status is ProofStatus.OPTIMAL:
        return c.p("proof.cheapest" if by_cost else "proof.best")
    if proof.status is ProofStatus.WITHIN_GAP:
        return c.p("proof.gap", gap=c.f.percent(proof.gap, 2))
    return c.p("proof.infeasible")
