"""``python -m nnstudio``: a verb goes to the command line, a file or nothing opens the window."""

from __future__ import annotations

import sys
from dataclasses import asdict


def main(arguments: list[str] | None = None) -> int:
    """Run the studio.

    Parameters
    ----------
    arguments : list of str, optional
        The words after the program's name; those of the process by default.

    Returns
    -------
    int
        The exit status.
    """
    words = sys.argv[1:] if arguments is None else arguments
    # Late, both: the command line must not load Qt, and the window need not load the command line's libraries.
    from nnstudio.cli import VERBS, run

    if not words or words[0] not in (*VERBS, "open", "--help", "-h", "--version"):
        words = ["open", *words]
    found = run(words)
    if isinstance(found, int):
        return found
    from nnstudio import app

    return app.main(**asdict(found))


if __name__ == "__main__":
    sys.exit(main())
