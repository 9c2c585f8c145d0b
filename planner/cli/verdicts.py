"""What the law says, by itself."""
from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.common import AsJson, AsOf, CatalogFolder, console, day, emit, open_catalog
from planner.problems import UsageError, nearest

if TYPE_CHECKING:
    from planner.domain.catalog import Catalog, FactDefinition, Model
    from planner.domain.report import LawReading

FORMAT = {"format_version": "1"}
ROADMAP_UNTIL = date(2030, 12, 31)  # the last day of the calendar that the rules of the catalog know


def _fields(noun: Any) -> dict[str, Any]:
    """A noun's fields by name, for a document that has more keys than the noun."""
    return {name: getattr(noun, name) for name in type(noun).model_fields}


def _asked_fact(fact: FactDefinition) -> dict[str, Any]:
    """One fact that a FACTS file may state. `default` is its usual value: it may raise a duty, and clears none."""
    return {
        "name": fact.name, "type": fact.type, "values": list(fact.values), "meanings": dict(fact.meanings), "question": fact.question,
        "default": fact.assume_if_unasked, "unit": fact.unit, "follows_from": sorted({n for c in fact.follows for n in c.fact_names()}),
    }


def law(
    file: Annotated[Path | None, typer.Argument(metavar="[ASSESSMENT|FACTS]", help="An assessment, or a file `facts: {name: value}`.")] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask for what is open, at most fifteen questions, the most deciding first.")] = False,
    answers: Annotated[Path | None, typer.Option("--answers", metavar="FACTS", help="A facts file that answers the questions of --ask.")] = None,
    save: Annotated[Path | None, typer.Option("--save", metavar="FACTS", help="With --ask: write the facts that were answered here.")] = None,
    facts: Annotated[bool, typer.Option("--facts", help="List the facts that a FACTS file may use, with their questions.")] = False,
    model: Annotated[str | None, typer.Option("--model", metavar="ID", help="With this model: its facts, and how far you may tune it.")] = None,
    as_of: AsOf = None,
    catalog: CatalogFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say what EU law asks: classes, obligations with status and date, the questions that decide the rest, and the roadmap to 2030."""
    from planner.judging.lawbook import in_words

    world = open_catalog(catalog)
    if facts:
        asked = [f for f in world.facts.values() if f.question and not f.derived]
        items = [_asked_fact(f) for f in sorted(asked, key=lambda f: f.name)]
        if as_json:
            emit({**FORMAT, "facts": items})
        else:
            for item in items:
                usual = "" if item["default"] is None else f" [usually {in_words(item['default'])}]"
                typer.echo(f"{item['name']} ({item['type']}): {item['question']}{usual}")
                for value in item["values"]:
                    typer.echo(f"    {value}: {item['meanings'][value]}" if value in item["meanings"] else f"    {value}")
        return
    served = _named(model, world)
    if ask or answers is not None:
        _told(_asked(file, world, day(as_of), answers, save, served), None, world, as_json)
        return
    if file is None:
        raise UsageError("law: give an assessment or a facts file, --ask to be asked, or --facts for the list of facts")
    reading, far = _readings(file, world, day(as_of), served)
    _told(reading, far, world, as_json)


def _named(model: str | None, world: Catalog) -> Model | None:
    """The model of this id or alias."""
    if model is None:
        return None
    if model not in world.model_names:
        raise UsageError(f"--model {model}: the catalog has no such model; {nearest(model, world.model_names)}")
    return world.models[world.model_names[model]]


def _told(reading: LawReading, far: LawReading | None, world: Any, as_json: bool) -> None:
    """The law, and the roadmap to the end of 2030 by `far`, a reading that reaches there; by the reading itself where there is none."""
    from planner.planning.roadmap import law_roadmap
    from planner.reporting.terminal import show_law, show_roadmap

    entries = law_roadmap((far or reading).obligations, world, reading.as_of, ROADMAP_UNTIL)
    if as_json:
        emit({**FORMAT, **_fields(reading), "roadmap": entries})
        return
    show_law(reading, console())
    show_roadmap(entries, ROADMAP_UNTIL, console())


def _asked(file: Path | None, world: Any, on: Any, answers: Path | None, save: Path | None, model: Model | None) -> Any:
    """The law on the facts of an interview, which starts from a FACTS file or from nothing."""
    from planner.cli.interviewing import ask_law
    from planner.judging.law import law_of_facts
    from planner.reading.facts_file import load_facts

    known = load_facts(file, world) if file is not None else {}
    return law_of_facts(ask_law(world, on, known, load_facts(answers, world) if answers is not None else None, save), world, on, model=model)


def _readings(file: Path, world: Any, on: date, model: Model | None) -> tuple[LawReading, LawReading | None]:
    """The law on a FACTS file; or on an assessment up to the end of its horizon, and a second reading up to the end of the roadmap."""
    from planner.judging.law import law_of, law_of_facts
    from planner.quantities import add_months
    from planner.reading import strict_yaml
    from planner.reading.assessment import load_assessment
    from planner.reading.facts_file import load_facts

    data = strict_yaml.read(file).data
    if isinstance(data, dict) and set(data) == {"facts"}:
        return law_of_facts(load_facts(file, world), world, on, model=model), None
    assessment = load_assessment(file, world)
    end = add_months(assessment.horizon.start, assessment.horizon.months)
    return law_of(assessment, world, on, max(end, on), model), law_of(assessment, world, on, ROADMAP_UNTIL, model)
