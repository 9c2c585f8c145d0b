"""`sovplan init`: a few good questions, why each matters, and an assessment to start from."""
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.asking import HELP, Walker, from_flag, shown
from planner.cli.common import AsOf, CatalogFolder, day, open_catalog, say
from planner.problems import UsageError

if TYPE_CHECKING:
    from planner.domain.catalog import Catalog

Word = str | None


def _option(text: str, metavar: str = "VALUE"):
    return typer.Option(help=text, metavar=metavar)


def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the assessment is written.")] = Path("assessment.yaml"),
    name: Annotated[Word, _option("The organisation's name.")] = None,
    sector: Annotated[Word, _option("Its sector, such as banking or public-administration.")] = None,
    country: Annotated[Word, _option("Its country, as two letters.")] = None,
    public_body: Annotated[Word, _option("Whether it is a public body: yes, no or unknown.")] = None,
    employees: Annotated[Word, _option("How many people it employs.")] = None,
    monthly_revenue_eur: Annotated[Word, _option("The group's revenue in the last calendar month, in euros.")] = None,
    own_room_kw: Annotated[Word, _option("Kilowatts that are free for servers in a room of its own; 0 for none.")] = None,
    budget_eur: Annotated[Word, _option("What it may all cost over the whole time, in euros.")] = None,
    residency: Annotated[Word, _option("Where data may be processed: country, eea, eea-or-adequate or anywhere.")] = None,
    min_seal: Annotated[Word, _option("The sovereignty level that a plan must reach, 0 to 4.")] = None,
    start: Annotated[Word, _option("The first day of the plan.", "DATE")] = None,
    months: Annotated[Word, _option("For how many months to plan.")] = None,
    workload: Annotated[list[str] | None, typer.Option(metavar="TASK[=NUMBER]", help="A kind of work and its users (or requests a month), "
                                                       "such as chat=800; may be given again.")] = None,
    users: Annotated[Word, _option("People who would use a kind of work, where no number stands beside it.")] = None,
    requests_per_month: Annotated[Word, _option("Requests a month of a kind of work, where no number stands beside it.")] = None,
    languages: Annotated[Word, _option("The languages of the work, such as en,fr.")] = None,
    quality: Annotated[Word, _option("How good answers must be: basic, solid, strong or frontier.")] = None,
    criticality: Annotated[Word, _option("What a failure means: supporting, important or critical.")] = None,
    fact: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="A fact of `sovplan law --facts`; may be given again.")] = None,
    rare: Annotated[Word, _option("The rare facts that hold, with commas between; `none`, or `unknown`.")] = None,
    answers: Annotated[Path | None, typer.Option("--answers", metavar="FILE", help="Answers written beforehand (YAML); a flag wins.")] = None,
    ask: Annotated[bool | None, typer.Option("--ask/--no-ask", help="Ask what is left open, or do not; by itself only on a terminal.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    as_of: AsOf = None,
    catalog: CatalogFolder = None,
) -> None:
    """Write a commented assessment to start from.

    Asks a few questions, each with what turns on it; "I don't know" is an answer. Every question has a flag and a key in an --answers file;
    without a terminal, defaults stand for the rest, and it says which. Discounts, ramps, price changes a year and what money costs
    stand in the file as comments to be filled in (docs/assessment.md).
    """
    import sys

    from planner.cli.init_questions import Questions
    from planner.reading.answers import load_answers
    from planner.reporting.write import write_atomically

    if file.exists() and not force:
        raise UsageError(f"{file} exists; choose another name, or pass --force")
    world, on = open_catalog(catalog), day(as_of)
    put = Questions(world, on)
    flags = {key: value for key, value in locals().items() if key in put.flags and value is not None}
    given = _given(load_answers(answers, world) if answers else None, flags, fact, rare, workload, put, world)
    walker = Walker({}, sys.stdin.isatty() if ask is None else ask)
    if walker.asks:
        say(HELP)
    text = written(walker, given, put, world, str(file))
    write_atomically(file, text.encode())
    _tell(walker, file)


def written(walker: Walker, given: Mapping[str, Any], put: Any, world: Catalog, name: str) -> str:
    """The text of the assessment that comes of the answers; checked as it would be when it is read. Raises Refused."""
    from planner.cli.init_questions import ask_organisation, ask_workloads
    from planner.cli.init_law import ask_facts
    from planner.reading.assessment import assessment_of
    from planner.reading.strict_yaml import parse
    from planner.reporting.starter import starter

    about = ask_organisation(walker, given, put)
    works = ask_workloads(walker, given, put, about)
    evidence = {n: v for n, v in given["facts"].items() if v is not None and not n.startswith("org.")}
    organisation = {n: v for n, v in given["facts"].items() if v is not None and n.startswith("org.")}
    draft = assessment_of(parse(name, starter(about, works, organisation, evidence, put.words)), world)
    works, organisation, evidence = ask_facts(walker, given, put, draft, works, organisation, evidence)
    text = starter(about, works, organisation, evidence, put.words)
    assessment_of(parse(name, text), world)
    return text


def _given(file: Any, flags: Mapping[str, str], fact: list[str] | None, rare: str | None, workload: list[str] | None, put: Any,
           world: Catalog) -> dict[str, Any]:
    """What flags and the answers file say, by key; a flag wins. `workloads` and `facts` are always among it."""
    stated = {key: getattr(file, key) for key in file.model_fields_set} if file is not None else {}
    given: dict[str, Any] = {key: value for key, value in stated.items() if key not in ("facts", "workloads", "rare")}
    given["facts"] = dict(stated.get("facts", {})) | _facts(fact or (), world)
    given["workloads"] = [{key: getattr(w, key) for key in w.model_fields_set} for w in stated.get("workloads", ())]
    if "rare" in stated:
        given["rare"] = stated["rare"] if stated["rare"] != "none" else ()
    given |= {key: from_flag(put.flags[key], text) for key, text in flags.items()}
    if workload:
        given["workloads"] = [put.workload_of(text) for text in workload]
    if rare is not None:
        given["rare"] = put.rare_of(rare)
    return given


def _facts(texts: list[str] | tuple[str, ...], world: Catalog) -> dict[str, Any]:
    """`NAME=VALUE` of flags as facts. Raises UsageError: no such fact, or a value it cannot have."""
    from planner.cli.asking import Item
    from planner.problems import nearest

    facts: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        definition = world.facts.get(name)
        if not equals or definition is None or (definition.derived and definition.question is None):
            hint = nearest(name, world.facts)
            raise UsageError(f"--fact {text}: NAME=VALUE with a name of `sovplan law --facts`" + (f"; {hint}" if hint else ""))
        facts[name] = from_flag(Item(name, "", definition.type, values=definition.values, flag=f"--fact {name}"), value)
    return facts


def _tell(walker: Walker, file: Path) -> None:
    """What was written, which defaults stand in it, and what is not known."""
    supposed = [f"{a.item.key} {shown(a.value)}" for a in walker.answers if a.origin == "default" and a.value is not None]
    unknown = [a.item.key for a in walker.answers if a.value is None]
    say(f"written: {file}")
    if supposed:
        say(f"nobody said, so these defaults stand: {'; '.join(dict.fromkeys(supposed))}")
    if unknown:
        say(f"not known, and asked again by the plan: {', '.join(dict.fromkeys(unknown))}")
    say(f"Edit it, then: sovplan plan {file} --out out")
