"""The efficiency panels of a plan: each mixture of experts it chose, against dense models of equal total and of equal active size."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog
from planner.domain.efficiency import Contender, Duel, EfficiencyPanel
from planner.domain.plan import Choice, Plan
from planner.sizing.demand import volumes
from planner.sizing.efficiency import Contestant, Panel, panel
from planner.sizing.replica import Goals, Shape

USUAL = "h200"  # the accelerator of the comparison where a model runs behind an API, on machines that nobody names
MOST = 4


def panels_of(plan: Plan, assessment: Assessment, world: Catalog, as_of: date) -> tuple[EfficiencyPanel, ...]:
    """A panel for each mixture, by the requests of the first workload that it serves. Where none can be made, there is none."""
    first: dict[tuple[str, str], Choice] = {}
    for choice in plan.choices:
        architecture = world.models[choice.model].architecture
        if architecture is not None and architecture.value.experts:
            first.setdefault((choice.model, choice.hardware or USUAL), choice)
    made = [_panel(choice, accelerator, assessment, world, as_of) for (_, accelerator), choice in first.items() if accelerator in world.accelerators]
    return tuple(found for found in made if found is not None)[:MOST]


def _panel(choice: Choice, accelerator: str, assessment: Assessment, world: Catalog, as_of: date) -> EfficiencyPanel | None:
    workload = next(w for w in assessment.workloads if w.id == choice.workload)
    model = world.models[choice.model]
    asked = volumes(workload, assessment.horizon, world.assumptions, model.unit)
    wanted = workload.service
    goals = Goals(wanted.time_to_first_token_ms, None if wanted.tokens_per_second is None else float(wanted.tokens_per_second))
    try:
        made = panel(world, model, world.accelerators[accelerator], Shape(max(asked.input_tokens, 1), max(asked.output_tokens, 1)), goals, as_of,
                     choice.precision)
    except (KeyError, ValueError):  # nobody rents it by the hour, or its figures are not known: there is nothing to compare
        return None
    return EfficiencyPanel(
        model=model.id, workload=workload.id, accelerator=accelerator, precision=made.precision, input_tokens=made.shape.input_tokens,
        output_tokens=made.shape.output_tokens, eur_per_accelerator_hour=made.eur_per_accelerator_hour.quantize(Decimal("0.0001")), offer=made.offer,
        contenders=tuple(_contender(made, c) for c in made.contestants),
        duels=tuple(Duel(against=d.against, from_requests_per_hour=d.from_requests_per_hour, dearer_below=d.dearer_below,
                         cost_ratio=_rounded(d.cost_ratio, 2), energy_ratio=_rounded(d.energy_ratio, 2)) for d in made.duels),
    )


def _contender(made: Panel, c: Contestant) -> Contender:
    speed, energy, cost = made.tokens_per_second(c), made.kwh_per_mtok(c), made.eur_per_mtok(c)
    total = c.model.parameters_total_b
    active = c.model.parameters_active_b or total
    assert total is not None and active is not None
    return Contender(
        role=c.role, model=c.model.name, total_b=total.value, active_b=active.value, weights_gb=c.weights_gb,
        accelerators=c.sizes[0][0] if c.sizes else None, tokens_per_second=None if speed is None else _rounded(speed, 0),
        kwh_per_mtok=None if energy is None else _rounded(energy, 3), eur_per_mtok=None if cost is None else _rounded(cost, 3),
        because=c.because or None,
    )


def _rounded(value: float, places: int) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-places))
