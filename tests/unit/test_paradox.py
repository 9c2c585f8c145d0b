"""The paradox page and the supply chain: what remains, what cutting it brings and costs, and who holds each layer."""
from __future__ import annotations

from decimal import Decimal

from sovereignty_world import RENT, deployment, fact, party, with_party, world

from planner.domain.base import Basis
from planner.judging.chain import chain_of
from planner.judging.paradox import Change, Left, page_of
from planner.judging.sovereignty import Scorer

FRAMEWORK = world().frameworks["eu-csf-calculator"]
CHAIN = world().chain


def _page(name, resolve=None):
    return page_of(Scorer(None, world()).party_scorecard(world().parties[name]), FRAMEWORK, resolve)


def test_every_dependency_of_the_scorecard_is_on_the_page_with_party_cause_and_cut():
    card = Scorer(None, world()).party_scorecard(world().parties["mistral-ai"])
    page = page_of(card, FRAMEWORK)
    assert [(c.factor, c.party, c.cause) for c in page.remaining] == [(d.factor, d.party, d.cause) for d in card.remaining]
    assert all(c.cut_by and c.points > 0 for c in page.remaining)


def test_a_cut_that_alone_holds_the_seal_down_raises_it_and_comes_first():
    values = {name: d.values[-1] for name, d in world().facts.items() if d.type == "enum" and name.startswith("party.")}
    best = party(
        "best", **{n.split(".")[1]: v for n, v in values.items()}, entity_country="FR", owner_country="FR", contract_law_country="FR",
        pue=1.1, cleared_staff=True, eu_revenue_percent=90,
    )
    weak = best.model_copy(update={"facts": (*(f for f in best.facts if f.fact != "party.incident_disclosure"),
                                             fact("party.incident_disclosure", "none"))})
    page = page_of(Scorer(None, with_party(world(), weak)).party_scorecard(weak), FRAMEWORK)
    held = next(c for c in page.remaining if c.factor == "SOV-7.5")
    assert held.seal == 0 and held.overall_seal_after > 0 and page.holding == ("SOV-7.5 Telling about incidents",)
    assert page.next_cut == held and held.cost_eur == 5000 and held.cost_estimate


def test_the_cost_of_leaving_a_party_comes_from_planning_again_and_is_unknown_without():
    asked: list[Change] = []

    def resolve(change: Change) -> Left | None:
        asked.append(change)
        return Left(Decimal(4300), Decimal(60), 2)

    alone, again = _page("microsoft-azure"), _page("microsoft-azure", resolve)
    assert all(c.cost_eur_per_month is None for c in alone.remaining)
    law = next(c for c in again.remaining if c.factor == "SOV-2.2")
    assert law.cost_eur_per_month == 4300 and law.cost_eur is None
    assert Change("SOV-2.2", law.seal_after, law.party) in asked
    assert {c.factor for c in asked}.isdisjoint({c.factor for c in again.remaining if c.cost_eur is not None})
    score = Scorer(None, world()).party_scorecard(world().parties["microsoft-azure"]).overall.score["2026"]
    (leave,) = again.leaves
    assert alone.leaves == () and leave.party == law.party and leave.cost_eur_per_month == 4300
    assert leave.points == (60 - score).quantize(Decimal("0.0001")) and (leave.seal, leave.seal_after) == (again.seal.known, 2)


def test_leaving_is_ordered_by_what_a_point_costs_and_what_brings_none_comes_last():
    card = Scorer(None, world()).party_scorecard(world().parties["microsoft-azure"])
    parts = card.model_copy(update={"remaining": tuple(
        d.model_copy(update={"party": name}) for d, name in zip((d for d in card.remaining if d.factor in {"SOV-2.1", "SOV-2.2", "SOV-1.1"}), "abc")
    )})
    now = card.overall.score["2026"]
    after = {"a": Left(Decimal(10), now - 1), "b": Left(Decimal(500), now + 10), "c": Left(Decimal(900), now + 30)}
    assert [leave.party for leave in page_of(parts, FRAMEWORK, lambda change: after[change.without_party]).leaves] == ["c", "b", "a"]


def test_an_operator_of_whom_nothing_is_known_has_48_unknowns_and_proves_nothing():
    nobody = party("nobody")
    page = page_of(Scorer(None, with_party(world(), nobody)).scorecard(deployment(nobody, country=None, vendor=None, terms="closed"), "x"), FRAMEWORK)
    assert page.seal.proven == 0 and page.next_cut is None or page.next_cut.cost_eur is not None
    card = Scorer(None, with_party(world(), nobody)).party_scorecard(nobody)
    assert card.overall.seal.proven == 0 and len(card.unknown) == 48 and card.remaining == ()


def test_the_chain_names_who_holds_each_layer_and_says_not_known_of_the_rest():
    chain = chain_of(deployment(world().parties["scaleway"], mode="vpc", offer=RENT), world(), None, "x")
    links = {link.layer: link for link in chain.links}
    assert [link.layer for link in chain.links] == sorted(CHAIN, key=lambda k: CHAIN[k].order)
    assert links["chips"].owner == "Nvidia" and links["chips"].in_eea is False and links["chips"].substitutable == "outside the EEA only"
    assert links["model"].law == "FR" and links["serving-engine"].owner == "vLLM project"
    assert links["servers"].in_eea is None and links["servers"].owner == "not known"
    assert chain.in_eea + chain.outside + chain.not_known == len(chain.links)


def test_a_substitute_that_is_only_announced_does_not_count_as_one():
    layer = CHAIN["chips"]
    only = layer.model_copy(update={"substitutes": tuple(s for s in layer.substitutes if s.state == "announced")})
    catalog = world().model_copy(update={"chain": {"chips": only}})
    link = chain_of(deployment(world().parties["scaleway"]), catalog, None, "x").links[0]
    assert link.substitutable == "nobody" and link.substitutes


def test_a_law_nobody_read_is_marked():
    link = next(x for x in chain_of(deployment(world().parties["scaleway"], offer=RENT), world(), None, "x").links if x.layer == "chips")
    assert link.basis is Basis.RECALLED
