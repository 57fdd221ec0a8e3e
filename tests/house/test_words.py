"""What stands nowhere in the house."""

import ast
import re
import zipfile
from pathlib import Path

import pytest

from tests.house.sources import MODULES, PACKAGE, ROOT, place, texts, tree

# Put together, so that this file does not break its own laws.
LEFT_OVER = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")) + r")\b")
MACHINE_PATH = re.compile(r"(?<![\w.:/~-])/(?:work|root|home|tmp|Users|opt|mnt)/\w|\b[A-Z]:\\{1,2}(?:Users|work)\b")
SILENCED = re.compile(r"#\s*(no" + r"qa|type:\s*ig" + r"nore)(?!\[[\w-]+(?:, ?[\w-]+)*\]\s+#\s\w)")
UNSAFE = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}


def calls_of(module: ast.Module, name: str) -> list[int]:
    """Return the lines on which a function of this name is called."""
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def unsafe_lines(module: ast.Module) -> list[int]:
    """Return the lines that import a way of storing objects which runs code when it is read, or that allow one."""
    imported = [(node.lineno, names_of(node)) for node in ast.walk(module) if isinstance(node, ast.stmt)]
    lines = {line for line, names in imported if any(name.partition(".")[0] in UNSAFE for name in names)}
    allowed = [node for node in ast.walk(module) if isinstance(node, ast.keyword) and node.arg == "allow_pickle"]
    lines |= {node.lineno for node in allowed if not (isinstance(node.value, ast.Constant) and not node.value.value)}
    return sorted(lines)


def names_of(statement: ast.stmt) -> list[str]:
    """Return the names of the modules that a statement imports."""
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    return [statement.module or ""] if isinstance(statement, ast.ImportFrom) else []


def lines_with(pattern: re.Pattern[str], text: str) -> list[int]:
    """Return the numbers of the lines in which a pattern is found."""
    return [number for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)]


def everywhere(pattern: re.Pattern[str]) -> list[str]:
    """Return each place in the project's texts at which a pattern is found."""
    return [f"{name}:{number}" for name, text in texts().items() for number in lines_with(pattern, text)]


def test_only_the_command_line_prints() -> None:
    prints = {place(module): calls_of(tree(module), "print") for module in MODULES if module != PACKAGE / "cli.py"}
    assert {name: lines for name, lines in prints.items() if lines} == {}


def test_a_print_is_noticed() -> None:
    assert calls_of(ast.parse("a = 1\nprint(a)"), "print") == [2]


def test_nothing_is_pickled() -> None:
    found = {place(module): unsafe_lines(tree(module)) for module in MODULES}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from joblib import dump",
        "import a, dill.x",
        "np.load(p, allow_pickle=True)",
        "f(allow_pickle=x)",
    ],
)
def test_a_pickle_is_noticed(line: str) -> None:
    assert unsafe_lines(ast.parse(f"{line}\nnp.load(p, allow_pickle=False)")) == [1]


def test_nothing_is_left_for_later() -> None:
    assert everywhere(LEFT_OVER) == []


def test_what_is_left_for_later_is_noticed() -> None:
    assert lines_with(LEFT_OVER, "a = 1\n# TO" + "DO: b\nTODOS = 1") == [2]


def test_no_place_of_one_machine_is_named() -> None:
    assert everywhere(MACHINE_PATH) == []


def test_a_place_of_one_machine_is_noticed() -> None:
    slash = "/"
    named = [f'open("{slash}home/ada/a.csv")', f"cd {slash}work/main", "C:" + r"\Users\ada"]
    assert [lines_with(MACHINE_PATH, line) for line in named] == [[1], [1], [1]]
    assert lines_with(MACHINE_PATH, "https://example.org/home/ada\n./home/x\nnnstudio/home/x") == []


def test_no_check_is_silenced_without_a_code_and_a_reason() -> None:
    assert everywhere(SILENCED) == []


def test_a_silenced_check_is_noticed() -> None:
    said = "a()  # type: ig" + "nore"
    assert lines_with(SILENCED, f"{said}\n{said}[misc]\n{said}[misc]  # the library is not typed") == [1, 2]


def test_the_samples_name_no_place_of_the_machine_that_made_them() -> None:
    projects = sorted((ROOT / "samples").glob("*.nns"))
    assert projects
    found = []
    for project in projects:
        with zipfile.ZipFile(project) as parts:
            for name in parts.namelist():
                if Path(name).suffix == ".json" and MACHINE_PATH.search(parts.read(name).decode()):
                    found.append(f"{place(project)}: {name}")
    assert found == []
