"""The catalog: every YAML file of some folders as one noun, the later folders laid over the earlier ones."""
from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, get_args

from pydantic import create_model

from planner.domain.base import Noun
from planner.domain.catalog import Catalog
from planner.domain.implied import with_implied
from planner.problems import Problem, Refused
from planner.reading import cache
from planner.reading.binding import bind
from planner.reading.files import read_bytes, refuse, shown
from planner.reading.located import clashes
from planner.reading.references import check_references
from planner.reading.strict_yaml import MAX_BYTES, Document, Route, from_bytes

# What tells two entries of a collection apart, where it is not `id`.
_KEYS: dict[str, tuple[str, ...]] = {
    "facts": ("name",), "countries": ("country",), "rates": ("currency", "date"), "abilities": ("model", "effort"),
    "gate_scores": ("model", "gate", "source"),
}
_DERIVED = ("sha256", "overridden")  # fields of the catalog that no file may set


def _collection(annotation: Any) -> Any:
    """How a file writes a collection: a list of nouns, also where the catalog keys them by id."""
    noun = get_args(annotation)[-1]
    return tuple[noun, ...] if isinstance(noun, type) and issubclass(noun, Noun) else annotation


COLLECTIONS = {name: _collection(f.annotation) for name, f in Catalog.model_fields.items() if name not in _DERIVED}
CatalogFile = create_model(
    "CatalogFile", __base__=Noun, __doc__="One file of the catalog: any of its collections.",
    **{name: (annotation, {} if name == "sizing" else ()) for name, annotation in COLLECTIONS.items()},
)


class RawFile(NamedTuple):
    """A file of the catalog before it is read: the layer (index of its folder), its name in that folder, its name to show, its bytes."""

    layer: int
    relative: str
    name: str
    raw: bytes


def load_catalog(folders: Sequence[Path]) -> Catalog:
    """The catalog in `folders`, checked: every id resolves, no id stands twice in one folder. Raises Refused with all problems.

    An entry of a later folder takes the place of the entry with the same id in an earlier one; `overridden` names it. What schemes
    imply of the parties they bind stands beside the parties' own facts.
    Files may be named and ordered as one likes: only what they say counts. What checked files say is kept in the user's
    cache folder under the hash of all their bytes, which spares the next run the YAML and the look-ups.
    """
    files = raw_files(folders)
    digest = content_hash(files)
    kept = _from_cache(digest, files)
    if kept is not None:
        return with_implied(kept)
    catalog, documents = read_catalog(files)
    if problems := checked_references(catalog, documents):
        raise Refused(problems)
    cache.store(digest, [document.data for document in documents])
    return with_implied(catalog)


def _from_cache(digest: str, files: Sequence[RawFile]) -> Catalog | None:
    """The catalog made of kept data, or None where none is kept or the nouns of today do not accept it."""
    data = cache.load(digest)
    if data is None or len(data) != len(files):
        return None
    try:
        return _merged(files, [Document(f.name, f.raw.decode("utf-8-sig"), kept, "") for f, kept in zip(files, data)])
    except Refused:
        return None


def checked_references(catalog: Catalog, documents: Sequence[Document]) -> list[Problem]:
    """Ids that lead nowhere, facts with values they cannot have, and names that two entries claim."""
    return [*check_references(catalog, documents), *clashes(documents)]


def raw_files(folders: Sequence[Path]) -> list[RawFile]:
    """The bytes of every `**/*.yaml` of the folders, by layer and name. Hidden files are passed over. Raises Refused."""
    found, problems = [], []
    for layer, folder in enumerate(folders):
        if not folder.is_dir():
            raise refuse(shown(folder), "there is no such folder of catalog files")
        paths = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*.y*ml")}
        for relative in sorted(name for name in paths if not any(part.startswith(".") for part in name.split("/"))):
            name = shown(paths[relative])
            if not relative.endswith(".yaml"):
                problems.append(Problem(name, 1, 1, "", "a catalog file ends in .yaml", "rename it, or it is not read"))
                continue
            try:
                found.append(RawFile(layer, relative, name, read_bytes(paths[relative], MAX_BYTES)))
            except Refused as refusal:
                problems.extend(refusal.problems)
    if problems:
        raise Refused(problems)
    if not found:
        raise refuse(", ".join(map(shown, folders)) or "catalog", "there is no catalog file (*.yaml)")
    return found


def content_hash(files: Sequence[RawFile]) -> str:
    """SHA-256 over names and bytes, wherever the folders lie."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.layer}:{len(file.raw)}:{file.relative}\n".encode("utf-8", "surrogateescape"))
        digest.update(file.raw)
    return digest.hexdigest()


@dataclass
class _Entry:
    """One noun of a collection and where it was read."""

    layer: int
    document: Document
    route: Route
    noun: Any


@dataclass
class _Merge:
    """Collects entries by collection and key, layer over layer."""

    entries: dict[str, dict[tuple, _Entry]] = field(default_factory=lambda: {name: {} for name in COLLECTIONS})
    overridden: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def take(self, collection: str, key: tuple, entry: _Entry) -> None:
        """Add an entry; a second one of the same layer is a problem, one of an earlier layer is laid over."""
        seen = self.entries[collection].get(key)
        if seen is not None and seen.layer == entry.layer:
            first = seen.document.problem(seen.route, "")
            words = " ".join(map(str, key))
            self.problems.append(entry.document.problem(
                entry.route, f"{words!r} is given twice in {collection}", f"it stands first at {first.file}:{first.line}:{first.column}"))
            return
        if seen is not None:
            self.overridden.add(" ".join(map(str, key)))
        self.entries[collection][key] = entry


def read_catalog(files: Sequence[RawFile]) -> tuple[Catalog, list[Document]]:
    """The catalog in some files and the documents it was read from; references are not looked up yet. Raises Refused with all problems."""
    documents, problems = [], []
    for file in files:
        try:
            documents.append(from_bytes(file.name, file.raw))
        except Refused as refusal:
            problems.extend(refusal.problems)
    if problems:
        for document in documents:
            bound = bind(CatalogFile, document)
            problems.extend(bound if isinstance(bound, list) else ())
        raise Refused(problems)
    return _merged(files, documents), documents


def _merged(files: Sequence[RawFile], documents: Sequence[Document]) -> Catalog:
    """The catalog that documents make, one for each file, layer over layer. Raises Refused."""
    merge = _Merge()
    for file, document in zip(files, documents):
        bound = bind(CatalogFile, document)
        if isinstance(bound, list):
            merge.problems.extend(bound)
            continue
        for collection, key, route, noun in _entries(bound):
            merge.take(collection, key, _Entry(file.layer, document, route, noun))
    if merge.problems:
        raise Refused(merge.problems)
    return _catalog(merge, content_hash(files))


def _entries(file: Any) -> Iterator[tuple[str, tuple, Route, Any]]:
    """Collection, key, path and noun of everything in one file."""
    for name in COLLECTIONS:
        held = getattr(file, name)
        if isinstance(held, Mapping):
            yield from ((name, (key,), (name, key), value) for key, value in held.items())
            continue
        key_fields = _KEYS.get(name, ("id",))
        for index, noun in enumerate(held):
            yield name, tuple(str(getattr(noun, f)) for f in key_fields), (name, index), noun


def _catalog(merge: _Merge, sha256: str) -> Catalog:
    """Mappings and tuples in the order of their keys. The nouns are validated already, so they are not validated again."""
    collections: dict[str, Any] = {}
    for name, annotation in COLLECTIONS.items():
        held = sorted(merge.entries[name].items(), key=lambda item: item[0])
        keyed = Catalog.model_fields[name].annotation is not annotation
        by_key = {key[0]: entry.noun for key, entry in held}
        collections[name] = by_key if keyed or name == "sizing" else tuple(entry.noun for _, entry in held)
    return Catalog.model_construct(**collections, sha256=sha256, overridden=tuple(sorted(merge.overridden)))
