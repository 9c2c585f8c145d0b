"""The answers to `sovplan init`, written beforehand: a YAML file with the same keys as its questions. Null is "I don't know"."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from planner.domain.assessment import Criticality, Organisation, Residency, Workload
from planner.domain.base import Amount, Count, Country, Day, FactName, FactValue, Flag, Id, Noun, Positive, Seal, Text
from planner.domain.catalog import Catalog
from planner.problems import Problem, Refused
from planner.reading.binding import bind
from planner.reading.references import Names, fact_mapping_problems
from planner.reading.strict_yaml import Document, Route, read
from planner.reading.vocabulary import asked_fact

Sector = Organisation.model_fields["sector"].annotation
Task = Workload.model_fields["task"].annotation


class WorkloadAnswers(Noun):
    """What is said of one kind of work. What is left out is asked, or has a default."""

    task: Task  # type: ignore[valid-type]
    users: Positive | None = None
    requests_per_month: Positive | None = None
    languages: tuple[str, ...] | None = Field(None, min_length=1)
    quality: Id | None = None
    criticality: Criticality | None = None
    facts: Mapping[FactName, FactValue | None] = {}
    rare: tuple[FactName, ...] | None = None


class Answers(Noun):
    """What is said of the organisation. `rare` lists the rare facts that hold; an empty list says that none of those asked does."""

    name: Text | None = None
    sector: Sector | None = None  # type: ignore[valid-type]
    country: Country | None = None
    public_body: Flag | None = None
    employees: Count | None = None
    monthly_revenue_eur: Amount | None = None
    own_room_kw: Amount | None = None
    budget_eur: Amount | None = None
    residency: Residency | None = None
    min_seal: Seal | None = None
    start: Day | None = None
    months: int | None = Field(None, ge=1, le=120)
    facts: Mapping[FactName, FactValue | None] = {}
    rare: tuple[FactName, ...] | Literal["none"] | None = None
    workloads: tuple[WorkloadAnswers, ...] = ()


def load_answers(path: Path, catalog: Catalog) -> Answers:
    """The answers in a YAML file. Raises Refused with every problem at its place: shape, names that the catalog lacks, values of facts."""
    document = read(path)
    bound = bind(Answers, document)
    if isinstance(bound, list):
        raise Refused(bound)
    if problems := list(_problems(document, bound, catalog)):
        raise Refused(problems)
    return bound


def _problems(document: Document, answers: Answers, catalog: Catalog) -> Iterator[Problem]:
    names = Names(catalog)
    if answers.country is not None and (found := names.objection("countries", answers.country)):
        yield document.problem(("country",), *found)
    if answers.start is not None and answers.start.day != 1:
        yield document.problem(("start",), "a horizon starts on the first of a month")
    yield from _facts(document, document.data, (), catalog)
    for place, (said, workload) in enumerate(zip(document.data.get("workloads") or (), answers.workloads)):
        if workload.quality is not None and (found := names.objection("tiers", workload.quality)):
            yield document.problem(("workloads", place, "quality"), *found)
        yield from _facts(document, said, ("workloads", place), catalog)


def _facts(document: Document, said: Mapping[str, Any], at: Route, catalog: Catalog) -> Iterator[Problem]:
    yield from fact_mapping_problems(document, said.get("facts") or {}, (*at, "facts"), catalog)
    rare = said.get("rare")
    for place, name in enumerate(rare if isinstance(rare, list) else ()):
        if found := asked_fact(name, catalog.facts):
            yield document.problem((*at, "rare", place), *found)
