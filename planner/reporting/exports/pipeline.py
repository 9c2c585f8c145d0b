"""What a pipeline reads of a plan: SARIF 2.1.0, GitHub annotations, and a comment for a pull request."""
from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from planner import __version__
from planner.domain.report import Report
from planner.planning.gates import Alert
from planner.reporting.text import markdown, visible

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MARK = "<!-- sovplan -->"  # by which a bot finds its earlier comment
_ANNOTATIONS = 10  # GitHub shows no more of a kind in one step


def sarif(alerts: Sequence[Alert], report: Report, file: str, lines: Mapping[str | None, int]) -> dict[str, Any]:
    """The alerts as a SARIF log. `file` is the assessment's path, `lines` the line of each workload in it (None: the file's first)."""
    rules = {a.rule: a for a in reversed(alerts)}
    about = {f.rule: f for f in report.findings}
    return {
        "$schema": SARIF_SCHEMA, "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "sovplan", "version": __version__, "rules": [_rule(key, about) for key in sorted(rules)]}},
            "results": [_result(a, sorted(rules), file, lines) for a in alerts],
        }],
    }


def _rule(key: str, about: Mapping[str, Any]) -> dict[str, Any]:
    finding = about.get(key)
    if finding is None:
        return {"id": key}
    rule = {"id": key, "name": finding.rule, "shortDescription": {"text": visible(finding.title)}, "fullDescription": {"text": visible(finding.says)}}
    return rule | ({"helpUri": finding.citation.url} if finding.citation.url else {})


def _result(alert: Alert, rules: Sequence[str], file: str, lines: Mapping[str | None, int]) -> dict[str, Any]:
    digest = hashlib.sha256("\n".join((alert.gate, alert.rule, alert.workload or "")).encode()).hexdigest()
    place = {"artifactLocation": {"uri": _uri(file)}, "region": {"startLine": lines.get(alert.workload, 1)}}
    result: dict[str, Any] = {
        "ruleId": alert.rule, "ruleIndex": rules.index(alert.rule), "level": alert.level, "message": {"text": visible(alert.says)},
        "locations": [{"physicalLocation": place}], "partialFingerprints": {"sovplan/v1": digest},
    }
    if alert.waiver is not None:
        why = f"{alert.waiver.owner}, until {alert.waiver.expires}: {alert.waiver.reason}"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": visible(why)}]
    return result


def _uri(file: str) -> str:
    from urllib.parse import quote

    return quote(file.replace("\\", "/"))


def annotations(alerts: Sequence[Alert], file: str, lines: Mapping[str | None, int]) -> str:
    """Workflow commands for the alerts nobody answers for, the first ten of each kind, and one that counts the rest."""
    out = []
    for level, name in (("error", "error"), ("warning", "warning"), ("note", "notice")):
        ours = [a for a in alerts if a.level == level and a.waiver is None]
        shown = ours if len(ours) <= _ANNOTATIONS else ours[: _ANNOTATIONS - 1]
        out += [_command(name, file, lines.get(a.workload, 1), a.rule, a.says) for a in shown]
        if len(ours) > len(shown):
            out.append(_command(name, file, 1, "sovplan", f"and {len(ours) - len(shown)} more"))
    return "".join(f"{line}\n" for line in out)


def _command(name: str, file: str, line: int, title: str, says: str) -> str:
    def value(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def key(text: str) -> str:
        return value(text).replace(":", "%3A").replace(",", "%2C")

    return f"::{name} file={key(visible(file))},line={line},title={key(visible(title))}::{value(visible(says))}"


def comment(report: Report, gates: Mapping[str, Sequence[Alert]]) -> str:
    """A Markdown comment: the first lines of the report, each gate with what closes it, and what is waived by whom."""
    lines = [MARK, f"### {markdown(report.assessment_name)}", "", *(f"- {markdown(line)}" for line in report.headline), ""]
    if gates:
        lines += ["| gate | closed by | waived |", "| --- | --- | --- |"]
        lines += [f"| {gate} | {_counted(found, False)} | {_counted(found, True)} |" for gate, found in gates.items()]
    for gate, found in gates.items():
        lines += ["", f"<details><summary>{gate}</summary>", "", *map(_line, found), "", "</details>"] if found else []
    return "\n".join(lines) + "\n"


def _counted(alerts: Sequence[Alert], waived: bool) -> str:
    number = sum((a.waiver is not None) is waived for a in alerts)
    return str(number) if number else "none"


def _line(alert: Alert) -> str:
    waiver = alert.waiver
    by = f" Waived by {markdown(waiver.owner)} until {waiver.expires}: {markdown(waiver.reason)}" if waiver else ""
    where = f" ({markdown(alert.workload)})" if alert.workload else ""
    return f"- **{alert.rule}**{where}: {markdown(alert.says)}{by}"
