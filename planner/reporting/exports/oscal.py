"""A plan's findings as assessment results in OSCAL, the open format of auditors (NIST, version 1.2.3 of its JSON form).

A rule of law stands where OSCAL expects a control. What is met is satisfied; what is unmet and what is not known is not, and says which of
the two it is. The same plan gives the same bytes: every UUID follows from the plan's content, every time stamp is the planning day.
"""
from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from planner.domain.plan import Choice
from planner.domain.report import Finding, Report, Step
from planner.reporting.exports.words import export_words
from planner.reporting.identity import plan_uuid
from planner.reporting.phrases import Phrases
from planner.reporting.text import https_only, markdown, visible

OSCAL_VERSION = "1.2.3"
_REASON = {"met": "pass", "unmet": "fail", "unknown": "other"}
_LIFECYCLE = {"open": "recommendation", "in-progress": "planned", "done": "completed"}


def oscal(report: Report, lang: str = "en") -> dict[str, Any]:
    """The report as an OSCAL assessment-results document. Raises ValueError for a report without a plan."""
    if report.plan is None:
        raise ValueError("a report without a plan has no findings to assess")
    return {"assessment-results": _Results(report, export_words(lang)).document()}


class _Results:
    """One document in the making: what is named in several places is named the same."""

    def __init__(self, report: Report, words: Phrases):
        assert report.plan is not None
        self.report, self.plan, self.p = report, report.plan, words
        self.root = plan_uuid(report)
        self.day = _stamp(report.provenance.as_of)
        self.findings = tuple(f for f in report.findings if f.law_status != "proposal")

    def id(self, kind: str, key: str) -> str:
        """The UUID of one thing of the plan."""
        return str(uuid.uuid5(self.root, f"{kind}:{key}"))

    def document(self) -> dict[str, Any]:
        """The value of `assessment-results`."""
        return {
            "uuid": str(self.root),
            "metadata": self.metadata(),
            "import-ap": {"href": f"#{self.id('resource', 'assessment')}", "remarks": self.p("oscal.plan_remarks")},
            "results": [self.law(), *self.sovereignty()],
            "back-matter": {"resources": list(self.resources())},
        }

    def metadata(self) -> dict[str, Any]:
        """Who is assessed by which tool, as on which day."""
        organisation, tool = self.id("party", "organisation"), self.id("party", "tool")
        return {
            "title": self.p("oscal.title", name=markdown(self.report.assessment_name)), "last-modified": self.day,
            "version": visible(self.report.provenance.assessment_sha256)[:12].strip() or "1", "oscal-version": OSCAL_VERSION,
            "props": _props({"catalog-sha256": self.report.provenance.catalog_sha256,
                             "assessment-sha256": self.report.provenance.assessment_sha256, "tool": self.report.provenance.tool}),
            "roles": [{"id": "assessed", "title": self.p("oscal.assessed")}, {"id": "assessor", "title": self.p("oscal.assessor")}],
            "parties": [{"uuid": organisation, "type": "organization", "name": visible(self.report.organisation)},
                        {"uuid": tool, "type": "organization", "name": visible(self.report.provenance.tool)}],
            "responsible-parties": [{"role-id": "assessed", "party-uuids": [organisation]}, {"role-id": "assessor", "party-uuids": [tool]}],
            "remarks": self.p("oscal.remarks"),
        }

    # ---------------------------------------------------------------------------------------------- the law

    def law(self) -> dict[str, Any]:
        """Observations, findings and risks of every rule that speaks."""
        judged = [f for f in self.findings if f.status != "informs"]
        risks = list(self.risks())
        known = {r["uuid"] for r in risks}
        return {
            "uuid": self.id("result", "law"), "title": self.p("oscal.law_title"), "description": self.p("oscal.law_description"),
            "start": self.day, "end": self.day,
            "local-definitions": {"components": [self.component(c) for c in self.plan.choices]},
            "reviewed-controls": _controls({f.rule for f in self.findings} or {"none"}, self.p("oscal.controls")),
            "observations": [self.observation(f) for f in self.findings],
            **({"risks": risks} if risks else {}),
            **({"findings": [self.finding(f, known) for f in judged]} if judged else {}),
        }

    def component(self, choice: Choice) -> dict[str, Any]:
        """One workload with what serves it."""
        names = {key: markdown(self.report.names.get(value or "", value or self.p("not_known"))) for key, value in (
            ("workload", choice.workload), ("model", choice.model), ("mode", choice.mode), ("operator", choice.operator), ("site", choice.site))}
        return {
            "uuid": self.id("component", _way(choice)), "type": "service", "title": names["workload"],
            "description": self.p("oscal.component", **names), "status": {"state": "under-development"},
            "props": _props({"workload": choice.workload, "model": choice.model, "mode": choice.mode, "operator": choice.operator,
                             "country": choice.country, "offer": choice.offer, "hardware": choice.hardware, "part": choice.part,
                             "stands-by": "yes" if choice.stands_by else None}),
        }

    def observation(self, finding: Finding) -> dict[str, Any]:
        """What was seen of one rule: the facts, and which are not known."""
        subjects = [c for c in self.plan.choices if finding.workload in (None, c.workload)]
        return {
            "uuid": self.id("observation", _key(finding)), "title": markdown(finding.title), "description": markdown(finding.why),
            "methods": ["UNKNOWN" if finding.status == "unknown" else "EXAMINE"], "types": ["finding"], "collected": self.day,
            **({"subjects": [{"subject-uuid": self.id("component", _way(c)), "type": "component"} for c in subjects]} if subjects else {}),
            "relevant-evidence": [{"href": f"#{self.id('citation', _cited(finding))}", "description": markdown(finding.citation.text)}],
            "props": _props({"status": finding.status, "timing": finding.timing, "applies-from": finding.applies_from.isoformat(),
                             "severity": finding.severity, "law-status": finding.law_status, "act-by": finding.act_by,
                             "confidence": finding.confidence.value, "verified": finding.verified, "unknown-facts": " ".join(finding.unknown),
                             "assumed-facts": " ".join(finding.assumed)}),
        }

    def finding(self, finding: Finding, risks: set[str]) -> dict[str, Any]:
        """The verdict on one rule: satisfied only where the demand is met."""
        target = {
            "type": "objective-id", "target-id": finding.rule, "title": markdown(finding.title),
            "status": {"state": "satisfied" if finding.status == "met" else "not-satisfied", "reason": _REASON[finding.status],
                       "remarks": self.p(f"oscal.{finding.status}")},
        }
        risk = self.id("risk", finding.rule)
        return {
            "uuid": self.id("finding", _key(finding)), "title": markdown(finding.title), "description": markdown(finding.says), "target": target,
            "related-observations": [{"observation-uuid": self.id("observation", _key(finding))}],
            **({"related-risks": [{"risk-uuid": risk}]} if finding.status != "met" and risk in risks else {}),
        }

    def risks(self) -> Iterable[dict[str, Any]]:
        """One risk for every rule that is not met and that the customer can act on, with the steps of the checklist as its remedies."""
        by_rule: dict[str, list[Finding]] = {}
        for finding in self.findings:
            if finding.status in ("unmet", "unknown") and finding.act_by == "customer":
                by_rule.setdefault(finding.rule, []).append(finding)
        for rule, found in by_rule.items():
            worst = min(found, key=lambda f: f.status != "unmet")
            steps = [s for s in self.report.checklist if f"{rule}, {worst.citation.text}: " in s.because]
            waiver = next((f.waiver for f in found if f.waiver), None)
            status = "deviation-approved" if waiver else "open" if worst.status == "unmet" else "investigating"
            yield {
                "uuid": self.id("risk", rule), "title": markdown(worst.title), "description": markdown(worst.says), "statement": markdown(worst.why),
                "status": status,
                **({"props": _props({"waived-by": waiver.owner, "waived-until": waiver.expires.isoformat(), "waived-because": waiver.reason})}
                   if waiver else {}),
                **({"deadline": _stamp(min(s.due for s in steps)), "remediations": [self.remedy(rule, s) for s in steps]} if steps else {}),
                "related-observations": [{"observation-uuid": self.id("observation", _key(f))} for f in found],
            }

    def remedy(self, rule: str, step: Step) -> dict[str, Any]:
        """One step of the checklist, as the remedy of one rule."""
        key = f"{rule}:{step.id}"
        task = {"uuid": self.id("task", key), "type": "action", "title": markdown(step.step), "timing": {"on-date": {"date": _stamp(step.due)}}}
        return {
            "uuid": self.id("remedy", key), "lifecycle": _LIFECYCLE[step.status], "title": markdown(step.step),
            "description": self.p("oscal.remedy", owner=markdown(step.owner), evidence=markdown(step.evidence_at or step.evidence)),
            "props": _props({"step": step.id, "owner": step.owner, "horizon": step.horizon, "cost-eur": step.cost_eur}), "tasks": [task],
        }

    # ------------------------------------------------------------------------------------------- sovereignty

    def sovereignty(self) -> Iterable[dict[str, Any]]:
        """What is known of each factor of sovereignty, as observations: the framework asks for no level, so nothing is found wanting."""
        card = self.report.scorecard
        if card is None or not card.factors:
            return
        yield {
            "uuid": self.id("result", "sovereignty"), "title": self.p("oscal.sovereignty_title"),
            "description": self.p("oscal.sovereignty_description", proven=card.overall.seal.proven, possible=card.overall.seal.possible),
            "start": self.day, "end": self.day,
            "reviewed-controls": _controls({_token(f.factor) for f in card.factors}, self.p("oscal.factors")),
            "observations": [{
                "uuid": self.id("factor", f.factor), "title": markdown(f.name), "description": markdown(f.because),
                "methods": ["UNKNOWN" if f.rung_known is None else "EXAMINE"], "collected": self.day,
                "props": _props({"factor": f.factor, "party": f.party, "rungs": f.rungs, "rung-proven": f.rung_proven, "rung-known": f.rung_known,
                                 "rung-possible": f.rung_possible, "unknown-facts": " ".join(f.unknown)}),
            } for f in card.factors],
        }

    # ----------------------------------------------------------------------------------------------- sources

    def resources(self) -> Iterable[dict[str, Any]]:
        """The assessment itself, every citation of law, and every source that a figure of the plan comes from."""
        yield {"uuid": self.id("resource", "assessment"), "title": markdown(self.report.assessment_name),
               "description": self.p("oscal.assessment", sha=self.report.provenance.assessment_sha256 or self.p("not_known"))}
        cited = {_cited(f): f.citation for f in self.findings}
        for key in sorted(cited):
            yield self.resource("citation", key, cited[key].text, cited[key].url, cited[key].checked)
        for source in self.report.sources:
            yield self.resource("source", source.id, source.what, source.url, source.date)

    def resource(self, kind: str, key: str, text: str, url: str | None, day: str) -> dict[str, Any]:
        """One document, with its address where a reader may follow it."""
        link = https_only(url)
        return {"uuid": self.id(kind, key), "title": markdown(text), "props": _props({"kind": kind, "read-on": day}),
                **({"rlinks": [{"href": link}]} if link else {})}


def _controls(ids: set[str], says: str) -> dict[str, Any]:
    return {"control-selections": [{"description": says, "include-controls": [{"control-id": i} for i in sorted(ids)]}]}


def _key(finding: Finding) -> str:
    return f"{finding.rule}:{finding.workload or ''}:{finding.status}:{finding.why}"


def _way(choice: Choice) -> str:
    return f"{choice.workload}:{choice.option}:{choice.part or ''}:{choice.from_month}:{choice.stands_by}"


def _cited(finding: Finding) -> str:
    return f"{finding.citation.text} {finding.citation.url}"


def _token(text: str) -> str:
    """`text` as a name that OSCAL takes: letters, digits, dots and hyphens."""
    kept = re.sub(r"[^A-Za-z0-9._-]", "-", text)
    return kept if kept[:1].isalpha() else f"_{kept}"


def _stamp(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _props(values: Mapping[str, Any]) -> list[dict[str, str]]:
    """Properties in the tool's own name space; what is not known is left out."""
    return [{"name": name, "ns": "https://sovplan.invalid/oscal", "value": visible(str(value))}
            for name, value in values.items() if value is not None and visible(str(value))]
