"""The other plans made ready: what each slider says at each place, and what each setting shows. The page looks up; it computes nothing."""
from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from planner.domain.scorecard import Scores
from planner.domain.what_if import Answer, OtherChoice, OtherPlan, WhatIf
from planner.reporting.context import Context
from planner.reporting.study_drawings import Point, draw_frontier
from planner.reporting.svg import sheet_picture
from planner.reporting.table import Cell, Drawing, Table

CENTRE, RADIUS = 150.0, 104.0  # of the radar, in pixels


@dataclass(frozen=True, slots=True)
class Slider:
    """One axis: its name, what it says at each place, and where today's setting stands."""

    id: str
    label: str
    places: tuple[str, ...]
    today: int


@dataclass(frozen=True, slots=True)
class Spoke:
    """One axis of the radar as it lies on the page."""

    key: str
    name: str
    x: str
    y: str
    text_x: str
    text_y: str
    anchor: str


@dataclass(frozen=True, slots=True)
class OtherPlans:
    """The section: sliders, the choices' workloads, the radar's frame, the frontier, all plans as a table; `data` is what the script reads."""

    intro: str
    on_paper: str
    sliders: tuple[Slider, ...]
    workloads: tuple[str, ...]
    spokes: tuple[Spoke, ...]
    rings: tuple[str, ...]
    plans: Table
    frontier: Drawing | None
    data: Markup


def what_if(c: Context, held: WhatIf | None) -> OtherPlans | None:
    """The section; None where other plans were not asked for."""
    if held is None:
        return None
    told = _Told(c, held)
    spokes = sorted(told.today.percent)
    count = c.p.count("count.plans", len(held.plans))
    return OtherPlans(
        intro=c.p("what_if.intro", plans=count), on_paper=c.p("what_if.on_paper", plans=count), sliders=told.sliders(),
        workloads=tuple(c.name(x.workload) for x in told.today.choices), spokes=tuple(_spoke(c, k, n, len(spokes)) for n, k in enumerate(spokes)),
        rings=tuple(_path([float(ring)] * len(spokes)) for ring in (25, 50, 75, 100)), plans=told.table(), frontier=_frontier(c, told),
        data=Markup(json.dumps(told.data(), ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c").replace("&", "\\u0026")),
    )


class _Told:
    """The plans in the words of a language."""

    def __init__(self, c: Context, held: WhatIf):
        self.c, self.held = c, held
        first = held.answer(*held.today)
        assert first.plan is not None
        self.today = held.plans[first.plan]

    def name(self, key: str | None) -> str:
        if key is None:
            return self.c.f.unknown
        return self.c.report.names.get(key) or self.held.names.get(key, key)

    def sliders(self) -> tuple[Slider, ...]:
        c, held = self.c, self.held
        axes = (
            ("aim", c.p("what_if.aim"), [c.p(f"objective.{o}") for o in held.objectives]),
            ("seal", c.p("what_if.seal"), [c.f.seal(s) if s else c.p("what_if.no_minimum") for s in held.min_seals]),
            ("score", c.p("what_if.score"), [c.p("what_if.no_minimum") if s is None else c.f.exact(s) for s in held.min_scores]),
            ("budget", c.p("what_if.budget"), [c.p("what_if.no_limit") if b is None else c.f.euros(b) for b in held.budgets]),
        )
        return tuple(
            Slider(key, label, tuple(c.p("what_if.as_today", value=w) if n == at else w for n, w in enumerate(words)), at)
            for (key, label, words), at in zip(axes, held.today, strict=True)
        )

    def data(self) -> dict[str, Any]:
        """Plain data: the axes, what each setting gives (a plan's place, or minus one and less for a reason), and every plan in words."""
        reasons: dict[str, int] = {}
        answers, open_ = [], []
        for number, answer in enumerate(self.held.answers):
            if answer.plan is not None:
                answers.append(answer.plan)
                if not answer.proved:
                    open_.append(number)
            else:
                answers.append(-1 - reasons.setdefault(self._reason(answer, number), len(reasons)))
        return {
            "places": {s.id: s.places for s in self.sliders()}, "today": self.held.today, "answers": answers, "open": open_,
            "open_says": self.c.p("what_if.not_proved", seconds=self.c.f.number(self.held.seconds)), "reasons": list(reasons),
            "plans": [self._plan(plan) for plan in self.held.plans], "spokes": sorted(self.today.percent),
        }

    def _reason(self, answer: Answer, number: int) -> str:
        c, held = self.c, self.held
        number, budget = divmod(number, len(held.budgets))
        number, score = divmod(number, len(held.min_scores))
        seal = number % len(held.min_seals)
        if answer.refusal == "seal":
            return c.p("what_if.none_seal", seal=c.f.seal(held.min_seals[seal]))
        if answer.refusal == "budget":
            cheapest = held.answer(0, seal, score, len(held.budgets) - 1)
            if cheapest.plan is not None:
                return c.p("what_if.none_budget", cost=c.f.euros(held.plans[cheapest.plan].cost_eur))
            return c.p("what_if.none_score", score=c.f.exact(held.min_scores[score] or 0))
        if answer.refusal == "score":
            return c.p("what_if.none_score", score=c.f.exact(held.min_scores[score] or 0))
        return c.p("what_if.unsettled", seconds=c.f.number(held.seconds))

    def _plan(self, plan: OtherPlan) -> dict[str, Any]:
        c = self.c
        now = {x.workload: x for x in self.today.choices}
        rows = [self._choice(x, now[x.workload]) for x in plan.choices]
        changed = sum(row[-1] for row in rows)
        return {
            "cost": c.f.euros(plan.cost_eur), "versus": self.versus(plan), "score": c.f.number(plan.score, 1), "score_versus": self._points(plan),
            "changes": c.p.count("count.changed", changed) if changed else c.p("what_if.nothing"), "choices": rows,
            "years": [[year, c.f.euros(amount)] for year, amount in sorted(plan.by_year.items())],
            "radar": {level: _outline(plan.percent, level) for level in ("proven", "known", "possible")},
            "percents": [[c.f.number(getattr(s, level)) for level in ("proven", "known", "possible")] for _, s in sorted(plan.percent.items())],
        }

    def _choice(self, choice: OtherChoice, now: OtherChoice) -> list[Any]:
        same = (choice.model, choice.mode, choice.operator, choice.site) == (now.model, now.mode, now.operator, now.site)
        was = "" if same else self.c.p("what_if.was", way=self._way(now))
        return [self.name(choice.model), self._how(choice), self.c.f.euros(choice.cost_eur), was, int(not same)]

    def _how(self, x: OtherChoice) -> str:
        return f"{self.c.t.name(self.name(x.mode))}, {self.name(x.operator)}"

    def _way(self, x: OtherChoice) -> str:
        return f"{self.name(x.model)}, {self._how(x)}"

    def versus(self, plan: OtherPlan) -> str:
        more = plan.cost_eur - self.today.cost_eur
        if not more:
            return self.c.p("what_if.same_cost")
        return self.c.p("what_if.dearer" if more > 0 else "what_if.cheaper", amount=self.c.f.euros(abs(more)))

    def _points(self, plan: OtherPlan) -> str:
        if plan.score is None or plan.score == self.today.score or self.today.score is None:
            return ""
        more = plan.score - self.today.score
        return self.c.p("what_if.points", points=("+" if more > 0 else "−") + self.c.f.number(abs(more), 1))

    def table(self) -> Table:
        """Every plan behind the sliders, cheapest first: readable without the script."""
        c = self.c
        now = {x.workload: x for x in self.today.choices}
        rows = []
        for plan in self.held.plans:
            mark = (c.p("what_if.today"),) if plan == self.today else ()
            changed = [x.workload for x in plan.choices if self._choice(x, now[x.workload])[-1]]
            operators = sorted({self.name(x.operator) for x in plan.choices})
            rows.append((Cell(c.f.euros(plan.cost_eur), self.versus(plan) if not mark else "", mark), Cell(c.f.number(plan.score, 1)),
                         Cell(c.listed(operators)), Cell(c.whom(changed) if changed else c.p("known.none"))))
        return Table("what-if-plans", c.p("what_if.plans"), c.columns("cost", "score#", "operator", "changes"), tuple(rows), cards=True)


# ----------------------------------------------------------------------------------------- the pictures


def _frontier(c: Context, told: _Told) -> Drawing | None:
    """Cost against score over the plans that are cheapest at their score; today's plan marked."""
    held = told.held
    seal = held.today[1]
    cheapest = [held.answer(0, seal, n, len(held.budgets) - 1) for n in range(len(held.min_scores))]
    plans = [held.plans[n] for n in dict.fromkeys(a.plan for a in cheapest if a.plan is not None)]
    points = [Point(p.cost_eur, p.score) for p in plans if p.score is not None]
    if len(points) < 2 or told.today.score is None:
        return None
    picture = draw_frontier(points, Point(told.today.cost_eur, told.today.score), c.p.lang)
    rows = tuple((Cell(c.f.number(p.score, 1)), c.money(p.cost_eur), Cell(told.versus(p))) for p in plans)
    table = Table("what-if-frontier", c.p("study.frontier"), c.columns("score", "cost#", "changes"), rows)
    return Drawing(sheet_picture(picture, table.caption), table)


def _at(index: int, value: float, count: int) -> tuple[float, float]:
    angle = 2 * math.pi * index / count - math.pi / 2
    return CENTRE + RADIUS * value / 100 * math.cos(angle), CENTRE + RADIUS * value / 100 * math.sin(angle)


def _spoke(c: Context, key: str, index: int, count: int) -> Spoke:
    (x, y), (tx, ty) = _at(index, 100, count), _at(index, 117, count)
    anchor = "middle" if abs(tx - CENTRE) < 10 else "start" if tx > CENTRE else "end"
    card = c.report.scorecard
    name = c.t(card.objectives[key].name) if card and key in card.objectives else key
    return Spoke(key, name, f"{x:.1f}", f"{y:.1f}", f"{tx:.1f}", f"{ty + 4:.1f}", anchor)


def _outline(percent: Mapping[str, Scores], level: str) -> str:
    """A closed path over the spokes; broken where the level is not known."""
    return _path([None if (v := getattr(s, level)) is None else float(v) for _, s in sorted(percent.items())])


def _path(values: list[float | None]) -> str:
    count = len(values)
    points = [None if v is None else _at(i, v, count) for i, v in enumerate(values)]
    if all(points):
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in filter(None, points)) + "Z"
    pairs = [(a, b) for a, b in zip(points, points[1:] + points[:1], strict=True) if a and b]
    return "".join(f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}" for a, b in pairs)


