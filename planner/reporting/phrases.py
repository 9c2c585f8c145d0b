"""The fixed words of a report: one catalogue of phrases a language, in templates/phrases/."""
from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from planner.problems import UsageError, nearest
from planner.reading.strict_yaml import read
from planner.resources import bundled

SOURCE = "en"  # the language that every other is translated from; what is missing elsewhere is shown in it, marked


class Phrases:
    """Phrases of one language by key, such as `law.title`."""

    def __init__(self, lang: str, words: Mapping[str, str]):
        self.lang = lang
        self.words = words

    def __call__(self, key: str, /, **values: object) -> str:
        """The phrase with its `{places}` filled. KeyError for a key that the catalogue lacks."""
        if key not in self.words:
            raise KeyError(f"templates/phrases/{self.lang}.yaml has no phrase {key!r}; {nearest(key, self.words)}")
        return self.words[key].format_map(values) if values else self.words[key]

    def has(self, key: str) -> bool:
        """Whether the catalogue has this phrase."""
        return key in self.words

    def count(self, key: str, number: int) -> str:
        """`1 workload`, `7 workloads`: the phrase `key.one` or `key.other`, with `{n}` filled.

        Which numbers take the singular, `format.singular` says: 1 in English and German, 0 and 1 in French, none in Japanese.
        """
        one = str(number) in self("format.singular").split()
        return self(f"{key}.{'one' if one else 'other'}", n=f"{number:,}".replace(",", self("format.thousands")))


def languages() -> tuple[str, ...]:
    """The languages for which a catalogue of phrases stands, sorted."""
    return tuple(sorted(path.stem for path in _folder().glob("*.yaml")))


@cache
def phrases(lang: str) -> Phrases:
    """The phrases of a language. Raises UsageError, with the nearest name, where no catalogue stands for it."""
    if lang not in languages():
        known = languages()
        raise UsageError(f"--lang {lang}: there are no phrases for it; {nearest(lang, known) or 'one of ' + ', '.join(known)}")
    own = _words(lang)
    if lang == SOURCE or SOURCE not in languages():
        return Phrases(lang, own)
    mark = own.get("mark.english", "")
    return Phrases(lang, {key: f"{text} {mark}".rstrip() for key, text in _words(SOURCE).items() if key not in own} | own)


def _words(lang: str) -> dict[str, str]:
    return dict(_flat(read(_folder() / f"{lang}.yaml").data, ""))


def fingerprints(lang: str) -> dict[str, str]:
    """Key -> a short hash of the English phrase, for every phrase that the language's own file holds; kept beside it in LANG.lock.

    Where an English phrase has changed since, its hash differs from the one that was kept: the translation is stale.
    """
    english = _words(SOURCE)
    return {key: hashlib.sha256(english[key].encode()).hexdigest()[:8] for key in _words(lang) if key in english}


def _folder() -> Path:
    return bundled("templates") / "phrases"


def _flat(branch: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    """Nested keys joined by dots, in the order of the file."""
    found: list[tuple[str, str]] = []
    for key, value in branch.items():
        name = f"{prefix}{key}"
        found += _flat(value, f"{name}.") if isinstance(value, Mapping) else [(name, str(value))]
    return found
