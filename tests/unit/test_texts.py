"""A translated text is one that something still says: its English stands in the catalog, in a noun or in the code."""
from __future__ import annotations

import re

import pytest

from planner.domain.catalog import Use
from planner.judging.licences import judge_licence
from planner.reading.catalog import load_catalog
from planner.reporting.texts import entries, texts
from planner.resources import bundled

CATALOG = "\n".join(path.read_text(encoding="utf-8") for path in sorted(bundled("catalog").rglob("*.yaml")))
QUESTIONS = [entry["en"] for entry in entries() if entry["en"].endswith("?") and "{" not in entry["en"]]


@pytest.mark.parametrize("english", QUESTIONS)
def test_a_translated_question_is_still_asked_by_the_catalog(english):
    assert " ".join(english.split()) in " ".join(CATALOG.split()), "its English has changed: translate it again or drop it"


# What is claimed to be whole: whoever adds or rewords one of these texts translates it, into every language.
WORLD = load_catalog([bundled("catalog")])
FACTORS = [factor for framework in WORLD.frameworks.values() for objective in framework.objectives for factor in objective.factors]
SCREENING = {name: fact for name, fact in WORLD.facts.items() if fact.meanings}
WHOLE = {
    "objectives and factors": [o.name for f in WORLD.frameworks.values() for o in f.objectives] + [factor.name for factor in FACTORS],
    "rungs": [rung.says for factor in FACTORS for rung in factor.rungs],
    "ways to cut a dependency": [factor.cut_by for factor in FACTORS if factor.cut_by],
    "answers to choose from": [words for name in SCREENING for words in (SCREENING[name].question, *SCREENING[name].meanings.values())],
}


@pytest.mark.parametrize("lang", ["fr", "de", "ja"])
@pytest.mark.parametrize("group", WHOLE)
def test_what_is_claimed_to_be_whole_is_translated(group, lang):
    assert not [english for english in WHOLE[group] if texts(lang).found(english) is None]


# Somebody of whom nothing is known, and somebody huge in France who does everything that sets a term off; with an agreement, and without.
HUGE: dict[str, str | int | bool] = {
    name: {"bool": True, "country": "FR"}.get(fact.type, 10**12) for name, fact in WORLD.facts.items() if name.startswith("licensee.")
}
LICENSEES = [{}, HUGE, HUGE | {"licensee.terms_reviewed": False}, HUGE | {"licensee.terms_reviewed": False, "licensee.separate_licence": False}]
LATE = 20  # texts that may still be in English: what the law or the facts say of late (0 when this was written)
LAW = {
    "rules": [words for rule in WORLD.rules.values() for words in (rule.title, rule.says)],
    "steps": [words for rule in WORLD.rules.values() for step in rule.steps for words in (step.do, step.owner, step.evidence) if words],
    "facts": [words for fact in WORLD.facts.values() for words in (fact.meaning, fact.question) if words],
    "licences": [words for licence in WORLD.licences.values() for words in (*licence.conditions, *(t.says for t in licence.triggers))],
    "what licences allow and forbid": [
        verdict.because for licence in WORLD.licences.values() for licensee in LICENSEES
        for verdict in judge_licence(licence, licensee, tuple(Use), WORLD.country_groups)
    ],
    "assumptions": [words for a in WORLD.assumptions.values() for words in (a.says, a.unit, a.unsuitable_for) if words],
    "roles and modes": [f.role for f in WORLD.facts.values() if f.role] + [m.name for m in WORLD.modes.values()],
}


@pytest.mark.parametrize("lang", ["fr", "de", "ja"])
@pytest.mark.parametrize("group", LAW)
def test_few_texts_of_the_law_and_of_what_it_asks_are_left_in_english(group, lang):
    left = sorted({english for english in LAW[group] if texts(lang).found(english) is None})
    assert len(left) <= LATE, left


def test_every_entry_has_every_language_and_the_same_places():
    for entry in entries():
        assert set(entry) == {"en", "fr", "de", "ja"}, entry["en"]
        assert len({frozenset(re.findall(r"{([a-z_0-9]+)}", words)) for words in entry.values()}) == 1, entry["en"]


def test_a_sentence_put_together_is_translated_part_by_part_or_marked_as_a_whole():
    german = texts("de")
    assert german("Known: personal data: yes. Not known: data protection officer, exit plan of nobody.").endswith("[EN]")
    assert german("Known: personal data: yes. Not known: data protection officer.") == \
        "Bekannt: personenbezogene Daten: ja. Nicht bekannt: Datenschutzbeauftragter."
    assert german("Known: kinds of data: personal, employee.") == "Bekannt: Arten von Daten: personenbezogen, Beschäftigte."
    assert german("at least: no figure; at best: PUE below 1.3") == "mindestens: keine Zahl; bestenfalls: PUE unter 1,3"


@pytest.mark.parametrize(("lang", "said"), [
    ("en", "AI Act Art. 26(5)"), ("fr", "règlement sur l'IA art. 26, par. 5"), ("de", "KI-Verordnung Art. 26 Abs. 5"), ("ja", "AI法 第26条第5項"),
])
def test_a_citation_is_written_as_lawyers_of_the_language_write_it(lang, said):
    assert texts(lang).cite("AI Act Art. 26(5)") == said


@pytest.mark.parametrize(("lang", "annex", "points"), [
    ("fr", "règlement sur l'IA annexe III, point 5 b)", "RGPD art. 5, par. 1, point c), e), art. 5, par. 2"),
    ("de", "KI-Verordnung Anhang III Nr. 5 Buchst. b", "DSGVO Art. 5 Abs. 1 Buchst. c, e, Art. 5 Abs. 2"),
    ("ja", "AI法 附属書III 5(b)", "GDPR 第5条第1項(c)、(e), 第5条第2項"),
])
def test_a_point_of_an_annex_is_no_article_and_further_points_belong_to_their_paragraph(lang, annex, points):
    assert texts(lang).cite("AI Act Annex III, 5(b)") == annex
    assert texts(lang).cite("GDPR Art. 5(1)(c),(e), 5(2)") == points


def test_paragraphs_from_one_to_another_stay_a_range():
    assert [texts(lang).cite("DORA Art. 30(1)-(2)") for lang in ("fr", "de", "ja")] == \
        ["DORA art. 30, par. 1 à 2", "DORA Art. 30 Abs. 1 bis 2", "DORA 第30条第1項～第2項"]


def test_joined_reasons_are_translated_one_by_one():
    assert texts("de")("The price of 80 EUR per kwh is an estimate (source own-assumption, 2026-11-24); Licence of A: B") == \
        "Der Preis von 80 EUR je kWh ist eine Schätzung (Quelle own-assumption, 24. November 2026); Lizenz von A: B"


def test_no_text_is_translated_twice():
    english = [entry["en"] for entry in entries()]
    assert len(english) == len(set(english))


def test_a_name_without_a_translation_stays_as_it_is_and_a_sentence_is_marked():
    german = texts("de")
    assert german.name("Some Company") == "Some Company"
    assert german("Nobody has said this.").endswith("[EN]")
