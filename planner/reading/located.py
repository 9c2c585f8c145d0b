"""Where the catalog's entries stand, and names that two of them claim."""
from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.problems import Problem
from planner.reading.strict_yaml import Document, Route


def entries(documents: Sequence[Document], collection: str) -> dict[str, tuple[Document, Route]]:
    """Id -> the document and the path of the entry that counts: the one in the last layer."""
    return {
        entry["id"]: (document, (collection, index))
        for document in documents
        for index, entry in enumerate(document.data.get(collection) or ())
    }


def clashes(documents: Sequence[Document]) -> Iterator[Problem]:
    """Names that must be one thing's own: the ids and aliases of models and of accelerators, the ids of sites."""
    for collection, inner in (("models", ("aliases",)), ("accelerators", ("aliases",)), ("parties", ("sites", "id"))):
        located = entries(documents, collection)
        taken = {name: where for name, where in located.items()} if inner == ("aliases",) else {}
        for document, route in located.values():
            for name, at in _names(document, route, inner):
                if name in taken:
                    first_document, first_route = taken[name]
                    first = first_document.problem(first_route, "")
                    hint = f"it stands first at {first.file}:{first.line}:{first.column}"
                    yield document.problem(at, f"{name!r} already names another entry of {collection}", hint)
                taken.setdefault(name, (document, at))


def _names(document: Document, route: Route, inner: tuple[str, ...]) -> Iterator[tuple[str, Route]]:
    """The names under one key of an entry: a list of texts, or of mappings that have an `id`."""
    entry = document.data[route[0]][route[1]]
    for index, name in enumerate(entry.get(inner[0]) or ()):
        yield (name[inner[1]], (*route, inner[0], index, inner[1])) if inner[1:] else (name, (*route, inner[0], index))
