"""What every test relies on: no screen, few threads, plain English numbers, and nobody's own settings are touched."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

# Before NumPy is imported and Qt's application is made, which read these once; processes that tests start inherit them.
os.environ.update(QT_QPA_PLATFORM="offscreen", LC_ALL="C.UTF-8")
for _name in ("QT_SCALE_FACTOR", "QT_SCREEN_SCALE_FACTORS", "QT_STYLE_OVERRIDE", "QT_QPA_PLATFORMTHEME"):
    os.environ.pop(_name, None)
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "2")


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test settings of its own, and return the folder that holds them."""
    home = tmp_path_factory.mktemp("settings")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))
    # Qt looks at the variable once in a process, so that it has to be told for every test.
    for form in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(form, QSettings.Scope.UserScope, str(home))
    return home
