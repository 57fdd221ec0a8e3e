"""The way in: what `make run` and `make test` do on a machine that has never seen the studio."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.sources import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")

TOLD_BY_LDD = """PySide6/QtWidgets.abi3.so:
\tlinux-vdso.so.1 (0x00007ffd)
\tlibQt6Widgets.so.6 => PySide6/Qt/lib/libQt6Widgets.so.6 (0x00007f)
\tlibxkbcommon.so.0 => not found
\tlibEGL.so.1 => not found
PySide6/Qt/plugins/platforms/libqoffscreen.so:
\tlibEGL.so.1 => not found
\tlibstrange.so.9 => not found
\tlibc.so.6 => /lib/libc.so.6 (0x00007f)
"""


@pytest.fixture
def prepare() -> ModuleType:
    """Give the script that both commands call, fresh for each test."""
    specification = importlib.util.spec_from_file_location("prepare", ROOT / ".ci" / "prepare.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_missing_libraries_are_read_from_what_the_linker_says(prepare: ModuleType) -> None:
    missing = prepare.not_found(TOLD_BY_LDD)
    assert missing == ["libEGL.so.1", "libstrange.so.9", "libxkbcommon.so.0"]
    assert prepare.packages_of(missing) == ["libegl1", "libxkbcommon0"]
    line = prepare.how_to_install(prepare.packages_of(missing))
    assert line.endswith("sudo apt-get install libegl1 libxkbcommon0")


def test_nothing_is_missing_where_these_tests_run(prepare: ModuleType) -> None:
    assert prepare.missing_libraries(with_display=False) == []


def test_packages_are_not_installed_by_someone_who_would_have_to_be_asked(
    prepare: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no apt-get there
    assert prepare.install_packages(["libegl1"]) is False
    assert prepare.install_packages([]) is False


def test_the_packages_of_the_readme_are_those_of_the_script(prepare: ModuleType) -> None:
    _, _, line = README.partition("sudo apt-get install ")
    named = set(line.partition("```")[0].replace("\\", "").split())
    assert len(named) > 10
    assert named - set(prepare.PACKAGES.values()) == {"python3-venv"}


def test_a_python_that_is_too_old_is_refused(prepare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "OLDEST", (99, 0))
    monkeypatch.setattr(sys, "argv", ["prepare.py", "test"])
    with pytest.raises(SystemExit, match=r"needs Python 99\.0 or newer; this is 3\."):
        prepare.main()


def test_a_word_that_is_no_command_gets_the_usage(prepare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["prepare.py", "rnu"])
    with pytest.raises(SystemExit, match=r"prepare\.py run +open the studio"):
        prepare.main()


def test_the_checks_are_all_there_in_order(prepare: ModuleType) -> None:
    assert list(prepare.CHECKS) == ["format", "lint", "types", "imports", "tests"]


def test_the_first_check_that_fails_ends_the_run_and_is_named(
    prepare: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prepare, "PYTHON", Path(sys.executable))
    checks = {"good": ["-c", "print(1)"], "bad": ["-c", "raise SystemExit(3)"], "later": ["-c", "print(2)"]}
    monkeypatch.setattr(prepare, "CHECKS", checks)
    assert prepare.test() == 3
    assert capfd.readouterr().out == "--- good\n1\n--- bad\nThe check 'bad' failed.\n"


def test_nothing_is_printed_after_checks_that_pass(
    prepare: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prepare, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(prepare, "CHECKS", {"tests": ["-c", "print('5 passed in 0.1s')"]})
    assert prepare.test() == 0
    assert capfd.readouterr().out.splitlines()[-1] == "5 passed in 0.1s"


@pytest.fixture
def clone(prepare: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a clone whose environment writes a line into a file for every installation."""
    (tmp_path / ".venv").mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    pip = tmp_path / "python"
    pip.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/installed"\n', encoding="utf-8")
    pip.chmod(0o755)
    for name, value in {"ROOT": tmp_path, "VENV": tmp_path / ".venv", "PYTHON": pip}.items():
        monkeypatch.setattr(prepare, name, value)
    return tmp_path


def installations(clone: Path) -> list[str]:
    """Return what was installed, in order."""
    return [line.split()[-1] for line in (clone / "installed").read_text(encoding="utf-8").splitlines()]


@pytest.mark.skipif(os.name == "nt", reason="A shell script stands for pip.")
def test_a_second_run_installs_nothing_until_the_requirements_change(prepare: ModuleType, clone: Path) -> None:
    prepare.install("")
    prepare.install("")
    assert installations(clone) == ["."]
    (clone / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    prepare.install("")
    assert installations(clone) == [".", "."]


@pytest.mark.skipif(os.name == "nt", reason="A shell script stands for pip.")
def test_what_the_tests_need_is_enough_for_the_window_but_not_the_other_way(prepare: ModuleType, clone: Path) -> None:
    prepare.install("")
    prepare.install("test")
    prepare.install("")
    assert installations(clone) == [".", ".[test]"]


@pytest.mark.skipif(os.name == "nt", reason="A shell script stands for pip.")
def test_a_clone_that_was_moved_is_installed_again(
    prepare: ModuleType, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare.install("test")
    moved = clone.with_name(f"{clone.name}-moved")
    clone.rename(moved)
    (moved / "python").write_text(f'#!/bin/sh\necho "$@" >> "{moved}/installed"\n', encoding="utf-8")
    for name, value in {"ROOT": moved, "VENV": moved / ".venv", "PYTHON": moved / "python"}.items():
        monkeypatch.setattr(prepare, name, value)
    prepare.install("test")
    assert installations(moved) == [".[test]", ".[test]"]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({}, False), ({"DISPLAY": ":0"}, True), ({"WAYLAND_DISPLAY": "wayland-0"}, True), ({"DISPLAY": ""}, False)],
)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Only Linux may be without a display.")
def test_a_display_is_known_by_its_variables(
    prepare: ModuleType, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: bool
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert prepare.has_display() is expected


def make(*words: str) -> subprocess.CompletedProcess[str]:
    """Run make as from a prompt, also where make itself runs these tests."""
    alone = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    return subprocess.run(["make", *words], cwd=ROOT, check=False, capture_output=True, text=True, env=alone)


@pytest.mark.skipif(shutil.which("make") is None, reason="There is no make here.")
@pytest.mark.parametrize("command", ["run", "test"])
def test_make_finds_a_python_and_calls_the_script(command: str) -> None:
    name, script, word = make("-n", command).stdout.split()
    assert (script, word) == (".ci/prepare.py", command)
    assert shutil.which(name)


@pytest.mark.skipif(shutil.which("make") is None, reason="There is no make here.")
def test_make_says_so_where_there_is_no_python() -> None:
    told = make("test", "PYTHON=")
    assert told.returncode == 2
    assert "NN Studio needs Python 3.11 or newer" in told.stderr


def test_continuous_integration_runs_what_a_person_runs() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert lines[-1] == "exec make test"
