"""The pictures of studies: whole XML, told in words, and right at their edges."""
from __future__ import annotations

from decimal import Decimal as D
from xml.etree import ElementTree

import pytest

from planner.reporting.study_drawings import (
    Point, Regret, Swing, draw_bars, draw_breakeven, draw_frontier, draw_regret, draw_tornado,
)

HOSTILE = '<script>alert(1)</script> & "x"'


def words(svg: str) -> str:
    return " ".join("".join(node.itertext()) for node in ElementTree.fromstring(svg).iter() if node.tag.endswith(("text", "title", "desc")))


@pytest.mark.parametrize("lang", ["en", "fr", "de", "ja"])
def test_each_picture_is_whole_and_says_its_figures(lang):
    frontier = draw_frontier([Point(D(100000), D("60.5"), HOSTILE), Point(D(250000), D(80))], Point(D(120000), D(60)), lang)
    even = draw_breakeven([
        {"subject": HOSTILE, "cached_share": None, "traffic": traffic, "cheapest": "api", "cost_eur": {"api": cost, "on-prem": None}}
        for traffic, cost in (("0.5", "10"), ("8", "90"))
    ], lang)
    bars = draw_bars("spread", [(HOSTILE, D(5)), ("none", None)], lang)
    tornado = draw_tornado([Swing("small", D(90), D(110), D(100)), Swing(HOSTILE, D(50), D(300), D(100))], lang)
    regret = draw_regret(Regret(("plan", HOSTILE), ("calm", "storm"), ((D(0), D(1234)), (D(5), None))), lang)
    for svg in (frontier, even, tornado, regret, bars):
        assert HOSTILE in words(svg) and "<script" not in svg
    assert words(tornado).index("alert") < words(tornado).index("small")  # what moves most stands first


def test_pictures_of_nothing_say_so():
    for svg in (draw_frontier([], None), draw_breakeven([]), draw_tornado([]), draw_regret(Regret((), (), ()))):
        assert "none" in words(svg)


def test_equal_values_divide_by_nothing():
    assert "€5.00" in words(draw_frontier([Point(D(5), D(5))], Point(D(5), D(5))))
    assert draw_tornado([Swing("still", D(1), D(1), D(1))])
    assert draw_regret(Regret(("a",), ("b",), ((D(0),),)))


def test_the_plan_of_least_regret_is_one_that_holds_everywhere():
    svg = draw_regret(Regret(("holds", "fails"), ("one", "two"), ((D(9), D(9)), (D(0), None))))
    assert "least regret at worst" in svg and svg.index("holds") < svg.index("least regret at worst") < svg.index(">fails<")
