"""A flat file of facts for questions about the law: `facts: {name: value}`."""
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from planner.domain.base import FactName, FactValue, Noun
from planner.domain.catalog import Catalog
from planner.problems import Refused
from planner.reading.binding import bind
from planner.reading.references import fact_mapping_problems
from planner.reading.strict_yaml import read


class FactsFile(Noun):
    """What somebody knows of one use of AI; null says that a fact is not known."""

    facts: Mapping[FactName, FactValue | None]


def load_facts(path: Path, catalog: Catalog) -> dict[str, FactValue]:
    """Fact name -> value, without those that are null (not known). Raises Refused: a name or a value that the vocabulary does not have."""
    document = read(path)
    bound = bind(FactsFile, document)
    if isinstance(bound, list):
        raise Refused(bound)
    if problems := list(fact_mapping_problems(document, document.data["facts"], ("facts",), catalog)):
        raise Refused(problems)
    return {name: value for name, value in bound.facts.items() if value is not None}
