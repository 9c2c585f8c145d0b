"""The whole story, in the order it happens. No files, no clock, no screen."""
from planner.planning.story import Settings, plan, recheck

__all__ = ["Settings", "plan", "recheck"]
