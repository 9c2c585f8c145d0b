"""Drafts of legal records: a form of sections and items, filled with what is known of one use of AI; the rest is asked, never assumed."""
from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from planner.domain.base import FactName, Flag, Id, Noun, Text
from planner.domain.catalog import FactDefinition
from planner.domain.report import Finding, Step
from planner.judging.lawbook import in_words
from planner.problems import UsageError, nearest
from planner.reporting.exports.known import Known, Use
from planner.reporting.exports.words import export_data, export_words
from planner.reporting.figures import Figures
from planner.reporting.phrases import phrases
from planner.reporting.texts import texts


class Item(Noun):
    """One entry of a form: a sentence with places, facts, rules, steps, or a question; and who can answer."""

    says: Text | None = None
    ask: Text | None = None
    facts: tuple[FactName, ...] = ()
    rules: tuple[Id, ...] = ()
    steps: tuple[Id, ...] = ()
    of: Text | None = None
    cites: Text | None = None
    outside: Flag = False  # only where another company runs the service


class Section(Noun):
    """A heading of a form with the article that asks for it."""

    title: Text
    cites: Text
    items: tuple[Item, ...]


class Form(Noun):
    """A record that the law asks for. `rule` is the duty in the catalog, from which it follows whether it is due."""

    title: Text
    intro: Text
    rule: Id
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a draft: a statement, or a question with who can answer it."""

    text: str
    cites: str
    of: str | None = None  # set: a question


@dataclass(frozen=True, slots=True)
class Filled:
    """One section of a draft."""

    title: str
    cites: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A form filled for one use."""

    use: Use
    sections: tuple[Filled, ...]

    @property
    def questions(self) -> tuple[Line, ...]:
        """What is still to be answered, each question once."""
        return tuple(dict.fromkeys(line for section in self.sections for line in section.lines if line.of))


def form_named(name: str, lang: str = "en") -> Form:
    """The form of that name in one language."""
    return Form.model_validate(export_data(name, lang))


def chosen(known: Known, form: Form, workload: str | None) -> tuple[Use, ...]:
    """The uses to draft for: the one that is named, else every one for which the duty is not ruled out. UsageError for an unknown workload."""
    if workload is None:
        return tuple(use for use in known.uses if form.rule in use.findings)
    found = tuple(use for use in known.uses if use.workload.id == workload)
    if not found:
        raise UsageError(f"--workload {workload}: the plan has no such workload; {nearest(workload, [u.workload.id for u in known.uses])}")
    return found


def filled(form: Form, use: Use, known: Known, lang: str = "en") -> Draft:
    """The form filled with what is known of a use."""
    pen = _Pen(use, known, lang)
    return Draft(use, tuple(Filled(s.title, s.cites, tuple(line for item in s.items for line in pen.lines(item, s.cites))) for s in form.sections))


class _Pen:
    """Writes the lines of items about one use."""

    def __init__(self, use: Use, known: Known, lang: str):
        self.use, self.known, self.p, self.t = use, known, export_words(lang), texts(lang)
        self.f = Figures(phrases(lang))
        self.places = _places(use, known, lang)

    def lines(self, item: Item, cites: str) -> Iterator[Line]:
        """What one item says or asks."""
        if item.outside and not self.use.outside:
            return
        cites, of = item.cites or cites, item.of or self.p("form.owner")
        said = None if item.says is None else _filled_in(item.says, self.places)
        if said is not None:
            yield Line(said, cites)
        elif item.ask:
            yield Line(item.ask, cites, of)
        for fact in item.facts:
            yield self.fact(fact, cites, of)
        for rule in item.rules:
            if finding := self.use.findings.get(rule):
                yield self.rule(finding)
        yield from self.steps(item.steps, cites)

    def fact(self, name: str, cites: str, of: str) -> Line:
        """A fact as it is known, or the question for it."""
        definition = self.known.world.facts[name]
        if name not in self.use.facts:
            asked = self.t(definition.question) if definition.question else self.p("form.unknown_fact", meaning=self.t(definition.meaning))
            return Line(asked, cites, of)
        key = "form.stated" if name in self.use.stated else "form.derived"
        return Line(self.p(key, meaning=_capital(self.t(definition.meaning)), value=self.value(definition, self.use.facts[name])), cites)

    def value(self, definition: FactDefinition, value: Any) -> str:
        """The value in words, with what it means where the vocabulary says so."""
        words = self.p("form.true" if value else "form.false") if isinstance(value, bool) else in_words(value)
        meaning = definition.meanings.get(str(value))
        return f"{words} ({self.t(meaning)})" if meaning else words

    def rule(self, finding: Finding) -> Line:
        """How the law stands, with its own citation."""
        status = self.p(f"form.status.{finding.status}")
        return Line(self.p("form.rule", title=self.t(finding.title), status=status, why=self.t(finding.why)), finding.citation.text)

    def steps(self, rules: Iterable[str], cites: str) -> Iterator[Line]:
        """The steps of the checklist that these rules raise for the use, each once."""
        wanted = tuple(f"{rule}, " for rule in rules)
        for step in self.known.report.checklist:
            if any(reason in f"; {step.because}" for reason in (f"; {w}" for w in wanted)) and _concerns(step, self.use):
                status = self.p(f"form.status.{step.status}")
                said = self.p("form.step", step=self.t(step.step), owner=self.t(step.owner), day=self.f.day(step.due), status=status)
                yield Line(said, step.citation or cites)


def _concerns(step: Step, use: Use) -> bool:
    return not step.workloads or use.workload.id in step.workloads


def _filled_in(sentence: str, places: Mapping[str, str | None]) -> str | None:
    """The sentence with its places filled; None where one of them is not known."""
    needed = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    return None if any(places[name] is None for name in needed) else sentence.format_map(places)


def _places(use: Use, known: Known, lang: str) -> dict[str, str | None]:
    """What the sentences of a form may name. None: not known."""
    p, t, report, choice, workload = export_words(lang), texts(lang), known.report, use.choice, use.workload
    assessment, deployment = known.assessment, use.deployment
    operator = deployment.operator
    kept = deployment.offer.retains_days if deployment.offer else None
    country = operator.country or p("not_known")
    share = None if choice.quality_probability is None else f"{choice.quality_probability * 100:.0f}"
    return {
        "organisation": assessment.organisation.name, "sector": in_words(assessment.organisation.sector.replace("-", " ")),
        "country": assessment.organisation.country, "workload": workload.name, "task": workload.task, "languages": ", ".join(workload.languages),
        "criticality": workload.criticality.value, "model": report.names.get(choice.model, choice.model),
        "maker": deployment.vendor.name if deployment.vendor else p("not_known"), "licence": deployment.licence.name if deployment.licence else None,
        "mode": t.name(report.names.get(choice.mode, choice.mode)), "operator": operator.name, "operator_country": country,
        "site": report.names.get(choice.site, choice.site) if choice.site else p("not_known"), "processing_country": choice.country,
        "start": Figures(phrases(lang)).day(assessment.horizon.start), "months": str(assessment.horizon.months),
        "requests": f"{_requests(use, known):,.0f}", "retention": None if kept is None else str(kept),
        "quality": p("form.unmeasured") if share is None else p("form.measured", share=share),
        "recipient": p("form.recipient", operator=operator.name, operator_country=country) if use.outside else p("form.recipient_own"),
    }


def _requests(use: Use, known: Known) -> Decimal:
    """Requests a month: as stated, or users times their requests on a working day, whose number may be the catalog's assumption."""
    demand = use.workload.demand
    if demand.users is None or demand.adoption is None or demand.requests_per_user_day is None:
        return demand.requests_per_month or Decimal(0)
    days = demand.working_days_per_month or known.world.assumptions["working-days-per-month"].value
    return demand.users * demand.adoption * demand.requests_per_user_day * days


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
