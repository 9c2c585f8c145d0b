"""What the catalog says, in the reader's language: a translation found by the English text, in templates/texts/.

A text with `{places}` stands for every text of that form. What has no translation is shown in English and marked, so that nothing is
ever lost; and where the English has changed, its old translation is no longer found, so that nothing stale is ever shown.

What may stand in a place, its name says: `says…` a text that has a translation itself, `items` such texts with commas between,
`pairs` names with their values, `cite` a citation of law, `n` a number, `eur` an amount in euros, `sov` an objective or factor, `day` a
date, or its year or month; any other name takes any words, translated where they have a translation (names of parties and products have none).
"""
from __future__ import annotations

import re
from functools import cache

from planner.reading.strict_yaml import read
from planner.reporting.citations import cited
from planner.reporting.figures import Figures
from planner.reporting.phrases import SOURCE, phrases
from planner.resources import bundled

Entry = dict[str, str]
_TAKES = {"n": r"[\d,.]+", "eur": r"[\d,.]+", "sov": r"SOV-\d(?:\.\d+)?", "day": r"\d{4}(?:-\d{2}(?:-\d{2})?)?", "code": r"[a-z0-9]+(?:-[a-z0-9]+)+"}
_JOINTS = {"items": "text.items_joint", "pairs": "text.pairs_joint"}
_MORE = re.compile(r"(.*) and (\d+) more", re.DOTALL)


class Texts:
    """The texts of one language by their English."""

    def __init__(self, lang: str, entries: tuple[Entry, ...]):
        self.lang = lang
        self._p = phrases(lang)
        self._separators = str.maketrans({",": self._p("format.thousands"), ".": self._p("format.decimal")})
        self._mark = "" if lang == SOURCE else self._p("mark.english")
        self._whole = {e["en"]: e[lang] for e in entries if lang in e}
        self._forms = [(_pattern(e["en"]), e[lang]) for e in entries if lang in e and "{" in e["en"]]
        self._seen: dict[str, str | None] = {}

    def __call__(self, english: str) -> str:
        """The text in this language; in English, with its mark, where nobody has translated it."""
        if self.lang == SOURCE or not english:
            return english
        return self.found(english) or f"{english}\u00a0{self._mark}"

    def name(self, words: str) -> str:
        """A name of something or somebody: translated where it has a translation, else as it is, without a mark."""
        return words if self.lang == SOURCE else self.found(words) or words

    def cite(self, citation: str) -> str:
        """A citation of law as lawyers of this language write it."""
        return cited(citation, self.lang)

    def found(self, english: str) -> str | None:
        """The translation of a text, whole or by its form; None where nobody has translated it."""
        if english not in self._seen:
            self._seen[english] = None  # a form that leads back to the same text says nothing of it
            self._seen[english] = self._whole.get(english) or self._by_form(english)
        return self._seen[english]

    def _by_form(self, english: str) -> str | None:
        for pattern, words in self._forms:
            if match := pattern.fullmatch(english):
                places = {place: self._place(place, value) for place, value in match.groupdict().items()}
                if None not in places.values():
                    return words.format_map(places)
        return None

    def _place(self, place: str, value: str) -> str | None:
        """The words of a place in this language; None where what stands in it must have a translation, and has none."""
        kind = place.rstrip("0123456789")
        if kind.startswith("says"):
            return self.found(value)
        if kind in ("items", "pairs"):
            return self._list(value, kind)
        if kind == "cite":
            return cited(value, self.lang)
        if kind in ("n", "eur"):
            number = value.translate(self._separators)
            return number if kind == "n" else self._p("format.euros", amount=number)
        if kind == "day":
            return Figures(self._p).day(value)
        return value if kind in _TAKES else self.name(value)

    def _list(self, words: str, kind: str) -> str | None:
        """Texts with commas between, or pairs with semicolons between, and how many more there are."""
        match = _MORE.fullmatch(words)
        words, more = (match[1], match[2]) if match else (words, "")
        parts = self._pairs(words) if kind == "pairs" else self._items(words)
        if parts is None:
            return None
        listed = self._p(_JOINTS[kind]).join(parts)
        return self._p("text.more", listed=listed, n=more) if more else listed

    def _pairs(self, words: str) -> list[str] | None:
        found = []
        for part in words.split("; "):
            name, colon, value = part.rpartition(": ")  # a name may have a colon of its own
            if not colon or (said := self.found(name)) is None:
                return None
            values = self._items(value) or [value]  # a fact may have several
            found.append(self._p("text.pair", name=said, value=self._p("text.items_joint").join(values)))
        return found

    def _items(self, words: str) -> list[str] | None:
        """Texts with commas between, some of which have commas of their own: at each point the longest that is known."""
        parts, found = words.split(", "), list[str]()
        while parts:
            taken = next((n for n in range(len(parts), 0, -1) if self.found(", ".join(parts[:n]))), 0)
            if not taken:
                return None
            found.append(self.found(", ".join(parts[:taken])) or "")
            parts = parts[taken:]
        return found


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
    parts = re.split(r"\{([a-z_0-9]+)\}", english)
    said = [f"(?P<{part}>{_TAKES.get(part.rstrip('0123456789'), '.+?')})" if i % 2 else re.escape(part) for i, part in enumerate(parts)]
    return re.compile("".join(said), re.DOTALL)
