"""Pictures as files: each stands alone, hostile text stays text, and the same report gives the same bytes."""
from __future__ import annotations

from xml.etree import ElementTree

import pytest
from report_fixture import no_plan_report, rich_report, with_text
from what_if_fixture import rich_with_others

from planner.reporting.picture_files import picture_files


def test_every_drawing_is_a_file_that_stands_alone():
    made = picture_files(rich_with_others(), "en")
    assert {"cost-by-layer.svg", "cost-by-year.svg", "objectives.svg", "stack-table.svg", "what-if-frontier.svg"} <= set(made)
    for name, data in made.items():
        if name.endswith(".svg"):
            root = ElementTree.fromstring(data)
            assert root.tag.endswith("svg") and "viewBox" in root.attrib and b"<script" not in data and b"href" not in data


def test_png_stands_beside_each_svg_where_the_typesetter_is_there():
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    made = picture_files(rich_report(), "en")
    assert all(made[name.replace(".svg", ".png")].startswith(b"\x89PNG") for name in made if name.endswith(".svg"))
    assert made == picture_files(rich_report(), "en")


def test_hostile_text_stays_text_and_no_plan_has_no_picture():
    for name, data in picture_files(with_text(rich_report(), lambda old: "</svg><script>alert(1)</script>" + old), "en").items():
        assert not name.endswith(".svg") or b"<script" not in data
    assert picture_files(no_plan_report(), "en") == {}
