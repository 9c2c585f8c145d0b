"""The roadmap as a drawing: days from left to right, one line an entry, a bar from the latest day to begin to the day itself."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from planner.domain.roadmap import RoadmapEntry
from planner.reporting.figures import Figures
from planner.reporting.phrases import Phrases, phrases
from planner.reporting.sheet import Sheet
from planner.reporting.texts import texts

MOST = 26  # entries that are drawn; the table beside the drawing has all of them
_WIDTH, _LEFT, _RIGHT, _TOP, _LINE = 960, 350.0, 925.0, 118.0, 22.0
_MARKS = {"duty": ("circle", "closed"), "duty-ends": ("cross", "hollow"), "ready": ("square", "open"), "model-deprecated": ("triangle", "restricted"),
          "model-retires": ("triangle", "edge"), "offer-ends": ("triangle", "edge"), "term-ends": ("triangle", "restricted"),
          "price": ("triangle", "up"), "waiver": ("cross", "hollow")}
_KEY = ("duty", "duty-ends", "ready", "model-retires", "term-ends", "price")


def draw_roadmap(entries: Sequence[RoadmapEntry], as_of: date, start: date, lang: str = "en") -> str:
    """An SVG file that stands alone. `start` is the day the plan begins; what is too much to draw is counted at the foot."""
    p = phrases(lang)
    f, shown = Figures(p), _drawn(entries)
    last = max([start, *(e.day for e in shown)])
    sheet = Sheet(p("roadmap.caption"), _told(p, f, entries), _WIDTH)
    sheet.text(20, 54, p("roadmap.note", day=f.day(as_of)), "quiet")
    sheet.key(20, 80, [(*_MARKS[kind], p(f"roadmap.kind.{kind}"), "") for kind in _KEY])
    foot = _TOP + _LINE * len(shown)

    def at(day: date) -> float:
        return _LEFT + (_RIGHT - _LEFT) * max(0.0, (day - as_of) / max(last - as_of, timedelta(days=1)))

    for year in range(as_of.year + 1, last.year + 1):
        sheet.line(at(date(year, 1, 1)), _TOP - 12, at(date(year, 1, 1)), foot)
        sheet.text(at(date(year, 1, 1)) + 4, _TOP - 14, str(year), "small quiet")
    for day, words in ((as_of, "roadmap.today"), (start, "roadmap.start")):
        if day >= as_of:
            sheet.line(at(day), _TOP - 12, at(day), foot, "split")
            sheet.text(at(day) - 4, foot + 14 + 14 * (day == start), p(words), "small quiet", "end")
    for row, entry in enumerate(shown):
        _entry(sheet, entry, _TOP + _LINE * row + 6, at, p, f)
    if len(entries) > len(shown):
        sheet.text(20, foot + 44, p("roadmap.left_out", n=len(entries) - len(shown)), "quiet")
    return sheet.svg()


def _entry(sheet: Sheet, entry: RoadmapEntry, y: float, at: Callable[[date], float], p: Phrases, f: Figures) -> None:
    label, x = _label(entry, p), at(entry.day)
    hover = f"{f.day(entry.day)}: {label}"
    sheet.text(20, y + 4, f"{f.day(entry.day)}  {label}", "small", letters=52, hover=hover)
    if entry.begin_by is not None and entry.begin_by < entry.day:
        left = at(entry.begin_by)
        told = p("roadmap.begin", day=f.day(entry.begin_by)) + (f" {p('roadmap.late')}" if entry.late else "")
        sheet.box(left, y - 3, x - left, 6, "down" if entry.late else "bar", told)
    shape, style = _MARKS[entry.kind]
    sheet.mark(x, y, 5, shape, style, hover)


def _label(entry: RoadmapEntry, p: Phrases) -> str:
    t = texts(p.lang)
    if entry.kind == "ready":
        return f"{t(entry.what)}: {p.count('count.steps', len(entry.steps))}"
    return t(entry.what) if entry.kind in ("duty", "duty-ends") else p(f"roadmap.says.{entry.kind}", what=entry.what)


def _drawn(entries: Sequence[RoadmapEntry]) -> list[RoadmapEntry]:
    """What fits: everything that the world brings before the steps of the checklist, what is late before what is not; in the order of days."""
    first = sorted(entries, key=lambda e: (e.kind == "ready", e.status in ("met", "informs"), not e.late, e.day))[:MOST]
    return [entry for entry in entries if entry in first]


def _told(p: Phrases, f: Figures, entries: Sequence[RoadmapEntry]) -> str:
    """The alternative in words: every entry with its day."""
    return "; ".join(f"{f.day(e.day)}: {p(f'roadmap.kind.{e.kind}')}, {_label(e, p)}" for e in entries)
