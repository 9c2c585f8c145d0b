"""What else could have been decided: exact plans at other limits and aims, as much of each as a reader compares."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from planner.domain.assessment import ObjectiveName
from planner.domain.base import Amount, Count, Flag, Id, Noun, Number, Seal, Text
from planner.domain.scorecard import Scores

Refusal = Literal["seal", "score", "budget", "not-proved"]


class OtherChoice(Noun):
    """How one workload is served in another plan."""

    workload: Id
    option: Text
    model: Id
    mode: Id
    operator: Id
    site: Id | None
    cost_eur: Amount
    seal_known: Seal | None


class OtherPlan(Noun):
    """A plan that passed the re-check: its money, its score by the portfolio's own basis, and where it stands on each objective."""

    cost_eur: Amount
    capex_eur: Amount
    by_year: Mapping[str, Decimal]
    score: Number | None
    carbon_kg: Count | None  # None: not known
    choices: tuple[OtherChoice, ...]
    percent: Mapping[str, Scores]  # objective such as SOV-1 -> share of its points


class Answer(Noun):
    """What one setting gives: a plan by its place in the list, or why there is none.

    `seal` and `score`: no plan reaches it at any budget; `budget`: one does, for more; `not-proved`: neither was shown in the time given.
    A plan that is not `proved` is the best that was found in that time.
    """

    plan: Count | None
    refusal: Refusal | None = None
    proved: Flag = True


class WhatIf(Noun):
    """All settings of four sliders, and the plan of each. All other demands of the assessment hold throughout.

    `answers` runs through the objectives, within each through the minimum SEALs, then the minimum scores, then the budgets. A None on
    an axis means no such demand. `today` holds the places of the assessment's own settings on the four axes.
    """

    objectives: tuple[ObjectiveName, ...]
    min_seals: tuple[Seal, ...]
    min_scores: tuple[Number | None, ...]
    budgets: tuple[Amount | None, ...]
    today: tuple[Count, Count, Count, Count]
    plans: tuple[OtherPlan, ...]
    answers: tuple[Answer, ...]
    names: Mapping[Id, Text]  # of models, operators, sites and modes that the report itself does not name
    seconds: Amount  # how long the solver might work on one plan

    def answer(self, objective: int, seal: int, score: int, budget: int) -> Answer:
        """The answer at these places of the four axes."""
        place = ((objective * len(self.min_seals) + seal) * len(self.min_scores) + score) * len(self.budgets) + budget
        return self.answers[place]
