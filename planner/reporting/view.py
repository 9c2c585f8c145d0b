"""A Report made ready to be shown: every figure formatted, every phrase chosen, every row in its order. Templates only lay it out."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.domain.report import Report
from planner.reporting import (
    view_annexes, view_choices, view_kpis, view_law, view_money, view_proof, view_roadmap, view_sovereignty, view_what_if,
)
from planner.reporting.audiences import EVERYBODY, Audience, audience_of
from planner.reporting.context import Context
from planner.reporting.phrases import Phrases
from planner.reporting.table import Drawing, Group, Points, Table, Tile


@dataclass(frozen=True, slots=True)
class Planned:
    """What only a report with a plan has."""

    decision: str
    ways: str
    conditions: Points
    tiles: tuple[Tile, ...]
    carbon: tuple[Tile, ...]
    outlook: tuple[Tile, ...]
    choices: Table
    money: view_money.Money
    sovereignty: view_sovereignty.Sovereignty | None
    stack: Drawing | None
    law: tuple[Group, ...]
    checklist: tuple[view_law.Horizon, ...]
    roadmap: Drawing | None
    questions: Table
    assumptions: Table
    stale: Table
    sources: Table
    annexes: tuple[view_annexes.AnnexPart, ...]
    kpis: Table
    what_if: view_what_if.OtherPlans | None


@dataclass(frozen=True, slots=True)
class View:
    """One report in one language."""

    lang: str
    p: Phrases
    title: str
    organisation: str
    as_of: str
    report_day: date
    tool: str
    headline: tuple[str, ...]
    planned: Planned | None
    refusal: view_proof.Refusal | None
    searched: str
    exclusions: Table
    audience: Audience
    proof: Table
    proof_sentence: str
    provenance: Table


def view_of(report: Report, lang: str, audience: str = EVERYBODY) -> View:
    """The view of a report for a circle of readers. Raises UsageError for a language without phrases, or a circle there is none of."""
    c = Context(report, lang)
    readers = audience_of(audience, report)
    searched = c.p("why_not.searched", open=c.p.count("count.ways", report.options_open), excluded=c.f.number(report.options_excluded))
    return View(
        lang=lang, p=c.p, title=report.assessment_name, organisation=report.organisation, as_of=c.f.day(report.provenance.as_of),
        report_day=report.provenance.as_of, tool=report.provenance.tool, headline=_headline(c),
        planned=None if report.plan is None else _planned(c, readers),
        refusal=None if report.conflict is None else view_proof.refusal(c, report.conflict), searched=searched,
        exclusions=view_law.exclusions(c, report.exclusions), audience=readers, proof=view_proof.proof(c),
        proof_sentence=view_choices.proof_sentence(c),
        provenance=view_proof.provenance(c),
    )


def _headline(c: Context) -> tuple[str, ...]:
    """The first lines: the decision where there is one, else what cannot all hold."""
    if c.report.plan is not None:
        return view_choices.decision(c), view_choices.ways(c)
    conflict = c.report.conflict
    return c.report.headline if conflict is None else (c.p("headline.none", demands=c.listed(c.t(d.says) for d in conflict.demands)),)


def _planned(c: Context, readers: Audience) -> Planned:
    report = c.report
    return Planned(
        decision=view_choices.decision(c), ways=view_choices.ways(c), conditions=view_choices.conditions(c),
        tiles=view_choices.tiles(c), carbon=view_choices.carbon(c), choices=view_choices.choices_table(c),
        outlook=view_choices.outlook(c, view_choices.conditions(c), tuple(filter(readers.sees, report.checklist))),
        money=view_money.money(c), sovereignty=None if report.scorecard is None else view_sovereignty.sovereignty(c, report.scorecard),
        stack=view_sovereignty.stack(c), law=view_law.law(c, report.findings),
        checklist=view_law.checklist(c, filter(readers.sees, report.checklist)), roadmap=view_roadmap.roadmap(c, report.roadmap),
        questions=view_law.questions(c, report.questions), assumptions=view_proof.assumptions(c), stale=view_proof.stale(c),
        sources=view_proof.sources(c), annexes=view_annexes.annexes(c, report.annexes),
        kpis=view_kpis.kpis(c), what_if=view_what_if.what_if(c, report.what_if),
    )
