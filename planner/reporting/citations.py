"""Citations of law as lawyers of a language write them: `AI Act Art. 26(5)` is `KI-Verordnung Art. 26 Abs. 5` in German."""
from __future__ import annotations

import re
from functools import cache

from planner.reading.strict_yaml import read
from planner.reporting.phrases import SOURCE
from planner.resources import bundled

_ARTICLE = re.compile(r"Art\. (\d+[a-z]?(?:-\d+)?)((?:[,-]?\([0-9a-z]+\))*)")
_ANNEX = re.compile(r"Annex ([IVX]+), (\d+)((?:\([a-z]+\))?)")  # `Annex III, 5(b)`: a point of an annex, not an article
_FURTHER = re.compile(r"(?<=, )(\d+[a-z]?)((?:\([0-9a-z]+\))+)")  # `Art. 28(1), 28(3)`: what follows the first
_PART = re.compile(r"([,-]?)\(([0-9a-z]+)\)")


def cited(text: str, lang: str) -> str:
    """A citation in the words of a language; in English as it is. Names of acts without an own short name there stay as they are."""
    if lang == SOURCE:
        return text
    words = _words(lang)
    text = _ANNEX.sub(lambda m: words["annex"].format(annex=m[1], point=m[2]) + _inside(m[3], words | {"point": words["letter"]}), text)
    for act, name in words["acts"].items():
        text = re.sub(rf"(?<![\w-]){re.escape(act)}(?![\w-])", name, text)
    text = _ARTICLE.sub(lambda m: words["article"].format(article=m[1]) + _inside(m[2], words), text)
    return _FURTHER.sub(lambda m: words["further"].format(article=m[1]) + _inside(m[2], words), text)


def _inside(parts: str, words: dict) -> str:
    """`(2)(a),(b)` as a paragraph and its points, `(1)-(3)` as paragraphs from one to another."""
    kinds = {",": "further_point", "-": "up_to"}
    return "".join(
        words[kinds.get(joint) or ("paragraph" if part.isdigit() else "point")].format(part=part) for joint, part in _PART.findall(parts)
    )


@cache
def _words(lang: str) -> dict:
    return read(bundled("templates") / "citations.yaml").data[lang]
