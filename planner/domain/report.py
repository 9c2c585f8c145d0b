"""The one Report that feeds every format: plan, scorecard, findings, checklist, exclusions, questions, provenance."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from planner.domain.assessment import Waiver
from planner.domain.base import Amount, Confidence, Count, Day, FactName, Flag, Id, Noun, PartialDay, Text
from planner.domain.catalog import Citation
from planner.domain.conditions import Between
from planner.domain.kpi import Kpi
from planner.domain.market import Annexes
from planner.domain.plan import Binding, Conflict, Exclusion, Outcome, Plan, Proof
from planner.domain.roadmap import RoadmapEntry
from planner.domain.scorecard import (
    Dependency,
    FactorVerdict,
    Levels,
    NextStep,
    ObjectiveScore,
    Overall,
    PartScore,
    Scorecard,
    Scores,
)
from planner.domain.studied import Studied
from planner.domain.what_if import WhatIf

FORMAT_VERSION = "1"


# ---------------------------------------------------------------------------------------------- the law


class Finding(Noun):
    """What one rule says of the plan: met, unmet or unknown; never silent, never green on silence."""

    rule: Id
    title: Text
    workload: Id | None
    status: Literal["met", "unmet", "unknown", "informs"]
    applies: Flag = True  # False: it is open whether the rule applies; `unknown` and true: it does, and evidence is needed
    timing: Literal["in-force", "upcoming"]
    applies_from: Day
    severity: Literal["forbids", "warns", "informs"]
    law_status: Literal["law", "guideline", "proposal", "licence-term"]
    citation: Citation
    says: Text
    why: Text
    facts: tuple[FactName, ...] = ()
    unknown: tuple[FactName, ...] = ()
    assumed: tuple[FactName, ...] = ()  # those of the unknown facts that have a usual value, which raised this duty
    act_by: Literal["customer", "vendor"] = "customer"
    confidence: Confidence = Confidence.MEDIUM
    verified: Text = "secondary"
    waiver: Waiver | None = None  # who answers for it instead; the status stays what it is


class ClassTrace(Noun):
    """Why a class is what it is: the fewest facts that decide it, the rules they do it by, the points of the law they name."""

    value: Flag | None  # None: not known; `open` then says on which facts it turns
    points: tuple[Text, ...] = ()
    rules: tuple[Id, ...] = ()
    facts: Mapping[FactName, Any] = {}  # stated
    assumed: Mapping[FactName, Any] = {}  # supposed, as is usual
    open: tuple[FactName, ...] = ()


class Flip(Noun):
    """One fact which, if it were otherwise, would change a role: what it would have to be, and whether the role is held then."""

    fact: FactName
    value: Any
    holds: Flag | None
    meaning: Text


class RoleReading(Noun):
    """Whether the organisation has one role under the law, why, and what would flip it."""

    role: Text
    holds: Flag | None
    because: tuple[Id, ...] = ()
    facts: Mapping[FactName, Any] = {}
    assumed: Mapping[FactName, Any] = {}
    open: tuple[FactName, ...] = ()
    flips: tuple[Flip, ...] = ()


Risk = Literal["out-of-scope", "prohibited", "high-risk", "transparency", "minimal"]


class UseClass(Noun):
    """The class of one use under the AI Act (None: cannot tell), the points of the law it falls under, and its roles."""

    risk: Risk | None
    points: tuple[Text, ...] = ()
    trace: Mapping[str, ClassTrace] = {}  # class -> why
    roles: tuple[RoleReading, ...] = ()


class TuningRoom(Noun):
    """What tuning a model may take before whoever tunes it is taken for the provider of the result, and what the model itself took, in FLOP."""

    model: Id
    flop: Amount
    tokens: Count | None  # of data that pass once through all weights with so much compute
    original: Between | None = None  # None: not known, and the lowest threshold counts
    source: Id | None = None
    date: PartialDay | None = None


class LawReading(Noun):
    """What the law says of some facts, before anything is chosen: classes (None: not known), duties, and what to ask next."""

    as_of: Day
    classes: Mapping[str, bool | None]  # without the `class.` before their names
    if_usual: Mapping[str, bool | None] = {}  # what the classes would be if the usual values of rare facts held; proves nothing
    because: Mapping[str, tuple[Id, ...]] = {}  # class -> the rules that make it so
    obligations: tuple[Finding, ...]
    proposals: tuple[Finding, ...] = ()  # not law: they bind nobody
    questions: tuple[Question, ...]
    assumed: Mapping[FactName, Any] = {}  # usual values supposed for rare facts nobody stated; they may raise a duty, never clear one
    risk: Risk | None = None  # the gravest class of any use; None: cannot tell
    points: tuple[Text, ...] = ()  # the points of the law that uses fall under
    trace: Mapping[str, ClassTrace] = {}  # class -> why, of the first use that decides it
    roles: tuple[RoleReading, ...] = ()
    workloads: Mapping[Id, UseClass] = {}  # each use of an assessment by itself
    tuning: TuningRoom | None = None  # where a model is named
    contradicted: tuple[FactName, ...] = ()  # facts of which two different things are said: they count as not known


class Question(Noun):
    """A fact nobody has told us, in plain words, and how much it decides."""

    fact: FactName
    question: Text
    decides: Count  # rules, factors or options that turn on it
    about: Text


class Step(Noun):
    """One line of the adoption checklist."""

    id: Id
    step: Text
    horizon: Literal["short", "mid", "long"]
    audience: Text
    owner: Text
    due: Day
    evidence: Text
    because: Text  # the rule, fact or figure that raised it
    workloads: tuple[Id, ...] = ()
    cost_eur: Amount | None = None
    status: Literal["open", "in-progress", "done"] = "open"
    citation: Text | None = None
    weeks: Count = 0  # how long it takes; 0: not estimated
    start_by: Day | None = None  # the latest day to begin, from the due day and the weeks; may lie in the past
    depends_on: tuple[Id, ...] = ()  # steps that come first
    evidence_at: Text | None = None  # where the evidence lies, as its owner says
    waiver: Waiver | None = None


class StackLayer(Noun):
    """Who owns, runs and could switch off one layer of the stack under one choice."""

    layer: Text
    name: Text
    owner: Text
    law: Text
    could_switch_off: Flag | None
    note: Text | None = None


class Stack(Noun):
    """The stack map of one choice."""

    workload: Id
    layers: tuple[StackLayer, ...]


class StaleFact(Noun):
    """A fact past its shelf life on the planning day."""

    what: Text
    date: PartialDay
    age_days: Count
    shelf_life_days: Count


class SourceUsed(Noun):
    """A source that a figure of this report comes from."""

    id: Id
    what: Text
    url: Text | None
    date: PartialDay


class Provenance(Noun):
    """What is needed to compute the report again."""

    tool: Text
    catalog_sha256: Text
    assessment_sha256: Text
    as_of: Day
    exchange_rates: tuple[Text, ...]
    overridden: tuple[Text, ...] = ()
    solver: Text
    facts_by_status: Mapping[str, int] = {}


class Report(Noun):
    """One document that every format is made from. Unknown is null; money is decimal text with its currency in the key."""

    format_version: Text = FORMAT_VERSION
    outcome: Outcome
    assessment_name: Text
    organisation: Text
    headline: tuple[Text, ...]  # the first lines anyone reads, conditions first
    proof: Proof
    plan: Plan | None
    scorecard: Scorecard | None
    stack: tuple[Stack, ...]
    findings: tuple[Finding, ...]
    checklist: tuple[Step, ...]
    exclusions: tuple[Exclusion, ...]
    options_open: Count
    options_excluded: Count
    questions: tuple[Question, ...]
    binding: tuple[Binding, ...] = ()
    conflict: Conflict | None = None
    annexes: Annexes | None = None  # none where there is no plan, or an older version saved it
    kpis: tuple[Kpi, ...] = ()  # empty where an older version saved it
    studied: Studied | None = None  # studies that were run before and given to the report
    what_if: WhatIf | None = None  # other plans at other limits, where they were asked for
    roadmap: tuple[RoadmapEntry, ...] = ()  # none where there is no plan, or an older version saved it
    stale: tuple[StaleFact, ...] = ()
    sources: tuple[SourceUsed, ...]
    names: Mapping[str, str]  # id -> name, for every id in the report
    assessment: Mapping[str, Any]  # as read, so that the report can be checked again
    provenance: Provenance
