"""Facts that can be asked, and rules that ask for them."""
from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import Field

from planner.domain.base import Amount, Confidence, Count, Day, FactName, FactScalar, Flag, Id, Noun, PartialDay, Text
from planner.domain.conditions import Condition


class FactDefinition(Noun):
    """One entry of the closed vocabulary that conditions, FACTS files and assessments may use."""

    name: FactName
    type: Literal["bool", "int", "number", "enum", "list", "country"]
    values: tuple[str, ...] = ()
    meanings: Mapping[str, Text] = {}  # value -> what it says, in plain words
    meaning: Text
    question: Text | None = None  # in plain words; none for facts that are derived
    derived: Flag = False
    relieves: Flag = False  # a class that takes duties away: it is proved from what is known, never assumed
    unit: Text | None = None
    assume_if_unasked: FactScalar | None = None  # a rare fact's usual value; shown as an assumption wherever it is used
    follows: tuple[Condition, ...] = ()  # a yes/no fact: other ways to tell it; where they or what is stated disagree, it is not known
    ratio_of: tuple[FactName, ...] = Field((), max_length=2)  # a number: where nobody states it, the first of these over the second
    role: Text | None = None  # a class that is a role under the law: its name


class Severity(StrEnum):
    """What a rule's unmet demand does."""

    FORBIDS = "forbids"
    WARNS = "warns"
    INFORMS = "informs"


class Citation(Noun):
    """Where a rule is written."""

    text: Text
    url: Text
    checked: PartialDay


class StepTemplate(Noun):
    """A checklist line that a rule raises."""

    do: Text
    owner: Text
    horizon: Literal["short", "mid", "long"] = "short"
    audience: tuple[Literal["adopter", "investor", "policy", "legal", "engineering", "finance"], ...] = ("adopter",)
    weeks: Count = 4
    evidence: Text | None = None
    cost_eur: Amount | None = None


class Cure(Noun):
    """How the customer can meet a demand: what it takes, how long, what it costs (an estimate unless sourced)."""

    what: Text
    weeks: Count
    cost_eur: Amount
    estimate: Flag = True
    per: Literal["workload", "operator", "organisation"] = "workload"


class ClassDate(Noun):
    """From when a rule applies to one class of systems."""

    when_class: FactName
    applies_from: Day


class Rule(Noun):
    """One rule: when it applies, what it demands, whom it binds. Yields the exclusion, the finding and the steps."""

    id: Id
    instrument: Text
    title: Text
    says: Text
    cites: Citation
    kind: Literal["prohibition", "obligation", "classification", "information"]
    status: Literal["law", "guideline", "proposal", "licence-term"]
    binds: tuple[Text, ...]
    act_by: Literal["customer", "vendor"] = "customer"  # whose homework it is
    applies_from: Day
    applies_from_by_class: tuple[ClassDate, ...] = ()  # the first class that holds decides
    applies_until: Day | None = None
    when: Condition
    demands: Condition | None = None  # none on a prohibition: applying is already a breach
    sets: FactName | None = None  # classification: the derived fact that becomes true
    point: Flag = False  # the rule names the point of the law under which a use falls
    severity: Severity
    scope: Literal["workload", "option", "plan"] = "workload"
    cure_by: Literal["deployer", "vendor", "intrinsic", "role-change", "none"] = "none"
    curable_by: Cure | None = None
    steps: tuple[StepTemplate, ...] = ()
    evidence: tuple[Text, ...] = ()
    confidence: Confidence
    verified: Literal["text-read", "secondary", "not-verified"]
    reviewed_by: Text | None = None
    note: Text | None = None
