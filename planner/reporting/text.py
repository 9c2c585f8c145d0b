"""Text from others stays text: nothing invisible acts on the reader, and no markup survives.

Everything a report shows passes `visible`; Markdown also passes `markdown`. HTML is escaped by the template engine.
"""
from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_SPACES = re.compile(r"[ \t\r\n\u2028\u2029]+")
_KEEP = {"\u00a0", "\u00ad", "\u200c", "\u200d"}  # hard space, soft hyphen, and the joiners that some scripts are spelt with
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&!$^])")
_OPENING = re.compile(r"^(-+|\++|=+|\d{1,9}[.)])(?= |$)")  # what begins a list, a heading or a rule


def visible(text: str) -> str:
    """`text` on one line, every control, bidirectional or otherwise invisible character spelt out as ‹U+202E›."""
    return "".join(_spelt(c) for c in _SPACES.sub(" ", text).strip())


def _spelt(character: str) -> str:
    if character not in _KEEP and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return f"‹U+{ord(character):04X}›"
    return character


def markdown(text: str) -> str:
    """`text` so that CommonMark and GitHub's tables show it letter by letter: no markup, no link, no table cell begun."""
    escaped = _MARKS.sub(r"\\\1", visible(text))
    escaped = escaped.replace("://", "\\://").replace("www.", "www\\.")
    return _OPENING.sub(lambda m: m[1][:-1] + "\\" + m[1][-1], escaped)


def https_only(url: str | None) -> str | None:
    """`url` where it is a plain https address that a reader may follow; None for anything else."""
    if url is None or re.search(r"[^\x21-\x7e]|[<>\"'`\\^{|}]", url):
        return None
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and bool(parts.hostname) and parts.username is None and parts.password is None
    except ValueError:
        return None
    return url if plain else None
