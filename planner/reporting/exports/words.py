"""The fixed words of the exports: one folder a language, in templates/exports/, with phrases and the forms of drafts."""
from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from planner.problems import UsageError, nearest
from planner.reading.strict_yaml import read
from planner.reporting.phrases import SOURCE, Phrases
from planner.resources import bundled


def export_languages() -> tuple[str, ...]:
    """The languages in which exports can be written, sorted."""
    return tuple(sorted(path.name for path in _folder().iterdir() if (path / "words.yaml").is_file()))


@cache
def export_words(lang: str) -> Phrases:
    """The phrases of the exports in one language. Raises UsageError, with the nearest name, for a language there is no folder for."""
    return Phrases(lang, {str(key): str(words) for key, words in export_data("words", lang).items()})


@cache
def export_data(name: str, lang: str) -> dict[str, Any]:
    """One file of a language's folder, such as a form; the English one where the language has none, as for names that the law gives.

    Raises UsageError for a language there is no folder for.
    """
    known = export_languages()
    if lang not in known:
        raise UsageError(f"--lang {lang}: exports are not written in it; {nearest(lang, known) or 'one of ' + ', '.join(known)}")
    own = _folder() / lang / f"{name}.yaml"
    return read(own if own.is_file() else _folder() / SOURCE / own.name).data


def _folder() -> Path:
    return bundled("templates") / "exports"
