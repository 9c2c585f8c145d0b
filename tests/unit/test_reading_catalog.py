"""The catalog: layers, order, hash, references, the cache, and the check of its figures."""
from __future__ import annotations

import os
import pickle
from datetime import date
from pathlib import Path

import pytest

from planner.domain.catalog import Architecture
from planner.problems import Refused
from planner.reading import cache
from planner.reading.catalog import load_catalog, raw_files, content_hash
from planner.reading.catalog_check import check_catalog
from planner.reading.parameters import disagreement, parameters_b

SAMPLE = (Path(__file__).parent / "test_reading_data" / "catalog.yaml").read_text(encoding="utf-8")
MODE = "  - {{id: {}, name: N, says: S, weights_held_by_customer: false, hardware: none, operated_by_customer: false}}\n"
PRICE = "    prices:\n      - {{unit: input-mtok, amount: {}, currency: USD, valid_from: 2026-01-01, source: x-docs, date: 2026-10-02}}\n"
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def folder(path: Path, **files: str) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return path


def refusal(*folders: Path) -> list[str]:
    with pytest.raises(Refused) as caught:
        load_catalog(folders)
    return [str(p) for p in caught.value.problems]


def changed(tmp_path: Path, old: str, new: str) -> Path:
    assert old in SAMPLE, old
    return folder(tmp_path / "changed", sample=SAMPLE.replace(old, new, 1))


def collections_of(text: str) -> dict[str, str]:
    """The sample cut into one text a collection."""
    parts: dict[str, str] = {}
    for line in text.splitlines(keepends=True):
        if not line.startswith((" ", "#")):
            name = line.partition(":")[0]
            parts[name] = ""
        if not line.startswith("#"):
            parts[name] += line
    return parts


# ------------------------------------------------------------------------------------------------ loading


def test_the_collections_are_keyed_by_id_and_sorted(tmp_path):
    catalog = load_catalog([folder(tmp_path / "a", sample=SAMPLE)])
    assert list(catalog.models) == ["mistral-large-3", "mistral-small-4"]
    assert catalog.facts["data.personal"].type == "bool" and catalog.countries["NO"].name == "Norway"
    assert catalog.sizing["nvidia-vllm"]["compute"] and catalog.rates[0].currency == "USD" and catalog.overridden == ()


def test_how_files_are_cut_and_named_changes_nothing_but_the_hash(tmp_path):
    one = load_catalog([folder(tmp_path / "one", sample=SAMPLE)])
    parts = collections_of(SAMPLE)
    names = {f"f{99 - i}": text for i, text in enumerate(parts.values())}
    many = load_catalog([folder(tmp_path / "many", **names)])
    assert one.sha256 != many.sha256
    assert one.model_copy(update={"sha256": ""}) == many.model_copy(update={"sha256": ""})


def test_the_hash_does_not_depend_on_where_the_folder_lies(tmp_path):
    here, there = folder(tmp_path / "here", sample=SAMPLE), folder(tmp_path / "x" / "there", sample=SAMPLE)
    assert load_catalog([here]).sha256 == load_catalog([there]).sha256
    assert content_hash(raw_files([here])) != content_hash(raw_files([folder(tmp_path / "other", sample=SAMPLE + "\n")]))


def test_a_later_folder_lies_over_an_earlier_one_and_says_so(tmp_path):
    base = folder(tmp_path / "base", sample=SAMPLE)
    own = folder(tmp_path / "own", mine="assumptions:\n"
                 "  - {id: peak-factor, says: ours, value: 5, unit: ratio, source: own-assumption, date: 2026-11-01}\n"
                 "rates:\n  - {currency: USD, per_eur: 1.2, date: 2026-10-01, source: x-docs}\nmodes:\n" + MODE.format("vpc"))
    catalog = load_catalog([base, own])
    assert catalog.assumptions["peak-factor"].value == 5 and len(catalog.rates) == 1 and "vpc" in catalog.modes
    assert catalog.overridden == ("USD 2026-10-01", "peak-factor")
    assert load_catalog([base]).assumptions["peak-factor"].value == 3


def test_an_id_given_twice_in_one_folder_is_refused_with_both_places(tmp_path):
    twice = folder(tmp_path / "a", sample=SAMPLE, zz="modes:\n" + MODE.format("api"))
    (problem,) = refusal(twice)
    assert "zz.yaml:2:5: modes[0]: 'api' is given twice in modes; it stands first at" in problem and "sample.yaml:" in problem


def test_all_problems_of_all_files_come_at_once(tmp_path):
    found = refusal(folder(tmp_path / "a", a="models: 3\n", b="nonsense: []\n", c="[1, 2\n", d="modes:\n  - {id: X}\n"))
    assert {p.split(".yaml:")[0][-1] for p in found} == {"a", "b", "c", "d"}


def test_a_folder_that_is_missing_or_empty_is_refused(tmp_path):
    assert "there is no such folder" in refusal(tmp_path / "nowhere")[0]
    assert "no catalog file" in refusal(folder(tmp_path / "empty"))[0]


def test_a_file_that_would_be_passed_over_is_refused(tmp_path):
    a = folder(tmp_path / "a", sample=SAMPLE)
    (a / "more.yml").write_text("modes: []\n")
    (a / ".hidden.yaml").write_text("[[[")
    (problem,) = refusal(a)
    assert "more.yml:1:1: a catalog file ends in .yaml" in problem


# ---------------------------------------------------------------------------------------------- references


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("maker: mistral-ai", "maker: mistral", "models[0].maker: there is no party 'mistral' in the catalog; did you mean 'mistral-ai'?"),
    ("successor: mistral-small-4", "successor: mistral-small-5", "models[0].successor: there is no model"),
    ("licence: {value: apache-2-0", "licence: {value: apache-2", "models[0].licence.value: there is no licence 'apache-2'"),
    ("source: x-docs", "source: x-doc", "there is no source 'x-doc' in the catalog; did you mean 'x-docs'?"),
    ("maker: nvidia", "maker: nvidea", "accelerators[0].maker: there is no party 'nvidea'"),
    ("accelerator: h100, accelerators: 8", "accelerator: h10, accelerators: 8", "servers[0].accelerator: there is no accelerator 'h10'"),
    ("parent: iliad", "parent: illiad", "parties[0].parent: there is no party 'illiad'"),
    ("owner: iliad", "owner: free", "parties[0].sites[0].owner: there is no party 'free'"),
    ("operator: scaleway", "operator: scalewei", "offers[1].operator: there is no party 'scalewei'"),
    ("mode: on-prem", "mode: onprem", "offers[1].mode: there is no mode 'onprem' in the catalog; did you mean 'on-prem'?"),
    ("    model: mistral-large-3\n", "    model: mistral-large-2512\n", "offers[0].model: 'mistral-large-2512' is an alias"),
    ("sites: [scaleway-fr]", "sites: [scaleway-pl]", "offers[1].sites[0]: there is no site 'scaleway-pl'"),
    ("models_allowed: [mistral-large-3]", "models_allowed: [mistral]", "offers[1].models_allowed[0]: there is no model 'mistral'"),
    ("{fact: m.open_weights, value: true",
     "{fact: m.open_weight, value: true",
     "there is no fact 'm.open_weight' in the catalog's vocabulary"),
    ("{fact: m.open_weights, value: true",
     "{fact: m.open_weights, value: open",
     "facts[0].value: `m.open_weights` takes true or false, not 'open'"),
    ("value: FR, source", "value: France, source", "takes a two-letter country code such as FR, not 'France'"),
    ("value: [iso-27001]", "value: iso-27001", "`party.certificates` takes a list"),
    ("value: [iso-27001]", "value: [iso-27002]", "is one of iso-27001, c5, not 'iso-27002'; did you mean 'iso-27001'?"),
    ("facts: {dep.self_hosted: false}", "facts: {dep.selfhosted: false}", "modes[0].facts.dep.selfhosted: there is no fact"),
    ("facts: {dep.self_hosted: false}", "facts: {dep.self_hosted: 1}", "`dep.self_hosted` takes true or false, not 1"),
    ("in_group: eea}, effect", "in_group: eaa}, effect", "when.in_group: there is no group 'eaa' in the catalog; did you mean 'eea'?"),
    ("{fact: data.personal, is: true}",
     "{fact: data.personal, is: 1}",
     "rules[0].when.all[0].is: `data.personal` takes true or false, not 1"),
    ("{fact: data.personal, is: true}", "{fact: data.personal, at_least: 1}", "`at_least` tests a number"),
    ("{fact: data.personal, is: true}", "{fact: data.personal, in_group: eea}", "`in_group` tests a country"),
    ("in: [secret]", "in: [secret, hidden]", "`data.kind` is one of public, secret, not 'hidden'"),
    ("any_of: [c5]", "in: [c5]", "a list is tested with `any_of`"),
    ("when_class: class.high_risk", "when_class: class.highrisk", "rules[0].applies_from_by_class[0].when_class: there is no fact"),
    ("demands: {fact: ev.dpia", "demands: {fact: ev.dpa", "rules[0].demands.fact: there is no fact 'ev.dpa'"),
    ("sources: [x-docs], date", "sources: [y-docs], date", "abilities[0].sources[0]: there is no source 'y-docs'"),
    ("reference: mistral-large-3", "reference: mistral-large-9", "tiers[0].reference: there is no model"),
    ("{model: mistral-large-3, gate", "{model: large, gate", "gate_scores[0].model: there is no model 'large'"),
    ("name: Mistral Small 4, maker",
     "name: Mistral Small 4, aliases: [mistral-large-2512], maker",
     "'mistral-large-2512' already names another entry of models"),
    ("aliases: [mistral-large-2512]", "aliases: [mistral-small-4]", "'mistral-small-4' already names another entry of models"),
    ("kinds: [investor], country: FR",
     "kinds: [investor], sites: [{id: scaleway-fr, name: A, country: FR}]",
     "already names another entry of parties"),
])
def test_a_reference_that_leads_nowhere_is_refused(tmp_path, old, new, expected):
    found = refusal(changed(tmp_path, old, new))
    assert any(expected in p for p in found), found
    line = SAMPLE[: SAMPLE.index(old)].count("\n") + 1
    assert any(f".yaml:{line}:" in p or f".yaml:{line + 1}:" in p for p in found), found


# --------------------------------------------------------------------------------------------------- cache


def kept_files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "sovplan").glob("*"))


def test_a_kept_catalog_is_the_catalog(tmp_path):
    a = folder(tmp_path / "a", sample=SAMPLE)
    first = load_catalog([a])
    assert len(kept_files(tmp_path)) == 1
    assert load_catalog([a]) == first


def test_one_changed_byte_is_another_catalog(tmp_path):
    a = folder(tmp_path / "a", sample=SAMPLE)
    load_catalog([a])
    folder(a, sample=SAMPLE.replace("value: 3, unit", "value: 4, unit"))
    assert load_catalog([a]).assumptions["peak-factor"].value == 4


def test_a_refused_catalog_is_not_kept(tmp_path):
    refusal(changed(tmp_path, "parent: iliad", "parent: nobody"))
    assert kept_files(tmp_path) == []


@pytest.mark.parametrize("damage", [
    b"", b"not a pickle", pickle.dumps({"a": 1}), pickle.dumps([{"models": 3}]), b"\x80\x05cposix\nnothing\n.",
])
def test_a_damaged_file_in_the_cache_only_costs_time(tmp_path, damage):
    a = folder(tmp_path / "a", sample=SAMPLE)
    first = load_catalog([a])
    kept_files(tmp_path)[0].write_bytes(damage)
    assert load_catalog([a]) == first


def test_a_file_in_the_cache_cannot_run_code(tmp_path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "sprung"),)

    a = folder(tmp_path / "a", sample=SAMPLE)
    first = load_catalog([a])
    kept_files(tmp_path)[0].write_bytes(pickle.dumps([Trap()]))
    assert load_catalog([a]) == first and not (tmp_path / "sprung").exists()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners here")
def test_nothing_is_read_from_a_folder_that_others_may_write(tmp_path):
    a = folder(tmp_path / "a", sample=SAMPLE)
    load_catalog([a])
    (tmp_path / "cache" / "sovplan").chmod(0o777)
    assert cache.load(content_hash(raw_files([a]))) is None


def test_a_cache_that_cannot_be_written_is_passed_over(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load_catalog([folder(tmp_path / "a", sample=SAMPLE)]).models


def test_the_cache_forgets_all_but_the_newest(tmp_path):
    for number in range(cache.KEEP + 3):
        cache.store(f"digest-{number}", [number])
    assert len(kept_files(tmp_path)) == cache.KEEP


# ----------------------------------------------------------------------------------------------- the check


def checked(tmp_path: Path, old: str, new: str) -> list[str]:
    return [str(p) for p in check_catalog([changed(tmp_path, old, new)], TODAY).errors]


def test_a_sound_catalog_has_no_problems_and_no_warnings(tmp_path):
    a = folder(tmp_path / "a", sample=SAMPLE)
    assert check_catalog([a], TODAY) == ([], [])


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("date: 2026-10-01, tier", "date: 2027-01-01, tier", "sources[1].date: 2027-01-01 lies after 2026-11-24"),
    ("checked: 2026-10-01}\n    kind", "checked: 2028}\n    kind", "rules[0].cites.checked: 2028 lies after 2026-11-24"),
    ("      - {fact: party.certificates",
     "      - {fact: party.entity_country, value: DE, source: x-docs, date: 2026-10-01, basis: seen}\n      - {fact: party.certificates",
     "`party.entity_country` was 'FR' before, and is 'DE' here"),
    ("    prices:\n", PRICE.format("0.56"), "offers[0].prices[1]: 0.50 is 11% from the price of the same unit and day, 0.56"),
    ("currency: USD, valid_from", "currency: GBP, valid_from", "offers[0].prices[0].currency: there is no exchange rate for 'GBP'"),
    ("value: 675,", "value: 690,", "models[0].parameters_total_b: the architecture makes 673.42 billion parameters, and 690 are stated"),
    ("    accelerators: 1\n", "", "offers[1]: an offer of rent names its `accelerator`"),
    ("    model: mistral-large-3\n", "", "offers[0]: an offer of tokens names its `model`"),
    ("SOV-1: 100", "SOV-1: 90", "frameworks[0].weights.2026: the weights sum to 90, not to 100"),
    ("SOV-1: 100", "SOV-1: 50, SOV-9: 50", "there is no objective 'SOV-9'; did you mean 'SOV-1'?"),
    ('default_weights: "2026"', 'default_weights: "2027"', "frameworks[0].default_weights: there is no set of weights '2027'"),
    ("parent: iliad", "parent: illiad", "there is no party 'illiad'"),
    ("parent: iliad", "parant: iliad", "there is no such key here"),
])
def test_the_check_finds(tmp_path, old, new, expected):
    found = checked(tmp_path, old, new)
    assert any(expected in p for p in found), found


def test_a_catalog_that_cannot_be_read_is_an_error_and_no_exception(tmp_path):
    check = check_catalog([folder(tmp_path / "a", a="[1, 2")], TODAY)
    assert "not valid YAML" in str(check.errors[0]) and check.warnings == []


def test_small_differences_between_prices_pass(tmp_path):
    assert checked(tmp_path, "    prices:\n", PRICE.format("0.54")) == []


def test_figures_past_their_shelf_life_are_warned_of_and_no_error(tmp_path):
    a = folder(tmp_path / "a", sample=SAMPLE)
    check = check_catalog([a], date(2027, 6, 1))
    assert check.errors == []
    found = [str(p) for p in check.warnings]
    assert any("offers[0].prices[0].date: this was read 243 days ago, and keeps for 90" in p for p in found)
    assert any("rules[0].cites.checked" in p for p in found) and not any("accelerators" in p for p in found)


def test_sources_that_are_far_apart_are_warned_of(tmp_path):
    a = changed(tmp_path, "memory_gb: {value: 80,",
                "memory_gb: {value: 80, also_reported: [{value: 94, source: x-docs, date: 2026-10-01}],")
    (warning,) = check_catalog([a], TODAY).warnings
    assert "also_reported[0]: 94 is 18% from 80" in str(warning)


# ---------------------------------------------------------------------------------------------- parameters


def test_a_dense_model_adds_up():
    large_2 = Architecture(layers=88, hidden=12288, attention_heads=96, kv_heads=8, head_dim=128, ffn=28672, vocabulary=32768)
    assert 122 < parameters_b(large_2) < 123.5


def test_a_mixture_with_latent_attention_adds_up():
    small_4 = Architecture(layers=36, hidden=4096, attention_heads=32, kv_heads=32, head_dim=128, ffn=12288, vocabulary=131072, experts=128,
                           experts_per_token=4, shared_experts=1, expert_ffn=2048, mla_latent=320, q_lora_rank=1024, qk_nope_head_dim=64,
                           qk_rope_head_dim=64, v_head_dim=128)
    assert 118.9 < parameters_b(small_4) < 119.1


def test_tied_embeddings_are_counted_once():
    apart = Architecture(layers=1, hidden=10, attention_heads=1, kv_heads=1, head_dim=10, ffn=10, vocabulary=1000)
    tied = apart.model_copy(update={"tied_embeddings": True})
    assert parameters_b(apart) - parameters_b(tied) == parameters_b(apart).__class__("0.00001")


@pytest.mark.parametrize("missing", [{"vocabulary": None}, {"ffn": None}, {"full_attention_layers": 1}, {"experts": 8}, {"mla_latent": 5}])
def test_what_the_architecture_does_not_say_is_not_guessed(missing):
    known = Architecture(layers=2, hidden=10, attention_heads=1, kv_heads=1, head_dim=10, ffn=10, vocabulary=1000)
    assert parameters_b(known.model_copy(update=missing)) is None
    assert disagreement(known.model_copy(update=missing), parameters_b(known)) is None
