"""Work in a child process that can be killed, and what it tells on the way."""
from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from typing import Any

from planner.problems import NotProved

_SPARE_SECONDS = 0.2  # to hand over an answer that came at the very limit
_STARTING_SECONDS = 3.0  # where a child cannot be forked and imports everything anew

Tell = Callable[[Any], None]


def in_child(work: Callable[..., Any], *arguments: Any, seconds: float, tell: Tell) -> tuple[Any, str]:
    """Run `work(*arguments, tell)` in a child process. What it tells arrives at our `tell`.

    Returns what it returns and "done"; or None with "limit" where it had to be killed a little after its limit, "interrupted" where
    Ctrl-C came first, "died" where it ended by itself without an answer. What it raises is raised here. The child's stdout is silenced,
    because solvers print on it even when told not to.
    """
    methods = multiprocessing.get_all_start_methods()
    method = "fork" if "fork" in methods else "spawn"
    context = multiprocessing.get_context(method)
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_silenced, args=(sender, work, arguments), daemon=True)
    end = time.monotonic() + max(1.08 * seconds, seconds + _SPARE_SECONDS) + (0 if method == "fork" else _STARTING_SECONDS)
    child.start()
    sender.close()
    try:
        while receiver.poll(max(end - time.monotonic(), 0.0)):
            done, message = receiver.recv()
            if not done:
                tell(message)
            elif isinstance(message, BaseException):
                raise message
            else:
                return message, "done"
        return None, "limit"
    except EOFError:
        return None, "died"
    except KeyboardInterrupt:
        return None, "interrupted"
    finally:
        child.kill()
        child.join()
        receiver.close()


def _silenced(sender: Any, work: Callable[..., Any], arguments: Sequence[Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
            try:
                outcome: Any = work(*arguments, lambda message: sender.send((False, message)))
            except Exception as error:  # handed to the parent, which raises it
                outcome = error
    sender.send((True, outcome))
    sender.close()


def explained(how: str, seconds: float) -> NotProved:
    """The error for a child that left nothing."""
    if how == "died":
        return NotProved("the solver's process died before it answered")
    return NotProved(f"no plan was found within {seconds:g} s, nor a proof that there is none")
