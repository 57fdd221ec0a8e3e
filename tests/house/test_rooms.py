"""What the rooms of the house are called, how large they may be, and what belongs to each."""

import ast

from tests.house.sources import MODULES, PACKAGE, ROOT, packages, place, tracked_files, tree

WITHOUT_MEANING = {"utils", "util", "core", "common", "misc", "helpers", "helper", "managers", "manager"}
LONGEST_FILE = 450
TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "Makefile",
    "README.md",
    "nnstudio",
    "pyproject.toml",
    "resources",
    "samples",
    "tests",
}


def test_every_name_says_what_lives_there() -> None:
    assert len(MODULES) > 50
    parts = {part for module in MODULES for part in module.relative_to(PACKAGE).with_suffix("").parts}
    assert parts & WITHOUT_MEANING == set()


def test_nothing_lies_about_at_the_top() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked_files()} <= TOP_LEVEL


def test_every_package_says_what_it_is_for() -> None:
    silent = [place(package) for package in packages() if not ast.get_docstring(tree(package / "__init__.py"))]
    assert silent == []


def test_every_room_says_what_it_may_import() -> None:
    rooms = [package for package in packages() if package.parent == PACKAGE]
    assert len(rooms) > 5
    told = {place(room): ast.get_docstring(tree(room / "__init__.py")) or "" for room in rooms}
    assert [room for room, words in told.items() if "import" not in words] == []


def test_every_module_says_what_it_holds() -> None:
    assert [place(module) for module in MODULES if not ast.get_docstring(tree(module))] == []


def test_no_file_outgrows_one_sheet_of_thought() -> None:
    lengths = {place(module): len(module.read_text(encoding="utf-8").splitlines()) for module in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_the_tests_mirror_the_house() -> None:
    rooms = {package.name for package in packages() if package.parent == PACKAGE}
    tested = {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")}
    assert rooms - tested == set()


def test_every_folder_of_tests_is_a_package() -> None:
    # Else two test modules of the same name in two rooms would be taken for one.
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [place(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []
