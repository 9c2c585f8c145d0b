"""Waivers: who answers for a duty instead of meeting it, and until when. A waiver is seen beside the finding; it changes no verdict."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from planner.domain.assessment import Waiver
from planner.domain.report import Finding


def holds(waiver: Waiver, as_of: date) -> bool:
    """Whether a waiver still holds on a day; on the day it expires it does not."""
    return as_of < waiver.expires


def waiver_for(waivers: Iterable[Waiver], rule: str, workloads: Collection[str], as_of: date) -> Waiver | None:
    """The waiver that holds for a rule: one for everything, or, where all that is concerned is one workload, one for that workload."""
    for waiver in waivers:
        if waiver.rule == rule and holds(waiver, as_of) and (waiver.workload is None or set(workloads) == {waiver.workload}):
            return waiver
    return None


def with_waivers(findings: Iterable[Finding], waivers: Sequence[Waiver], as_of: date) -> tuple[Finding, ...]:
    """The findings that are not met, each with the waiver that holds for it; whatever else a finding says stays as it was."""
    return tuple(_with(f, waivers, as_of) if f.status in ("unmet", "unknown") else f for f in findings)


def _with(finding: Finding, waivers: Sequence[Waiver], as_of: date) -> Finding:
    found = waiver_for(waivers, finding.rule, (finding.workload,) if finding.workload else (), as_of)
    return finding if found is None else finding.model_copy(update={"waiver": found})


def expired(waivers: Iterable[Waiver], as_of: date) -> tuple[Waiver, ...]:
    """The waivers that no longer hold, the longest expired first: what they covered counts again."""
    return tuple(sorted((w for w in waivers if not holds(w, as_of)), key=lambda w: (w.expires, w.rule, w.workload or "")))
