"""Files land whole or not at all: the old file stays until the new one is complete on the disk."""
from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from planner.problems import SovplanError

PREFIX, SUFFIX = ".sovplan-", ".part"


def write_atomically(path: Path, data: bytes) -> None:
    """Put `data` at `path`, making its folder where needed; a reader sees the old bytes or the new ones, never a mixture.

    Writes a temporary file beside `path`, flushes it to the disk, and renames it over. Sweeps temporary files that an earlier, killed
    writing of the same name left. Raises SovplanError, with the old file intact, where the disk is full or the folder cannot be written.
    """
    own = f"{PREFIX}{path.name}-"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent, own)
        handle, name = tempfile.mkstemp(prefix=own, suffix=SUFFIX, dir=path.parent)
    except OSError as error:
        raise _refusal(path, error) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, _permissions(path))
        os.replace(name, path)
        _flush_folder(path.parent)
    except OSError as error:
        raise _refusal(path, error) from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


def _sweep(folder: Path, prefix: str) -> None:
    for entry in sorted(os.listdir(folder)):
        if entry.startswith(prefix) and entry.endswith(SUFFIX):
            with contextlib.suppress(OSError):
                os.unlink(folder / entry)


def _permissions(path: Path) -> int:
    """Those of the file that is replaced, else what the process's mask leaves of rw-rw-rw-; mkstemp alone would lock others out."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _flush_folder(folder: Path) -> None:
    """Make the renaming itself durable, where the system lets a folder be flushed."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _refusal(path: Path, error: OSError) -> SovplanError:
    why = (error.strerror or type(error).__name__).lower()
    kept = "; the old file is untouched" if path.is_file() else ""
    return SovplanError(f"cannot write {path}: {why}{kept}. Free some space or choose another folder, then run the command again")
