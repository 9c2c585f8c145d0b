"""A report's annexes: bounded, following from the plan, and readable in every language."""
from __future__ import annotations

from datetime import date

import pytest
from report_fixture import rich_report

from planner.domain.market import Annexes
from planner.landscape.portfolio import matrix
from planner.landscape.position import default_weights, positions
from planner.landscape.timeline import timeline
from planner.landscape.void import find_void
from planner.reading.catalog import load_catalog
from planner.reporting.phrases import languages
from planner.reporting.render import render
from planner.resources import bundled

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def annexed():
    world = load_catalog([bundled("catalog")])
    places = positions(world, DAY, default_weights(world))
    held = Annexes(portfolios=matrix(world, DAY), positions=places, void=find_void(places), timeline=timeline(world, DAY, ("mistral-ai",)))
    return rich_report().model_copy(update={"annexes": held})


@pytest.mark.parametrize("lang", languages())
def test_each_picture_of_the_market_has_an_alternative_and_a_table(annexed, lang):
    page = render(annexed, "html", lang).decode()
    assert page.count('<img class="sheet" alt="') == 4
    for table in ("annex-matrix", "annex-map", "annex-timeline"):
        assert f'<table id="{table}"' in page


def test_a_report_without_annexes_has_no_section_for_them():
    bare = rich_report().model_copy(update={"annexes": None})
    assert 'id="annexes"' not in render(bare, "html").decode()
    assert "Annexes" not in render(bare, "md").decode()
