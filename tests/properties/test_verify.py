"""The second pair of eyes sees: a true plan passes, and a plan with any one field changed does not."""
from __future__ import annotations

import copy
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest
from pydantic import ValidationError

from planner.domain.plan import Plan
from planner.verify import verify


def leaves(value: Any, path: tuple = ()):
    """Every single value of a plan, with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def changed(value: Any) -> list[Any]:
    """Ways in which one value may be forged."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1]
    if value is None:
        return ["1", 1, True]
    try:
        number = Decimal(value)
        return [str(number + Decimal("0.01")), str(number + 1)]
    except (InvalidOperation, TypeError):
        pass
    try:
        return [(date.fromisoformat(value) + timedelta(days=1)).isoformat()]
    except ValueError:
        return ["L3" if value == "L4" else "L4", value + "x", "on-prem", "even", "start", "mistral-ai"]


def mutants(plan: Plan):
    """The plan with one field changed, for every field; the first forged value that the noun accepts and that differs."""
    import json

    data = json.loads(plan.model_dump_json())
    for path, value in leaves(data):
        for forged in changed(value):
            copied = copy.deepcopy(data)
            holder = copied
            for part in path[:-1]:
                holder = holder[part]
            holder[path[-1]] = forged
            try:
                mutant = Plan.model_validate_json(json.dumps(copied))
            except ValidationError:
                continue
            if mutant != plan:
                yield path, value, forged, mutant
                break


@pytest.fixture(scope="module", params=["bank", "ministry"])
def planned(request, catalog, reports):
    """A worked example's plan with its assessment."""
    report, assessment = reports(request.param)
    return report.plan, assessment


def test_a_true_plan_passes(planned, catalog):
    plan, assessment = planned
    assert verify(plan, catalog, assessment, plan.as_of) == ()


def test_verify_catches_99_percent_of_single_field_mutations(planned, catalog):
    plan, assessment = planned
    missed, tried = [], 0
    for path, value, forged, mutant in mutants(plan):
        tried += 1
        if not verify(mutant, catalog, assessment, plan.as_of):
            missed.append((path, value, forged))
    assert tried > 300
    assert len(missed) <= tried * 0.01, missed


def test_a_plan_of_another_day_is_refused(planned, catalog):
    plan, assessment = planned
    assert verify(plan, catalog, assessment, plan.as_of + timedelta(days=1))


def test_a_plan_without_one_of_its_workloads_is_refused(planned, catalog):
    plan, assessment = planned
    assert verify(plan.model_copy(update={"choices": plan.choices[1:]}), catalog, assessment, plan.as_of)
