"""Names that follow from a plan's content and from nothing else, so that the same plan gives the same bytes."""
from __future__ import annotations

import hashlib
import uuid

from planner.domain.report import Report
from planner.reporting.json_report import report_json


def plan_uuid(report: Report) -> uuid.UUID:
    """A UUID (version 5) made of the plan itself, and so of the catalog and the assessment it names."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"sovplan:{hashlib.sha256(report_json(report).encode()).hexdigest()}")
