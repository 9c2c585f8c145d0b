"""The house checks itself: floors, single doors, documentation, words."""
from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "planner"
FLOORS = {
    "quantities": 1, "problems": 1, "resources": 1, "domain": 2, "reading": 3, "sizing": 3, "judging": 3, "options": 4, "landscape": 4, "verify": 4,
    "optimising": 5, "planning": 6, "reporting": 7, "studies": 7, "cli": 8,
}
FILES = sorted(p for p in PACKAGE.rglob("*.py") if "_bundled" not in p.parts)
TREES = {p: ast.parse(p.read_text(encoding="utf-8")) for p in FILES}


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(tree: ast.AST) -> list[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.append(node.module)
    return names


def rooms_used(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(TREES[path]) if name.startswith("planner.")}


def test_every_room_stands_on_a_floor():
    assert {room(p) for p in FILES} - {"__init__", "__main__"} <= set(FLOORS)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_downward_only(path):
    here = room(path)
    if here in ("__init__", "__main__"):
        return
    for used in rooms_used(path) - {here}:
        assert FLOORS[used] < FLOORS[here], f"{path.name} on floor {FLOORS[here]} imports {used} on floor {FLOORS[used]}"


def test_no_module_imports_itself_around_a_corner():
    names = {p: "planner." + ".".join(p.relative_to(PACKAGE).with_suffix("").parts) for p in FILES}
    names = {p: name.removesuffix(".__init__") for p, name in names.items()}
    known = set(names.values())
    graph: dict[str, set[str]] = {}
    for path, tree in TREES.items():
        edges = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                edges |= {inner if (inner := f"{node.module}.{alias.name}") in known else node.module for alias in node.names}
        graph[names[path]] = edges
    modules = set(graph)
    state: dict[str, int] = {}

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert state.get(module) != 1, " -> ".join((*trail, module))
        if state.get(module) == 2:
            return
        state[module] = 1
        for other in sorted(graph[module] & modules - {module}):
            visit(other, (*trail, module))
        state[module] = 2

    for module in sorted(modules):
        visit(module, ())


@pytest.mark.parametrize(("library", "owner"), [
    ("pulp", "planner/optimising/solver.py"), ("highspy", "planner/optimising/highs.py"), ("jinja2", "planner/reporting/"), ("typer", "planner/cli/"),
])
def test_a_library_enters_by_one_door(library, owner):
    for path, tree in TREES.items():
        where = path.relative_to(ROOT).as_posix()
        if any(name.split(".")[0] == library for name in imported(tree)):
            assert where.startswith(owner), f"{where} imports {library}"


def test_verify_is_a_second_pair_of_eyes():
    for path in sorted((PACKAGE / "verify").glob("*.py")):
        assert not rooms_used(path) & {"options", "optimising", "planning"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_public_name_is_documented(path):
    tree = TREES[path]
    assert ast.get_docstring(tree), f"{path} has no docstring"
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"
            if isinstance(node, ast.ClassDef):
                for method in node.body:
                    if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
                        overrides = any(isinstance(base, (ast.Name, ast.Attribute)) and "Schema" in ast.dump(base) for base in node.bases)
                        assert overrides or ast.get_docstring(method), f"{node.name}.{method.name} has no docstring"


def test_only_the_outer_rooms_touch_the_disk():
    inner = {"domain", "judging", "landscape", "options", "planning", "verify", "quantities", "problems"}
    for path, tree in TREES.items():
        if room(path) in inner:
            calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
            assert not calls & {"open", "print", "input"}, path
            assert not {"pathlib", "os", "io", "time", "requests"} & {n.split(".")[0] for n in imported(tree)}, path


def test_nothing_is_evaluated_from_text():
    for path, tree in TREES.items():
        calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        assert not calls & {"eval", "exec", "compile"}, path


def test_lines_are_short_enough_to_read():
    for path in FILES:
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert len(text) <= 150, f"{path.relative_to(ROOT)}:{number} has {len(text)} characters"


def test_every_catalog_and_assessment_file_names_its_schema():
    for folder, kind in (("catalog", "catalog"), ("assessments", "assessment")):
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            up = "../" * (len(path.relative_to(ROOT).parts) - 1)
            first = path.read_text(encoding="utf-8").splitlines()[0]
            assert first == f"# yaml-language-server: $schema={up}docs/schemas/{kind}.schema.json", path


def test_every_figure_of_the_catalog_has_a_source_that_exists_and_a_date(catalog):
    seen = 0

    def walk(value):
        nonlocal seen
        if hasattr(value, "model_fields_set"):
            fields = type(value).model_fields
            if "source" in fields:
                assert value.source in catalog.sources, value
                assert getattr(value, "date", None) or getattr(value, "checked", None), value
                seen += 1
            for name in fields:
                walk(getattr(value, name))
        elif isinstance(value, (list, tuple)):
            for item in value:
                walk(item)
        elif isinstance(value, dict):
            for item in value.values():
                walk(item)

    for name in type(catalog).model_fields:
        walk(getattr(catalog, name))
    assert seen > 2000


def test_every_command_is_in_the_docs():
    import typer.main

    from planner.cli.app import app

    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    command = typer.main.get_command(app)
    for name, entry in command.commands.items():
        names = [f"{name} {sub}" for sub in entry.commands] if hasattr(entry, "commands") else [name]
        for full in names:
            assert f"sovplan {full}" in text, f"docs/commands.md does not name `sovplan {full}`"


def test_the_project_speaks_of_itself_alone():
    forbidden = re.compile(r"/work/|\.\./shared|shared/facts|files\.pythonhosted|pypi\.org/simple|this session|helper-\d")
    for folder in ("planner", "catalog", "assessments", "templates", "docs"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in {".py", ".yaml", ".md", ".j2", ".json"}:
                found = forbidden.search(path.read_text(encoding="utf-8"))
                assert not found, f"{path.relative_to(ROOT)}: {found.group(0)}"
