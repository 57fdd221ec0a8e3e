"""Documents with data and a trained run, made without a window."""

from pathlib import Path

from nnstudio.data import read_csv
from nnstudio.engine import Training
from nnstudio.gui.moments.living import LivingFrame, LivingView, surround
from nnstudio.paths import samples
from nnstudio.project import Document, Edit, commit, edits, start_training


def loaded(name: str | Path) -> Document:
    """Return a document with a sample, or another file, and the network that is proposed for it."""
    document = Document()
    path = name if isinstance(name, Path) else samples() / f"{name}.csv"
    document.apply(edits.set_table(read_csv(path)))
    return document


def trained(name: str | Path, epochs: int, *changes: Edit) -> tuple[Document, Training]:
    """Return such a document, changed, with a run of so many epochs, and its training."""
    document = loaded(name)
    for change in changes:
        document.apply(change)
    start = start_training(document.project, epochs=epochs)
    training = start.training()
    training.advance(10**9)
    document.apply(Edit("Train", lambda project: commit(project, start, training, "paused")))
    return document, training


def frame_of(document: Document) -> LivingFrame:
    """Return the frame of a document's current run."""
    project = document.project
    run = project.run
    assert run is not None
    assert project.table is not None
    around = surround(run.pipeline, project.table, run.split)
    return LivingView(run.network, around, run.settings.precision).frame(run.state.answer)
