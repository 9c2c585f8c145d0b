"""How wide each column of a table is on paper: by what stands in it, so that no table is wider than its page."""
from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import east_asian_width

from planner.reporting.table import Cell, Column, Table

LINE = 104  # letters on a line as wide as the page, in a table's type
_FULL = 68  # letters that the longest words of all columns may take together
_LONGEST = (22, 18, 15, 12, 11)  # letters of a word that a column makes room for; a longer one is broken
_SHORT = 18  # letters of a text that is better not broken
_NARROW = 5  # letters in the narrowest column
_MONSTER = 40  # letters from which a word is broken anywhere
_AROUND = ".,;:!?()[]\"'“”‘’…›‹"
_PIECES = re.compile("(?<=[-/])")  # where any typesetter breaks a word
_INSIDE = re.compile("(?<=[-/._:?&=#])")  # where an address or a name of a fact is best broken
_FIGURES = 0.6  # what a column of figures draws of the room that words would
_PULL = 0.9  # how much more room twice the text draws: 1 would starve the others, 0 share alike


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
    drawn = [_FIGURES if column.numeric and len(cells) > 3 else 1 for column in table.columns]
    wanted = [
        draws * (sum(letters(cell.text) + letters(cell.note) for cell in held) / max(len(held), 1)) ** _PULL
        for draws, held in zip(drawn, cells, strict=True)
    ]
    room = max(sum(least) * 0.2, LINE - sum(least))
    return tuple(round((small + room * want / (sum(wanted) or 1)) / (sum(least) + room), 4) for small, want in zip(least, wanted, strict=True))


def _least(column: Column, cells: list[Cell], longest: int) -> int:
    """Letters that a column needs: its longest word; all of what stands in it where that is a figure, or short as a date is."""
    words = max((letters(word) for word in _words(column.title, cells)), default=0)
    whole = max((letters(cell.text) for cell in cells), default=0)
    if not column.numeric:
        whole = min(whole, longest + 5) if whole <= _SHORT else 0
    return max(_NARROW, min(words, longest), min(whole, _LONGEST[0])) + 2


def _words(title: str, cells: list[Cell]) -> Iterator[str]:
    """The unbreakable pieces of a column: words of scripts that have spaces."""
    for text in (title, *(part for cell in cells for part in (cell.text, cell.note, *cell.marks))):
        for word in text.replace("/", "/ ").replace("-", "- ").split():
            if not any(east_asian_width(character) in "WF" for character in word):
                yield word


def breakable(text: str, most: int, hyphenates: bool = False) -> str:
    """`text` with places to break, which are not seen, in words that do not fit `most` letters.

    Where the typesetter `hyphenates` the language, it is left to break what is made of letters alone; it does so better.
    """
    return " ".join(word if _fits(word, most) or (hyphenates and _plain(word)) else _opened(word, most) for word in text.split(" "))


def _fits(word: str, most: int) -> bool:
    return max(map(len, _PIECES.split(word))) <= most


def _plain(word: str) -> bool:
    return len(word) <= _MONSTER and all(piece.isalpha() for piece in word.strip(_AROUND).split("-"))


def _opened(word: str, most: int) -> str:
    pieces = (piece[i : i + most] for piece in _INSIDE.split(word) for i in range(0, len(piece), most))
    return "\u200b".join(pieces)
