"""A rating that somebody gave a party as a whole, held against each way of running its models."""
from __future__ import annotations

from collections.abc import Iterator

from planner.domain.catalog import Catalog, GivenRating, Party, Way
from planner.domain.paradox import Compared
from planner.domain.report import Scorecard
from planner.judging.deployment import Deployment
from planner.judging.sovereignty import DEFAULT_FRAMEWORK, Scorer

_MOST = 3  # reasons given for a verdict


def compared(party: Party, catalog: Catalog, framework_id: str = DEFAULT_FRAMEWORK) -> tuple[Compared, ...]:
    """Every rating given to this party beside ours for each of its ways; the organisation that runs it has declared nothing.

    KeyError where a way names a mode, model or site that the catalog does not hold.
    """
    scorer = Scorer(None, catalog, framework_id)
    return tuple(_against(given, way, scorer.scorecard(way_of(way, catalog), way.name)) for given, way in _ways(party))


def way_of(way: Way, catalog: Catalog) -> Deployment:
    """The deployment that a way stands for: no workload, and no offer with terms of its own."""
    model, place = catalog.models[way.model], catalog.sites[way.site] if way.site else None
    return Deployment(
        workload=None, model=model, licence=catalog.licences[model.licence.value], vendor=catalog.parties.get(model.maker),
        mode=catalog.modes[way.mode], operator=catalog.parties[way.operator], site=way.site,
        site_owner=catalog.parties.get(place[0].owner or "") if place else None, country=way.country, offer=None,
    )


def _ways(party: Party) -> Iterator[tuple[GivenRating, Way]]:
    return ((given, way) for given in party.given_ratings for way in given.ways)


def _against(given: GivenRating, way: Way, card: Scorecard) -> Compared:
    o = card.overall
    low, high = o.rating_range
    if low >= given.rating_out_of_10:
        holds = "proven"
    elif o.rating_out_of_10 >= given.rating_out_of_10:
        holds = "reached"
    else:
        holds = "possible" if high >= given.rating_out_of_10 else "out-of-reach"
    below = tuple(f"{d.factor} {d.name} ({d.party}): {d.cause}" for d in card.remaining)
    return Compared(
        way=way.name, given=given.rating_out_of_10, given_by=given.says, rating=o.rating_out_of_10, rating_range=o.rating_range, seal=o.seal,
        holds=holds, because=(card.achieved if holds in ("proven", "reached") else below)[:_MOST],
    )
