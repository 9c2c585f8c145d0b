"""What the law says of plain facts or of an assessment, before a model or an operator is chosen."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog
from planner.domain.report import LawReading
from planner.judging.classes import CLASS, TwoReadings
from planner.judging.compliance import merged
from planner.judging.facts import workload_facts
from planner.judging.lawbook import LawBook
from planner.judging.questions import questions_of


def law_of_facts(facts: Mapping[str, Any], catalog: Catalog, as_of: date, horizon_end: date = date.max) -> LawReading:
    """The law on one set of facts (name -> value): classes, duties in force on `as_of` or coming by `horizon_end`, questions."""
    return _law({None: facts}, catalog, as_of, horizon_end)


def law_of(assessment: Assessment, catalog: Catalog, as_of: date, horizon_end: date = date.max) -> LawReading:
    """The law on an assessment's workloads. A class is true if one workload is in it, and false only if none can be."""
    return _law({w.id: workload_facts(w, assessment, catalog) for w in assessment.workloads}, catalog, as_of, horizon_end)


def _law(facts_by: Mapping[str | None, Mapping[str, Any]], catalog: Catalog, as_of: date, horizon_end: date) -> LawReading:
    book = LawBook(catalog, as_of, horizon_end)
    stated = {key: {n: v for n, v in facts.items() if v is not None and not n.startswith(CLASS)} for key, facts in facts_by.items()}
    readings = [book.classifier.read(facts) for facts in stated.values()]
    findings = merged([(key, book.verdicts(facts)) for key, facts in stated.items()])
    obligations = tuple(f for f in findings if f.law_status != "proposal")
    names = sorted(book.classifier.rules)
    classes = {name.removeprefix(CLASS): _together([class_value(name, r, catalog) for r in readings]) for name in names}
    because = {
        name.removeprefix(CLASS): tuple(
            sorted({rule for r in readings for rule in (*r.known.because.get(name, ()), *r.supposed.because.get(name, ()))})
        )
        for name in names
        if classes[name.removeprefix(CLASS)]
    }
    return LawReading(
        as_of=as_of,
        classes=classes,
        because=because,
        if_usual={name.removeprefix(CLASS): _together([r.supposed.facts.get(name) for r in readings]) for name in names},
        obligations=obligations,
        proposals=tuple(f for f in findings if f.law_status == "proposal"),
        questions=questions_of(obligations, catalog),
        assumed={name: value for r in readings for name, value in sorted(r.assumed.items())},
    )


def class_value(name: str, readings: TwoReadings, catalog: Catalog) -> bool | None:
    """Whether a class holds. False and relief rest on what is known alone; a burden may also rest on usual values."""
    proved = readings.known.facts.get(name)
    definition = catalog.facts.get(name)
    if proved is None and readings.supposed.facts.get(name) and not (definition and definition.relieves):
        return True
    return proved


def _together(values: list[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False
