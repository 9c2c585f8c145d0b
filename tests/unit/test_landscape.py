"""The pictures of the market: what must hold of any catalog, and of the shipped one."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.catalog import Event
from planner.judging.licences import colour
from planner.landscape.changes import changes
from planner.landscape.dossier import dossier
from planner.landscape.ladder import ladders
from planner.landscape.portfolio import current_models, matrix, standing
from planner.landscape.position import AXES, committed_to_eu, default_weights, positions, without
from planner.landscape.timeline import timeline
from planner.landscape.void import find_void, largest_empty, turns_on
from planner.reporting.market_drawings import draw_map, draw_matrix
from planner.reporting.story_drawings import draw_changes, draw_dossier, draw_ladder, draw_timeline

AS_OF = date(2026, 11, 24)
MISTRAL = "mistral-ai"


def with_events(catalog, *events, party=MISTRAL):
    """The catalog in which one party has these events alone."""
    parties = {k: p.model_copy(update={"events": events if k == party else ()}) for k, p in catalog.parties.items()}
    return catalog.model_copy(update={"parties": parties})


def event(kind, amount=None, currency="EUR", day="2026-01"):
    return Event(date=day, kind=kind, says=f"{kind} of some amount", amount_m=amount, currency=currency if amount is not None else None,
                 source="own-assumption")


@pytest.fixture(scope="module")
def places(catalog):
    return positions(catalog, AS_OF, default_weights(catalog))


# ---------------------------------------------------------------------------------------------- portfolio


def test_every_model_in_service_stands_in_one_cell_under_the_colour_of_its_terms(catalog):
    seen = []
    for row in matrix(catalog, AS_OF):
        assert len(row.cells) == 9
        for cell in row.cells:
            for entry in cell.models:
                model = catalog.models[entry.model]
                assert (model.maker, model.group, colour(catalog.licences[model.licence.value])) == (row.vendor, cell.group, cell.colour)
                seen.append(entry.model)
    assert sorted(seen) == sorted(m.id for models in current_models(catalog, AS_OF).values() for m in models)


def test_a_model_is_announced_before_its_release_and_retired_after_its_end(catalog):
    model = next(m for _, m in sorted(catalog.models.items()) if m.released and m.retires)
    assert standing(model, date(2000, 1, 1)) == "announced"
    assert standing(model, date(2100, 1, 1)) == "retired"
    assert standing(model.model_copy(update={"released": None, "retires": None}), AS_OF) == "undated"


# ------------------------------------------------------------------------------------------------ the map


def test_every_axis_lies_within_its_range_and_every_part_tells_its_sources(catalog, places):
    assert len(places) >= 15
    for p in places:
        for axis in (p.openness, p.fit):
            assert 0 <= axis.low <= axis.value <= axis.high <= 1, p.vendor
            for part in axis.parts:
                assert 0 <= part.low <= part.value <= part.high <= 1, (p.vendor, part.id)
                assert all(e.source in catalog.sources and e.date for e in part.evidence)


def test_weights_move_the_map(catalog):
    alone = {part: Decimal(int(part in ("open-licence", "eu-offers"))) for parts in AXES.values() for part in parts}
    for p in positions(catalog, AS_OF, alone):
        assert p.openness.value == next(x.value for x in p.openness.parts if x.id == "open-licence")
        assert p.fit.value == next(x.value for x in p.fit.parts if x.id == "eu-offers")


def test_scaling_all_weights_of_an_axis_moves_nobody(catalog, places):
    scaled = positions(catalog, AS_OF, {k: w * 7 for k, w in default_weights(catalog).items()})
    assert [(p.vendor, p.openness.value, p.fit.value) for p in scaled] == [(p.vendor, p.openness.value, p.fit.value) for p in places]


def test_speech_and_ocr_models_do_not_move_a_maker(catalog, places):
    others = {k: m for k, m in catalog.models.items() if m.kind in ("chat", "code")}
    thinner = positions(catalog.model_copy(update={"models": others}), AS_OF, default_weights(catalog))
    assert [(p.vendor, p.models, p.openness, p.fit) for p in thinner] == [(p.vendor, p.models, p.openness, p.fit) for p in places]


def test_weights_that_add_up_to_nothing_are_refused(catalog):
    with pytest.raises(ValueError, match="openness"):
        positions(catalog, AS_OF, {part: Decimal(0) for parts in AXES.values() for part in parts})


def test_facts_that_nobody_knows_never_help_a_vendor(catalog):
    silent = {k: p.model_copy(update={"facts": ()}) for k, p in catalog.parties.items()}
    sovereignty = {}
    for world in (catalog, catalog.model_copy(update={"parties": silent})):
        for p in positions(world, AS_OF, default_weights(catalog)):
            sovereignty.setdefault(p.vendor, []).append(next(x for x in p.fit.parts if x.id == "sovereignty"))
    for vendor, (told, untold) in sovereignty.items():
        assert untold.low <= told.low, vendor
        assert untold.value <= max(told.value, untold.low), vendor


def test_an_offer_without_a_promise_of_region_is_not_committed_to_the_eu(catalog):
    offers = [o for o in catalog.offers.values() if o.processing_region in (None, "us", "global")]
    assert offers and not any(committed_to_eu(o, catalog) for o in offers)


def test_nobody_stands_inside_the_void_and_whoever_is_alone_in_the_corner_is_named(places):
    void = find_void(places)
    e = void.empty
    assert not [p for p in places if e.openness_from < p.openness.value < e.openness_to and e.fit_from < p.fit.value < e.fit_to]
    assert sorted(v for ids in void.quadrants.values() for v in ids) == sorted(p.vendor for p in places)
    assert void.alone == (void.quadrants["open-fit"][0] if len(void.quadrants["open-fit"]) == 1 else None)
    top = max(places, key=lambda p: (p.fit.value, p.openness.value))
    assert top.vendor in void.holders


def test_a_map_without_a_part_is_the_map_in_which_it_weighs_nothing(catalog, places):
    weights = {**default_weights(catalog), "modes": Decimal(0)}
    assert without(places, "modes") == positions(catalog, AS_OF, weights)
    lone = {part: Decimal(int(part in ("open-licence", "layers"))) for parts in AXES.values() for part in parts}
    assert without(positions(catalog, AS_OF, lone), "layers") == ()


def test_the_parts_that_the_corner_turns_on_do_change_it(catalog, places):
    corner, named = find_void(places).quadrants["open-fit"], turns_on(places)
    for part in default_weights(catalog):
        assert (find_void(without(places, part)).quadrants["open-fit"] != corner) == (part in named)


_SHARE = st.integers(0, 20).map(lambda n: Decimal(n) / 20)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_SHARE, _SHARE), min_size=1, max_size=6))
def test_no_grid_rectangle_without_points_is_larger_than_the_one_found(points):
    found = largest_empty(points)
    assert not [p for p in points if found.openness_from < p[0] < found.openness_to and found.fit_from < p[1] < found.fit_to]
    xs, ys = (sorted({Decimal(0), Decimal(1), *(p[i] for p in points)}) for i in (0, 1))
    brute = max((r - l) * (t - b) for l in xs for r in xs if r > l for b in ys for t in ys if t > b
                if not any(l < x < r and b < y < t for x, y in points))
    assert found.area == brute


# ----------------------------------------------------------------------------------- timeline and ladder


def test_every_moment_is_dated_sourced_and_in_order(catalog):
    line = timeline(catalog, AS_OF)
    days = [m.day for m in line.moments]
    assert len(days) > 100 and all(m.source in catalog.sources and m.date for m in line.moments)
    assert sum(y.models + y.infrastructure for y in line.years) == len(days)
    assert {m.vendor for m in timeline(catalog, AS_OF, (MISTRAL,)).moments} == {MISTRAL}


def test_what_lies_after_the_day_of_reading_is_ahead(catalog):
    assert all(m.ahead for m in timeline(catalog, date(2000, 1, 1)).moments)
    assert not any(m.ahead for m in timeline(catalog, date(2100, 1, 1)).moments)


def test_funding_adds_up_by_currency_and_revenue_does_not(catalog):
    world = with_events(catalog, event("funding", Decimal(10), day="2024"), event("funding", Decimal(5), "USD", "2025"),
                        event("funding", Decimal(20), day="2026"), event("revenue", Decimal(3), day="2025"), event("revenue", Decimal(4), day="2026"))
    (ladder,) = ladders(world, AS_OF)
    assert [(s.kind, s.currency, s.total_m) for s in ladder.steps] == [
        ("funding", "EUR", 10), ("funding", "USD", 5), ("revenue", "EUR", 3), ("funding", "EUR", 30), ("revenue", "EUR", 4)]


@pytest.mark.parametrize(("events", "reading", "low", "high"), [
    ([event("debt", Decimal(100))], "not known", None, None),
    ([event("revenue", Decimal(100))], "not known", None, None),
    ([event("revenue"), event("debt", Decimal(100))], "not known", None, None),
    ([event("revenue", Decimal(0)), event("debt", Decimal(100))], "not known", None, None),
    ([event("revenue", Decimal(100)), event("debt", Decimal(100))], "light", 1, 1),
    ([event("revenue", Decimal(100)), event("debt", Decimal(60)), event("capex", Decimal(90))], "to watch", Decimal("0.9"), Decimal("1.5")),
    ([event("revenue", Decimal(100)), event("capex", Decimal(300))], "heavy", 3, 3),
    ([event("revenue", Decimal(100)), event("capex", Decimal(300), "XAU")], "not known", None, None),
])
def test_the_fixed_cost_burden_is_read_from_what_is_known_alone(catalog, events, reading, low, high):
    (ladder,) = ladders(with_events(catalog, *events), AS_OF)
    assert (ladder.viability.reading, ladder.viability.burden_low, ladder.viability.burden_high) == (reading, low, high)


def test_an_event_of_tomorrow_is_not_on_the_ladder(catalog):
    assert ladders(with_events(catalog, event("debt", Decimal(1), day="2027")), AS_OF) == ()


def test_debt_in_dollars_names_the_rate_it_was_read_with(catalog):
    world = with_events(catalog, event("debt", Decimal(830), "USD"), event("revenue", Decimal(400), "USD"))
    (ladder,) = ladders(world, AS_OF)
    assert ladder.viability.burden_low == Decimal("2.08") and [r.currency for r in ladder.viability.rates] == ["USD"]


# ---------------------------------------------------------------------------------- dossier and changes


def test_every_party_has_a_dossier_and_what_is_not_known_is_asked(catalog):
    for key, party in sorted(catalog.parties.items()):
        d = dossier(party, catalog, AS_OF)
        asked = {q.fact for q in d.questions if q.why == "not known"}
        assert not asked & {f.fact for f in d.facts}, key
        unknown = {n for n, f in catalog.facts.items() if n.startswith("party.") and not f.derived} - {f.fact for f in d.facts}
        assert asked == unknown, key
        assert {f.fact for f in d.facts if f.basis in ("recalled", "inference")} - {q.fact for q in d.questions} <= {
            n for n, f in catalog.facts.items() if f.derived}, key


def test_nothing_changes_from_a_day_to_the_same_day_and_order_does_not_matter(catalog):
    same = changes(catalog, AS_OF, AS_OF)
    assert not (same.prices or same.offers or same.models or same.rules or same.events)
    assert changes(catalog, date(2026, 5, 1), AS_OF) == changes(catalog, AS_OF, date(2026, 5, 1))


def test_a_price_that_changed_is_the_one_in_force_on_each_day(catalog):
    found = changes(catalog, date(2026, 5, 1), AS_OF)
    assert found.prices
    for change in found.prices:
        offer = catalog.offers[change.offer]
        for day, amount in ((found.since, change.before), (found.until, change.after)):
            assert catalog.price(offer, change.unit, day, change.batch).amount == amount


# ---------------------------------------------------------------------------------------------- drawings


def test_every_drawing_is_well_formed_tells_itself_in_words_and_runs_nothing(catalog, places):
    hostile = catalog.parties[MISTRAL].model_copy(update={"name": "</svg><script>alert(1)</script>"})
    world = catalog.model_copy(update={"parties": {**catalog.parties, MISTRAL: hostile}})
    rows = matrix(world, AS_OF)
    drawings = [
        draw_matrix(rows, AS_OF), draw_matrix(rows[:1], AS_OF), draw_matrix([], AS_OF), draw_map(places, find_void(places), AS_OF),
        draw_timeline(timeline(world, AS_OF), hostile.name, AS_OF), draw_timeline(timeline(world, AS_OF, ("own",)), "own", AS_OF),
        draw_ladder(ladders(world, AS_OF), AS_OF), draw_ladder([], AS_OF), draw_dossier(dossier(hostile, world, AS_OF), AS_OF),
        draw_changes(changes(world, date(2026, 5, 1), AS_OF)), draw_changes(changes(world, AS_OF, AS_OF)),
    ]
    for drawing in drawings:
        root = ElementTree.fromstring(drawing)
        title, says = root[0], root[1]
        assert title.tag.endswith("title") and title.text and says.tag.endswith("desc") and says.text
        assert "<script" not in drawing and "href" not in drawing
