"""Products: what is sold in the four layers, and that an unknown price is never nothing."""
from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pytest
from pydantic import ValidationError

from planner.domain.catalog import OfferKind, Price, PriceLayer, Pricing, Product, StackLayer
from planner.landscape.products import count_by_stack, offers_of, product_lines, without_product
from planner.reading.catalog_check import check_catalog
from planner.resources import bundled

AS_OF = date(2026, 11, 24)


def product(**changes):
    fields = {"id": "a", "name": "A", "vendor": "own", "stack": StackLayer.AGENTS, "layer": PriceLayer.L2, "says": "something",
              "pricing": Pricing.NOT_PUBLIC, "price_says": "by quote", "source": "own-assumption", "date": "2026", **changes}
    return Product(**fields)


def list_price(**changes):
    return Price(**{"unit": "seat-month", "amount": 1, "currency": "EUR", "valid_from": "2026", "source": "own-assumption", "date": "2026", **changes})


def test_a_price_that_is_not_public_cannot_be_stated_beside():
    with pytest.raises(ValidationError, match="no list price"):
        product(list_prices=(list_price(),))
    assert product(list_prices=(list_price(estimate=True),)).list_prices


def test_a_price_that_is_public_has_to_be_somewhere_and_any_other_is_explained():
    with pytest.raises(ValidationError, match="public"):
        product(pricing=Pricing.PUBLIC)
    with pytest.raises(ValidationError, match="price_says"):
        product(price_says=None)


def test_every_offer_of_the_shipped_catalog_belongs_to_a_product(catalog):
    assert without_product(catalog) == ()


def test_all_four_layers_hold_products_and_those_without_a_price_are_listed(catalog):
    lines = product_lines(catalog, AS_OF)
    counts = count_by_stack(lines)
    assert len(lines) == len(catalog.products) >= 33
    for stack in StackLayer:
        assert counts[stack][Pricing.PUBLIC] and counts[stack][Pricing.NOT_PUBLIC], stack
    named = {line.id for line in lines if line.pricing is Pricing.NOT_PUBLIC}
    assert {"mistral-forge", "mistral-compute", "mistral-self-deployment", "openai-chatgpt-enterprise", "mistral-custom-deployment"} <= named


def test_an_unknown_price_is_never_nothing_and_never_rests_on_a_stated_one(catalog):
    for line in product_lines(catalog, AS_OF):
        if line.pricing is Pricing.NOT_PUBLIC:
            assert line.plannable in ("none", "estimate") and line.price, line.id
            assert all(p.estimate and p.amount > 0 for o in offers_of(catalog.products[line.id], catalog) for p in o.prices), line.id


def test_plans_of_one_person_are_listed_and_are_no_offer(catalog):
    private = [p for p in catalog.products.values() if p.for_one_person]
    assert private and not any(offers_of(p, catalog) for p in private)


def test_a_product_takes_the_offers_of_its_vendor_by_kind_and_mode():
    compute = product(vendor="mistral-ai", sells=(OfferKind.RENT,), modes=("mistral-compute",))
    assert compute.includes("x", "mistral-ai", OfferKind.RENT, "mistral-compute")
    assert not compute.includes("x", "mistral-ai", OfferKind.RENT, "vpc")
    assert not compute.includes("x", "scaleway", OfferKind.RENT, "mistral-compute")


def test_the_check_refuses_a_stated_price_under_a_product_without_one(tmp_path):
    (tmp_path / "product.yaml").write_text("""products:
  - {id: forge, name: Forge, vendor: openai, stack: agents, layer: L2, says: something, pricing: not-public, price_says: by quote,
     offers: [openai-chatgpt-business], source: own-assumption, date: 2026}
""")
    (problem,) = check_catalog([bundled("catalog"), tmp_path], AS_OF).errors
    assert problem.line == 2 and "openai-chatgpt-business" in problem.message


def test_products_are_listed_on_the_command_line():
    run = subprocess.run([sys.executable, "-m", "planner", "catalog", "list", "products", "--json"], capture_output=True, text=True, check=True)
    items = {item["id"]: item for item in json.loads(run.stdout)["items"]}
    assert items["mistral-forge"]["pricing"] == "not-public" and "amount" not in items["mistral-forge"]
