"""Cost against sovereignty, and cost against carbon: plans that no other plan beats in both, each proved and re-checked."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from planner.domain.assessment import Assessment
from planner.studies.question import Data, question

Run = Callable[[Sequence[Data]], list[Data]]  # questions -> answers, in order


def frontier(case: Data, assessment: Assessment, run: Run, points: int = 8) -> dict[str, Any]:
    """`points` of both curves, cheapest first; `today` marks the plan of the assessment as it stands.

    Exact points of an epsilon constraint: the least cost at a score of at least so much (or carbon of at most so much), and among
    the plans of that cost the best score. All other demands of the assessment hold on every point, its own minimum of the score is lifted.
    """
    (today,) = run([question(case)])
    score = _curve(case, run, points, today, "sovereignty", "sovereignty.min_score", "score", rises=True)
    carbon = _curve(case, run, points, today, "carbon", "max_carbon_kg", "carbon_kg", rises=False)
    return {
        "points": [{"curve": "sovereignty", **p} for p in score] + [{"curve": "carbon", **p} for p in carbon],
        "today": today,
        "carbon_known": bool(carbon),
    }


def _curve(case: Data, run: Run, points: int, today: Data, aim: str, limit: str, field: str, rises: bool) -> list[Data]:
    free = {limit: None} if rises else {limit: Decimal(10**12)}
    ends = run([question(case, limits=free, objective=("cost", aim)), question(case, limits=free, objective=(aim, "cost"))])
    if any(e["outcome"] != "planned" or e[field] is None for e in ends):
        return []
    low, high = sorted(Decimal(str(e[field])) for e in ends)
    between = [low + (high - low) * n / (points - 1) for n in range(1, points - 1)]
    levels = [Decimal(level).quantize(Decimal("0.0001")) if rises else Decimal(int(level)) for level in between]
    if today["outcome"] == "planned" and today[field] is not None and low < Decimal(str(today[field])) < high:
        levels.append(Decimal(str(today[field])))
    asked = [question(case, limits={limit: level}, objective=("cost", aim)) for level in sorted(set(levels))]
    answers = [a for a in [*ends, *run(asked)] if a["outcome"] == "planned" and a[field] is not None]
    return [{**a, "today": _same(a, today)} for a in undominated(answers, field, rises)]


def undominated(answers: Sequence[Data], field: str, rises: bool) -> list[Data]:
    """Those that no other answer matches in cost and in `field` and beats in one of them; of equal ones the first. Cheapest first."""
    worth = 1 if rises else -1
    kept: list[Data] = []
    for answer in sorted(answers, key=lambda a: (Decimal(a["cost_eur"]), -worth * Decimal(str(a[field])))):
        if not kept or worth * Decimal(str(answer[field])) > worth * Decimal(str(kept[-1][field])):
            kept.append(answer)
    return kept


def _same(a: Data, today: Data) -> bool:
    return today["outcome"] == "planned" and a["choices"] == today["choices"]
