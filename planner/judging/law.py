"""What the law says of plain facts or of an assessment, before a model or an operator is chosen."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog, Model
from planner.domain.report import ClassTrace, LawReading, Risk, RoleReading, UseClass
from planner.judging.classes import CLASS, Classifier, TwoReadings
from planner.judging.compliance import merged
from planner.judging.facts import model_facts, workload_facts
from planner.judging.lawbook import LawBook
from planner.judging.questions import questions_of
from planner.judging.roles import roles_of
from planner.judging.tracing import points_of, trace
from planner.judging.tuning import tuning_room

# A use is of the first of these classes that holds, and cannot be told where an earlier one is open.
_RISKS: tuple[tuple[str, Risk], ...] = (
    ("prohibited", "prohibited"), ("high_risk", "high-risk"), ("transparency", "transparency"), ("minimal", "minimal"),
)


def law_of_facts(
    facts: Mapping[str, Any], catalog: Catalog, as_of: date, horizon_end: date = date.max, model: Model | None = None
) -> LawReading:
    """The law on one set of facts (name -> value): classes, duties in force on `as_of` or coming by `horizon_end`, questions.

    Of a `model`, what the catalog knows is added; what is stated goes before it.
    """
    return _law({None: {**(model_facts(model, catalog) if model else {}), **facts}}, catalog, as_of, horizon_end, model)


def law_of(
    assessment: Assessment, catalog: Catalog, as_of: date, horizon_end: date = date.max, model: Model | None = None
) -> LawReading:
    """The law on an assessment's workloads, all served by `model` where one is named. A class is true if one workload is in it, and
    false only if none can be."""
    return _law({w.id: workload_facts(w, assessment, catalog, model) for w in assessment.workloads}, catalog, as_of, horizon_end, model)


@dataclass(frozen=True)
class _Use:
    """One use, read: its facts, both readings of them, and what follows."""

    facts: Mapping[str, Any]
    readings: TwoReadings
    classifier: Classifier

    @cached_property
    def values(self) -> dict[str, bool | None]:
        """Class (with its prefix) -> value."""
        return {name: class_value(name, self.readings, self.classifier.catalog) for name in sorted(self.classifier.rules)}

    @cached_property
    def rules(self) -> dict[str, tuple[str, ...]]:
        """Class that holds -> all rules that make it so."""
        known, supposed = self.readings.known.because, self.readings.supposed.because
        return {name: tuple(sorted({*known.get(name, ()), *supposed.get(name, ())})) for name, value in self.values.items() if value}

    @cached_property
    def traces(self) -> dict[str, ClassTrace]:
        """Class without its prefix -> why it is what it is."""
        return {
            name.removeprefix(CLASS): trace(name, value, self.facts, self.readings, self.classifier) for name, value in self.values.items()
        }

    @cached_property
    def roles(self) -> tuple[RoleReading, ...]:
        """Its roles and what flips them."""
        return roles_of(self.facts, self.readings, self.classifier, self.values)

    @property
    def open(self) -> set[str]:
        """The facts on which the classes turn by which it is told, and its role as provider."""
        return {fact for name in (*dict(_RISKS), "system_provider") for fact in self.traces[name].open}

    @property
    def points(self) -> tuple[str, ...]:
        """The points of the law that it falls under."""
        return points_of((rule for rules in self.rules.values() for rule in rules), self.classifier)

    @property
    def summary(self) -> UseClass:
        """The use by itself."""
        short = {name.removeprefix(CLASS): value for name, value in self.values.items()}
        return UseClass(risk=risk_of(short), points=self.points, trace=self.traces, roles=self.roles)


def _law(
    facts_by: Mapping[str | None, Mapping[str, Any]], catalog: Catalog, as_of: date, horizon_end: date, model: Model | None
) -> LawReading:
    book = LawBook(catalog, as_of, horizon_end)
    stated = {key: {n: v for n, v in facts.items() if v is not None and not n.startswith(CLASS)} for key, facts in facts_by.items()}
    uses = {key: _Use(facts, book.classifier.read(facts), book.classifier) for key, facts in stated.items()}
    findings = merged([(key, book.verdicts(facts)) for key, facts in stated.items()])
    obligations = tuple(f for f in findings if f.law_status != "proposal")
    names = sorted(book.classifier.rules)
    classes = {name.removeprefix(CLASS): _together([use.values[name] for use in uses.values()]) for name in names}
    return LawReading(
        as_of=as_of,
        classes=classes,
        because={
            name.removeprefix(CLASS): tuple(sorted({rule for use in uses.values() for rule in use.rules.get(name, ())}))
            for name in names
            if classes[name.removeprefix(CLASS)]
        },
        if_usual={name.removeprefix(CLASS): _together([use.readings.supposed.facts.get(name) for use in uses.values()]) for name in names},
        obligations=obligations,
        proposals=tuple(f for f in findings if f.law_status == "proposal"),
        questions=questions_of(obligations, catalog, screening=True, first={fact for use in uses.values() for fact in use.open}),
        assumed={name: value for use in uses.values() for name, value in sorted(use.readings.assumed.items())},
        risk=risk_of(classes),
        points=tuple(sorted({point for use in uses.values() for point in use.points})),
        trace={name: _first(value, [use.traces[name] for use in uses.values()]) for name, value in classes.items()},
        roles=tuple(_one_role(roles) for roles in zip(*(use.roles for use in uses.values()), strict=True)),
        workloads={key: use.summary for key, use in uses.items() if key is not None},
        tuning=tuning_room(model, catalog, book.classifier) if model else None,
        contradicted=tuple(sorted({name for use in uses.values() for name in book.classifier.following.contradicted(use.facts)})),
    )


def class_value(name: str, readings: TwoReadings, catalog: Catalog) -> bool | None:
    """Whether a class holds. False and relief rest on what is known alone; a burden may also rest on usual values."""
    proved = readings.known.facts.get(name)
    definition = catalog.facts.get(name)
    if proved is None and readings.supposed.facts.get(name) and not (definition and definition.relieves):
        return True
    return proved


def risk_of(classes: Mapping[str, bool | None]) -> Risk | None:
    """The one class a use is told by, from its classes (named without their prefix); None where it cannot be told."""
    if classes.get("in_scope") is False:
        return "out-of-scope"
    for name, risk in _RISKS:
        if classes.get(name) is not False:
            return risk if classes.get(name) else None
    return None


def _first(value: bool | None, traces: list[ClassTrace]) -> ClassTrace:
    return next(t for t in traces if t.value is value)


def _one_role(roles: tuple[RoleReading, ...]) -> RoleReading:
    """A role over several uses: held if it is held for one."""
    value = _together([role.holds for role in roles])
    return next(role for role in roles if role.holds is value)


def _together(values: list[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False
