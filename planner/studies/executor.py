"""One way to run many tasks: here, in several processes, or on a cluster. The answer is the same, whoever runs them.

A task is plain data (what JSON can carry) and the work is a function of that data alone, so a task has a key: the hash of its
data. Results are kept under that key as soon as they are there; a study that was stopped goes on where it was.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from planner.problems import MissingExtra, UsageError

Data = Mapping[str, Any]
Work = Callable[[Data], Data]
Progress = Callable[[int, int], None]  # how many are done, of how many


class Serial(Executor):
    """Runs each task at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        """Run it now; the future that comes back is done."""
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def executor(workers: int = 1, dask: str | None = None) -> Iterator[Executor]:
    """An executor: `dask` is a scheduler's address, else so many processes, else this one.

    Raises MissingExtra without dask's `distributed`, and UsageError where nobody answers at the address.
    """
    if dask is not None:
        with _dask(dask) as made:
            yield made
    elif workers > 1:
        pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)
    else:
        yield Serial()


@contextmanager
def _dask(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise MissingExtra("--dask needs an extra: pip install 'sovplan[cluster]'") from None
    try:
        client = Client(address, timeout=10)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(f"--dask {address}: no scheduler answers there ({error})") from None
    try:
        yield client.get_executor(pure=False)
    finally:
        client.close()


def key_of(task: Data) -> str:
    """The hash of a task's data."""
    return hashlib.sha256(json.dumps(task, sort_keys=True).encode()).hexdigest()


def run_all(
    work: Work, tasks: Sequence[Data], on: Executor | None = None, kept: MutableMapping[str, Any] | None = None, progress: Progress | None = None,
) -> list[Data]:
    """The result of each task, in the order of the tasks. Tasks that say the same are done once.

    `work` must be a function at the top of a module. What `kept` holds already is not done again, and each new result is put
    there when it comes. The first error of a task ends the run and is raised.
    """
    on, known = on or Serial(), kept if kept is not None else {}
    keys = [key_of(task) for task in tasks]
    todo = {key: task for key, task in zip(keys, tasks, strict=True) if key not in known}
    total, done = len(set(keys)), len(set(keys)) - len(todo)
    tell = progress or (lambda _done, _total: None)
    tell(done, total)
    if isinstance(on, Serial):
        finished: Iterator[tuple[str, Any]] = ((key, work(task)) for key, task in todo.items())
    else:
        finished = _as_they_come(on, work, todo)
    for key, result in finished:
        known[key] = json.loads(json.dumps(result))  # what is kept and what is fresh are the same plain data
        done += 1
        tell(done, total)
    return [known[key] for key in keys]


def _as_they_come(on: Executor, work: Work, todo: Mapping[str, Data]) -> Iterator[tuple[str, Any]]:
    futures = {on.submit(work, dict(task)): key for key, task in todo.items()}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        for future in futures:
            future.cancel()
