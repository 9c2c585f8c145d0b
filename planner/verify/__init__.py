"""A second pair of eyes: check a plan from the nouns alone, without options or optimising."""
from planner.verify.verifier import verify

__all__ = ["verify"]
