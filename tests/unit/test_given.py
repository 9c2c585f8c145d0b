"""A rating that somebody gave a party is held against each way of running it, and is never a source of facts."""
from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))
import sovereignty as bench

from planner.domain.catalog import GivenRating
from planner.judging.given import compared, way_of
from planner.judging.sovereignty import Scorer

MISTRAL = bench.catalog().parties["mistral-ai"]


def rated(rating: str):
    """Mistral AI, given another rating for the same ways."""
    given = MISTRAL.given_ratings[0].model_copy(update={"rating_out_of_10": Decimal(rating)})
    return MISTRAL.model_copy(update={"given_ratings": (given,)})


def test_the_deck_rates_mistral_seven_and_each_way_has_its_own_verdict_with_reasons():
    found = compared(MISTRAL, bench.catalog())
    assert len(found) == len(MISTRAL.given_ratings[0].ways) >= 4 and all(c.given == 7 and c.because for c in found)
    assert len({c.holds for c in found}) > 1


@pytest.mark.parametrize("rating", ["0.1", "5", "6.5", "7", "9.9", "10"])
def test_the_verdict_follows_from_the_range_alone(rating):
    for c in compared(rated(rating), bench.catalog()):
        low, high = c.rating_range
        assert (c.holds == "proven") == (low >= Decimal(rating))
        assert (c.holds == "out-of-reach") == (c.rating < Decimal(rating) and high < Decimal(rating))
        assert (c.holds == "reached") == (low < Decimal(rating) <= c.rating)


def test_who_was_not_rated_is_not_compared():
    assert compared(bench.catalog().parties["ionos"], bench.catalog()) == ()


def test_a_given_rating_changes_no_score():
    before = Scorer(None, bench.catalog()).party_scorecard(MISTRAL)
    changed = rated("1")
    world = bench.catalog().model_copy(update={"parties": {**bench.catalog().parties, "mistral-ai": changed}})
    assert Scorer(None, world).party_scorecard(changed) == before


def test_every_way_names_what_the_catalog_holds():
    world = bench.catalog()
    for party in world.parties.values():
        for given in party.given_ratings:
            assert isinstance(given, GivenRating) and given.source in world.sources
            assert all(way_of(way, world).country == way.country for way in given.ways)
