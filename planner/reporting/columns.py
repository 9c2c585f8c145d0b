"""How wide each column of a table is on paper: by what stands in it, so that no table is wider than its page."""
from __future__ import annotations

from collections.abc import Iterator
from unicodedata import east_asian_width

from planner.reporting.table import Cell, Column, Table

LINE = 104  # letters on a line as wide as the page, in a table's type
_FULL = 88  # letters that the longest words of all columns may take together
_LONGEST = (22, 18, 15, 12)  # letters of a word that a column makes room for; a longer one is broken
_NARROW = 5  # letters in the narrowest column
_PULL = 0.75  # how much more room twice the text draws: 1 would starve the others, 0 share alike


def letters(text: str) -> int:
    """How much room a text takes, in Latin letters; those of East Asia take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def shares(table: Table) -> tuple[float, ...]:
    """The share of the table's width for each column; they add up to one.

    Every column holds its longest word, and every figure without a break; what room is left goes to the columns with the most text. In a
    table of many columns long words are broken sooner.
    """
    cells = [[row[i] for row in (*table.rows, *table.rest)] for i in range(len(table.columns))]
    for longest in _LONGEST:
        least = [_least(column, held, longest) for column, held in zip(table.columns, cells, strict=True)]
        if sum(least) <= _FULL:
            break
    wanted = [(sum(letters(cell.text) + letters(cell.note) for cell in held) / max(len(held), 1)) ** _PULL for held in cells]
    room = max(sum(least) * 0.2, LINE - sum(least))
    return tuple(round((small + room * want / (sum(wanted) or 1)) / (sum(least) + room), 4) for small, want in zip(least, wanted, strict=True))


def _least(column: Column, cells: list[Cell], longest: int) -> int:
    words = max((letters(word) for word in _words(column.title, cells)), default=0)
    whole = max((letters(cell.text) for cell in cells), default=0) if column.numeric else 0
    return max(_NARROW, min(words, longest), min(whole, _LONGEST[0])) + 2


def _words(title: str, cells: list[Cell]) -> Iterator[str]:
    """The unbreakable pieces of a column: words of scripts that have spaces."""
    for text in (title, *(part for cell in cells for part in (cell.text, cell.note, *cell.marks))):
        for word in text.replace("/", "/ ").replace("-", "- ").split():
            if not any(east_asian_width(character) in "WF" for character in word):
                yield word


def breakable(text: str, most: int) -> str:
    """`text` with places to break, which are not seen, in words longer than `most` letters."""
    return " ".join(_opened(word, most) if len(word) > most else word for word in text.split(" "))


def _opened(word: str, most: int) -> str:
    return "\u200b".join(word[i : i + most] for i in range(0, len(word), most))
