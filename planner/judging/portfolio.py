"""How the workloads of a portfolio count against each other, and in which unit scores are added up."""
from __future__ import annotations

from planner.domain.assessment import Criticality

PORTFOLIO_WEIGHTS = {Criticality.CRITICAL: 4, Criticality.IMPORTANT: 2, Criticality.SUPPORTING: 1}
SCORE_UNIT = 10_000  # scores travel as whole ten-thousandths of a point
