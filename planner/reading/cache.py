"""What checked files say, kept between runs under the hash of everything it was made from, so that it is never stale.

Only plain data is kept (dict, list, text, numbers): nouns are made anew from it, so they are validated on every run. A pickle
could name code to run; the reader here knows no name but Decimal. Besides, it reads only what belongs to the user and nobody
else may write. Whatever stands in the way (no such folder, a full disk, a damaged file) only costs time.
"""
from __future__ import annotations

import hashlib
import os
import pickle
import stat
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import planner

KEEP = 8  # the newest so many are kept


class _PlainData(pickle.Unpickler):
    """Reads plain data; whatever else a file asks for is refused."""

    def find_class(self, module: str, name: str) -> Any:
        """Decimal, and nothing besides."""
        if (module, name) == ("decimal", "Decimal"):
            return Decimal
        raise pickle.UnpicklingError(f"{module}.{name} is not plain data")


def load(digest: str) -> list[Any] | None:
    """The data kept under a digest, or None."""
    folder = _folder()
    if folder is None:
        return None
    try:
        with open(folder / _name(digest), "rb") as file:
            kept = _PlainData(file).load() if _is_private(os.fstat(file.fileno())) else None
    except Exception:  # whatever a damaged file may raise: the data is read anew
        return None
    return kept if isinstance(kept, list) else None


def store(digest: str, data: list[Any]) -> None:
    """Keep data under a digest: whole or not at all, and in silence where it cannot be kept."""
    folder = _folder()
    if folder is None:
        return
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            temporary = file.name
            pickle.dump(data, file, protocol=pickle.HIGHEST_PROTOCOL)
        os.replace(temporary, folder / _name(digest))
        _sweep(folder)
    except OSError:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Forget all but the newest, and what a killed run left behind."""
    newest_first = sorted((p for p in folder.iterdir() if p.is_file()), key=lambda p: (-p.stat().st_mtime_ns, p.name))
    for path in newest_first[KEEP:]:
        path.unlink(missing_ok=True)


def _name(digest: str) -> str:
    """The file's name. The code that read and checked the data goes into it, beside the data's own digest."""
    made_by = hashlib.sha256(f"{digest} {planner.__version__} {sys.version}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
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
