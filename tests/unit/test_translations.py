"""Every language says every phrase, says it of today's English, and writes numbers and days as its readers do.

Run as a program, this file records that the translations are up to date: `python tests/unit/test_translations.py`.
"""
from __future__ import annotations

import string
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from planner.reporting.figures import MINUS, Figures
from planner.reporting.phrases import SOURCE, _words, fingerprints, languages, phrases

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "phrases"
OTHERS = [lang for lang in languages() if lang != SOURCE]


def lock(lang: str) -> str:
    return "".join(f"{digest} {key}\n" for key, digest in sorted(fingerprints(lang).items()))


def places(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_the_four_languages_stand():
    assert set(languages()) >= {"en", "fr", "de", "ja"}


@pytest.mark.parametrize("lang", OTHERS)
def test_no_phrase_is_missing_and_none_is_left_over(lang):
    english, own = set(_words(SOURCE)), _words(lang)
    if not own["format.singular"]:  # a language without a singular needs no phrase for it
        english -= {key for key in english if key.startswith("count.") and key.endswith(".one")}
    assert set(own) == english


@pytest.mark.parametrize("lang", OTHERS)
def test_a_translation_fills_the_same_places(lang):
    english = _words(SOURCE)
    odd = {key for key, words in _words(lang).items() if places(words) != places(english[key])}
    assert odd <= {"format.first_day"}, odd


@pytest.mark.parametrize("lang", OTHERS)
def test_no_translation_is_older_than_its_english(lang):
    kept = dict(reversed(line.split()) for line in (FOLDER / f"{lang}.lock").read_text().splitlines())
    now = fingerprints(lang)
    stale = sorted(key for key in now.keys() | kept.keys() if now.get(key) != kept.get(key))
    assert not stale, f"read these again in {lang}.yaml, then run this file as a program: {stale}"


@pytest.mark.parametrize("lang", OTHERS)
def test_a_phrase_that_a_language_lacks_is_shown_in_english_and_marked(lang, monkeypatch):
    monkeypatch.setattr("planner.reporting.phrases._words", lambda one: {k: v for k, v in _words(one).items() if (one, k) != (lang, "page.contents")})
    phrases.cache_clear()
    try:
        assert phrases(lang)("page.contents") == "Contents [EN]"
    finally:
        phrases.cache_clear()


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("value", [Decimal("0"), Decimal("7.5"), Decimal("1234.56"), Decimal("-9876543.21")])
def test_numbers_are_written_as_the_unicode_locale_data_says_with_a_minus_for_its_hyphen(lang, value):
    numbers = pytest.importorskip("babel.numbers")
    f = Figures(phrases(lang))
    assert f.number(value, 2) == numbers.format_decimal(value, "#,##0.00", locale=lang).replace("-", MINUS)
    assert f.percent(value / 100) == numbers.format_percent(value / 100, locale=lang).replace("-", MINUS)
    assert f.cents(value) == numbers.format_currency(value, "EUR", locale=lang).replace("-", MINUS)


@pytest.mark.parametrize(("lang", "locale"), [("en", "en_GB"), ("fr", "fr"), ("de", "de"), ("ja", "ja")])
def test_days_are_written_as_the_unicode_locale_data_says(lang, locale):
    dates = pytest.importorskip("babel.dates")
    f = Figures(phrases(lang))
    for month in range(1, 13):
        assert f.day(date(2027, month, 24)) == dates.format_date(date(2027, month, 24), "long", locale=locale)
        assert f.day(f"2027-{month:02}") == dates.format_skeleton("yMMMM", date(2027, month, 1), locale=locale)


def test_the_first_of_a_month_is_an_ordinal_in_french_alone():
    assert [Figures(phrases(lang)).day("2027-01-01") for lang in ("en", "fr", "de", "ja")] == \
        ["1 January 2027", "1er janvier 2027", "1. Januar 2027", "2027年1月1日"]


@pytest.mark.parametrize("lang", languages())
def test_the_singular_stands_where_the_unicode_locale_data_says(lang):
    babel = pytest.importorskip("babel")
    rule = babel.Locale.parse(lang).plural_form
    for n in (0, 1, 2, 21, 1000):
        assert (str(n) in phrases(lang)("format.singular").split()) == (rule(n) == "one")


if __name__ == "__main__":
    for language in OTHERS:
        (FOLDER / f"{language}.lock").write_text(lock(language))
