"""Runs the cases of law.yaml and uses.yaml: given these facts, these classes, these points of the law and these verdicts."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from law_catalog import law_catalog

from planner.judging.law import law_of_facts
from planner.reading.strict_yaml import read

SPECS = [read(Path(__file__).with_name(name)).data for name in ("law.yaml", "uses.yaml")]
CASES = [(spec["usual"] | case["facts"], case, date.fromisoformat(str(spec["as_of"]))) for spec in SPECS for case in spec["cases"]]
TAKES = {"bool": bool, "int": int, "number": (int, Decimal), "enum": str, "country": str, "list": list}


@pytest.mark.parametrize(("facts", "case", "day"), CASES, ids=lambda value: value.get("case") if isinstance(value, dict) else None)
def test_the_law_says_what_a_lawyer_expects(facts, case, day):
    reading = law_of_facts(facts, law_catalog(), day)
    statuses = {finding.rule: finding.status for finding in (*reading.obligations, *reading.proposals)}
    assert {name: reading.classes[name] for name in case.get("classes", {})} == case.get("classes", {})
    assert {rule: statuses.get(rule, "absent") for rule in case.get("rules", {})} == case.get("rules", {})
    assert "points" not in case or list(reading.points) == case["points"]


def test_every_fact_rule_and_value_of_the_cases_is_in_the_catalog():
    catalog = law_catalog()
    for facts, case, _ in CASES:
        assert set(case.get("rules", {})) <= set(catalog.rules), case["case"]
        for name, value in facts.items():
            definition = catalog.facts[name]
            assert value is None or isinstance(value, TAKES[definition.type]), (case["case"], name)
            said = value if isinstance(value, list) else [value]
            assert not definition.values or value is None or set(said) <= set(definition.values), (case["case"], name, value)


def test_every_value_of_a_screening_list_is_used_by_a_case_or_decides_nothing():
    catalog = law_catalog()
    used = {value for facts, _, _ in CASES for name in ("wl.purposes", "wl.practices") for value in facts.get(name) or ()}
    tested = {v for f in catalog.facts.values() for c in f.follows for leaf in c.leaves() if leaf.fact == "wl.practices" for v in leaf.any_of or ()}
    assert tested <= used | {"abuse-imagery", "later-identification"}
