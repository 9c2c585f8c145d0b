"""A report as a document on paper: a first page, then sections of blocks. Markdown, PDF and Word lay out the same blocks.

Nothing is computed here: every word and figure comes from the view. The order of the sections is the audience's.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from planner.domain.report import Report
from planner.reporting.table import Cell, Column, Drawing, Points, Table, Tile
from planner.reporting.view import Planned, View, view_of

FIRST_STEPS = 4  # of the checklist, on the first page
_STEP_COLUMNS = (0, 1, 2)  # what to do, who, by when


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `style`: plain, intro (quieter), notice (in a frame)."""

    words: str
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the section's, with what stands at its right, such as an amount."""

    words: str
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, each line a cell."""

    cells: tuple[Cell, ...]


Block = Text | Heading | Bullets | Table | Drawing
_KINDS = {Text: "text", Heading: "heading", Bullets: "bullets", Table: "table", Drawing: "picture"}


def kind_of(block: Block) -> str:
    """What kind of block it is, for a template: text, heading, bullets, table or picture."""
    return _KINDS[type(block)]


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its key in templates/audiences.yaml, its title and its blocks."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class First:
    """The first page: what was decided, on what conditions, the key figures, their pictures, and what to do first."""

    lines: tuple[str, ...]
    conditions: Points | None
    tiles: tuple[Tile, ...]
    pictures: tuple[Drawing, ...]
    steps: Table | None


@dataclass(frozen=True, slots=True)
class Document:
    """One report in one language for one circle of readers."""

    view: View
    kind: str
    first: First
    sections: tuple[Section, ...]
    closing: str


def document(report: Report, lang: str, audience: str) -> Document:
    """The document of a report. Raises UsageError for a language or an audience there is none of."""
    view = view_of(report, lang, audience)
    p = view.p
    sections = tuple(Section(key, p(f"title.{key}"), tuple(_cut(view, block) for block in SECTIONS[key](view))) for key in view.audience.sections)
    closing = p("page.made_by", tool=view.tool) + (f" {p('page.english')}" if lang != "en" else "")
    return Document(view, p("page.kind" if view.planned else "page.no_plan_kind"), _first(view), sections, closing)


def _cut(view: View, block: Block) -> Block:
    """For readers in a hurry a table ends after its first rows, and says how many more there are."""
    if view.audience.brief and isinstance(block, Table) and block.rest:
        return replace(block, rest=(), caption=f"{block.caption} ({block.more})", more="")
    return block


def _first(view: View) -> First:
    plan = view.planned
    if plan is None:
        return First(view.headline, None, (), (), None)
    return First(view.headline, plan.conditions if plan.conditions.first else None, plan.tiles, (plan.money.by_layer, plan.money.by_year),
                 _first_steps(view, plan))


def _first_steps(view: View, plan: Planned) -> Table | None:
    if not plan.checklist:
        return None
    table = plan.checklist[0].table
    columns: tuple[Column, ...] = tuple(table.columns[i] for i in _STEP_COLUMNS)
    rows = tuple(tuple(replace(row[i], note="") for i in _STEP_COLUMNS) for row in table.rows[:FIRST_STEPS])
    return Table("first-steps", view.p("title.checklist"), columns, rows)


# ------------------------------------------------------------------------------------------ the sections


def _plan(view: View) -> Planned:
    assert view.planned is not None
    return view.planned


def _table_or(view: View, table: Table, otherwise: str) -> list[Block]:
    return [table] if table.rows else [Text(view.p(otherwise))]


def _choices(view: View) -> list[Block]:
    return [Text(view.p("choices.intro"), "intro"), _plan(view).choices]


def _kpis(view: View) -> list[Block]:
    return [Text(view.p("kpi.intro"), "intro"), _plan(view).kpis]


def _what_if(view: View) -> list[Block]:
    """On paper no slider moves: the frontier and the plans stand as a picture and a table."""
    held = _plan(view).what_if
    if held is None:
        return []
    return [Text(held.on_paper, "intro"), *([held.frontier] if held.frontier else []), held.plans]


def _cost(view: View) -> list[Block]:
    money = _plan(view).money
    blocks: list[Block] = [Text(view.p("cost.intro"), "intro"), money.by_layer, money.by_year,
                           *([money.by_quarter] if money.by_quarter else []), money.by_operator, money.biggest]
    if money.binding:
        blocks.append(money.binding)
    blocks += [Heading(view.p("cost.derivations")), Text(view.p("cost.derivations_intro"), "intro")]
    for part in money.derivations:
        blocks += [Heading(part.title, " ".join((part.amount.text, *part.amount.marks))), replace(part.table, caption="")]
    return blocks


def _sovereignty(view: View) -> list[Block]:
    made = _plan(view).sovereignty
    if made is None:
        return [Text(view.p("known.not"))]
    blocks: list[Block] = [Text(view.p("sovereignty.intro"), "intro"), Bullets(made.summary)]
    if made.next_step:
        next_step = made.next_step
        blocks.append(Text(f"{view.p('sovereignty.next')}: {next_step.text}. {next_step.note}".replace("..", "."), "notice"))
    blocks.append(made.radar)
    blocks += [table for table in (made.remaining, made.parts) if table.rows]
    if made.achieved:
        blocks += [Heading(made.achieved_title), Bullets(tuple(map(Cell, made.achieved)))]
    blocks.append(made.factors)
    if made.unknown:
        blocks += [Heading(view.p("sovereignty.unknown")), Bullets(tuple(map(Cell, made.unknown)))]
    return blocks


def _stack(view: View) -> list[Block]:
    stack = _plan(view).stack
    return [Text(view.p("stack.intro"), "intro"), stack] if stack else [Text(view.p("known.not"))]


def _law(view: View) -> list[Block]:
    groups = _plan(view).law
    blocks: list[Block] = [Text(view.p("law.disclaimer"), "notice")]
    for group in groups:
        blocks += [Heading(group.title), replace(group.table, caption="")]
    return blocks if groups else [*blocks, Text(view.p("law.none"))]


def _checklist(view: View) -> list[Block]:
    horizons = _plan(view).checklist
    blocks: list[Block] = []
    for horizon in horizons:
        blocks += [Heading(horizon.table.caption), replace(horizon.table, caption="")]
    return blocks or [Text(view.p("checklist.none"))]


def _roadmap(view: View) -> list[Block]:
    roadmap = _plan(view).roadmap
    return [Text(view.p("roadmap.intro"), "intro"), roadmap] if roadmap else [Text(view.p("roadmap.none"))]


def _why_not(view: View) -> list[Block]:
    return [Text(view.searched, "intro"), *_table_or(view, view.exclusions, "why_not.none")]


def _questions(view: View) -> list[Block]:
    return _table_or(view, _plan(view).questions, "questions.none")


def _assumptions(view: View) -> list[Block]:
    return _table_or(view, _plan(view).assumptions, "assumptions.none")


def _proof(view: View) -> list[Block]:
    said = view.proof_sentence + (f" {view.p('proof.checked')}" if view.planned else "")
    return [Text(said), view.proof, view.provenance]


def _sources(view: View) -> list[Block]:
    plan = _plan(view)
    return [*_table_or(view, plan.sources, "sources.none"), Heading(view.p("title.stale")), *_table_or(view, plan.stale, "stale.none")]


def _annexes(view: View) -> list[Block]:
    blocks: list[Block] = [Text(view.p("annex.intro"), "intro")]
    for part in _plan(view).annexes:
        blocks.append(Heading(part.title))
        if part.note:
            blocks.append(Text(part.note))
        if part.drawing:
            blocks.append(Drawing(part.drawing.svg, replace(part.drawing.table, caption="")))
        blocks += part.tables
    return blocks


def _conflict(view: View) -> list[Block]:
    if view.refusal is None:
        return []
    return [Text(f"{view.p('conflict.intro')} {view.refusal.minimal}", "intro"), Bullets(view.refusal.demands)]


def _repairs(view: View) -> list[Block]:
    if view.refusal is None or not view.refusal.repairs:
        return [Text(view.p("conflict.repairs_none"))]
    return [Bullets(view.refusal.repairs)]


SECTIONS: dict[str, Callable[[View], list[Block]]] = {
    "choices": _choices, "what_if": _what_if, "cost": _cost, "sovereignty": _sovereignty, "stack": _stack, "law": _law,
    "checklist": _checklist, "roadmap": _roadmap, "kpis": _kpis, "why_not": _why_not,
    "questions": _questions, "assumptions": _assumptions, "proof": _proof, "sources": _sources, "annexes": _annexes, "conflict": _conflict,
    "repairs": _repairs,
}
