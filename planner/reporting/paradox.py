"""The paradox page and the supply chain on a terminal. Text from others is never read as markup or control codes."""
from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from planner.domain.paradox import Chain, Compared, Cut, Leave, Link, ParadoxPage
from planner.reporting.figures import Figures
from planner.reporting.phrases import Phrases, phrases
from planner.reporting.text import visible

if TYPE_CHECKING:
    from rich.console import Console

_MOST = 12  # remaining dependencies that a screen shows; the rest is in the JSON


def show_page(page: ParadoxPage, console: Console, lang: str = "en") -> None:
    """Show a paradox page: rating, what is achieved, what remains and what cutting it takes, the cheapest next step."""
    p = phrases(lang)
    f = Figures(p)
    low, high = page.rating_range
    _line(console, visible(page.subject), "bold")
    _line(console, p("sovereignty.rating", rating=f.span(low, high, 1), label=page.label))
    _line(console, p("sovereignty.seal", seal=f.seals(page.seal)))
    for given in dict.fromkeys((c.given, c.given_by) for c in page.compared):
        title = p("paradox.given", rating=f.number(given[0], 1), says=given[1])
        _list(console, title, [_compared(c, p, f) for c in page.compared if (c.given, c.given_by) == given])
    _list(console, p("paradox.achieved"), list(page.achieved))
    _list(console, p("sovereignty.remaining"), [_cut(c, p, f) for c in page.remaining[:_MOST]])
    if len(page.remaining) > _MOST:
        _line(console, p("paradox.more", n=len(page.remaining) - _MOST), "dim")
    _list(console, p("paradox.leaves"), [_leave(leave, p, f) for leave in page.leaves])
    _list(console, p("paradox.holding"), list(page.holding))
    _list(console, p("paradox.unknown"), list(page.unknown))
    steps = [page.confirm_first.says] if page.confirm_first else []
    _list(console, p("paradox.next"), steps + ([_cut(page.next_cut, p, f)] if page.next_cut else []))


def show_chain(chain: Chain, console: Console, lang: str = "en") -> None:
    """Draw a supply chain: agents on top, chips at the bottom, each layer with holder, law and who else could supply it."""
    p = phrases(lang)
    _line(console, visible(chain.subject), "bold")
    _line(console, p("chain.sum", eea=chain.in_eea, outside=chain.outside, unknown=chain.not_known))
    wide = max((len(link.name) for link in chain.links), default=0)
    for number, link in enumerate(reversed(chain.links)):
        if number:
            _line(console, f"  {' ' * wide}  |", "dim")
        _line(console, f"  {link.name:<{wide}}  +-- {_holder(link, p)}")
        _line(console, f"  {' ' * wide}  |   {p('chain.substitutable')}: {link.substitutable}", "dim")


def _holder(link: Link, p: Phrases) -> str:
    place = p({True: "chain.inside", False: "chain.outside", None: "chain.not_known"}[link.in_eea])
    note = f"; {link.note}" if link.note else ""
    return visible(f"{link.owner} ({p('stack.law', law=link.law)}, {place}){note}")


def _cut(cut: Cut, p: Phrases, f: Figures) -> str:
    seal = "" if cut.seal is None else p("paradox.seal", before=cut.seal, after=cut.seal_after)
    brings = p("paradox.brings", points=f.number(cut.points, 1), overall=cut.overall_seal_after)
    if cut.cost_eur is not None:
        price = p("paradox.once", cost=f.euros(cut.cost_eur), weeks=cut.weeks)
    elif cut.cost_eur_per_month is not None:
        price = p("paradox.monthly", cost=f.euros(cut.cost_eur_per_month))
    else:
        price = p("paradox.no_price")
    return f"{cut.factor} {cut.name} ({cut.party}): {cut.cause}. {p('column.cut_by')}: {cut.cut_by}. {seal}{brings}; {price}"


def _compared(c: Compared, p: Phrases, f: Figures) -> str:
    low, high = c.rating_range
    verdict = p("paradox.way", way=c.way, range=f.span(low, high, 1), known=f.number(c.rating, 1), holds=p(f"paradox.holds.{c.holds}"))
    return f"{verdict} {p('paradox.carried' if c.holds in ('proven', 'reached') else 'paradox.below')}: {'; '.join(c.because)}."


def _leave(leave: Leave, p: Phrases, f: Figures) -> str:
    return p(
        "paradox.leave", party=leave.party, before=f.seal(leave.seal), after=f.seal(leave.seal_after),
        points=_signed(leave.points, f.number(leave.points, 1)), cost=_signed(leave.cost_eur_per_month, f.euros(leave.cost_eur_per_month)),
    )


def _signed(value: Decimal | None, words: str) -> str:
    return f"+{words}" if value is not None and value > 0 else words


def _list(console: Console, title: str, lines: list[str]) -> None:
    if not lines:
        return
    console.print()
    _line(console, title, "bold")
    for words in lines:
        _line(console, f"- {visible(words)}")


def _line(console: Console, words: str, style: str = "") -> None:
    from rich.text import Text

    console.print(Text(words, style=style))
