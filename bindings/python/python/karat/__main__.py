"""The command line: ``karat``, and ``python -m karat``."""

from __future__ import annotations

import signal
import sys

from karat import _karat


def main() -> None:
    """Run the command line of this process, and end with its exit code.

    It hears signals and may start the process anew, so that it is for a process of its own; within a pipeline, use
    :func:`karat.check`.
    """
    # karat itself hears Ctrl-C, and ends with 130 and without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    given = sys.argv[1:]
    started = sys.orig_argv[1:]
    # The options of Python itself are kept, where it was started for this command.
    begun_by = started if started[len(started) - len(given) :] == given else ["-m", "karat", *given]
    sys.exit(_karat.cli(["karat", *given], [sys.executable, *begun_by]))


if __name__ == "__main__":
    main()
