"""A licence that changed in place is seen by the hash of its text; whose data the catalog keeps is said, all of it."""
from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from planner.cli.app import app
from planner.problems import Refused
from planner.reading.catalog import load_catalog
from planner.reading.licence_drift import licence_drift, text_sha256
from planner.resources import bundled

CATALOG = load_catalog([bundled("catalog")])
TEXT = b"Do as you like.\nKeep this notice.\n"


@pytest.fixture
def world():
    kept = CATALOG.licences["qwen-2024"].model_copy(update={"text_sha256": text_sha256(TEXT)})
    without = CATALOG.licences["mit"].model_copy(update={"text_sha256": None})
    return CATALOG.model_copy(update={"licences": {"qwen-2024": kept, "mit": without}})


def put(folder, **texts):
    for name, raw in texts.items():
        (folder / f"{name.replace('_', '-')}.txt").write_bytes(raw)
    return folder


def test_the_same_text_is_the_same_however_its_lines_are_wrapped(tmp_path, world):
    again = "\ufeffDo as   you like.\r\n\r\n  Keep this\nnotice.".encode()
    drift = licence_drift(put(tmp_path, qwen_2024=again), world)
    assert drift.same == ["qwen-2024"] and not drift.changed and not drift.unkept


def test_one_changed_word_is_reported_with_both_hashes(tmp_path, world):
    raw = TEXT.replace(b"Keep", b"Lose")
    (problem,) = licence_drift(put(tmp_path, qwen_2024=raw), world).changed
    assert text_sha256(raw) in problem.message and text_sha256(TEXT) in problem.message and problem.file.endswith("qwen-2024.txt")


def test_a_text_without_a_kept_hash_is_said_to_have_none_with_the_hash_to_keep(tmp_path, world):
    drift = licence_drift(put(tmp_path, mit=TEXT), world)
    assert not drift.changed and not drift.same
    assert "no hash" in drift.unkept[0].message and f"text_sha256: {text_sha256(TEXT)}" in drift.unkept[0].hint


def test_a_text_of_no_known_licence_is_not_passed_over(tmp_path, world):
    (problem,) = licence_drift(put(tmp_path, qwen_2025=TEXT), world).unkept
    assert "qwen-2025" in problem.message and "qwen-2024" in problem.hint


def test_bytes_that_are_no_text_still_differ_from_each_other():
    assert text_sha256(b"\xff one") != text_sha256(b"\xfe one")


def test_a_folder_that_is_not_there_is_refused(tmp_path, world):
    with pytest.raises(Refused):
        licence_drift(tmp_path / "nowhere", world)


def test_hashes_are_kept_only_of_texts_that_were_read():
    kept = [licence for licence in CATALOG.licences.values() if licence.text_sha256]
    assert len(kept) >= 10 and {licence.evidence for licence in kept} == {"text-read"}
    assert len({licence.text_sha256 for licence in kept}) == len(kept)


# -------------------------------------------------------------------------------------------- whose data it is

OPEN_TERMS = {"CC-BY-4.0", "MIT", "Apache-2.0", "CC0-1.0"}


def attributed() -> dict[str, str]:
    """Source id -> the terms under which the attribution says its data are kept."""
    text = (bundled("catalog") / "ATTRIBUTION.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")][2:]
    pairs = [(source, terms) for _, _, terms, _, sources in rows for source in re.findall(r"`([a-z0-9-]+)`", sources)]
    assert len(dict(pairs)) == len(pairs), "a source stands in two rows"
    return dict(pairs)


def test_each_source_that_carries_data_is_attributed_under_its_own_terms():
    carrying = {key: source.licence for key, source in CATALOG.sources.items() if source.licence}
    assert attributed() == carrying


def test_data_are_kept_under_open_terms_only():
    assert set(attributed().values()) <= OPEN_TERMS


def test_measurements_of_quality_and_openness_come_from_sources_with_terms():
    sources = {source for ability in CATALOG.abilities for source in ability.sources} | {score.source for score in CATALOG.gate_scores}
    sources |= {framework.source for framework in CATALOG.openness.values()}
    sources |= {model.components.source for model in CATALOG.models.values() if model.components}
    assert sources <= set(attributed())


# ------------------------------------------------------------------------------------------------ the command


@pytest.mark.parametrize(("name", "code", "says"), [("qwen-2024", 2, "is not the text"), ("mit", 0, "text_sha256: ")])
def test_the_check_of_the_catalog_fails_on_a_changed_text_and_only_warns_of_one_without_a_hash(tmp_path, name, code, says):
    (tmp_path / f"{name}.txt").write_bytes(TEXT)
    command = ["catalog", "check", "--as-of", "2026-11-24", "--licences", str(tmp_path)]
    answer = CliRunner().invoke(app, command, catch_exceptions=False)
    assert answer.exit_code == code
    assert any(says in line and f"{name}.txt:1:1" in line for line in answer.stderr.splitlines())
