"""The front door. Data goes to stdout, talk to stderr; a refusal is words and an exit code, never a traceback."""
from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line; ends the process with one of the documented exit codes."""
    from planner.problems import SovplanError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a sign shows another, and the work goes on
    try:
        from planner.cli.app import app

        app(prog_name="sovplan")
    except SovplanError as error:
        print(error, file=sys.stderr)
        sys.exit(int(error.exit_code))
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        sys.exit(130)
