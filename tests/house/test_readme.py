"""The README is true: what it shows is run."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from typer.core import TyperGroup

import nnstudio
from nnstudio.__main__ import main
from nnstudio.cli import app
from tests.house.sources import PACKAGE, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def block_with(line: str) -> str:
    """Return the one Python block that holds this line."""
    (found,) = [block for block in blocks("python") if line in block.splitlines()]
    return found


def commands() -> list[list[str]]:
    """Return the words of every line that calls the studio, without its own name."""
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("nnstudio ")]
    return [shlex.split(line, comments=True)[1:] for line in lines]


@pytest.fixture(scope="module")
def place_after_the_commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the README's command lines one after another, as a person would, and return where."""
    place = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "samples", place / "samples")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        statuses = {shlex.join(words): main(words) for words in commands()}
    assert len(statuses) >= 7
    assert {line: status for line, status in statuses.items() if status != 0} == {}
    return place


def run_lines(lines: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run lines of Python in a folder and return what they defined."""
    monkeypatch.chdir(place)
    defined: dict[str, Any] = {}
    exec(compile(lines, "README.md", "exec"), defined)
    return defined


def test_the_lines_of_plain_numpy_give_the_answers_of_the_studio(
    place_after_the_commands: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = block_with('net = np.load("iris.npz")')
    assert "nnstudio" not in lines
    found = run_lines(lines, place_after_the_commands, monkeypatch)
    answers = nnstudio.load("iris.nns").predict("samples/iris.csv")
    assert len(answers) == 150
    assert found["words"].tolist() == [answer["predicted"] for answer in answers]
    expected = [[answer[f"probability {name}"] for name in found["net"]["target/classes"]] for answer in answers]
    np.testing.assert_allclose(found["p"], expected, atol=1e-5)
    right = [answer["predicted"] == row["species"] for answer, row in zip(answers, found["rows"], strict=True)]
    assert np.mean(right) > 0.9


def test_the_lines_of_python_predict(place_after_the_commands: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = run_lines(block_with("import nnstudio"), place_after_the_commands, monkeypatch)
    assert found["answers"][0]["predicted"] == "setosa"


def test_the_lines_of_the_engine_learn_what_they_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = run_lines(block_with("from nnstudio.engine import Network, Training, TrainingPlan"), tmp_path, monkeypatch)
    said = found["training"].program.predict(found["x"])
    np.testing.assert_allclose(said, found["plan"].targets, atol=0.01)


CHECK_OF_THE_LAYER = """
from nnstudio.components import members
from nnstudio.engine import Network, bind

assert "scale" in [member.key for member in members("layers")]
network = Network.model_validate({
    "nodes": [
        {"id": "input", "layer": {"type": "input", "shape": [3]}},
        {"id": "hidden", "layer": {"type": "dense", "units": 4, "activation": "tanh"}},
        {"id": "scale", "layer": {"type": "scale", "factor": 1.5}},
        {"id": "output", "layer": {"type": "output", "cost": "mean_squared_error"}},
    ],
    "edges": [["input", "hidden"], ["hidden", "scale"], ["scale", "output"]],
})
x, y = np.random.default_rng(0).normal(size=(2, 5, 4))
program = bind(network, precision="float64")
exact = program.cost_and_gradients(x[:, :3], y)[1]["hidden/bias"]
for unit in range(4):
    costs = []
    for step in (1e-6, -1e-6):
        weights = {name: array.copy() for name, array in program.weights.items()}
        weights["hidden/bias"][unit] += step
        costs.append(bind(network, precision="float64", weights=weights).cost(x[:, :3], y))
    assert abs((costs[0] - costs[1]) / 2e-6 - exact[unit]) < 1e-8
assert abs(exact).min() > 1e-4
print("learns")
"""


def test_the_layer_that_is_shown_registers_itself_and_learns(tmp_path: Path) -> None:
    # In a process of its own, so that the other tests do not meet a layer that the house does not have.
    shown = tmp_path / "scale.py"
    shown.write_text(block_with('"""Scaling."""') + CHECK_OF_THE_LAYER, encoding="utf-8")
    told = subprocess.run([sys.executable, shown], check=False, capture_output=True, text=True, cwd=ROOT)
    assert (told.stdout, told.stderr) == ("learns\n", "")


def test_every_command_that_is_named_exists_with_its_options() -> None:
    verbs = verbs_with_options()
    shown = re.findall(r"(?<!/)\bnnstudio ((?:[a-z]+)[^`\n]*)", "\n".join([*blocks("sh"), *inline_code()]))
    assert len(shown) >= 8
    for line in shown:
        verb, *rest = shlex.split(line, comments=True)
        assert verb in verbs, line
        assert {word for word in rest if word.startswith("--")} <= verbs[verb], line


def test_every_verb_is_named() -> None:
    assert set(verbs_with_options()) - {words[0] for words in commands()} == {"open"}


def verbs_with_options() -> dict[str, set[str]]:
    """Return the options of every verb of the command line."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return {
        verb: {name for parameter in command.params for name in parameter.opts}
        for verb, command in group.commands.items()
    }


def inline_code() -> list[str]:
    """Return what stands between single backticks."""
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", README)


def test_every_file_that_is_named_exists() -> None:
    linked = re.findall(r"\]\((?!https?://|#)([^)#]+)", README)
    named = [code for code in inline_code() if re.match(r"(nnstudio|resources|samples|tests)/[\w./]*$", code)]
    assert len(named) >= 10
    assert [name for name in (*linked, *named) if not (ROOT / name).exists()] == []


def test_the_map_shows_every_room() -> None:
    rooms = {part.name for part in PACKAGE.iterdir() if (part / "__init__.py").is_file()}
    assert len(rooms) > 5
    assert {room for room in rooms if f"`nnstudio/{room}/`" not in README} == set()
