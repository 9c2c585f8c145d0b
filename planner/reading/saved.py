"""A saved plan (plan.json) back into a Report."""
from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from planner.domain.report import FORMAT_VERSION, Report
from planner.problems import Refused, nearest
from planner.reading.binding import problems_of
from planner.reading.json_document import JsonDocument, parse_json, read_json

MAX_BYTES = 64 * 1024 * 1024


def load_report(path: Path) -> Report:
    """The report in a plan.json of at most 64 MiB. Raises Refused: not JSON, another format version, keys unknown, missing or wrong."""
    return _report(read_json(path, MAX_BYTES))


def parse_report(name: str, text: str) -> Report:
    """The report in the text of a plan.json that came by another way, such as in a page. Raises Refused as `load_report` does."""
    return _report(parse_json(name, text))


def _report(document: JsonDocument) -> Report:
    if isinstance(document.data, dict):
        version = document.data.get("format_version")
        if version is None:
            hint = nearest("format_version", document.data) or "save one with `plan --out DIR`"
            raise Refused([document.problem((), "this is not a saved plan: it has no `format_version`", hint)])
        if version != FORMAT_VERSION:
            message = f"the plan is saved in format {version!r}, and this version reads {FORMAT_VERSION!r}"
            raise Refused([document.problem(("format_version",), message, "plan again with this version")])
    try:
        return Report.model_validate_json(document.text)
    except ValidationError as error:
        raise Refused(problems_of(error, Report, document)) from None
