"""The decision: a formulation in named constraints, a solver, a proof, a conflict where there is no plan."""
