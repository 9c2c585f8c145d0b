"""Drawings are well formed, say what they show, and keep text text."""
from __future__ import annotations

import xml.etree.ElementTree as ET

from planner.reporting.svg import Bar, Column, Spoke, StackCell, bars, radar, stack_map, stacked_bar

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>alert(1)</script>"\' {{7*7}} \u202e'
BARS = [Bar("L1", HOSTILE, "€ 1", 0.25, "25 %"), Bar("L2", "none of it", "€ 0", 0.0, "0 %"), Bar("L4", "rest", "€ 3", 0.75, "75 %")]
SPOKES = [Spoke(f"SOV-{i}", HOSTILE, 10.0 * i, None if i == 4 else 11.0 * i, 12.0 * i) for i in range(1, 9)]
CELLS = tuple(
    StackCell(f"L{i} layer", HOSTILE, "law: FR", "could switch it off", key, "note") for i, key in enumerate(("yes", "no", "unknown"))
)
COLUMNS = [Column("On-premises", "a model with a very long name indeed", "w1, w2", CELLS), Column("API", "m", "w3", CELLS)]


def drawings():
    return [
        stacked_bar("a", HOSTILE, "says", BARS),
        bars("b", "t", HOSTILE, BARS),
        radar("c", "t", "says", SPOKES, ("Proven", "Known", "Possible")),
        stack_map("d", "t", "says", COLUMNS),
        stacked_bar("e", "t", "says", []),
        bars("f", "t", "says", []),
        stack_map("g", "t", "says", []),
    ]


def test_every_drawing_is_well_formed_and_told_in_words():
    for made in drawings():
        root = ET.fromstring(made)
        names = root.get("aria-labelledby").split()
        assert root.get("role") == "img" and [root.find(f"{SVG}title").get("id"), root.find(f"{SVG}desc").get("id")] == names


def test_text_from_others_stays_text():
    for made in drawings():
        root = ET.fromstring(made)
        assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {"svg", "title", "desc", "rect", "text", "line", "polygon", "circle"}
        assert not [a for e in root.iter() for a in e.attrib if a.startswith("on") or a in ("style", "href")]
        assert "\u202e" not in made


def test_a_part_of_nothing_has_a_line_in_the_legend_but_no_bar():
    root = ET.fromstring(stacked_bar("a", "t", "says", BARS))
    assert len(root.findall(f"{SVG}rect")) == 2 + 3
    assert any("none of it" in (e.text or "") for e in root.findall(f"{SVG}text"))


def test_an_objective_that_is_not_known_leaves_a_gap_in_the_line():
    root = ET.fromstring(radar("c", "t", "says", SPOKES, ("Proven", "Known", "Possible")))
    known = [e for e in root.findall(f"{SVG}line") if e.get("class") == "known"]
    dots = [e for e in root.findall(f"{SVG}circle") if e.get("class") == "known-dot"]
    assert len(known) == 6 + 1 and len(dots) == 7 + 1  # one of each stands in the legend


def test_who_could_switch_it_off_is_told_by_shape_and_words():
    root = ET.fromstring(stack_map("d", "t", "says", COLUMNS))
    shapes = {e.get("class"): e.tag.removeprefix(SVG) for e in root.iter() if (e.get("class") or "").startswith("sign-")}
    assert shapes == {"sign-yes": "rect", "sign-no": "circle", "sign-unknown": "polygon"}
    assert sum("could switch it off" in (e.text or "") for e in root.iter(f"{SVG}text")) == 6


def test_a_long_name_is_cut_and_stands_whole_in_its_title():
    root = ET.fromstring(stack_map("d", "t", "says", COLUMNS))
    cut = next(e for e in root.iter(f"{SVG}text") if (e.text or "").startswith("a model"))
    assert cut.text.endswith("…") and cut.find(f"{SVG}title").text == "a model with a very long name indeed"
