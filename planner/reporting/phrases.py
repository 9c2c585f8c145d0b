"""The fixed words of a report: one catalogue of phrases a language, in templates/phrases/."""
from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from planner.problems import UsageError, nearest
from planner.reading.strict_yaml import read
from planner.resources import bundled


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
        """`1 workload`, `7 workloads`: the phrase `key.one` or `key.other`, with `{n}` filled."""
        return self(f"{key}.{'one' if number == 1 else 'other'}", n=f"{number:,}".replace(",", self("format.thousands")))


def languages() -> tuple[str, ...]:
    """The languages for which a catalogue of phrases stands, sorted."""
    return tuple(sorted(path.stem for path in _folder().glob("*.yaml")))


@cache
def phrases(lang: str) -> Phrases:
    """The phrases of a language. Raises UsageError, with the nearest name, where no catalogue stands for it."""
    if lang not in languages():
        known = languages()
        raise UsageError(f"--lang {lang}: there are no phrases for it; {nearest(lang, known) or 'one of ' + ', '.join(known)}")
    return Phrases(lang, dict(_flat(read(_folder() / f"{lang}.yaml").data, "")))


def _folder() -> Path:
    return bundled("templates") / "phrases"


def _flat(branch: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    """Nested keys joined by dots, in the order of the file."""
    found: list[tuple[str, str]] = []
    for key, value in branch.items():
        name = f"{prefix}{key}"
        found += _flat(value, f"{name}.") if isinstance(value, Mapping) else [(name, str(value))]
    return found
