"""sovplan: plan where enterprise AI runs in Europe, prove why, and say what it takes to get there."""

__version__ = "0.1.0"
