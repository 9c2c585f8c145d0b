"""The questions of `sovplan init`, with what turns on each counted in the catalog, and the answers to them as parts of an assessment."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_args

from planner.cli.asking import Item, Walker, from_flag
from planner.problems import UsageError, nearest
from planner.quantities import add_months

if TYPE_CHECKING:
    from planner.domain.catalog import Catalog
    from planner.judging.interview import Interview
    from planner.reporting.starter import StarterWorkload

ENOUGH = "that is all"
Given = Mapping[str, Any]


class Questions:
    """The questions of one day over one catalog."""

    def __init__(self, world: Catalog, on: date):
        from planner.reporting.starter import wizard

        self.world, self.on, self._wizard = world, on, wizard()
        self.words = {name: fact.question or fact.meaning for name, fact in world.facts.items()}
        self.tasks: dict[str, Mapping[str, Any]] = {task["task"]: task for task in self._wizard["tasks"]}

    @cached_property
    def interview(self) -> Interview:
        """The law of the day, asked about."""
        from planner.judging.interview import Interview

        return Interview(self.world, self.on)

    @cached_property
    def organisation(self) -> dict[str, Item]:
        """The questions about the organisation by key, in their order."""
        return {q["key"]: self._item(q) for q in self._wizard["questions"]}

    @cached_property
    def workload(self) -> dict[str, Item]:
        """The questions about one kind of work by key, in their order."""
        return {q["key"]: self._item(q) for q in self._wizard["workload"]}

    @cached_property
    def flags(self) -> dict[str, Item]:
        """Every question that a flag of one value answers."""
        return {key: item for key, item in (self.organisation | self.workload).items() if key != "task"}

    def again(self) -> Item:
        """The question whether there is a further kind of work."""
        task = self.workload["task"]
        words = next(q["again"] for q in self._wizard["workload"] if q["key"] == "task")
        return Item("task", words, "enum", default=ENOUGH, values=(*task.values, ENOUGH), needed=True)

    def asked_of(self, task: str) -> list[Item]:
        """The questions about a kind of work that are put for this one."""
        wanted = {None, self.tasks[task]["asks"], "graded" if "quality" in self.tasks[task] else None}
        return [self.workload[q["key"]] for q in self._wizard["workload"] if q["key"] != "task" and q.get("for") in wanted]

    def workload_of(self, text: str) -> dict[str, Any]:
        """`chat=800` as answers. Raises UsageError where there is no such kind of work, or the number is none."""
        task, equals, number = text.partition("=")
        if task not in self.tasks:
            raise UsageError(f"--workload {text}: one of {', '.join(self.tasks)}" + (f"; {hint}" if (hint := nearest(task, self.tasks)) else ""))
        key = "users" if self.tasks[task]["asks"] == "people" else "requests_per_month"
        counted = Item(key, "", "int", flag=f"--workload {task}", low=1, needed=True)
        return {"task": task} | ({key: from_flag(counted, number)} if equals else {})

    def rare_of(self, text: str) -> tuple[str, ...] | None:
        """`none`, `unknown`, or names of facts with commas between, as the rare facts that hold. Raises UsageError for an unknown name."""
        if text.strip() in ("none", "unknown", "?"):
            return () if text.strip() == "none" else None
        names = tuple(name.strip() for name in text.split(",") if name.strip())
        for name in names:
            if name not in self.world.facts:
                raise UsageError(f"--rare {name}: there is no such fact" + (f"; {hint}" if (hint := nearest(name, self.world.facts)) else ""))
        return names

    # ------------------------------------------------------------------------------------------ one question

    def _item(self, question: Mapping[str, Any]) -> Item:
        key, default = question["key"], question.get("default")
        return Item(
            key=key, words=question["ask"], kind=question["kind"], why=question["why"].format_map(self._counts), default=self._default(key, default),
            values=tuple(self._values(key) or question.get("values") or ()), needed=bool(question.get("needed")), flag="--" + key.replace("_", "-"),
            low=question.get("low", 0), high=question.get("high"),
        )

    def _values(self, key: str) -> tuple[str, ...]:
        from planner.domain.assessment import Organisation
        from planner.reading.references import Names

        listed: dict[str, Any] = {
            "sector": lambda: get_args(Organisation.model_fields["sector"].annotation),
            "country": lambda: sorted(Names(self.world).known("countries")),
            "task": lambda: self.tasks, "quality": self._tiers,
        }
        return tuple(listed[key]()) if key in listed else ()

    def _tiers(self) -> list[str]:
        """The tiers of the catalog, those that the wizard's file knows first, in its order."""
        named = next(q["values"] for q in self._wizard["workload"] if q["key"] == "quality")
        return [t for t in named if t in self.world.tiers] + [t for t in self.world.tiers if t not in named]

    def _default(self, key: str, default: Any) -> Any:
        next_new_year = date(self.on.year + 1, 1, 1).isoformat()
        return next_new_year if key == "start" else tuple(default) if isinstance(default, list) else default

    @cached_property
    def _counts(self) -> Mapping[str, Any]:
        """How much of the catalog turns on a question, by the names that its words use."""
        from planner.judging.interview import reads

        world, book = self.world, self.interview.book
        eea, adequate = world.country_groups["eea"], world.country_groups["adequate"]
        places = {o.id: {world.sites[s][0].country for s in o.sites if s in world.sites} for o in world.offers.values()}
        ending = [x.id for x in world.licences.values() if any(t.threshold_usd is not None for t in x.triggers)]
        return {
            "sector_rules": reads(book, ("org.financial_entity", "org.contracting_authority")),
            "country_rules": reads(book, ("org.country", "org.established_in_eu", "org.principal_place_in_eu")),
            "public_rules": reads(book, ("org.public_body", "org.contracting_authority")),
            "employee_rules": reads(book, ("org.employees",)),
            "critical_rules": reads(book, ("wl.critical_or_important_function",)),
            "revenue_licences": len(ending),
            "revenue_models": sum(m.licence.value in ending for m in world.models.values()),
            "own_offers": sum(o.mode == "on-prem" for o in world.offers.values()),
            "offers_all": len(world.offers),
            "offers_eea": sum(bool(c & eea) for c in places.values()),
            "offers_adequate": sum(bool(c & (eea | adequate)) for c in places.values()),
            "models": len(world.models),
            "starting": sum(self.on < r.applies_from <= add_months(self.on, 36) for r in book.rules if r.status != "proposal"),
            "tiers": ", ".join(f"{world.models[world.tiers[t].reference].name} ({t})" for t in self._tiers()),
        }


def ask_organisation(walker: Walker, given: Given, put: Questions) -> dict[str, Any]:
    """The answers about the organisation by key; those that cannot be unknown have a value."""
    walker.given = {key: given[key] for key, item in put.organisation.items() if key in given and not (item.needed and given[key] is None)}
    return {key: _plain(walker.ask(item)) for key, item in put.organisation.items()}


def ask_workloads(walker: Walker, given: Given, put: Questions, about: Given) -> list[StarterWorkload]:
    """The kinds of work: those that are given, else as many as a person names, else one by default."""
    works: list[StarterWorkload] = []
    shared = {key: given[key] for key in put.workload if given.get(key) is not None}
    waiting = list(given["workloads"])
    while True:
        said = waiting.pop(0) if waiting else {}
        walker.given = shared | {key: value for key, value in said.items() if value is not None}
        task = walker.ask(put.again() if works and not said else put.workload["task"])
        if task == ENOUGH:
            return works
        works.append(_workload(walker, put, task, about, [w.task for w in works].count(task)))
        if not waiting and (given["workloads"] or not walker.asks):
            return works


def _workload(walker: Walker, put: Questions, task: str, about: Given, before: int) -> StarterWorkload:
    from dataclasses import replace

    from planner.reporting.starter import StarterWorkload

    kind = put.tasks[task]
    said = {item.key: _plain(walker.ask(replace(item, default=kind["quality"]) if item.key == "quality" else item)) for item in put.asked_of(task)}
    harmless = said["criticality"] == "supporting" and any(a.item.key == "criticality" and a.origin != "default" for a in walker.answers[-len(said):])
    number = f"-{before + 1}" if before else ""
    demand: dict[str, Any] = {"requests_per_month": said.get("requests_per_month")}
    if kind["asks"] == "people":
        demand = {"users": said["users"], "adoption": 0.5, "requests_per_user_day": kind["requests_per_user_day"]}
    demand |= {key: kind[key] for key in ("pages_per_request", "audio_minutes_per_request") if key in kind}
    service = {"time_to_first_token_ms": int(kind["seconds"] * 1000)} if "seconds" in kind else {}
    service |= {"tokens_per_second": kind["speed"]} if "speed" in kind else {}
    return StarterWorkload(
        id=task + number, name=kind["name"] + (f" {before + 1}" if before else ""), task=task, demand=demand, service=service,
        languages=said["languages"], quality=said.get("quality"), criticality=said["criticality"], residency=about["residency"],
        facts={"wl.critical_or_important_function": False} if harmless else {},
    )


def _plain(value: Any) -> Any:
    """A member of an enumeration as the word it is written with; a day as text."""
    return str(value.value) if hasattr(value, "value") else value.isoformat() if isinstance(value, date) else value
