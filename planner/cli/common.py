"""What the commands share: options, the planning day, the catalog, and how answers leave."""
from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.problems import Exit, Problem, Refused, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from planner.domain.catalog import Catalog

AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Plan as on this day (2026-11-24); today where left out.")]
CatalogFolder = Annotated[Path | None, typer.Option("--catalog", metavar="DIR", help="A catalog of your own, laid over the shipped one by id.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, for scripts.")]


def day(text: str | None) -> date:
    """The planning day. The clock is read here and nowhere else."""
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--as-of {text}: a day is written like 2026-11-24") from None


def open_catalog(own: Path | None) -> Catalog:
    """The shipped catalog, with the user's own laid over it."""
    from planner.reading.catalog import load_catalog
    from planner.resources import bundled

    if own is not None and not own.is_dir():
        raise UsageError(f"--catalog {own}: there is no such folder")
    return load_catalog([bundled("catalog"), *([own] if own else [])])


def emit(document: Any) -> None:
    """One JSON document on stdout."""
    from planner.reporting.json_report import to_json

    sys.stdout.write(to_json(document))


def console(stderr: bool = False) -> Console:
    """A console for people; plain where the output is not a terminal."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def say(text: str) -> None:
    """Talk, on stderr."""
    typer.echo(text, err=True)


def check_files(files: Sequence[Path], check: Callable[[Path], Iterable[Problem]], word: str, as_json: bool) -> None:
    """Check files one after another and say every problem of all of them. Exits with 2 where there is any."""
    problems: list[Problem] = []
    for file in files:
        try:
            problems += check(file)
        except Refused as refused:
            problems += refused.problems
    if as_json:
        emit({"format_version": "1", "problems": problem_fields(problems)})
    for problem in problems:
        say(str(problem))
    if problems:
        raise typer.Exit(int(Exit.REFUSED))
    if not as_json:
        say(f"{len(files)} {word}{'s' if len(files) != 1 else ''} in order")


def problem_fields(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems as JSON wants them."""
    return [asdict(p) for p in problems]
