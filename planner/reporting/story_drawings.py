"""The pictures of a vendor's story: two tracks in time, the capital ladder, the dossier's card, and what changed between two days."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from planner.domain.market import Ladder, Moment, Timeline
from planner.landscape.changes import Changes
from planner.landscape.dossier import Dossier
from planner.quantities import first_day
from planner.reporting.figures import Figures
from planner.reporting.phrases import Phrases, phrases
from planner.reporting.sheet import Sheet
from planner.reporting.texts import texts

_MARKS = {"release": ("circle", "open"), "weights": ("square", "restricted"), "deprecation": ("triangle", "closed"),
          "retirement": ("cross", "hollow"),
          "infrastructure": ("square", "up"), "acquisition": ("circle", "edge"), "capex": ("triangle", "dot")}
_WIDTH = 960


# ------------------------------------------------------------------------------------------- the two tracks


def draw_timeline(line: Timeline, names: str, as_of: date, lang: str = "en") -> str:
    """Quarters from left to right; models stacked above the line, infrastructure and acquisitions below it, numbered and told beneath."""
    p = phrases(lang)
    told = "; ".join(p("market.timeline_year", year=y.year, models=y.models, other=y.infrastructure) for y in line.years)
    note = p("market.timeline_note", day=Figures(p).day(as_of))
    sheet = Sheet(p("market.timeline", names=names), f"{told or p('market.undated')}; {note}", _WIDTH)
    sheet.text(20, 54, note, "quiet")
    sheet.key(20, 80, [(*_MARKS[kind], p(f"market.kind.{kind}"), "") for kind in _MARKS])
    if not line.moments:
        sheet.text(20, 120, p("market.undated"))
        return sheet.svg()
    first, last = (_quarter(m.day) for m in (line.moments[0], line.moments[-1]))
    last = max(last, _quarter(as_of.isoformat()))
    step = (_WIDTH - 40 - 110) / (last - first + 1)
    stacks = [Counter(_quarter(m.day) for m in line.moments if m.track == track) for track in ("models", "infrastructure")]
    highest, deepest = (max(stack.values(), default=0) for stack in stacks)
    gap = max(4.0, min(14.0, step * 0.9, 260 / max(highest, 1)))
    middle = 120 + max(highest, 3) * gap
    end = middle + 40 + max(deepest, 2) * 22
    sheet.text(20, middle - 20, p("market.models"), "strong")
    sheet.text(20, middle + 38, p("market.infrastructure"), "strong")
    sheet.text(20, middle + 55, p("market.acquisitions"), "strong")
    sheet.line(130, middle, _WIDTH - 20, middle, "axis")
    for quarter in range(first, last + 2):
        if quarter % 4 == 0 or quarter == first:
            sheet.line(130 + (quarter - first) * step, 108, 130 + (quarter - first) * step, end)
            if 130 + (quarter - first) * step < _WIDTH - 60 and step * (4 - quarter % 4) > 30:
                sheet.text(130 + (quarter - first) * step + 4, middle + 16, str(quarter // 4), "small quiet")
    today = 130 + ((as_of - date(first // 4, first % 4 * 3 + 1, 1)).days / 91.3125) * step
    if today >= 130:
        sheet.line(today, 100, today, end, "split")
        sheet.text(today - 4, 112, p("market.read_here"), "small quiet", "end")
    _stack(sheet, line.moments, first, step, gap, middle)
    _told_below(sheet, [m for m in line.moments if m.track == "infrastructure"], end + 24, p)
    return sheet.svg()


def _quarter(day: str) -> int:
    return first_day(day).year * 4 + (first_day(day).month - 1) // 3


def _stack(sheet: Sheet, moments: Sequence[Moment], first: int, step: float, gap: float, middle: float) -> None:
    count: Counter[tuple[str, int]] = Counter()
    number = 0
    for m in sorted(moments, key=lambda m: (_quarter(m.day), list(_MARKS).index(m.kind) if m.track == "models" else 0)):
        quarter = _quarter(m.day)
        x, place = 130 + (quarter - first + 0.5) * step, count[m.track, quarter]
        count[m.track, quarter] += 1
        shape, style = _MARKS[m.kind]
        if m.track == "models":
            sheet.mark(x, middle - gap * (place + 0.8), gap * 0.4, shape, style, f"{m.day}: {m.says}")
        else:
            number += 1
            sheet.mark(x, middle + 34 + 22 * place, 5, shape, style, f"{m.day}: {m.says}")
            sheet.text(x + 8, middle + 38 + 22 * place, str(number), "small")


def _told_below(sheet: Sheet, moments: Sequence[Moment], y: float, p: Phrases) -> None:
    for number, m in enumerate(moments, 1):
        sheet.text(20, y, f"{number}  {m.day}  {p(f'market.kind.{m.kind}')}: {m.vendor}: {m.says}", "small", letters=150)
        y += 18


# ----------------------------------------------------------------------------------------------- the ladder


def draw_ladder(rows: Sequence[Ladder], as_of: date, lang: str = "en") -> str:
    """A bar for each step, as long as its kind has come to by then; the lengths compare within one vendor and one currency."""
    p = phrases(lang)
    says = "; ".join(f"{r.name}: {burden_in_words(r, lang)}" for r in rows) or p("market.no_event")
    sheet = Sheet(p("market.ladder"), says, _WIDTH)
    sheet.text(20, 54, p("market.ladder_note", day=Figures(p).day(as_of)), "quiet")
    y = 92.0
    for row in rows:
        sheet.line(20, y - 20, _WIDTH - 20, y - 20)
        sheet.text(20, y, row.name, "strong")
        sheet.text(_WIDTH - 20, y, burden_in_words(row, lang), "strong", "end", letters=70)
        y = sheet.paragraph(20, y + 20, texts(lang)(row.viability.because), 65 if lang == "ja" else 130)
        longest: dict[str, Decimal] = {}
        for s in row.steps:
            if s.total_m is not None and s.currency:
                longest[s.currency] = max(longest.get(s.currency, Decimal(0)), s.total_m)
        for s in row.steps:
            y += 6
            sheet.text(20, y + 8, s.day, "small")
            sheet.text(100, y + 8, p(f"market.kind.{s.kind}"), "small")
            hover = f"{s.says} ({s.source})"
            if s.total_m is None or not s.currency:
                sheet.text(180, y + 8, p("market.no_amount", says=s.says), "small quiet", letters=110, hover=hover)
            else:
                length = 360 * float(s.total_m / longest[s.currency]) if longest[s.currency] else 0.0
                sheet.box(180, y - 2, 360, 12, "track")
                sheet.box(180, y - 2, length, 12, {"revenue": "open", "debt": "down", "capex": "restricted"}.get(s.kind, "bar"), hover)
                more = f", {p('market.together', amount=f'{s.total_m:,f}')}" if s.total_m != s.amount_m else ""
                sheet.text(550, y + 8, f"{s.currency} {s.amount_m:,f}m{more}: {s.says}", "small", letters=62, hover=hover)
            y += 16
        y += 34
    return sheet.svg()


def burden_in_words(row: Ladder, lang: str = "en") -> str:
    """The fixed-cost burden in years of revenue, and its reading."""
    p, v = phrases(lang), row.viability
    if v.burden_low is None or v.burden_high is None:
        return p("market.burden_unknown")
    reading = {"to watch": "watch"}.get(v.reading, v.reading)
    return p("market.burden", years=Figures(p).span(v.burden_low, v.burden_high, 1), reading=p(f"market.reading.{reading}"))


# ------------------------------------------------------------------------------------------------ the dossier


def draw_dossier(d: Dossier, as_of: date) -> str:
    """A card: who it is, its rating's range, how its facts are known, its models by colour, its events, what is open."""
    low, high = d.rating_range
    bases = Counter(f.basis.value for f in d.facts)
    colours = Counter(m.colour.value for m in d.models if m.standing not in ("retired", "announced"))
    counts = f"{len(d.facts)} facts, {len(d.events)} events, {len(d.offers)} offers, {len(d.questions)} open questions"
    says = f"{d.name}: rating {low} to {high} of 10; {counts}."
    sheet = Sheet(f"Dossier: {d.name}", says, _WIDTH)
    sheet.text(20, 54, f"{', '.join(d.kinds)}; country {d.country or 'not known'}; parent {d.parent or 'none known'}; read on {as_of}", "quiet")
    sheet.text(20, 92, "sovereignty, of 10", "strong")
    sheet.box(200, 82, 500, 12, "track")
    sheet.box(200 + 50 * float(low), 82, 50 * float(high - low), 12, "bar", says)
    sheet.text(712, 92, f"{low} proven, {high} possible; {d.known_percent} % known")
    y = _counts(sheet, 124, "facts by basis", bases)
    y = _counts(sheet, y, "models in service", colours)
    y = _counts(sheet, y, "offers by layer", Counter(o.layer.value for o in d.offers))
    y = _counts(sheet, y, "products by price", Counter(p.pricing.value for p in d.products))
    y = _counts(sheet, y, "open questions", Counter(q.why for q in d.questions))
    for heading, lines in (("events", [f"{e.date}  {e.kind}: {e.says}" for e in d.events]),
                           ("about", [f"{e.topic}: {e.says} ({e.source}, {e.date})" for e in d.about])):
        if lines:
            sheet.text(20, y + 18, heading, "strong")
            y += 40
            for words in lines:
                sheet.text(20, y, words, "small", letters=150)
                y += 18
    return sheet.svg()


def _counts(sheet: Sheet, y: float, heading: str, counts: Mapping[str, int]) -> float:
    sheet.text(20, y, heading, "strong")
    sheet.text(200, y, ", ".join(f"{n} {words}" for words, n in sorted(counts.items())) or "none known")
    return y + 24


# ---------------------------------------------------------------------------------------------- the changes


def draw_changes(c: Changes) -> str:
    """Prices that moved, as bars to the left (cheaper) or to the right (dearer); the rest of what changed beneath."""
    told = (f"{len(c.prices)} prices, {len(c.offers)} offers, {len(c.models)} moments of models, {len(c.rules)} rules, "
            f"{len(c.events)} events changed from {c.since} to {c.until}")
    sheet = Sheet("What changed", told + ".", _WIDTH)
    sheet.text(20, 54, told, "quiet")
    middle, y = 640.0, 90.0
    longest = max((abs(p.percent) for p in c.prices if p.percent is not None), default=Decimal(1)) or Decimal(1)
    for p in c.prices:
        sheet.text(20, y, f"{p.offer}, {p.unit}{', batch' if p.batch else ''}: {p.before:f} {p.currency_before} to {p.after:f} {p.currency_after}",
                   "small", letters=75)
        if p.percent is None:
            sheet.text(middle, y, "not comparable", "small quiet", "middle")
        else:
            length = 130 * float(abs(p.percent) / longest)
            down = p.percent < 0
            sheet.box(middle - length if down else middle, y - 10, length, 11, "up" if down else "down", f"from {p.valid_from}: {p.source}")
            sheet.text(790, y, f"{p.percent:+f} %", "small")
        y += 18
    for heading, lines in (
        ("models", [f"{m.day}  {m.model} {m.what}" for m in c.models]),
        ("offers", [f"{o.day}  {o.offer} {o.what}" for o in c.offers]),
        ("rules", [f"{r.day}  {r.rule} {r.what} ({r.citation})" for r in c.rules]),
        ("events", [f"{e.date}  {e.party}, {e.kind}: {e.says}" for e in c.events]),
    ):
        if lines:
            sheet.text(20, y + 14, heading, "strong")
            y += 34
            for words in lines:
                sheet.text(20, y, words, "small", letters=150)
                y += 17
    return sheet.svg()
