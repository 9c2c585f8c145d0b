"""Writes docs/gallery: `python tests/make_gallery.py` plans every worked assessment and keeps what a reader wants first of its report."""
from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from planner.planning import Settings, plan
from planner.reading.assessment import assessment_data, load_assessment
from planner.reading.catalog import load_catalog
from planner.reporting.render import render
from planner.reporting.write import write_atomically

ROOT = Path(__file__).resolve().parents[1]
DAY = date(2026, 11, 24)
NAMES = ("semiconductor", "automotive-crash", "automotive-bom", "bank-productivity", "research")
KEPT = ("What runs where", "What it costs", "How sovereign it is", "What to do, and when")
STEPS = 10  # rows kept of each table of steps


def page(name: str) -> str:
    """The gallery's page of a worked assessment: summary, choices, money, sovereignty and the first steps, in Markdown."""
    world = load_catalog([ROOT / "catalog"])
    asked = load_assessment(ROOT / "assessments" / f"{name}.yaml", world)
    report = plan(world, asked, DAY, assessment_data(asked), Settings("highs", 60.0, 0.0))
    return shortened(render(report, "md").decode(), name)


def shortened(text: str, name: str) -> str:
    """A report page without its annexes, and with the first steps of each list only."""
    summary, *sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    kept = [_first_steps(s) if s.startswith(f"## {KEPT[-1]}") else s for s in sections if s.splitlines()[0].removeprefix("## ") in KEPT]
    note = (f"\nThis page is shortened: duties, open questions, assumptions, proof and sources are in the whole report, "
            f"`sovplan plan assessments/{name}.yaml --as-of {DAY} --out out`.\n")
    return summary + "".join(kept).rstrip("\n") + "\n" + note


def _first_steps(section: str) -> str:
    lines, rows = [], 0
    for line in section.splitlines(keepends=True):
        rows = rows + 1 if line.startswith("|") else 0
        if rows <= STEPS + 2:  # a table's head and rule are two lines
            lines.append(line)
    return "".join(lines)


if __name__ == "__main__":
    for made in NAMES:
        write_atomically(ROOT / "docs" / "gallery" / f"{made}.md", page(made).encode())
