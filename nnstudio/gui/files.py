"""Opening, importing, saving, exporting and predicting files; all beside the window."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from nnstudio.components import members
from nnstudio.data import Table, read_csv
from nnstudio.errors import StudioError
from nnstudio.export import Exporter, Verification, export_run
from nnstudio.gui.background import Background
from nnstudio.gui.dialogs.samples import SamplesDialog
from nnstudio.gui.preferences import Preferences
from nnstudio.gui.recovery import Recovery
from nnstudio.gui.settling import settle
from nnstudio.gui.training.training_control import TrainingControl
from nnstudio.i18n import tr
from nnstudio.paths import samples
from nnstudio.project import Document, Project, TablePredictions, edits, open_project, predict_table, save_project


class Files(QObject):
    """What happens to files. Reading and writing go on beside the window; what comes of them is told by signals.

    Parameters
    ----------
    document : Document
    control : TrainingControl
    background : Background
    preferences : Preferences
    window : QWidget
        The parent of dialogs.

    Attributes
    ----------
    recovery : Recovery or None
        Where unsaved work is kept when the window is closed; None keeps nothing.
    """

    told = Signal(str)
    failed = Signal(str, str)
    opened = Signal()
    saved = Signal()
    predicted = Signal(object)
    comparable = Signal(str, object)
    """The name of a file, and the project in it."""

    def __init__(
        self,
        document: Document,
        control: TrainingControl,
        background: Background,
        preferences: Preferences,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document = document
        self._control = control
        self._background = background
        self._preferences = preferences
        self._window = window
        self.recovery: Recovery | None = None

    def new(self) -> None:
        """Begin with an empty canvas."""
        self._leave(lambda: self._become(Project(), None))

    def ask_open(self) -> None:
        """Let the person choose a project or a CSV file."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            tr("Open"),
            self._preferences.folder,
            tr("Projects and data (*.nns *.csv *.tsv *.txt);;All files (*)"),
        )
        if name:
            self.open(Path(name))

    def ask_sample(self) -> None:
        """Let the person choose one of the samples."""
        dialog = SamplesDialog(self._window)
        if dialog.exec() and dialog.chosen is not None:
            self.open(dialog.chosen)
        dialog.deleteLater()

    def ask_import(self) -> None:
        """Let the person choose a CSV file to load into this project."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, tr("Import data"), self._preferences.folder, tr("Tables (*.csv *.tsv *.txt);;All files (*)")
        )
        if name:
            self.import_data(Path(name))

    def ask_compare(self) -> None:
        """Let the person choose a project to compare this one with."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, tr("Compare with"), self._preferences.folder, tr("Projects (*.nns)")
        )
        if name:
            self.compare(Path(name))

    def compare(self, path: Path) -> None:
        """Read another project and hand it on; this one stays."""

        def done(project: Project) -> None:
            self.comparable.emit(path.name, project)

        self._background.run(lambda: open_project(path), "compare").then(done, self.failed.emit)

    def open(self, path: Path) -> None:
        """Open a project, or load a CSV file into what is open."""
        if path.suffix.lower() != ".nns":
            self.import_data(path)
            return
        self._leave(lambda: self._open(path))

    def open_dropped(self, names: list[str]) -> None:
        """Open the file that was dropped; of several the first, and say so.

        Parameters
        ----------
        names : list of str
            Paths; empty for what is no file on this computer, such as a link.
        """
        if not names or not names[0]:
            self.failed.emit(tr("What was dropped is no file on this computer. Save it first, then drop the file."), "")
            return
        if len(names) > 1:
            words = tr("{count} files were dropped; only '{name}' is opened.")
            self.told.emit(words.format(count=len(names), name=Path(names[0]).name))
        self.open(Path(names[0]))

    def import_data(self, path: Path) -> None:
        """Load a CSV file; on an empty canvas a network that fits is proposed."""

        project = self._document.project

        def read() -> Table:
            table = read_csv(path)
            # What the window asks of a table is found out once; a large one would hold the window up for seconds.
            edits.set_table(table).apply(project).problems()
            return table

        def done(table: Table) -> None:
            drawn = bool(self._document.project.network.nodes)
            self._control.perform(edits.set_table(table))
            self._preferences.remember_file(path)
            project = self._document.project
            self.opened.emit()
            loaded = tr(project.why_empty()) or tr("{name} is loaded.").format(name=path.name)
            self.told.emit(loaded if drawn or not project.note else project.note)

        self._background.run(read, "open").then(done, self.failed.emit)

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Save the project where it was, or ask where."""
        if self._document.path is None:
            self.save_as(then)
        else:
            self._save(self._document.path, then)

    def save_as(self, then: Callable[[], None] | None = None) -> None:
        """Ask where to save the project."""
        table = self._document.project.table
        stem = Path(table.name).stem if table is not None else tr("network")
        place = self._ask_place(tr("Save the project"), f"{stem}.nns", [(tr("Projects"), ".nns")])
        if place is not None:
            self._save(place[0], then)

    def ask_export(self) -> None:
        """Let the person choose where to write the trained weights, and in which format."""
        exporters = [exporter() for exporter in members("exporters")]
        choices = [exporter for exporter in exporters if isinstance(exporter, Exporter)]
        stem = (self._document.path or Path("weights")).name.removesuffix(".nns")
        formats = [(tr(exporter.title), exporter.suffix) for exporter in choices]
        place = self._ask_place(tr("Export weights"), f"{stem}.npz", formats)
        if place is not None:
            self.export_weights(choices[place[1]], place[0])

    def export_weights(self, exporter: Exporter, path: Path) -> None:
        """Write the trained weights, and check what was written."""
        run = self._document.project.run
        if run is None:
            self.failed.emit(tr("Nothing was trained yet. Press Train first; the weights can be exported then."), "")
            return

        def done(verification: Verification) -> None:
            self.told.emit(
                tr("{name} is written and checked on {rows} rows: largest difference {difference}.").format(
                    name=path.name,
                    rows=verification.rows,
                    difference=f"{verification.largest_difference:.1e}",
                )
            )

        project = self._document.project
        self._background.run(lambda: export_run(project, run, exporter, path), "export").then(done, self.failed.emit)

    def ask_predict(self) -> None:
        """Let the person choose a CSV file whose rows are predicted."""
        run = self._document.project.run
        if run is None:
            self.failed.emit(tr("Nothing was trained yet. Press Train first."), "")
            return
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            tr("Predict a file"),
            self._preferences.folder,
            tr("Tables (*.csv *.tsv *.txt);;All files (*)"),
        )
        if name:
            self.predict(Path(name))

    def predict(self, path: Path) -> None:
        """Predict the rows of a CSV file."""
        run = self._document.project.run
        if run is not None:
            job = self._background.run(lambda: predict_table(run, read_csv(path)), "predict")
            job.then(self.predicted.emit, self.failed.emit)

    def ask_save_predictions(self, predictions: TablePredictions) -> None:
        """Let the person choose where to write predictions."""
        stem = Path(predictions.table.name).stem
        place = self._ask_place(tr("Save the predictions"), f"{stem} predicted.csv", [(tr("Tables"), ".csv")])
        if place is not None:
            path = place[0]
            self._background.run(lambda: path.write_bytes(predictions.to_csv()), "save predictions").then(
                lambda _: self.told.emit(tr("{name} is written.").format(name=path.name)), self.failed.emit
            )

    def keep_unsaved(self) -> None:
        """Put work that no file holds where the next start finds it; at once, because the window is closing."""
        if self._document.saved or self.recovery is None:
            return
        try:
            self.recovery.keep(self._document.project, self._control.pasts()())
        except (StudioError, OSError) as error:
            sys.stderr.write(f"{error}\n")

    def _open(self, path: Path) -> None:
        left = self._document.project

        def read() -> Project:
            project = open_project(path)
            project.problems()  # found out here once, and known when the window asks
            return project

        def done(project: Project) -> None:
            def become() -> None:
                self._become(project, path)
                self._preferences.remember_file(path)
                self.told.emit(tr("{name} is open.").format(name=path.name))

            self._control.hold()
            if self._document.project is left:
                become()
            else:  # work went on while the file was read, and nobody was asked about that
                self._leave(become)

        self._background.run(read, "open").then(done, self.failed.emit)

    def _become(self, project: Project, path: Path | None) -> None:
        """Put another project in the place of this one, which is saved or no longer wanted."""
        if self.recovery is not None and not self._document.saved:
            self.recovery.let_go()
        self._control.forget()
        self._document.reset(project, place_to_save(path))
        self.opened.emit()

    def _save(self, path: Path, then: Callable[[], None] | None) -> None:
        settle(self._window)
        self._control.hold()
        project = self._document.project

        def done(_: None) -> None:
            self._document.mark_saved(project, path)
            if self.recovery is not None:
                self.recovery.let_go()
            self.saved.emit()
            self._preferences.remember_file(path)
            self.told.emit(tr("{name} is saved.").format(name=path.name))
            if then is not None:
                then()

        pasts = self._control.pasts()
        self._background.run(lambda: save_project(project, path, pasts()), "save").then(done, self.failed.emit)

    def _leave(self, then: Callable[[], None]) -> None:
        """Go on to something else, once what was done and learned here is saved or not wanted."""
        settle(self._window)
        self._control.hold()
        if self._document.saved:
            then()
            return
        answer = QMessageBox.question(
            self._window,
            tr("NN Studio"),
            tr("Save the changes to this project first?"),
            QMessageBox.StandardButton.Save | QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel,
        )
        if answer == QMessageBox.StandardButton.Save:
            self.save(lambda: self._leave(then))  # work may go on while the file is written
        elif answer == QMessageBox.StandardButton.Discard:
            then()

    def _ask_place(self, title: str, name: str, formats: list[tuple[str, str]]) -> tuple[Path, int] | None:
        """Let the person choose where to write, in one of some formats; None when they choose nothing.

        Parameters
        ----------
        title : str
        name : str
            What to call the file unless the person knows better.
        formats : list of (str, str)
            What each is called, and its suffix.

        Returns
        -------
        (Path, int) or None
            Where, and the place of the format in the list.
        """
        filters = [f"{words} (*{suffix})" for words, suffix in formats]
        wanted = str(Path(self._preferences.folder) / name)
        suffixes = [suffix for _, suffix in formats]
        first = filters[suffixes.index(Path(name).suffix)] if Path(name).suffix in suffixes else filters[0]
        named, chosen = QFileDialog.getSaveFileName(self._window, title, wanted, ";;".join(filters), first)
        if not named:
            return None
        index = filters.index(chosen) if chosen in filters else 0
        path = with_suffix_of(Path(named), formats[index][1], [suffix for _, suffix in formats])
        # The dialog has asked about the name as it was typed only.
        if path != Path(named) and path.exists() and not self._may_replace(path):
            return None
        return path, index

    def _may_replace(self, path: Path) -> bool:
        question = tr("{name} is there already. Replace it?").format(name=path.name)
        return QMessageBox.question(self._window, tr("NN Studio"), question) == QMessageBox.StandardButton.Yes


def place_to_save(path: Path | None) -> Path | None:
    """Return where a project that came from a file is saved; a sample stays as it is, so the person is asked where."""
    return None if path is None or path.resolve().parent == samples().resolve() else path


def with_suffix_of(path: Path, suffix: str, known: Collection[str]) -> Path:
    """Return a path that ends with the suffix of its format.

    Only the suffix of another known format gives way to it: in "net v1.2" what follows the dot belongs to the name.
    """
    ending = path.suffix.lower()
    if ending == suffix:
        return path
    if ending in known:
        path = path.with_suffix("")
    return path.with_name(path.name + suffix)
