"""The law's open facts, asked one by one until the classes are decided; and the facts file that comes of it."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli.asking import HELP, Item, Kind, Walker
from planner.cli.common import say
from planner.problems import UsageError

if TYPE_CHECKING:
    from planner.domain.catalog import Catalog, FactDefinition
    from planner.judging.interview import Asking, Interview

Facts = dict[str, Any]
_WORTH = 2  # once the classes are decided, a question that settles less on average is not put


def ask_law(world: Catalog, as_of: date, known: Mapping[str, Any], answers: Mapping[str, Any] | None, save: Path | None) -> Facts:
    """The facts of one use of AI after an interview, and written to `save` where it is given.

    `known` is not asked again; `answers`, where given, answer in a person's place, and what they lack is not known.
    Raises UsageError where `save` exists.
    """
    from planner.judging.interview import Interview

    if save is not None and save.exists():
        raise UsageError(f"{save} exists; choose another name")
    interview = Interview(world, as_of)
    walker = Walker(answers or {}, asks=answers is None)
    if walker.asks:
        say(f"At most fifteen questions, those that decide most first. {HELP}")
    before = interview.decided_rules(known)
    facts = interviewed(interview, walker, known)
    say(f"\nSettled for {interview.decided_rules(facts)} of {interview.rules} rules whether they apply, for {before} before. "
        + _still_open(interview.open_classes(facts)))
    if save is not None:
        from planner.reporting.starter import facts_text
        from planner.reporting.write import write_atomically

        names = {a.item.key for a in walker.answers} | facts.keys()
        write_atomically(save, facts_text(facts, {name: world.facts[name].question or "" for name in names}).encode())
        say(f"written: {save}. Correct it, then: sovplan law {save}")
    return facts


def interviewed(interview: Interview, walker: Walker, known: Mapping[str, Any], most: int | None = None, groups: Collection[str] = (),
                skip: Collection[str] = ()) -> Facts:
    """The known facts and what the walker answers: ranked questions while they are worth it, and the rare facts in one go, last.

    `skip` are facts that were asked before, and not known.
    """
    from planner.judging.interview import MOST

    facts, asked = dict(known), set(skip)
    most = len(asked) + (MOST if most is None else most)
    while len(asked) < most - 1 and (asking := interview.next(facts, asked, groups)):
        if not interview.open_classes(facts) and asking.on_average < _WORTH:
            break
        name = asking.fact.name
        asked.add(name)
        value = walker.ask(item_of(asking))
        if value is not None:
            facts[name] = value
        if walker.ended:
            break
    return facts | rare_facts(interview.rare(facts), walker)


def rare_facts(rare: tuple[FactDefinition, ...], walker: Walker) -> Facts:
    """Rare facts, screened in one question: false of all that do not hold, true of those that do; nothing where it is not known."""
    lists = {name for f in rare for condition in f.follows for name in condition.fact_names()}
    given = {name: walker.given[name] for name in (*(f.name for f in rare), *sorted(lists)) if walker.given.get(name) is not None}
    if not rare or not walker.asks:
        return given
    open_ones = [f for f in rare if f.name not in given and not {n for c in f.follows for n in c.fact_names()} & given.keys()]
    chosen = walker.pick("Is any of these true of it?", f"Rare, and together they decide the classes that are still open: {len(open_ones)} facts.",
                         [f.question or f.meaning for f in open_ones])
    if chosen is None:
        return given
    return given | {f.name: i in chosen for i, f in enumerate(open_ones)}


def item_of(asking: Asking) -> Item:
    """A ranked fact as a question, with what its answer decides."""
    from planner.judging.interview import settles

    definition = asking.fact
    kind: Kind = definition.type
    return Item(definition.name, definition.question or definition.meaning, kind, settles(asking), values=definition.values,
                meanings=definition.meanings)


def _still_open(classes: tuple[str, ...]) -> str:
    if not classes:
        return "Every class is decided, rare facts supposed as usual where you left them open."
    return f"Classes still open: {', '.join(name.replace('_', ' ') for name in classes)}."
