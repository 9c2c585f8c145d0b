"""A commented assessment to start from, and a file of facts, with the user's own words put in safely."""
from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from planner.reading.strict_yaml import read
from planner.resources import bundled

_PLAIN = re.compile(r"[A-Za-z][A-Za-z-]*[A-Za-z]")
_MISTAKEN = ("true", "false", "null", "yes", "no", "on", "off")  # some by older readers of YAML alone


@dataclass(frozen=True, slots=True)
class StarterWorkload:
    """One kind of work as the file states it. `facts` are known; `open` are the questions that nobody has answered yet."""

    id: str
    name: str
    task: str
    demand: Mapping[str, Any]
    languages: Sequence[str]
    criticality: str
    residency: str
    quality: str | None = None
    service: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    open: Mapping[str, str] = field(default_factory=dict)


def starter(about: Mapping[str, Any], workloads: Sequence[StarterWorkload], organisation_facts: Mapping[str, Any] | None = None,
            evidence: Mapping[str, Any] | None = None, words: Mapping[str, str] | None = None) -> str:
    """The text of an assessment (YAML).

    `about` has the answers of `sovplan init` by key (None: not known); `words` the question of each fact. Words are written as quoted
    YAML scalars, so that a name such as `yes: [no]` stays a name. What they say is checked when it is read.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    engine = Environment(
        loader=FileSystemLoader(bundled("templates")),
        undefined=StrictUndefined,
        finalize=scalar,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    title = f"{about['name']}, AI adoption from {str(about['start'])[:4]}"
    return engine.get_template("starter.yaml.j2").render(
        title=title, about=about, workloads=workloads, organisation_facts=organisation_facts or {}, evidence=evidence or {},
        words={name: _Comment(" ".join(text.split())) for name, text in (words or {}).items()}, comment=_Comment,
    )


@cache
def wizard() -> Mapping[str, Any]:
    """What `sovplan init` asks and supposes: the content of templates/init.yaml, with the keys `questions`, `workload` and `tasks`."""
    return read(bundled("templates") / "init.yaml").data


def facts_text(facts: Mapping[str, Any], questions: Mapping[str, str]) -> str:
    """A facts file (YAML) with the question of each fact beside it; a question without an answer stands as a comment, to be answered.

    `facts` are names with their values, `questions` names with their words; both are written in the order of their names.
    """
    lines = ["# Facts about one use of AI, for `sovplan law`. What is left out is not known, and never read as harmless."]
    lines.append("facts:" if facts else "facts: {}")
    for name in sorted(facts.keys() | questions.keys()):
        words = " ".join(questions.get(name, "").split())
        if name in facts:
            lines.append(f"  {name}: {scalar(facts[name])}" + (f"   # {words}" if words else ""))
        else:
            lines.append(f"  # {name}:   # not known: {words}")
    return "\n".join(lines) + "\n"


class _Comment(str):
    """Words of the catalog behind a # sign: they are written as they are, in one line."""


def scalar(value: Any) -> str:
    """A value as YAML in one line; JSON's quoting is YAML's double quoting. A plain word that no reader mistakes stands without quotes."""
    if value is None:
        return "null"
    if isinstance(value, _Comment):
        return " ".join(value.split())
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {scalar(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(scalar, value))}]"
    if not isinstance(value, str) or (_PLAIN.fullmatch(value) and value.lower() not in _MISTAKEN):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
