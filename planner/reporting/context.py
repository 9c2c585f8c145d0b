"""What every part of a view needs: the report, the words and figures of a language, and readable names for ids."""
from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from decimal import Decimal

from planner.domain.catalog import PriceLayer
from planner.domain.plan import Choice, CostLine, Plan
from planner.domain.report import Report
from planner.judging.scorecards import fact_in_words
from planner.reporting.figures import Figures
from planner.reporting.phrases import Phrases, phrases
from planner.reporting.table import Cell, Column, Table
from planner.reporting.texts import texts

BRIEF = 240  # letters of a reason that may run over pages


class Context:
    """A report about to be told in a language."""

    def __init__(self, report: Report, lang: str):
        self.report = report
        self.p: Phrases = phrases(lang)
        self.f = Figures(self.p)
        self.t = texts(lang)
        self.questions = {q.fact: q.question for q in report.questions}
        self.source_names = {s.id: self.t.name(s.what) for s in report.sources}

    @property
    def plan(self) -> Plan:
        """The plan; only asked for where there is one."""
        assert self.report.plan is not None
        return self.report.plan

    def name(self, key: str | None) -> str:
        """The readable name of an id; the id itself where the report has none; "not known" for nothing."""
        return self.f.unknown if key is None else self.report.names.get(key, key)

    def names(self, keys: Iterable[str]) -> str:
        """Several names, separated by commas."""
        return ", ".join(self.name(key) for key in keys)

    def whom(self, workloads: Collection[str]) -> str:
        """The workloads a line concerns: by name, as all, or as all but a few; the whole organisation where it names none."""
        if not workloads:
            return self.p("law.whole")
        every = [choice.workload for choice in self.report.plan.choices] if self.report.plan else []
        others = [workload for workload in every if workload not in workloads]
        if len(every) > 2 and not others:
            return self.p("law.all", workloads=self.p.count("count.workloads", len(workloads)))
        if 2 * len(others) < len(workloads) and set(workloads) < set(every):
            return self.p("law.all_but", workloads=self.listed(map(self.name, others)))
        return self.names(workloads)

    def fact(self, name: str) -> str:
        """A fact as its question where one is asked, else its name in words."""
        words = self.t(self.questions.get(name) or fact_in_words(name))
        return words[:1].upper() + words[1:]

    def brief(self, words: str) -> str:
        """A long reason cut at a word, with the mark of its language if it had one; the whole of it stands in plan.json."""
        if len(words) <= BRIEF + 40:
            return words
        cut = self.p("page.cut", words=words[:BRIEF].rpartition(" ")[0] or words[:BRIEF])
        mark = self.p("mark.english")
        return f"{cut}\u00a0{mark}" if words.endswith(f"\u00a0{mark}") else cut

    def shortened(self, table: Table, most: int) -> Table:
        """The table with what is beyond its first rows set apart; a few more than that are left alone."""
        if len(table.rows) <= most + 3:
            return table
        more = self.p.count("count.further", len(table.rows) - most)
        return replace(table, rows=table.rows[:most], rest=table.rows[most:], more=more)

    def listed(self, words: Iterable[str]) -> str:
        """Words as a sentence lists them: `a, b and c`."""
        *first, last = words
        if not first:
            return last
        joined = first[0]
        for word in first[1:]:
            joined = self.p("list.comma", first=joined, last=word)
        return self.p("list.and", first=joined, last=last)

    def clauses(self, parts: Iterable[str]) -> str:
        """Clauses side by side, the empty ones left out, parted as the language parts them."""
        return self.p("text.clauses_joint").join(filter(None, parts))

    def columns(self, *keys: str) -> tuple[Column, ...]:
        """Columns by their phrase; a key that ends in `#` holds figures."""
        return tuple(Column(self.p(f"column.{key.rstrip('#')}"), key.endswith("#"), key.rstrip("#")) for key in keys)

    def layer(self, layer: PriceLayer | str) -> str:
        """A price layer with what it means."""
        return self.p(f"layer.{layer}")

    def estimate(self, so: bool) -> tuple[str, ...]:
        """The mark that every estimate carries wherever it is shown."""
        return (self.p("mark.estimate"),) if so else ()

    def money(self, amount: Decimal | None, estimate: bool = False, note: str = "") -> Cell:
        """A cell with an amount in euros."""
        return Cell(self.f.euros(amount), note, self.estimate(estimate))


def lines_of(choice: Choice, plan: Plan) -> list[CostLine]:
    """The cost lines that a choice has a part in: its own, those of the machines under its pool, those of work it shares."""
    under = {node.id for pool in plan.pools if choice.workload in pool.workloads for node in plan.machines_under(pool)}
    machines = [line for node in plan.nodes if node.id in under for line in node.cost_lines]
    shared = [line for item in plan.shared if choice.workload in item.workloads for line in item.cost_lines]
    return [*choice.cost_lines, *machines, *shared]


def estimated(lines: Iterable[CostLine]) -> bool:
    """Whether any of these lines rests on an estimate."""
    return any(line.estimate for line in lines)
