"""What became of a checklist: a file `progress: [...]`, and a table that somebody filled in."""
from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from planner.domain.assessment import StepRecord
from planner.domain.base import Noun
from planner.problems import Problem, Refused
from planner.reading.binding import bind
from planner.reading.strict_yaml import read

MAX_BYTES = 8 * 1024 * 1024
_NEEDED = ("step", "horizon", "status", "evidence")


class ProgressFile(Noun):
    """The records of a status file."""

    progress: tuple[StepRecord, ...]


def load_progress(path: Path) -> tuple[StepRecord, ...]:
    """The records in a status file (YAML). Raises Refused with every problem and its place."""
    bound = bind(ProgressFile, read(path))
    if isinstance(bound, list):
        raise Refused(bound)
    return bound.progress


def progress_from_csv(path: Path) -> tuple[StepRecord, ...]:
    """The records in a checklist exported as CSV and filled in. Untouched open steps are left out.

    Raises Refused with the line of each row that is not right: a status that is none, a step that is done without evidence.
    """
    try:
        raw = path.read_bytes()
        rows = csv.reader(io.StringIO(raw[:MAX_BYTES].decode("utf-8-sig"), newline=""), strict=True)
        header = [name.strip().lower() for name in next(rows, [])]
        table = [(rows.line_num, dict(zip(header, row, strict=False))) for row in rows if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Refused([Problem(str(path), 1, 1, "", f"this is not a readable CSV file: {error}", "export it with `checklist --to csv`")]) from None
    if missing := [name for name in _NEEDED if name not in header]:
        raise Refused([Problem(str(path), 1, 1, "", f"the table lacks the columns {', '.join(missing)}", "export it with `checklist --to csv`")])
    return _records(path, table)


def _records(path: Path, table: Iterable[tuple[int, Mapping[str, str]]]) -> tuple[StepRecord, ...]:
    found, problems = [], []
    for line, row in table:
        cells = {name: _unguarded((row.get(name) or "").strip()) for name in _NEEDED}
        if cells["status"] == "open" and not cells["evidence"]:
            continue
        try:
            found.append(StepRecord.model_validate({**cells, "evidence": cells["evidence"] or None}))
        except ValidationError as error:
            problems += [Problem(str(path), line, 1, ".".join(map(str, e["loc"])), e["msg"].removeprefix("Value error, ")) for e in error.errors()]
    if problems:
        raise Refused(problems)
    return tuple(found)


def _unguarded(cell: str) -> str:
    """A cell without the apostrophe that kept a spreadsheet from computing it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "|", "%") else cell


def progress_yaml(records: Iterable[StepRecord]) -> str:
    """A status file with these records, one a line, sorted by horizon and step."""
    kept = sorted(records, key=lambda r: (r.horizon, r.step))
    lines = [f"  - {json.dumps(r.model_dump(mode='json', exclude_none=True), ensure_ascii=True)}\n" for r in kept]
    head = "# What became of the checklist. `sovplan plan ASSESSMENT --status FILE` reads it; `sovplan checklist import` writes it.\n"
    return head + ("progress:\n" + "".join(lines) if kept else "progress: []\n")
