"""What all tests share: the shipped catalog, and no network."""
from __future__ import annotations

import socket
import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tests may share helpers that lie beside this file

ROOT = Path(__file__).resolve().parent.parent
AS_OF = date(2026, 11, 24)


@pytest.fixture(scope="session")
def catalog():
    """The shipped catalog, as a user gets it."""
    from planner.reading.catalog import load_catalog

    return load_catalog([ROOT / "catalog"])


@pytest.fixture(autouse=True)
def no_network(monkeypatch, request):
    """Nothing in the product may open a connection; a test that drives a browser says so with `@pytest.mark.network`."""
    if request.node.get_closest_marker("network"):
        return

    def refuse(*_args, **_kwargs):
        raise AssertionError("something tried to open a network connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="session")
def reports(catalog):
    """`reports(name)` plans a worked example once and gives its report and its assessment."""
    from planner.planning import plan
    from planner.reading.assessment import assessment_data, load_assessment

    made = {}

    def of(name: str):
        if name not in made:
            assessment = load_assessment(ROOT / "assessments" / f"{name}.yaml", catalog)
            made[name] = plan(catalog, assessment, AS_OF, assessment_data(assessment)), assessment
        return made[name]

    return of
