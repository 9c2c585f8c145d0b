"""Drafts as documents: Markdown for people, and for the record of processing a table for spreadsheets."""
from __future__ import annotations

from collections.abc import Sequence

from planner.domain.catalog import Catalog, Rule
from planner.domain.conditions import Condition
from planner.domain.report import Finding, Report
from planner.reporting.citations import cited
from planner.reporting.exports.cells import csv_text
from planner.reporting.exports.forms import Draft, Filled, Form, Line, chosen, filled, form_named
from planner.reporting.exports.known import Known, Use, known_of
from planner.reporting.exports.words import export_words
from planner.reporting.figures import Figures
from planner.reporting.phrases import Phrases, phrases
from planner.reporting.text import markdown

FORMS = ("fria", "dpia", "ropa")


def draft_markdown(name: str, report: Report, catalog: Catalog, workload: str | None = None, lang: str = "en") -> str:
    """One of FORMS for a plan, as Markdown: which uses need it, a draft for each, and the questions still open by who can answer.

    Raises UsageError for a report without a plan, an unknown workload, or a language there are no words for.
    """
    form, known, p = form_named(name, lang), known_of(report, catalog), export_words(lang)
    drafts = tuple(filled(form, use, known, lang) for use in chosen(known, form, workload))
    lines = [f"# {markdown(form.title)}", "", _made(report, p), "", markdown(form.intro), "", markdown(p("form.disclaimer")), ""]
    lines += [*_overview(form, known, {d.use.workload.id for d in drafts}, p), *_questions(drafts, p)]
    for draft in drafts:
        lines += [f"## {markdown(_called(draft.use, known, p))}", ""]
        for number, section in enumerate(draft.sections, 1):
            lines += [*_section(number, section, p)]
    return "\n".join(lines).rstrip() + "\n"


def record_csv(report: Report, catalog: Catalog, workload: str | None = None, lang: str = "en") -> str:
    """The record of processing as CSV of RFC 4180: one row a workload, one column a point of Art. 30(1); a cell says what is still asked."""
    form, known, p = form_named("ropa", lang), known_of(report, catalog), export_words(lang)
    head = [p("form.use"), *(f"{section.title} ({cited(section.cites, lang)})" for section in form.sections)]
    rows = [
        [_called(draft.use, known, p), *("; ".join(_cell(line, p) for line in section.lines) for section in draft.sections)]
        for draft in (filled(form, use, known, lang) for use in chosen(known, form, workload))
    ]
    return csv_text([head, *rows])


def _cell(line: Line, p: Phrases) -> str:
    return f"[{p('form.asked', of=line.of)} {line.text}]" if line.of else line.text


# ---------------------------------------------------------------------------------------------- Markdown


def _called(use: Use, known: Known, p: Phrases) -> str:
    """The workload's name, and by which model and operator where it is served in several ways."""
    if sum(other.workload.id == use.workload.id for other in known.uses) == 1:
        return use.workload.name
    model, operator = known.report.names.get(use.choice.model, use.choice.model), use.deployment.operator.name
    return p("form.standby" if use.choice.stands_by else "form.way", name=use.workload.name, model=model, operator=operator)


def _made(report: Report, p: Phrases) -> str:
    day = Figures(phrases(p.lang)).day(report.provenance.as_of)
    return p("form.made", organisation=markdown(report.organisation), plan=markdown(report.assessment_name), day=day)


def _overview(form: Form, known: Known, drafted: set[str], p: Phrases) -> list[str]:
    rule = known.world.rules[form.rule]
    rows = [
        f"| {markdown(use.workload.name)} | {markdown(_due(use, rule, p))} | {p('form.yes' if use.workload.id in drafted else 'form.no')} |"
        for use in {use.workload.id: use for use in known.uses}.values()
    ]
    head = f"| {p('form.use')} | {p('form.due')} | {p('form.drafted')} |"
    return [f"## {p('form.overview')} ({markdown(cited(rule.cites.text, p.lang))})", "", head, "| --- | --- | --- |", *rows, ""]


def _due(use: Use, rule: Rule, p: Phrases) -> str:
    finding: Finding | None = use.findings.get(rule.id)
    if finding is None:
        return p("form.not_due")
    key = "form.since" if finding.timing == "in-force" else "form.from"
    status = p("form.unfiled" if _only_unfiled(finding, rule.demands) else f"form.{finding.status}")
    return p(key, status=status, day=Figures(phrases(p.lang)).day(finding.applies_from))


def _only_unfiled(finding: Finding, demands: Condition | None) -> bool:
    """Whether it is settled that the duty applies, and all that is open is the evidence it asks for."""
    return finding.status == "unknown" and demands is not None and set(finding.unknown) <= demands.fact_names()


def _section(number: int, section: Filled, p: Phrases) -> list[str]:
    lines = [f"### {number}. {markdown(section.title)} ({markdown(cited(section.cites, p.lang))})", ""]
    for line in section.lines:
        asked = f"**{markdown(p('form.asked', of=line.of))}** " if line.of else ""
        lines.append(f"- {asked}{markdown(line.text)} ({markdown(cited(line.cites, p.lang))})")
    return [*lines, ""]


def _questions(drafts: Sequence[Draft], p: Phrases) -> list[str]:
    """The questions of all drafts by who can answer; one question for several uses stands once."""
    asked: dict[tuple[str, str], list[str]] = {}
    for draft in drafts:
        for line in draft.questions:
            asked.setdefault((line.of or "", line.text), []).append(draft.use.workload.name)
    lines = [f"## {p('form.questions')} ({len(asked)})", ""]
    if not asked:
        return [*lines, p("form.no_questions"), ""]
    lines += [f"| {p('form.who')} | {p('form.question')} | {p('form.use')} |", "| --- | --- | --- |"]
    for (of, question), uses in sorted(asked.items(), key=lambda item: item[0][0]):
        whose = p("form.all") if len(drafts) > 1 and len(uses) == len(drafts) else ", ".join(dict.fromkeys(uses))
        lines.append(f"| {markdown(of)} | {markdown(question)} | {markdown(whose)} |")
    return [*lines, ""]
