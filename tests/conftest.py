"""What all tests share: the shipped catalog, and no network."""
from __future__ import annotations

import shutil
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


@pytest.fixture(scope="session")
def small(catalog):
    """Two of the ministry's workloads with few models: small enough to plan again and again."""
    from planner.reading.assessment import load_assessment

    whole = load_assessment(ROOT / "assessments" / "ministry.yaml", catalog)
    few = [w.model_copy(update={"models": ("gemma-4-26b-a4b", "mistral-small-3-2", "gpt-oss-20b")}) for w in whole.workloads[1:3]]
    return whole.model_copy(update={"workloads": tuple(few)})


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, headless; what needs it is skipped with the reason where it is missing."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with driver.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield opened
        opened.close()
