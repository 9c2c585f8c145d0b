"""Which fonts a language is set in on paper (templates/fonts.yaml), and which of them this machine has."""
from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from planner.problems import MissingExtra
from planner.reading.strict_yaml import read
from planner.resources import bundled


def fonts(lang: str) -> tuple[str, ...]:
    """The families to set `lang` in, the preferred first: those this machine has, then those that travel with the typesetter.

    Raises MissingExtra, with what to install, where the language needs a font and none of its fonts is there.
    """
    wanted = _wanted().get(lang)
    if wanted is None:
        return tuple(_wanted()["bundled"])
    found = [family for family in wanted["families"] if family in families()]
    if not found:
        raise MissingExtra(f"--lang {lang}: no font with its letters was found. Install {wanted['install']} and run the command again; "
                           "`sovplan doctor` shows which fonts are found")
    return (found[0], *_wanted()["bundled"])


def found() -> dict[str, str | None]:
    """For each language that needs a font of its own, the one that is taken; None where there is none."""
    here: Collection[str] = families()
    needs = {lang: wanted for lang, wanted in _wanted().items() if lang != "bundled"}
    return {lang: next((family for family in wanted["families"] if family in here), None) for lang, wanted in needs.items()}


@cache
def families() -> frozenset[str]:
    """The families of fonts that the typesetter sees on this machine. Raises MissingExtra where it is not installed."""
    from planner.reporting.typesetter import typesetter

    return frozenset(typesetter().Fonts().families())


def _wanted() -> dict[str, Any]:
    return read(bundled("templates") / "fonts.yaml").data
