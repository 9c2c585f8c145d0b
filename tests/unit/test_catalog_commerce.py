"""What is sold and what it runs on: accelerators, servers, offers, modes, countries and exchange rates of the shipped catalog."""
from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.catalog import Catalog, Offer, OfferKind, PriceLayer, PriceUnit
from planner.quantities import first_day
from planner.reading.catalog import raw_files, read_catalog
from planner.reading.offers import missing_parts

CATALOG: Catalog = read_catalog(raw_files([Path(__file__).parents[2] / "catalog"]))[0]
OFFERS = tuple(CATALOG.offers[key] for key in sorted(CATALOG.offers))
TODAY = date(2026, 11, 24)
EUROPE = set(CATALOG.groups["eea"].members) | {"CH", "GB"}
HOUR, IN = PriceUnit.ACCELERATOR_HOUR, PriceUnit.INPUT_MTOK


def rents() -> list[Offer]:
    return [offer for offer in OFFERS if offer.kind is OfferKind.RENT]


def hourly(offer: Offer) -> Decimal:
    price = CATALOG.price(offer, HOUR, TODAY)
    assert price is not None
    return price.amount / CATALOG.rate(price.currency, TODAY).per_eur


# ----------------------------------------------------------------------------------------------- offers


def test_the_catalog_covers_all_modes_and_all_layers_of_money():
    assert {offer.mode for offer in OFFERS} == set(CATALOG.modes) == {"api", "vpc", "on-prem", "mistral-compute"}
    assert {offer.layer for offer in OFFERS} == set(PriceLayer)
    assert len(CATALOG.accelerators) >= 15 and len(OFFERS) >= 100


def test_at_least_sixty_dated_rents_stand_in_europe():
    standing = [o for o in rents() if o.mode == "vpc" and {CATALOG.sites[s][0].country for s in o.sites} <= EUROPE]
    assert len(standing) >= 60


def test_every_offer_can_be_priced_as_its_kind_asks():
    assert [(offer.id, words) for offer in OFFERS for words in missing_parts(offer)] == []


def test_every_price_says_where_it_was_read_and_in_a_currency_that_has_a_rate():
    for offer in OFFERS:
        for price in offer.prices:
            assert price.source in CATALOG.sources, offer.id
            assert first_day(price.date) <= TODAY, offer.id
            assert CATALOG.rate(price.currency, TODAY).per_eur > 0, offer.id


def test_prices_are_appended_in_the_order_in_which_they_start():
    for offer in OFFERS:
        starts = defaultdict(list)
        for price in offer.prices:
            starts[price.unit, price.batch].append(first_day(price.valid_from))
        for key, days in starts.items():
            assert days == sorted(set(days)), (offer.id, key)


def test_an_estimate_carries_the_range_behind_it_and_only_an_estimate_does():
    for offer in OFFERS:
        for price in offer.prices:
            assert price.estimate == (price.low is not None) == (price.high is not None), offer.id
            if price.estimate:
                assert price.low <= price.amount <= price.high and price.low < price.high, offer.id


def test_what_is_not_public_is_marked_as_an_estimate():
    unlisted = [o for o in OFFERS if o.mode in ("on-prem", "mistral-compute") or o.kind is OfferKind.PURCHASE]
    assert unlisted and all(price.estimate for offer in unlisted for price in offer.prices)


def test_an_offer_stands_at_sites_of_its_own_operator():
    for offer in OFFERS:
        own = {site.id for site in CATALOG.parties[offer.operator].sites}
        assert set(offer.sites) <= own, offer.id
        assert offer.kind is not OfferKind.RENT or offer.sites, offer.id


def test_a_promised_region_is_never_contradicted_by_a_site():
    for offer in OFFERS:
        countries = {CATALOG.sites[s][0].country for s in offer.sites}
        if offer.processing_region == "country":
            assert countries, offer.id
        if offer.processing_region == "eu":
            assert countries <= set(CATALOG.groups["eu"].members), offer.id


def test_a_longer_commitment_is_never_dearer():
    by_machine = defaultdict(dict)
    for offer in rents():
        if CATALOG.price(offer, HOUR, TODAY):
            name = offer.id.removesuffix("-1y").removesuffix("-3y")
            by_machine[name][offer.term_months] = hourly(offer)
    several = [terms for terms in by_machine.values() if len(terms) > 1]
    assert len(several) >= 20
    for terms in several:
        amounts = [terms[months] for months in sorted(terms)]
        assert amounts == sorted(amounts, reverse=True)


def test_no_two_rents_of_one_machine_on_the_same_terms_at_the_same_site():
    seen = set()
    for offer in rents():
        network = "-mega" in offer.id  # the same accelerators with a faster network between servers
        for site in offer.sites:
            key = (site, offer.accelerator, offer.accelerators, offer.term_months, network)
            assert key not in seen, offer.id
            seen.add(key)


def test_a_rent_costs_what_such_accelerators_cost():
    for offer in rents():
        if CATALOG.price(offer, HOUR, TODAY):
            assert Decimal("0.2") < hourly(offer) < 20, offer.id


def test_the_eu_endpoint_of_mistral_costs_a_tenth_more_and_knows_no_batch():
    pairs = [(o, CATALOG.offers[o.id.removesuffix("-eu")]) for o in OFFERS if o.operator == "mistral-ai" and o.processing_region == "eea-ch"]
    assert len(pairs) >= 8
    for regional, everywhere in pairs:
        assert not regional.batch_allowed and not any(price.batch for price in regional.prices)
        for unit in (PriceUnit.INPUT_MTOK, PriceUnit.CACHED_MTOK, PriceUnit.OUTPUT_MTOK):
            here, there = CATALOG.price(regional, unit, TODAY), CATALOG.price(everywhere, unit, TODAY)
            assert (here and here.amount) == (there and there.amount * Decimal("1.1")), regional.id


def test_a_batch_price_is_half_at_least_and_never_dearer():
    for offer in OFFERS:
        for unit in (PriceUnit.INPUT_MTOK, PriceUnit.OUTPUT_MTOK, PriceUnit.THOUSAND_PAGES, PriceUnit.AUDIO_HOUR):
            batch, plain = CATALOG.price(offer, unit, TODAY, batch=True), CATALOG.price(offer, unit, TODAY)
            if batch is not None:
                assert offer.batch_allowed and plain is not None and plain.amount / 2 <= batch.amount < plain.amount, offer.id


def test_a_cached_token_never_costs_more_than_a_fresh_one():
    for offer in OFFERS:
        cached = CATALOG.price(offer, PriceUnit.CACHED_MTOK, TODAY)
        if cached is not None:
            assert cached.amount < CATALOG.price(offer, IN, TODAY).amount, offer.id


def test_the_price_of_a_past_day_is_found_again():
    offer = CATALOG.offers["mistral-ai-mistral-large-4"]
    on = {day: CATALOG.price(offer, IN, date(2026, *day)) for day in ((9, 30), (10, 6), (10, 25), (11, 24))}
    assert [price and price.amount for price in on.values()] == [None, Decimal("0.68"), Decimal("1.36"), Decimal("0.7")]


@given(st.sampled_from(OFFERS), st.integers(0, 1400), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_price_in_force_has_started_and_none_that_started_later_is_passed_over(offer, days, batch):
    day = date(2024, 1, 1) + timedelta(days=days)
    for unit in {price.unit for price in offer.prices}:
        price = CATALOG.price(offer, unit, day, batch=batch)
        started = [p for p in offer.prices if p.unit is unit and p.batch == batch and first_day(p.valid_from) <= day]
        assert (price is None) == (not started)
        assert price is None or first_day(price.valid_from) == max(first_day(p.valid_from) for p in started)


# --------------------------------------------------------------------------------------------- hardware


def test_every_accelerator_that_was_measured_is_known_by_id_or_alias():
    known = set(CATALOG.accelerators) | {alias for a in CATALOG.accelerators.values() for alias in a.aliases}
    assert {"a100", "a10g", "b200", "b300", "h100", "h200", "l4", "l40s", "mi300x", "mi325x"} <= known


def test_a_narrower_format_is_never_slower():
    for chip in CATALOG.accelerators.values():
        rates = [f.value for f in (chip.bf16_tflops, chip.fp8_tflops, chip.fp4_tflops) if f is not None]
        assert rates == sorted(rates), chip.id


def test_the_scale_up_fabric_is_wider_than_a_bus():
    for chip in CATALOG.accelerators.values():
        assert chip.nvlink == (chip.link_gbs.value > 100), chip.id


@pytest.mark.parametrize("server", sorted(CATALOG.servers))
def test_a_server_draws_more_than_nine_tenths_and_less_than_twice_its_boards(server):
    machine = CATALOG.servers[server]
    boards = CATALOG.accelerators[machine.accelerator].power_w.value * machine.accelerators
    assert boards * Decimal("0.9") < machine.power_w.value < boards * 2


def test_what_is_bought_matches_its_server():
    for offer in OFFERS:
        if offer.kind is OfferKind.PURCHASE:
            server = CATALOG.servers[offer.server]
            assert (server.accelerator, server.accelerators) == (offer.accelerator, offer.accelerators), offer.id


# ------------------------------------------------------------------------------ modes, countries, rates


def test_a_mode_states_only_facts_of_the_vocabulary():
    for mode in CATALOG.modes.values():
        assert set(mode.facts) <= set(CATALOG.facts) and all(name.startswith("dep.") for name in mode.facts), mode.id


def test_only_a_mode_that_holds_the_weights_hosts_the_model_itself():
    for mode in CATALOG.modes.values():
        assert mode.facts["dep.self_hosts_model"] is mode.weights_held_by_customer is mode.operated_by_customer, mode.id


def test_the_eea_is_the_union_and_three_more():
    groups = CATALOG.country_groups
    assert len(groups["eu"]) == 27 and groups["eea"] == groups["eu"] | {"IS", "LI", "NO"}
    assert groups["efta"] - groups["eea"] == {"CH"}


def test_the_united_states_are_adequate_for_listed_firms_only():
    groups = CATALOG.country_groups
    assert "US" not in groups["adequate"] and groups["adequate-dpf"] == {"US"}
    assert not groups["adequate"] & groups["eea"]


def test_norway_is_a_country_and_not_a_no():
    assert CATALOG.countries["NO"].name == "Norway"
    assert CATALOG.countries["NO"].grid_g_per_kwh.value < CATALOG.countries["PL"].grid_g_per_kwh.value
    assert CATALOG.countries["NO"].electricity_eur_per_kwh.value < CATALOG.countries["PL"].electricity_eur_per_kwh.value


def test_every_place_of_the_catalog_has_a_country():
    countries = {site.country for site, _ in CATALOG.sites.values()} | {p.country for p in CATALOG.parties.values() if p.country}
    assert countries <= set(CATALOG.countries)


def test_a_rate_is_the_last_one_known_on_the_day():
    assert CATALOG.rate("USD", date(2026, 10, 29)).date == date(2026, 9, 30)
    assert CATALOG.rate("USD", TODAY).per_eur == Decimal("1.1172")
    with pytest.raises(KeyError):
        CATALOG.rate("USD", date(2020, 1, 1))
