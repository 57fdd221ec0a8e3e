"""What is shipped."""

import re
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from nnstudio.version import __version__
from tests.house.sources import PACKAGE, ROOT, tracked_files


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(wheel) as parts:
        return set(parts.namelist())


def test_a_wheel_holds_the_package_its_resources_and_its_samples(shipped: set[str]) -> None:
    expected = set()
    for path in tracked_files():
        name = path.relative_to(ROOT).as_posix()
        if name.startswith("nnstudio/"):
            expected.add(name)
        elif name.startswith(("resources/", "samples/")) and not path.name.startswith("."):
            expected.add(f"nnstudio/{name}")
    assert {"nnstudio/samples/spirals.nns", "nnstudio/resources/icons/layers/dense.svg"} <= expected
    assert expected - shipped == set()


def test_a_wheel_holds_no_tests(shipped: set[str]) -> None:
    assert [name for name in shipped if not name.startswith(("nnstudio/", f"nnstudio-{__version__}.dist-info/"))] == []


def test_there_is_one_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    assert version("nnstudio") == __version__
    others = [path for path in PACKAGE.rglob("*.py") if "__version__ =" in path.read_text(encoding="utf-8")]
    assert others == [PACKAGE / "version.py"]


def test_the_changelog_tells_of_this_version_first() -> None:
    text = Path(ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?$", text, re.MULTILINE)
    assert headings
    assert headings[0][0] in ("Unreleased", __version__)
    assert [name for name, date in headings if (name == "Unreleased") == bool(date)] == []
    kinds = re.findall(r"^### (.+)$", text, re.MULTILINE)
    assert kinds
    assert set(kinds) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
