"""The house as text and as syntax trees, for the tests of its own laws."""

import ast
import importlib
import subprocess
from functools import cache
from pathlib import Path

import pytest

from nnstudio.components import Component, families, members

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "nnstudio"

MODULES = tuple(sorted(PACKAGE.rglob("*.py")))
"""Every module of the package."""

TEXT_SUFFIXES = {".py", ".md", ".toml", ".qss", ".svg", ".csv", ".json", ".html", ""}
"""Endings of files that people read; Makefile and .ci/run have none."""


def place(path: Path) -> str:
    """Return where a file is, as messages name it."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def packages() -> list[Path]:
    """Return the folder of every package of the house."""
    return [module.parent for module in MODULES if module.name == "__init__.py"]


def tracked_files() -> list[Path]:
    """Return every file under version control; a copy without it cannot tell, and the test is skipped."""
    try:
        told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("This copy is not under version control.")
    return [ROOT / name for name in told.stdout.split("\0") if name and (ROOT / name).exists()]


def texts() -> dict[str, str]:
    """Return the text of every file under version control that people read."""
    return {place(path): path.read_text(encoding="utf-8") for path in tracked_files() if path.suffix in TEXT_SUFFIXES}


def components() -> tuple[type[Component], ...]:
    """Return every component of the house that a person may choose; other tests register some of their own."""
    importlib.import_module("nnstudio.export")  # brings in every family
    known = [member for family in families() for member in members(family)]
    return tuple(member for member in known if member.__module__.startswith("nnstudio."))
