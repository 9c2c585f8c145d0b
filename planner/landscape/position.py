"""The competitive map: openness and enterprise-sovereign fit of every maker, each axis a weighted mean of stated parts.

A part is a share from 0 to 1, computed from catalog facts. Its point counts only what is known: an offer that the catalog does not
hold, and a factor nobody knows, add nothing. Its range runs from what is proven to what is possible. Weights are assumptions of the
catalog (`map-weight-…`), so that anybody can set their own.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from planner.domain.catalog import Ability, Catalog, Colour, Mode, Model, ModelKind, Offer, OfferKind, Permission, PriceLayer, Use
from planner.domain.market import Axis, Evidence, Part, Position
from planner.judging.licences import colour
from planner.judging.sovereignty import Scorer
from planner.landscape.portfolio import current_models, standing
from planner.quantities import exact, first_day

AXES: dict[str, tuple[str, ...]] = {
    "openness": ("open-weights", "open-licence", "art-53-2", "open-frontier"),
    "fit": ("sovereignty", "eu-offers", "modes", "layers"),
}
PREFIX = "map-weight-"
_PLACES = Decimal("0.0001")
_EXEMPT = {"yes": (1, 1), "likely": (0, 1), "unclear": (0, 1), "unlikely": (0, 1), "no": (0, 0)}  # proven, possible


Weights = Mapping[str, Decimal]


def default_weights(catalog: Catalog) -> dict[str, Decimal]:
    """Part -> weight, from the catalog's assumptions. KeyError where one is missing."""
    return {part: Decimal(catalog.assumptions[PREFIX + part].value) for parts in AXES.values() for part in parts}


def positions(catalog: Catalog, as_of: date, weights: Weights) -> tuple[Position, ...]:
    """Every maker of a model for text that is neither withdrawn nor on its way out, in order of ids.

    ValueError where the weights of an axis add up to nothing.
    """
    for axis, parts in AXES.items():
        if sum(weights[part] for part in parts) <= 0:
            raise ValueError(f"the weights of {axis} add up to nothing: {', '.join(parts)}")
    scorer, field = Scorer(None, catalog), _field(catalog, as_of)
    return tuple(
        Position(vendor=maker, name=catalog.parties[maker].name, models=len(models),
                 fit=_axis(_fit(maker, models, catalog, as_of, scorer), weights),
                 openness=_axis([*_openness(models, catalog), _open_frontier(maker, models, catalog, field)], weights))
        for maker, models in _in_service(catalog, as_of).items()
    )


def without(places: Sequence[Position], part: str) -> tuple[Position, ...]:
    """The same map with one part weighing nothing; no map at all where nothing else has weight on its axis."""
    axis = next(name for name, parts in AXES.items() if part in parts)
    weights = {p.id: Decimal(0) if p.id == part else p.weight for p in getattr(places[0], axis).parts} if places else {}
    if not sum(weights.values()):
        return ()
    return tuple(p.model_copy(update={axis: _axis(getattr(p, axis).parts, weights)}) for p in places)


def _in_service(catalog: Catalog, as_of: date) -> dict[str, list[Model]]:
    """Maker -> its models for text in service, without those that are deprecated; a maker with none of them is not on the map.

    Only like is compared with like: one maker's speech, OCR and embedding models must not make it look closed beside one whose
    models of that kind the catalog does not hold.
    """
    kept = {
        maker: [m for m in models if m.kind in (ModelKind.CHAT, ModelKind.CODE) and standing(m, as_of) != "deprecated"]
        for maker, models in current_models(catalog, as_of).items()
    }
    return {maker: models for maker, models in kept.items() if models}


def _axis(parts: Sequence[Part], weights: Weights) -> Axis:
    weighed = [p.model_copy(update={"weight": weights[p.id]}) for p in parts]
    with exact():
        whole = sum((p.weight for p in weighed), Decimal(0))
        low, value, high = (_round(sum((getattr(p, k) * p.weight for p in weighed), Decimal(0)) / whole) for k in ("low", "value", "high"))
    return Axis(value=value, low=low, high=high, parts=tuple(weighed))


def _part(key: str, value: Decimal, low: Decimal, high: Decimal, says: str, evidence: Sequence[Evidence]) -> Part:
    return Part(id=key, weight=Decimal(1), value=_round(value), low=_round(low), high=_round(high), says=says, evidence=tuple(evidence))


def _round(value: Decimal) -> Decimal:
    return value.quantize(_PLACES)


def _share(count: int, of: int) -> Decimal:
    with exact():
        return Decimal(count) / of if of else Decimal(0)


# ---------------------------------------------------------------------------------------------- openness


def _openness(models: Sequence[Model], catalog: Catalog) -> list[Part]:
    """Shares of the current models: weights to be had, no limit on use, and the exemption of Art. 53(2) AI Act."""
    licences = [catalog.licences[m.licence.value] for m in models]
    read = [Evidence(what=f"licence of {m.name}: {m.licence.value}", source=m.licence.source, date=m.licence.date) for m in models]
    judged = [Evidence(what=f"{x.name}: {x.art_53_2}", source=x.source, date=x.checked) for x in {x.id: x for x in licences}.values()]
    weights, free = sum(x.weights_available for x in licences), sum(colour(x) is Colour.OPEN for x in licences)
    exempt, perhaps = (sum(_EXEMPT[x.art_53_2][i] for x in licences) for i in (0, 1))
    of = len(models)
    return [
        _part("open-weights", _share(weights, of), _share(weights, of), _share(weights, of), f"weights of {weights} of {of} models can be had", read),
        _part("open-licence", _share(free, of), _share(free, of), _share(free, of), f"{free} of {of} models are free for every use", read),
        _part("art-53-2", _share(exempt, of), _share(exempt, of), _share(perhaps, of),
              f"{exempt} of {of} models carry the open-source exemption, {perhaps} perhaps", judged),
    ]


def _field(catalog: Catalog, as_of: date) -> dict[str, Ability]:
    """Maker -> the best measurement of a model of its own in service; makers without any are left out."""
    best = {maker: _best(models, catalog) for maker, models in _in_service(catalog, as_of).items()}
    return {maker: ability for maker, ability in best.items() if ability}


def _best(models: Sequence[Model], catalog: Catalog) -> Ability | None:
    ids = {m.id for m in models}
    return max((a for a in catalog.abilities if a.model in ids), key=lambda a: (a.ability, a.model, a.effort), default=None)


def _open_frontier(maker: str, models: Sequence[Model], catalog: Catalog, field: Mapping[str, Ability]) -> Part:
    """How near its best model with weights comes to the frontier: the share of the other makers whose best model is no better."""
    held = [m for m in models if catalog.licences[m.licence.value].weights_available]
    best = _best(held, catalog)
    if best is None:  # nothing measured: nothing known of it, unless it gives no weights away at all
        says = "no model with weights is measured" if held else "no model has weights to be had"
        return _part("open-frontier", Decimal(0), Decimal(0), Decimal(1 if held else 0), says, ())
    others = [a for other, a in field.items() if other != maker]
    share = _share(sum(a.ability <= best.ability for a in others), len(others))
    says = f"{catalog.models[best.model].name}: no worse than the best of {share * 100:.0f} % of the others"
    return _part("open-frontier", share, share, share, says,
                 [Evidence(what=f"ability {best.ability} of {best.model}, reasoning {best.effort}", source=s, date=best.date) for s in best.sources])


# --------------------------------------------------------------------------------------------------- fit


def _fit(maker: str, models: Sequence[Model], catalog: Catalog, as_of: date, scorer: Scorer) -> list[Part]:
    """Sovereignty of the maker; EU offers of its models; ways to run them; layers that it sells itself."""
    sold = [o for _, o in sorted(catalog.offers.items()) if in_force(o, as_of)]
    ids = {m.id for m in models}
    in_eu = [o for o in sold if o.model in ids and committed_to_eu(o, catalog)]
    in_eu_models = len({o.model for o in in_eu})
    ways = {key: way for key, mode in sorted(catalog.modes.items()) if (way := _way(mode, models, sold, ids, catalog))}
    own = {o.layer: o for o in reversed(sold) if o.operator == maker}
    offered, modes, layers = _share(in_eu_models, len(models)), _share(len(ways), len(catalog.modes)), _share(len(own), len(PriceLayer))
    return [
        _sovereignty(maker, catalog, scorer),
        _part("eu-offers", offered, offered, offered,
              f"{in_eu_models} of {len(models)} models are sold with processing committed to the EEA or Switzerland",
              [_of_offer(o) for o in in_eu]),
        _part("modes", modes, modes, modes, f"ways to run them: {', '.join(ways) or 'none known'}", list(ways.values())),
        _part("layers", layers, layers, layers, f"layers sold by itself: {', '.join(sorted(own)) or 'none known'}",
              [_of_offer(own[layer]) for layer in sorted(own)]),
    ]


def _sovereignty(maker: str, catalog: Catalog, scorer: Scorer) -> Part:
    """Of the score out of 100: what is known, times the share of factors that are known; from what is proven to what is possible."""
    party = catalog.parties[maker]
    overall = scorer.party_scorecard(party).overall
    weights = scorer.framework.default_weights
    low, high = overall.score_range[weights]
    with exact():
        known = (overall.score[weights] or Decimal(0)) * overall.coverage_percent / 10000
    says = f"rating {overall.rating_range[0]} to {overall.rating_range[1]} of 10, {overall.coverage_percent} % of its factors known"
    facts = [Evidence(what=f"{r.fact}: {r.value}", source=r.source, date=r.date) for r in party.facts]
    return _part("sovereignty", min(max(known, low / 100), high / 100), low / 100, high / 100, says, facts)


def in_force(offer: Offer, as_of: date) -> bool:
    """Whether an offer can be bought on a day: it has begun, has not ended, and has a price."""
    begun = offer.available_from is None or first_day(offer.available_from) <= as_of
    ended = offer.available_until is not None and first_day(offer.available_until) <= as_of
    return begun and not ended and any(first_day(p.valid_from) <= as_of for p in offer.prices)


def committed_to_eu(offer: Offer, catalog: Catalog) -> bool:
    """Whether the contract keeps processing in the EEA or Switzerland: by its region, or by naming sites that all lie there."""
    if offer.processing_region in ("eu", "eea-ch"):
        return True
    countries = {catalog.sites[s][0].country for s in offer.sites if s in catalog.sites}
    return offer.processing_region == "country" and bool(countries) and countries <= catalog.country_groups.get("eea", frozenset()) | {"CH"}


def _way(mode: Mode, models: Sequence[Model], sold: Sequence[Offer], ids: set[str], catalog: Catalog) -> Evidence | None:
    """What shows that some model can be run in a mode: a licence that lets the customer hold the weights, or an offer."""
    if mode.weights_held_by_customer:
        licensed = [m for m in models if _may_be_held(m, catalog)]
        return Evidence(what=f"{mode.id}: {licensed[0].name} under {licensed[0].licence.value}", source=licensed[0].licence.source,
                        date=licensed[0].licence.date) if licensed else None
    kinds = (OfferKind.TOKENS, OfferKind.RENT)
    found = [o for o in sold if o.mode == mode.id and o.kind in kinds and (o.model in ids or ids & set(o.models_allowed))]
    return _of_offer(found[0]) if found else None


def _may_be_held(model: Model, catalog: Catalog) -> bool:
    licence = catalog.licences[model.licence.value]
    return licence.weights_available and licence.permissions.get(Use.COMMERCIAL) in (Permission.YES, Permission.CONDITIONAL)


def _of_offer(offer: Offer) -> Evidence:
    return Evidence(what=f"offer {offer.id}", source=offer.prices[0].source, date=offer.prices[0].date)


