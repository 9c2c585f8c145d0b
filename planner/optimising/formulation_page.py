"""The page on the formulation, made from the families themselves: `python -m planner.optimising.formulation_page > docs/formulation.md`."""
from __future__ import annotations

import inspect
import sys

from planner.optimising import portfolio, variables
from planner.optimising.families import FAMILIES

_HEAD = """# The formulation

What the optimiser decides, in which variables, and what every plan must keep. This page is made from the code: each family of constraints
is one function of `families.py` or `money_families.py` in `planner/optimising/`, and its sentence is its own. `sovplan plan ASSESSMENT --lp FILE`
writes the rows of your own case, each with its sentence in words; the same sentences name the demands of a conflict.
"""
_TAIL = """
## What is made as small as possible

One aim after the other, in the order of `objective:` in the assessment. `cost` is the money as worth at the start of the horizon; `carbon`,
`operators` and, with a minus, `sovereignty` and `quality` are summed over the periods. An aim may give up a share of its best value for those
that follow (`tolerance:`). Cost comes last where nobody asked for it, so that nothing is bought for nothing. What is left open after that is
settled by the order of the catalog, so that every solver and every machine names the same plan.

`planner.optimising.engine.best_plan` takes the problem as plain data and needs no catalog: see its docstring for an example.
"""


def page() -> str:
    """The whole page, as Markdown."""
    parts = [_HEAD, "## Sets and data\n", inspect.cleandoc(portfolio.__doc__ or "").split("\n\n    from ")[0], "\n## Variables\n"]
    listed = inspect.cleandoc(variables.__doc__ or "").split("\n\n", 1)[1].replace("\n", " ")
    parts += [f"- `{name.strip()}`" if "[" not in name else _variable(name.strip()) for name in listed.split(". ")[0].split(";")]
    parts.append("\n## Families of constraints\n")
    parts += [f"{n}. **{family.__name__}**: {' '.join(inspect.cleandoc(family.__doc__ or '').split())}" for n, family in enumerate(FAMILIES, 1)]
    return "\n".join(parts) + "\n" + _TAIL


def _variable(words: str) -> str:
    """A variable and its meaning, such as `y[pool, period]` open."""
    name, _, meaning = words.partition("] ")
    return f"- `{name}]` {meaning}"


if __name__ == "__main__":
    sys.stdout.write(page())
