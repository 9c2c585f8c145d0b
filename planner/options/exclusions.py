"""The ledger of ways ruled out: counted, grouped, and kept in words."""
from __future__ import annotations

from planner.domain.plan import Exclusion
from planner.judging.deployment import Barrier


class Ledger:
    """Collects exclusions; ways of one model that fail one rule for one reason become one line with their number."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str, str, str], tuple[str, int]] = {}

    def rule_out(self, workload: str, label: str, barrier: Barrier) -> None:
        """Write down that one way is not open for a workload."""
        model = label.split("@")[0].split("/")[0]
        key = (workload, model, barrier.rule, barrier.reason)
        first, count = self._lines.get(key, (label, 0))
        self._lines[key] = (first, count + 1)

    def lines(self) -> tuple[Exclusion, ...]:
        """All exclusions, sorted; a line that stands for one way carries its name, else the model they share."""
        return tuple(
            Exclusion(workload=workload, option=first if count == 1 else model, reason=reason, rule=rule, count=count)
            for (workload, model, rule, reason), (first, count) in sorted(self._lines.items())
        )
