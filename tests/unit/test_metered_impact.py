"""Energy and carbon of metered tokens: an estimate with its name, or unknown."""
from __future__ import annotations

import sys
from decimal import Decimal

import pytest

from planner.sizing.metered_impact import ImpactMissing, metered_impact


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ecologits", None)
    with pytest.raises(ImpactMissing, match="pip install"):
        metered_impact("openai", ["gpt-4o"])


def test_a_model_that_nobody_estimated_is_unknown_and_not_clean():
    pytest.importorskip("ecologits")
    assert metered_impact("openai", ["no-such-model"]) is None
    assert metered_impact("qwen", ["qwen3-32b"]) is None  # no such service in the package
    assert metered_impact("openai", ["gpt-4o"], "XXX") is None  # no such country


def test_a_known_model_has_a_range_that_grows_with_tokens_and_names_its_source():
    pytest.importorskip("ecologits")
    made = metered_impact("openai", ["an-unknown-id", "gpt-4o"], "FRA")
    assert made is not None and "ecologits" in made.source and made.warnings
    assert Decimal(0) < made.kwh_per_output_mtok.low <= made.kwh_per_output_mtok.high
    assert made.grams(Decimal(2_000_000)).low == 2 * made.grams_per_output_mtok.low


def test_a_cleaner_grid_emits_less():
    pytest.importorskip("ecologits")
    clean, dirty = (metered_impact("openai", ["gpt-4o"], zone) for zone in ("SWE", "POL"))
    assert clean is not None and dirty is not None and clean.grams_per_output_mtok.high < dirty.grams_per_output_mtok.low
