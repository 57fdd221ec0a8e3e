"""Pictures hold what the network holds, in every format."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from nnstudio.engine import Network
from nnstudio.errors import StudioError
from nnstudio.gui.dialogs.export_picture import ExportPictureDialog
from nnstudio.gui.pictures.block_drawing import BlockDrawing
from nnstudio.gui.pictures.drawing import write_picture
from nnstudio.gui.pictures.neuron_drawing import NeuronDrawing
from nnstudio.gui.pictures.pictures import Pictures
from nnstudio.paths import samples
from nnstudio.project.layer_table import HEADINGS, layer_table, to_csv, to_markdown
from tests.gui.conftest import Open

INK, PAPER = QColor("black"), QColor("white")


def _pictures_network() -> Network:
    return Network.model_validate(
        {
            "nodes": [
                {"id": "input", "layer": {"type": "input", "shape": [28, 28, 1]}},
                {"id": "conv", "layer": {"type": "conv2d", "filters": 6, "padding": "valid"}},
                {"id": "flat", "layer": {"type": "flatten"}},
                {"id": "answer", "layer": {"type": "dense", "units": 20}},
                {"id": "output", "layer": {"type": "output"}},
            ],
            "edges": [["input", "conv"], ["conv", "flat"], ["flat", "answer"], ["answer", "output"]],
        }
    )


def _texts(path: Path) -> str:
    return " ".join(ElementTree.parse(path).getroot().itertext())


@pytest.mark.parametrize("key", ["canvas", "neurons", "blocks"])
def test_every_picture_is_written_in_every_format(open_studio: Open, tmp_path: Path, key: str) -> None:
    studio = open_studio(samples() / "iris.nns")
    window = studio.window
    pictures = Pictures(window.canvas.scene, window.canvas.frame(), {})
    dialog = ExportPictureDialog(pictures, str(tmp_path))
    dialog.what.setCurrentIndex(dialog.what.findData(key))
    for ending, start in (("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG")):
        path = tmp_path / f"picture.{ending}"
        assert dialog.write(path)
        assert path.read_bytes().startswith(start)
    image = QImage(str(tmp_path / "picture.png"))
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert len(colours) > 8  # something is drawn
    titles = [node.name for node in studio.document.project.network.nodes if node.layer.has_output]
    if key != "blocks":
        assert all(title in _texts(tmp_path / "picture.svg") for title in titles)


def test_neurons_are_folded_and_every_one_has_its_place() -> None:
    drawing = NeuronDrawing(_pictures_network(), INK, PAPER)
    assert [neuron.unit for neuron in drawing.neurons["answer"]] == [0, 1, 2, 3, 4, 5, 16, 17, 18, 19]
    assert set(drawing.boxes) == {"input", "conv"}
    heights = [neuron.centre.y() for neuron in drawing.neurons["answer"]]
    assert heights == sorted(heights)
    assert len(set(heights)) == 10


def test_blocks_are_as_many_sheets_as_channels_and_as_large_as_maps() -> None:
    drawing = BlockDrawing(_pictures_network(), INK, PAPER)
    assert len(drawing.stacks["input"].sheets) == 1
    assert len(drawing.stacks["conv"].sheets) == 6
    assert drawing.stacks["conv"].shape == "26 × 26 × 6"
    before, after = drawing.stacks["input"].sheets[0].width(), drawing.stacks["conv"].sheets[0].width()
    assert after / before == pytest.approx(26 / 28)
    assert drawing.stacks["input"].rect.right() < drawing.stacks["conv"].rect.left()


def test_a_network_whose_shapes_are_unknown_is_drawn_with_question_marks(tmp_path: Path) -> None:
    network = Network.model_validate({"nodes": [{"id": "lost", "layer": {"type": "dense"}}]})
    for drawing in (BlockDrawing(network, INK, PAPER), NeuronDrawing(network, INK, PAPER)):
        write_picture(drawing, tmp_path / "lost.svg")
        assert (tmp_path / "lost.svg").stat().st_size > 200
    assert BlockDrawing(network, INK, PAPER).stacks["lost"].shape == "?"


def test_what_cannot_be_written_says_why(tmp_path: Path) -> None:
    drawing = BlockDrawing(_pictures_network(), INK, PAPER)
    with pytest.raises(StudioError, match=r"\.svg, \.pdf or \.png"):
        write_picture(drawing, tmp_path / "picture.gif")
    with pytest.raises(StudioError, match="smaller scale"):
        write_picture(drawing, tmp_path / "picture.png", scale=400)
    assert not list(tmp_path.iterdir())


def test_the_table_has_every_layer_and_the_total() -> None:
    network = _pictures_network()
    rows = layer_table(network)
    assert [row[0] for row in rows] == ["input", "conv", "flat", "answer", "output", "Total"]
    counts = [network.parameter_count(node.id) or 0 for node in network.nodes]
    assert rows[-1][-1] == f"{sum(counts):,}"
    assert to_csv(network).splitlines()[0] == ",".join(HEADINGS)
    assert to_markdown(network).count("\n") == len(rows) + 2
