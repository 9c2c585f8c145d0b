"""What the catalog says, in the reader's language: a translation found by the English text, in templates/texts/.

A text with `{places}` stands for every text of that form. What has no translation is shown in English and marked, so that nothing is
ever lost; and where the English has changed, its old translation is no longer found, so that nothing stale is ever shown.
"""
from __future__ import annotations

import re
from functools import cache

from planner.reading.strict_yaml import read
from planner.reporting.phrases import SOURCE, phrases
from planner.resources import bundled

Entry = dict[str, str]


class Texts:
    """The texts of one language by their English."""

    def __init__(self, lang: str, entries: tuple[Entry, ...]):
        self.lang = lang
        self._mark = "" if lang == SOURCE else phrases(lang)("mark.english")
        self._whole = {e["en"]: e[lang] for e in entries if lang in e}
        self._forms = [(_pattern(e["en"]), e[lang]) for e in entries if lang in e and "{" in e["en"]]

    def __call__(self, english: str) -> str:
        """The text in this language; in English, with its mark, where nobody has translated it."""
        if self.lang == SOURCE or not english:
            return english
        return self._found(english) or f"{english}\u00a0{self._mark}"

    def name(self, words: str) -> str:
        """A name of something or somebody: translated where it has a translation, else as it is, without a mark."""
        return self(words) if self.lang == SOURCE else self._found(words) or words

    def _found(self, english: str) -> str | None:
        if english in self._whole:
            return self._whole[english]
        for pattern, words in self._forms:
            if match := pattern.fullmatch(english):
                return words.format_map({place: self._found(value) or value for place, value in match.groupdict().items()})
        return None


def entries() -> tuple[Entry, ...]:
    """Every translated text: language -> words, English among them, in the order of the files."""
    return tuple(
        {str(lang): str(words) for lang, words in entry.items()}
        for path in sorted((bundled("templates") / "texts").glob("*.yaml")) for entry in read(path).data["texts"]
    )


@cache
def texts(lang: str) -> Texts:
    """The texts of a language; one without any translation gives English, marked."""
    return Texts(lang, entries())


def _pattern(english: str) -> re.Pattern[str]:
    """A form as an expression: each place takes as little as it can, the rest stands letter by letter."""
    parts = re.split(r"\{([a-z_]+)\}", english)
    return re.compile("".join(f"(?P<{part}>.+?)" if i % 2 else re.escape(part) for i, part in enumerate(parts)), re.DOTALL)
