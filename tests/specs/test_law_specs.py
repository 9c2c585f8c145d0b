"""Runs the cases of law.yaml: given these facts, these classes and these verdicts."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from law_catalog import law_catalog

from planner.judging.law import law_of_facts
from planner.reading.strict_yaml import read

SPEC = read(Path(__file__).with_name("law.yaml")).data


@pytest.mark.parametrize("case", SPEC["cases"], ids=lambda case: case["case"])
def test_the_law_says_what_a_lawyer_expects(case):
    facts = {**SPEC["usual"], **case["facts"]}
    reading = law_of_facts(facts, law_catalog(), date.fromisoformat(str(SPEC["as_of"])))
    statuses = {finding.rule: finding.status for finding in (*reading.obligations, *reading.proposals)}
    assert {name: reading.classes[name] for name in case.get("classes", {})} == case.get("classes", {})
    assert {rule: statuses.get(rule, "absent") for rule in case.get("rules", {})} == case.get("rules", {})


def test_every_fact_rule_and_value_of_the_cases_is_in_the_catalog():
    catalog = law_catalog()
    for case in SPEC["cases"]:
        assert set(case.get("rules", {})) <= set(catalog.rules), case["case"]
        for name, value in {**SPEC["usual"], **case["facts"]}.items():
            definition = catalog.facts[name]
            wanted = {"bool": bool, "int": int, "number": (int, Decimal), "enum": str, "country": str, "list": list}[definition.type]
            assert value is None or isinstance(value, wanted), (case["case"], name)
            assert not definition.values or value is None or value in definition.values, (case["case"], name, value)
