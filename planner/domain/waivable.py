"""What a waiver may name besides a rule of law: the checks of the tool that raise steps, and the gates of `plan --fail-on`."""
from __future__ import annotations

STEP_SOURCES = (
    "open-fact", "get-a-quote", "measure-quality", "licence-duty", "licence-trigger", "capacity-test", "exit-test", "vendor-viability",
    "compute-utilisation", "supply-chain-autonomy",
)
GATE_NAMES = (
    "unmet-law", "unknown-law", "unmet-duty", "unknown-duty", "stale", "conditional", "seal", "budget", "expired-waiver", "late-step",
)
