"""The way into the window from the command line, in a clean process."""

import os
import subprocess
import sys
from pathlib import Path

from nnstudio.engine.optimizers.sgd import Sgd
from nnstudio.paths import samples
from nnstudio.project import open_project, save_project

SECONDS = 60


def _open(*words: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run ``nnstudio open`` with a home of its own, and see that it ends."""
    homes = {name: str(folder / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    return subprocess.run(
        [sys.executable, "-m", "nnstudio", "open", *map(str, words)],
        env={**os.environ, **homes, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


def test_numbers_that_run_away_at_once_end_the_window_that_was_to_exit(tmp_path: Path) -> None:
    project = open_project(samples() / "cars.nns")
    settings = project.settings.model_copy(update={"optimizer": Sgd(learning_rate=100)})
    path = tmp_path / "cars.nns"
    save_project(project.replace(settings=settings), path)
    ran = _open(path, "--train", 5, "--exit", folder=tmp_path)
    assert ran.returncode == 1
    assert "ran away" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_training_that_ends_well_leaves_its_picture_and_weights(tmp_path: Path) -> None:
    picture, weights = tmp_path / "window.png", tmp_path / "weights.npz"
    ran = _open(
        samples() / "xor.nns", "--train", 3, "--screenshot", picture, "--weights", weights, "--exit", folder=tmp_path
    )
    assert ran.returncode == 0, ran.stderr
    assert picture.stat().st_size > 0
    assert weights.stat().st_size > 0
