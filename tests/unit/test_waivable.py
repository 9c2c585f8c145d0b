"""A waiver names something that there is."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

import planner.judging.plan_steps as plan_steps
from planner.domain.waivable import GATE_NAMES, STEP_SOURCES
from planner.planning.gates import GATES
from planner.problems import Refused
from planner.reading.assessment import assessment_of
from planner.reading.catalog import load_catalog
from planner.reading.strict_yaml import parse
from planner.resources import bundled

BANK = (bundled("assessments") / "bank.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def world():
    return load_catalog([bundled("catalog")])


def waived(rule: str) -> str:
    return BANK + f"\nwaivers:\n  - {{rule: {rule}, owner: CFO, reason: a pilot, expires: 2027-06-30}}\n"


def test_the_gates_and_checks_that_may_be_waived_are_those_that_exist():
    assert set(GATE_NAMES) == set(GATES)
    code = Path(plan_steps.__file__).read_text(encoding="utf-8")
    assert set(STEP_SOURCES) == set(re.findall(r'yield Line\(\s*"([a-z-]+)"', code))


@pytest.mark.parametrize("rule", ["dora-28-8-exit", "get-a-quote", "unmet-duty"])
def test_a_rule_a_check_and_a_gate_may_be_waived(world, rule):
    assert assessment_of(parse("a.yaml", waived(rule)), world).waivers[0].rule == rule


def test_a_waiver_of_what_there_is_not_is_refused_at_its_place_with_the_nearest_name(world):
    with pytest.raises(Refused) as refused:
        assessment_of(parse("a.yaml", waived("dora-28-8-exti")), world)
    (problem,) = refused.value.problems
    assert problem.path == "waivers[0].rule" and problem.line == BANK.count("\n") + 3 and "dora-28-8-exit" in problem.hint
