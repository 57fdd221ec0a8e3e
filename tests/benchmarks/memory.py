"""How the memory of the window grows while it trains at full speed for a long time.

    python -m tests.benchmarks.memory [--case xor] [--minutes 60]

Prints the resident memory after the first minute and at the end, what it grew by, and how many epochs were trained;
every minute a line in between. It reads the memory where Linux tells it. Run it on a real display, or on a virtual X
server.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from tests.benchmarks.window import CASES, project_of


def main() -> None:
    """Train, look at the memory every minute, and print what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--case", choices=CASES, default="xor")
    parser.add_argument("--minutes", type=int, default=60)
    words = parser.parse_args()

    from nnstudio.app import create_studio  # sets what must be set before Qt is imported

    studio = create_studio(theme="light")

    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from nnstudio.project import Edit, edits

    studio.window.resize(1440, 900)
    project = project_of(words.case)
    endless = project.settings.model_copy(update={"epochs": None})
    studio.document.apply(Edit("Begin", lambda _: edits.set_settings(endless).apply(project)))
    studio.window.show()
    studio.actions["training.start"].trigger()
    seen: list[float] = []
    for minute in range(1, words.minutes + 1):
        loop = QEventLoop()
        QTimer.singleShot(60_000, loop.quit)
        loop.exec()
        seen.append(_resident())
        assert studio.session.status == "running", "the training ended early"
        print(f"minute {minute:3}: {seen[-1]:7.1f} MiB", flush=True)
    studio.actions["training.stop"].trigger()
    while studio.document.project.run is None:
        QApplication.processEvents()
        time.sleep(0.01)
    epochs = studio.document.project.run.state.epoch
    print(
        f"{words.case}: {seen[0]:.1f} MiB after a minute, {seen[-1]:.1f} at the end: {seen[-1] / seen[0] - 1:+.1%},",
        end=" ",
    )
    print(f"{epochs:,} epochs")
    studio.window.close()


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
