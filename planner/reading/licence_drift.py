"""Licences change under the same address: the texts somebody keeps, held against the hashes of the texts that were read."""
from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from planner.domain.catalog import Catalog
from planner.problems import Problem, nearest
from planner.reading.files import read_bytes, refuse, shown

MAX_TEXT_BYTES = 1 << 20


class Drift(NamedTuple):
    """What a folder of licence texts says: `changed` are texts that differ from the ones read, `unkept` those nothing is known to compare
    with, and `same` the ids of licences whose text is the one that was read."""

    changed: list[Problem]
    unkept: list[Problem]
    same: list[str]


def text_sha256(raw: bytes) -> str:
    """SHA-256 of a text in UTF-8 with every run of blanks and line breaks as one space, so that wrapping a line anew changes nothing."""
    words = raw.decode("utf-8-sig", "surrogateescape").split()
    return hashlib.sha256(" ".join(words).encode("utf-8", "surrogateescape")).hexdigest()


def licence_drift(folder: Path, catalog: Catalog) -> Drift:
    """Every text `<licence id>.txt` of a folder, held against the hash that the catalog keeps. Raises Refused for an unreadable one."""
    if not folder.is_dir():
        raise refuse(shown(folder), "there is no such folder of licence texts")
    drift = Drift([], [], [])
    for path in sorted(folder.glob("*.txt")):
        key, found = path.stem, text_sha256(read_bytes(path, MAX_TEXT_BYTES))
        licence = catalog.licences.get(key)
        if licence is None:
            hint = nearest(key, catalog.licences) or "name the file after a licence: see sovplan licence list"
            drift.unkept.append(Problem(shown(path), 1, 1, key, f"the catalog has no licence {key!r}", hint))
        elif licence.text_sha256 is None:
            drift.unkept.append(Problem(shown(path), 1, 1, key, "no hash of its text is kept, so a change cannot be seen",
                                        f"read it, then keep `text_sha256: {found}`"))
        elif licence.text_sha256 != found:
            message = f"this is not the text that was read on {licence.checked}: its hash is {found}, and {licence.text_sha256} is kept"
            hint = "read it anew; changed terms are a licence of their own, with an id of its own"
            drift.changed.append(Problem(shown(path), 1, 1, key, message, hint))
        else:
            drift.same.append(key)
    return drift
