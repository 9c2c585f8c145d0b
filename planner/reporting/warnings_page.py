"""The warnings of a catalog check as a page that a person can read: by what there is to do, then by file."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from planner.problems import Problem

_AGE = "this was read "


def warnings_page(warnings: Sequence[Problem], as_of: date) -> str:
    """Every warning of a check as Markdown. Figures that are merely old take one row a file, with the lines; each other warning has a row."""
    groups: dict[str, list[Problem]] = defaultdict(list)
    for problem in sorted(warnings):
        groups[problem.hint].append(problem)
    out = ["# Warnings of the catalog check", "",
           f"On {as_of} the shipped catalog has {len(warnings)} warnings, all of them listed here. None keeps a plan from being made; "
           "each is a reason to look. Written by `sovplan catalog check --page`.", ""]
    for hint, problems in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        out += [f"## {hint[:1].upper()}{hint[1:]} ({len(problems)})", ""]
        out += _old(problems) if all(p.message.startswith(_AGE) for p in problems) else _each(problems)
        out.append("")
    return "\n".join(out)


def _old(problems: Sequence[Problem]) -> list[str]:
    by_file: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_file[_short(problem.file)].append(problem)
    rows = ["| file | figures | oldest, days | lines |", "| --- | ---: | ---: | --- |"]
    for file, held in sorted(by_file.items()):
        oldest = max(int(p.message.removeprefix(_AGE).split(" ", 1)[0]) for p in held)
        rows.append(f"| `{file}` | {len(held)} | {oldest} | {', '.join(str(p.line) for p in held)} |")
    return rows


def _each(problems: Sequence[Problem]) -> list[str]:
    return ["| where | what |", "| --- | --- |", *(f"| `{_short(p.file)}:{p.line}` | {p.message} |" for p in problems)]


def _short(file: str) -> str:
    """The path from the catalog on, wherever it is installed."""
    return "catalog/" + file.replace("\\", "/").rpartition("/catalog/")[2].removeprefix("catalog/")
