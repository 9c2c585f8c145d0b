"""Checked catalogs kept between runs, under the hash of everything they were made from, so that none is ever stale.

A pickle can run code when it is read, so one is read only from a folder, and as a file, that belong to the user and that
nobody else may write. Whatever stands in the way (no such folder, a full disk, a damaged file) only costs time.
"""
from __future__ import annotations

import hashlib
import os
import pickle
import stat
import sys
import tempfile
from pathlib import Path
from typing import TypeVar

import pydantic

import planner

N = TypeVar("N")
KEEP = 8  # the newest so many are kept


def load(digest: str, kind: type[N]) -> N | None:
    """What was kept under a digest, or None."""
    folder = _folder()
    if folder is None:
        return None
    try:
        with open(folder / _name(digest), "rb") as file:
            if not _is_private(os.fstat(file.fileno())):
                return None
            kept = pickle.load(file)
    except Exception:  # whatever a damaged file may raise: it is made anew
        return None
    return kept if isinstance(kept, kind) else None


def store(digest: str, value: object) -> None:
    """Keep a value under a digest: whole or not at all, and in silence where it cannot be kept."""
    folder = _folder()
    if folder is None:
        return
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            temporary = file.name
            pickle.dump(value, file, protocol=pickle.HIGHEST_PROTOCOL)
        os.replace(temporary, folder / _name(digest))
        _sweep(folder)
    except (OSError, pickle.PicklingError, RecursionError):
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Forget all but the newest, and what a killed run left behind."""
    newest_first = sorted((p for p in folder.iterdir() if p.is_file()), key=lambda p: (-p.stat().st_mtime_ns, p.name))
    for path in newest_first[KEEP:]:
        path.unlink(missing_ok=True)


def _name(digest: str) -> str:
    """The file's name: everything that shapes a pickled noun goes into it, the code that defines the nouns too."""
    made_by = hashlib.sha256(f"{digest} {planner.__version__} {sys.version} {pydantic.VERSION}".encode())
    package = Path(planner.__file__).parent
    for path in sorted([*(package / "domain").glob("*.py"), *(package / "reading").glob("*.py")]):
        made_by.update(path.read_bytes())
    return f"catalog-{made_by.hexdigest()}.pickle"


def _folder() -> Path | None:
    """The cache folder, made where needed, or None where there is none of the user's own."""
    if not hasattr(os, "getuid"):
        return None
    try:
        base = os.environ.get("XDG_CACHE_HOME", "")
        folder = (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "sovplan"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
        return folder if stat.S_ISDIR(status.st_mode) and _is_private(status) else None
    except (OSError, RuntimeError):
        return None


def _is_private(status: os.stat_result) -> bool:
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
