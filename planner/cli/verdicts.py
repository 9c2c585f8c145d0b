"""What the law says, by itself."""
from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from planner.cli.common import AsJson, AsOf, CatalogFolder, console, day, emit, open_catalog
from planner.problems import UsageError

FORMAT = {"format_version": "1"}


def _fields(noun: Any) -> dict[str, Any]:
    """A noun's fields by name, for a document that has more keys than the noun."""
    return {name: getattr(noun, name) for name in type(noun).model_fields}


def law(
    file: Annotated[Path | None, typer.Argument(metavar="[ASSESSMENT|FACTS]", help="An assessment, or a file `facts: {name: value}`.")] = None,
    facts: Annotated[bool, typer.Option("--facts", help="List the facts that a FACTS file may use, with their questions.")] = False,
    as_of: AsOf = None,
    catalog: CatalogFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say what EU law asks: classes, obligations with status and date, and the questions that decide the rest."""
    from planner.reporting.terminal import show_law

    world = open_catalog(catalog)
    if facts:
        asked = [f for f in world.facts.values() if f.question and not f.derived]
        items = [{"name": f.name, "type": f.type, "values": list(f.values), "question": f.question} for f in sorted(asked, key=lambda f: f.name)]
        if as_json:
            emit({**FORMAT, "facts": items})
        else:
            for item in items:
                typer.echo(f"{item['name']} ({item['type']}): {item['question']}")
        return
    if file is None:
        raise UsageError("law: give an assessment or a facts file, or --facts for the list of facts")
    reading = _reading(file, world, day(as_of))
    emit({**FORMAT, **_fields(reading)}) if as_json else show_law(reading, console())


def _reading(file: Path, world: Any, on: Any) -> Any:
    """The law on a FACTS file, or on an assessment up to the end of its horizon."""
    from planner.judging.law import law_of, law_of_facts
    from planner.quantities import add_months
    from planner.reading import strict_yaml
    from planner.reading.assessment import load_assessment
    from planner.reading.facts_file import load_facts

    data = strict_yaml.read(file).data
    if isinstance(data, dict) and set(data) == {"facts"}:
        return law_of_facts(load_facts(file, world), world, on)
    assessment = load_assessment(file, world)
    return law_of(assessment, world, on, add_months(assessment.horizon.start, assessment.horizon.months))
