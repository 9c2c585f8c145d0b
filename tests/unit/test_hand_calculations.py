"""The calculations by hand in the docs: each line comes out as it says, and equals to the cent what the tool plans."""
from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pytest

from planner.planning.story import plan
from planner.reading.assessment import assessment_data, assessment_from_data, load_assessment
from planner.reading.catalog import load_catalog
from planner.resources import bundled

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "hand-calculations.md").read_text()
READ = {"currency": "EUR", "valid_from": "2026-11-01", "source": "own-assessment", "date": "2026-11-20"}
QUOTE = {
    "id": "our-quote", "name": "Our quote", "operator": "t-systems", "mode": "api", "layer": "L1", "kind": "tokens", "model": "mistral-small-4",
    "processing_region": "eu", "minimum_eur_per_month": 1000,
    "prices": [READ | {"unit": "input-mtok", "amount": "0.5"}, READ | {"unit": "output-mtok", "amount": "1.5"}],
}
SECTIONS = {  # what of the workload, and of the assessment, makes each plan
    "Metered API": ({"modes": ["api"]}, {}), "VPC": ({"modes": ["vpc"]}, {}), "On-premises": ({"modes": ["on-prem"]}, {}),
    "Mistral Compute": ({"modes": ["mistral-compute"]}, {}),
    "Provisioned throughput": ({"models": ["gpt-5"]}, {"constraints": {"operators": {"only": ["microsoft-azure"]}}}),
    "A least monthly bill": ({"modes": ["api"]}, {"offers": [QUOTE], "constraints": {"operators": {"only": ["t-systems"]}}}),
}
ROW = re.compile(r"^\| ([^|]+) \|([^|]*)\| \**(-?[\d,]+\.\d\d)\** \|$", re.M)


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def pocket_calculator(text: str) -> Decimal:
    """Left to right, as on a pocket calculator."""
    first, *rest = text.split()
    value = number(first)
    for sign, operand in zip(rest[::2], rest[1::2], strict=True):
        value = value * number(operand) if sign == "×" else value / number(operand)
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)


def rows(name: str) -> list[tuple[str, str, Decimal]]:
    section = PAGE.split(f"\n## {name}\n")[1].split("\n## ")[0]
    return [(line, worked.strip(), number(amount)) for line, worked, amount in ROW.findall(section)]


@pytest.fixture(scope="module")
def world():
    return load_catalog([bundled("catalog")])


@pytest.mark.parametrize("name", SECTIONS)
def test_each_line_comes_out_as_it_says(name):
    *lines, (_, _, whole) = rows(name)
    assert len(lines) >= 4
    assert [pocket_calculator(worked) for _, worked, _ in lines] == [amount for _, _, amount in lines]
    assert sum(amount for _, _, amount in lines) == whole


@pytest.mark.parametrize("name", SECTIONS)
def test_the_tool_says_the_same_to_the_cent(name, world):
    data = assessment_data(load_assessment(DOCS / "examples" / "one-workload.yaml", world))
    workload, rest = SECTIONS[name]
    data = data | rest | {"workloads": [data["workloads"][0] | workload]}
    made = plan(world, assessment_from_data(data, world), date(2026, 11, 24), data).plan
    *lines, (_, _, whole) = rows(name)
    assert [line.amount_eur for line in made.lines] == [amount for _, _, amount in lines]
    assert made.cost.total_eur == whole
