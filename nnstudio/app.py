"""The composition root: the only place where the objects of the window are made and joined."""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import dataclass
from pathlib import Path

# Waking Qt's thread pool costs far more than the small shapes that it would fill; read once when painting begins.
os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")

from PySide6.QtCore import QStandardPaths, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from nnstudio.errors import StudioError
from nnstudio.export import export_run
from nnstudio.export.formats.npz import NpzExporter
from nnstudio.gui.allocation import share_one_arena
from nnstudio.gui.files import place_to_save
from nnstudio.gui.look.motion import reduce_motion
from nnstudio.gui.look.theme import apply_theme
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.preferences import Preferences
from nnstudio.gui.recovery import Recovery
from nnstudio.gui.training.bridge import Bridge
from nnstudio.i18n import tr
from nnstudio.project import Document, Edit, read_any
from nnstudio.session import Session

SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter lock while another waits; a tenth of the usual, for a quick window."""

SETTLE_MILLISECONDS = 250
"""Between the last frame and the picture that is taken of the window."""


@dataclass(frozen=True)
class Studio:
    """A running studio.

    Attributes
    ----------
    window : MainWindow
    document : Document
    session : Session
    actions : dict of str to QAction
    """

    window: MainWindow
    document: Document
    session: Session
    actions: dict[str, QAction]


def create_studio(path: str | Path | None = None, *, theme: str | None = None) -> Studio:
    """Make a window, and open a file in it.

    Parameters
    ----------
    path : str or Path, optional
        A project or a CSV file.
    theme : str, optional
        ``"light"``, ``"dark"``, ``"contrast"`` or ``"system"``; what was chosen last by default.

    Returns
    -------
    Studio

    Raises
    ------
    ProjectFileError, DataError
        When the file cannot be opened.
    """
    share_one_arena()
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setOrganizationName("NN Studio")
    app.setApplicationName("NN Studio")
    sys.setswitchinterval(SWITCH_SECONDS)
    preferences = Preferences()
    apply_theme(app, theme or preferences.theme)
    reduce_motion(preferences.reduced_motion)
    project = read_any(Path(path)) if path is not None else None
    is_project = path is not None and Path(path).suffix.lower() == ".nns"
    document = Document(project, place_to_save(Path(path)) if path is not None and is_project else None)
    bridge = Bridge()
    session = Session(bridge.send)
    window = MainWindow(document, session, bridge, preferences)
    bridge.setParent(window)
    if project is not None:
        window.files.opened.emit()
    # What was made until now stays: looking through it again and again would hold the window up for 50 milliseconds.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    return Studio(window, document, session, window.actions_by_id)


def main(
    path: str | None = None,
    *,
    train: int | None = None,
    screenshot: str | None = None,
    weights: str | None = None,
    exit_when_done: bool = False,
    theme: str | None = None,
    size: tuple[int, int] | None = None,
) -> int:
    """Open the window and stay until it is closed.

    Parameters
    ----------
    path : str, optional
        A project or a CSV file.
    train : int, optional
        Train so many epochs at once.
    screenshot, weights : str, optional
        Where to put a picture of the window, and the trained weights, when training is done.
    exit_when_done : bool
        Whether to close the window then.
    theme : str, optional
    size : (int, int), optional
        Of the window, in pixels.

    Returns
    -------
    int
        0, or 1 when something failed; the message is on the standard error.
    """
    if not _has_display():
        if not exit_when_done:
            sys.stderr.write("There is no display to open a window on. Add --exit to run the window without one.\n")
            return 1
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        studio = create_studio(path, theme=theme)
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if not exit_when_done:
        _bring_back_unsaved_work(studio, wanted=path is None)
    if size is not None:
        studio.window.resize(*size)
    studio.window.show()
    app = QApplication.instance()
    assert app is not None
    failures: list[str] = []

    def finish() -> None:
        try:
            if screenshot is not None:
                _take_picture(studio.window, Path(screenshot))
            if weights is not None:
                _export(studio, Path(weights))
        except (StudioError, OSError) as error:
            failures.append(str(error))
        if exit_when_done:
            studio.window.close()
            app.quit()

    def refuse(message: str) -> None:
        failures.append(message)
        if exit_when_done:
            studio.window.close()
            app.exit(1)

    if train is not None:
        studio.window.control.committed.connect(lambda: QTimer.singleShot(SETTLE_MILLISECONDS, finish))
        studio.window.control.refused.connect(refuse)
        studio.window.control.failed.connect(lambda message, _: refuse(message))
        studio.window.control.diverged.connect(refuse)
        QTimer.singleShot(0, lambda: studio.window.train_epochs(train))
    elif screenshot is not None or weights is not None or exit_when_done:
        QTimer.singleShot(SETTLE_MILLISECONDS, finish)
    status = app.exec()
    for failure in failures:
        sys.stderr.write(f"{failure}\n")
    return 1 if failures else status


def _bring_back_unsaved_work(studio: Studio, *, wanted: bool) -> None:
    """Keep unsaved work when the window closes, and open what was kept last time where nothing else was asked for."""
    recovery = Recovery(Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)))
    studio.window.files.recovery = recovery
    project = recovery.bring_back() if wanted else None
    if project is None:
        return
    # An edit, so that it counts as unsaved and can be undone.
    studio.document.apply(Edit(tr("Bring back unsaved work"), lambda _: project))
    studio.window.files.opened.emit()
    if recovery.brought_back is not None:
        studio.window.time.read_past(recovery.brought_back)
    told = tr("Your unsaved work of last time is back.")
    if len(recovery.kept()) > 1:
        told = f"{told} {tr('Other unsaved work lies in {folder}.').format(folder=recovery.folder)}"
    studio.window.status.tell(told)


def _has_display() -> bool:
    """Return whether Qt will find something to draw on; only Linux may be without."""
    wanted = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in wanted)


def _take_picture(window: MainWindow, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not window.grab().save(str(path)):
        raise OSError(f"The picture could not be written to {path}.")


def _export(studio: Studio, path: Path) -> None:
    run = studio.document.project.run
    path.parent.mkdir(parents=True, exist_ok=True)
    if run is not None:
        export_run(studio.document.project, run, NpzExporter(), path)
