"""A translated text is one that something still says: its English stands in the catalog, in a noun or in the code."""
from __future__ import annotations

import pytest

from planner.reporting.texts import entries, texts
from planner.resources import bundled

CATALOG = "\n".join(path.read_text(encoding="utf-8") for path in sorted(bundled("catalog").rglob("*.yaml")))
QUESTIONS = [entry["en"] for entry in entries() if entry["en"].endswith("?")]


@pytest.mark.parametrize("english", QUESTIONS)
def test_a_translated_question_is_still_asked_by_the_catalog(english):
    assert " ".join(english.split()) in " ".join(CATALOG.split()), "its English has changed: translate it again or drop it"


def test_no_text_is_translated_twice():
    english = [entry["en"] for entry in entries()]
    assert len(english) == len(set(english))


def test_a_name_without_a_translation_stays_as_it_is_and_a_sentence_is_marked():
    german = texts("de")
    assert german.name("Some Company") == "Some Company"
    assert german("Nobody has said this.").endswith("[EN]")
