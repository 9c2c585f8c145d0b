"""What a Word template may ask for, and whether one asks for anything else: found before a report is made, all problems at once."""
from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from planner.problems import Problem, Refused, nearest
from planner.reporting.audiences import every_section
from planner.reporting.word import environment, refused, template_file, word_library
from planner.reporting.word_context import WordReport, WordRow, WordSection

_ANY = object()  # a value of which nothing more is known


def placeholders() -> list[tuple[str, str]]:
    """Every name that a template may ask for, with what it stands for; what is in a list is written `list[].name`, and told once."""
    return list(_listed(WordReport, "", {}))


def _listed(kind: Any, before: str, told: dict[Any, str]) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(kind)
    for one in fields(kind):
        name = f"{before}{one.name}"
        held, step = _held(hints[one.name])
        if not is_dataclass(held):
            yield name, one.metadata["says"]
        elif held in told:
            yield f"{name}{step}", f"{one.metadata['says']}; each with the names of {told[held]}"
        else:
            told[held] = f"{name}{step}"
            yield f"{name}{step}", one.metadata["says"]
            yield from _listed(held, f"{name}{step}.", told)


def _held(hint: Any) -> tuple[Any, str]:
    """What a list or a mapping holds, and how it is written; the hint itself for anything else."""
    if get_origin(hint) is tuple:
        return get_args(hint)[0], "[]"
    return (get_args(hint)[1], ".NAME") if get_origin(hint) is Mapping else (hint, "")


def lint(path: Path) -> tuple[Problem, ...]:
    """What is wrong with a template: marks that do not close, names that there are none of. Empty where nothing is.

    Raises Refused where the file is no Word document, MissingExtra where the library that reads it is not installed.
    """
    from jinja2 import TemplateSyntaxError

    found: list[Problem] = []
    for part, text in _parts(path):
        try:
            tree = environment().parse(text)
        except TemplateSyntaxError as error:
            said = _plain(text.splitlines()[error.lineno - 1])[:120] if error.lineno <= len(text.splitlines()) else ""
            found.append(Problem(str(path), 1, 1, part, f"{error.message} (near {said!r})", "a mark is not closed, or closed twice"))
            continue
        hints = get_type_hints(WordReport)
        found += _Reader(str(path), part).read(tree, dict(hints))
    return tuple(sorted(set(found)))


def check(path: Path) -> None:
    """Raises Refused with all problems of a template."""
    if problems := lint(path):
        raise Refused(problems)


def _parts(path: Path) -> Iterator[tuple[str, str]]:
    """The body, headers and footers of a template as its engine reads them."""
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    data = template_file(path)
    try:
        letter = word_library().DocxTemplate(io.BytesIO(data))
        letter.init_docx()
        yield "the text", letter.patch_xml(letter.get_xml())
        for name, kind in (("a header", letter.HEADER_URI), ("a footer", letter.FOOTER_URI)):
            for _, part in letter.get_headers_footers(kind):
                yield name, letter.patch_xml(letter.get_part_xml(part))
    except (KeyError, ValueError, PackageNotFoundError, XMLSyntaxError):
        raise refused(path, "it is not a Word document (.docx) that can be read") from None


def _plain(xml: str) -> str:
    return re.sub(r"<[^>]+>", "", xml).strip()


class _Reader:
    """Walks a template's tree with what each name stands for, and notes every name there is none of."""

    def __init__(self, file: str, part: str):
        self._file, self._part = file, part
        self._problems: list[Problem] = []

    def read(self, tree: Any, known: dict[str, Any]) -> list[Problem]:
        """The problems of a whole template, given what its names stand for."""
        self._visit(tree, known)
        return self._problems

    def _visit(self, node: Any, known: dict[str, Any]) -> None:
        from jinja2 import nodes

        if isinstance(node, nodes.For):
            held, _ = _held(self._kind(node.iter, known))
            inner = known | {"loop": _ANY}
            if isinstance(node.target, nodes.Name):
                inner[node.target.name] = held
            for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
                self._visit(child, inner)
        elif isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            known[node.target.name] = self._kind(node.node, known)
        elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            self._kind(node, known)
        else:
            for child in node.iter_child_nodes():
                self._visit(child, known)

    def _kind(self, node: Any, known: dict[str, Any]) -> Any:
        """What an expression stands for; notes what it asks for in vain."""
        from jinja2 import nodes

        match node:
            case nodes.Name():
                return known[node.name] if node.name in known else self._missing(node.name, known)
            case nodes.Getattr():
                return self._inside(self._kind(node.node, known), node.attr)
            case nodes.Getitem():
                held = self._kind(node.node, known)
                if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
                    return self._inside(held, node.arg.value)
                return _held(held)[0] if get_origin(held) else _ANY
            case nodes.Const():
                return _ANY
        for child in node.iter_child_nodes():
            self._visit(child, known)
        return _ANY

    def _inside(self, held: Any, name: str) -> Any:
        if get_origin(held) is Mapping:
            of_sections = get_args(held)[1] is WordSection
            return get_args(held)[1] if not of_sections or name in every_section() else self._missing(f"section.{name}", every_section())
        if held is WordRow and name not in ("cells", "by"):
            return get_type_hints(WordRow)["cells"].__args__[0]
        if not is_dataclass(held):
            return _ANY
        hints = get_type_hints(held)
        return hints[name] if name in hints else self._missing(name, hints)

    def _missing(self, name: str, known: Any) -> Any:
        hint = nearest(name, known) or "`sovplan template placeholders` lists what there is"
        self._problems.append(Problem(self._file, 1, 1, self._part, f"there is nothing called {name!r}", hint))
        return _ANY
