"""Prices against the installed list: what differs is shown, and added as text without touching anything else."""
from __future__ import annotations

import json
import shutil
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from typer.testing import CliRunner

from planner.cli.prices import add_lines
from planner.domain.catalog import Price, PriceUnit
from planner.problems import MissingExtra, Refused
from planner.reading.catalog import load_catalog
from planner.reading.price_sync import compare_prices
from planner.reading.price_text import with_price

ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2026, 11, 24)
FLOW = """# kept
offers:
  - {id: one, name: "It's # one", note: "a ] and a }",
     prices: [
      {unit: input-mtok, amount: 1, currency: USD, valid_from: 2026-01, source: s, date: 2026-01},   # first
      {unit: output-mtok, amount: 2.50, currency: USD, valid_from: 2026-01, source: s, date: 2026-01}]}   # kept too
  - {id: two, prices: [{unit: input-mtok, amount: 3, currency: USD, valid_from: 2026-01, source: s, date: 2026-01}]}
"""
BLOCK = """offers:
- id: one
  prices:
  - unit: input-mtok
    amount: 1
    note: first   # kept
  # a word about the next offer
- id: two
  prices:
    - {unit: input-mtok, amount: 3}  # three
models: []
"""


def price(amount="0.7", note="genai-prices 9"):
    return Price(unit="input-mtok", amount=Decimal(amount), currency="USD", valid_from="2026-11-24", source="of-genai-prices", date="2026-11-24", note=note)


def added(before: str, after: str) -> str:
    """What stands in `after` and not in `before`, where that is one stretch; fails where anything else changed."""
    start = next((i for i, (a, b) in enumerate(zip(before, after)) if a != b), len(before))
    more = len(after) - len(before)
    assert before[start:] == after[start + more:] and more > 0
    return after[start:start + more]


@pytest.mark.parametrize("text", [FLOW, BLOCK], ids=["flow", "block"])
@pytest.mark.parametrize("offer", ["one", "two"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_one_line_is_added_and_every_other_byte_stays(text, offer, newline):
    raw = text.replace("\n", newline).encode()
    after = with_price("x.yaml", raw, offer, price())
    put = added(raw.decode(), after.decode())
    assert "amount: 0.7" in put and put.count("unit:") == 1 and ("\n" not in put.replace(newline, ""))


def test_a_byte_order_mark_and_a_missing_last_newline_stay():
    raw = b"\xef\xbb\xbf" + BLOCK.replace("models: []\n", "").rstrip().encode()
    after = with_price("x.yaml", raw, "two", price())
    assert after.startswith(b"\xef\xbb\xbf") and not after.endswith(b"\n")


@given(note=st.text(st.characters(codec="ascii", min_codepoint=32, max_codepoint=126), min_size=1, max_size=40), cents=st.integers(0, 10**6))
def test_whatever_the_note_says_the_file_says_the_same_and_one_price_more(note, cents):
    with_price("x.yaml", FLOW.encode(), "one", price(str(Decimal(cents) / 1000), note))  # checks itself, and raises where it does not hold


def test_an_offer_that_is_not_there_is_refused():
    with pytest.raises(Refused, match="no offer 'three'"):
        with_price("x.yaml", FLOW.encode(), "three", price())


# ------------------------------------------------------------------------------------------------ comparing


@pytest.fixture(scope="module")
def packages():
    pytest.importorskip("genai_prices")
    pytest.importorskip("currency_converter")


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A private catalog that lays two offers over the shipped ones, with prices nobody else has."""
    folder = tmp_path_factory.mktemp("own")
    line = "{{unit: input-mtok, amount: {}, currency: USD, valid_from: 2026-11-01, source: {}, date: 2026-11-01}}"
    head = "operator: mistral-ai, mode: api, layer: L1, kind: tokens, processing_region: global, model: mistral-large-3"
    (folder / "own.yaml").write_text(
        'sources: [{id: our-contract, what: "Our contract", date: 2026-11-01, tier: own}]\noffers:\n'
        f'  - {{id: mistral-ai-mistral-large-3, name: Overridden, {head}, prices: [{line.format(9, "of-genai-prices")}]}}\n'
        f'  - {{id: ours-by-contract, name: Contract, {head}, prices: [{line.format(8, "our-contract")}]}}\n'
        f'  - {{id: ours-by-list, name: List, {head}, prices: [  # kept\n     {line.format(7, "of-genai-prices")}]}}\n')
    return folder


def test_ours_as_shipped_agree_with_the_list_they_cite(packages, catalog):
    compared = compare_prices(catalog, AS_OF)
    assert compared.compared > 100
    cited = [d for d in compared.differences if d.ours.source == "of-genai-prices"]
    assert compared.package != "genai-prices 0.2.3" or not cited, cited


def test_what_is_the_users_own_is_shown_and_left_alone(packages, own):
    world = load_catalog([ROOT / "catalog", own])
    found = {d.offer: d for d in compare_prices(world, AS_OF).differences}
    assert found["mistral-ai-mistral-large-3"].left_alone == found["ours-by-contract"].left_alone == "yours"
    assert found["ours-by-list"].left_alone is None and found["ours-by-list"].percent == Decimal("-92.9")


def test_a_price_in_another_currency_is_shown_and_never_written(packages, catalog):
    euros = [d for d in compare_prices(catalog, AS_OF).differences if d.ours.currency == "EUR"]
    assert all(d.left_alone == "another currency" for d in euros)


def test_writing_adds_a_dated_line_and_a_second_run_finds_nothing_to_add(packages, own, tmp_path):
    folder = tmp_path / "own"
    shutil.copytree(own, folder)
    shipped = tmp_path / "shipped"
    shutil.copytree(ROOT / "catalog", shipped)
    before = (folder / "own.yaml").read_text()
    add_lines([shipped, folder], compare_prices(load_catalog([shipped, folder]), AS_OF))
    put = added(before, (folder / "own.yaml").read_text())
    assert "valid_from: 2026-11-24" in put and "source: of-genai-prices" in put
    again = load_catalog([shipped, folder])
    assert [d for d in compare_prices(again, AS_OF).differences if d.left_alone is None] == []
    offer = again.offers["ours-by-list"]
    assert again.price(offer, PriceUnit.INPUT_MTOK, date(2026, 11, 23)).amount == 7  # the past stays as it was


def test_the_past_is_compared_with_the_past(packages, catalog):
    """Mistral Large 4 cost twice as much for nine days, and both lists know it."""
    for day in (date(2026, 10, 15), date(2026, 10, 25), date(2026, 11, 1)):
        assert "mistral-ai-mistral-large-4" not in {d.offer for d in compare_prices(catalog, day).differences}


def test_without_the_extra_the_line_that_installs_it_is_given(monkeypatch, catalog):
    monkeypatch.setitem(sys.modules, "genai_prices.data", None)
    with pytest.raises(MissingExtra, match=r"pip install 'sovplan\[prices\]'") as refusal:
        compare_prices(catalog, AS_OF)
    assert refusal.value.exit_code == 5


def test_the_command_shows_and_writes_nothing_unasked(packages, own):
    from planner.cli.app import app

    before = (own / "own.yaml").read_bytes()
    done = CliRunner().invoke(app, ["catalog", "sync", "--as-of", "2026-11-24", "--catalog", str(own), "--json"])
    document = json.loads(done.stdout)
    row = next(d for d in document["differences"] if d["offer"] == "ours-by-list")
    assert (row["ours"], row["theirs_usd"], row["source"], document["written"]) == ("7", "0.5", "of-genai-prices", [])
    assert (own / "own.yaml").read_bytes() == before
