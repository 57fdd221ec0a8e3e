"""Pictures hold what the network holds, in every format, and the dialog writes what it shows."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest

from nnstudio.errors import StudioError
from nnstudio.gui.dialogs.export_picture import ExportPictureDialog
from nnstudio.gui.pictures.block_drawing import BlockDrawing
from nnstudio.gui.pictures.drawing import MARGIN, size_in_words, to_image, write_picture
from nnstudio.gui.pictures.inks import Inks
from nnstudio.gui.pictures.neuron_drawing import NeuronDrawing
from nnstudio.gui.pictures.pictures import Pictures
from nnstudio.gui.preferences import Preferences
from nnstudio.paths import samples
from nnstudio.project.layer_table import layer_table, to_markdown
from tests.gui.conftest import Open
from tests.gui.pictures import networks

INK, PAPER = QColor("black"), QColor("white")


def _dialog(open_studio: Open, sample: str = "iris.nns") -> ExportPictureDialog:
    canvas = open_studio(samples() / sample).window.canvas
    return ExportPictureDialog(Pictures(canvas.scene, canvas.frame(), {}), Preferences())


def _texts(path: Path) -> str:
    return " ".join(ElementTree.parse(path).getroot().itertext())


@pytest.mark.parametrize("key", ["canvas", "neurons", "blocks"])
def test_every_picture_is_written_in_every_format(open_studio: Open, tmp_path: Path, key: str) -> None:
    studio = open_studio(samples() / "iris.nns")
    canvas = studio.window.canvas
    dialog = ExportPictureDialog(Pictures(canvas.scene, canvas.frame(), {}), Preferences())
    dialog.what.choose(key)
    for ending, start in (("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG")):
        path = tmp_path / f"picture.{ending}"
        assert dialog.write(path)
        assert path.read_bytes().startswith(start)
    image = QImage(str(tmp_path / "picture.png"))
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert len(colours) > 8  # something is drawn
    titles = [node.name for node in studio.document.project.network.nodes if node.layer.has_output]
    assert all(title in _texts(tmp_path / "picture.svg") for title in titles)


def test_the_picture_of_the_canvas_is_tight_around_what_is_painted(open_studio: Open) -> None:
    canvas = open_studio(samples() / "iris.nns").window.canvas
    picture, _ = Pictures(canvas.scene, canvas.frame(), {}).make("canvas", "paper", transparent=True)
    image = to_image(picture, None, 1.0)
    alphas = [[image.pixelColor(x, y).alpha() for x in range(image.width())] for y in range(image.height())]
    painted = QRectF(0, 0, 0, 0)
    for y, row in enumerate(alphas):
        for x, alpha in enumerate(row):
            if alpha:
                painted = painted.united(QRectF(x, y, 1, 1))
    tight = QRectF(image.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    assert painted.left() == pytest.approx(tight.left(), abs=2)
    assert painted.top() == pytest.approx(tight.top(), abs=2)
    assert painted.right() == pytest.approx(tight.right(), abs=2)
    assert painted.bottom() == pytest.approx(tight.bottom(), abs=2)


@pytest.mark.parametrize("scale", [1, 4])
def test_a_png_is_as_large_as_was_chosen_and_tight_around_the_drawing(tmp_path: Path, scale: int) -> None:
    drawing = BlockDrawing(networks.pictures(), INK, PAPER)
    write_picture(drawing, tmp_path / "picture.png", PAPER, scale)
    image = QImage(str(tmp_path / "picture.png"))
    place = drawing.bounds.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
    assert (image.width(), image.height()) == (round(place.width() * scale), round(place.height() * scale))
    edge = round((MARGIN - 4) * scale)
    white = QColor("white").rgb()
    assert {image.pixel(x, edge) for x in range(image.width())} == {white}
    assert {image.pixel(edge, y) for y in range(image.height())} == {white}


def test_an_svg_has_the_size_that_is_told_and_fonts_that_every_reader_has(tmp_path: Path) -> None:
    drawing = BlockDrawing(networks.pictures(), INK, PAPER)
    write_picture(drawing, tmp_path / "picture.svg", PAPER)
    root = ElementTree.parse(tmp_path / "picture.svg").getroot()
    width, height = (round(float(root.attrib[side].removesuffix("mm"))) for side in ("width", "height"))
    assert size_in_words(drawing, "svg", 1.0).startswith(f"{width} × {height} mm")
    families = {element.attrib["font-family"] for element in root.iter() if "font-family" in element.attrib}
    assert families
    assert all(family.endswith(", sans-serif") for family in families)


def test_nothing_is_behind_a_transparent_picture(open_studio: Open) -> None:
    canvas = open_studio(samples() / "iris.nns").window.canvas
    pictures = Pictures(canvas.scene, canvas.frame(), {})
    for key in pictures.titles:
        for transparent, alpha in ((True, 0), (False, 255)):
            image = to_image(*pictures.make(key, "paper", transparent=transparent), 1.0)
            assert image.pixelColor(2, 2).alpha() == alpha


def test_drawings_for_papers_are_dark_on_white_in_a_dark_window(open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns", theme="dark")
    pictures = Pictures(studio.window.canvas.scene, None, {})
    for key in pictures.titles:
        paper, window = (
            to_image(*pictures.make(key, style, transparent=False), 1.0).pixelColor(2, 2).lightness()
            for style in ("paper", "window")
        )
        assert paper == 255
        assert window < 60


def test_a_network_whose_shapes_are_unknown_is_drawn_too(tmp_path: Path) -> None:
    for drawing in (BlockDrawing(networks.lost(), INK, PAPER), NeuronDrawing(networks.lost(), Inks(INK, PAPER))):
        write_picture(drawing, tmp_path / "lost.svg")
        assert "?" in _texts(tmp_path / "lost.svg")


def test_what_cannot_be_written_says_why(tmp_path: Path) -> None:
    drawing = BlockDrawing(networks.pictures(), INK, PAPER)
    with pytest.raises(StudioError, match=r"\.svg, \.pdf or \.png"):
        write_picture(drawing, tmp_path / "picture.gif")
    with pytest.raises(StudioError, match="smaller scale"):
        write_picture(drawing, tmp_path / "picture.png", scale=400)
    assert not list(tmp_path.iterdir())


def test_the_dialog_says_in_a_sentence_why_it_cannot_write(open_studio: Open, tmp_path: Path) -> None:
    dialog = _dialog(open_studio)
    assert not dialog.write(tmp_path / "no folder" / "picture.svg")
    assert "picture.svg could not be written: No such file or directory." in dialog.error.text()
    dialog.style_of.choose("window")
    assert dialog.error.text() == ""


def test_choices_that_were_used_are_remembered(open_studio: Open, tmp_path: Path) -> None:
    dialog = _dialog(open_studio)
    for field, value in ((dialog.what, "neurons"), (dialog.picture_format, "png"), (dialog.scale, "4")):
        field.choose(value)
    dialog.transparent.setChecked(True)
    assert dialog.write(tmp_path / "picture.png")
    again = _dialog(open_studio)
    chosen = [field.currentData() for field in (again.what, again.picture_format, again.scale)]
    assert chosen == ["neurons", "png", "4"]
    assert again.transparent.isChecked()


def test_the_clipboard_gets_what_is_shown(open_studio: Open) -> None:
    dialog = _dialog(open_studio)
    dialog.show()
    dialog.activateWindow()
    assert QTest.qWaitForWindowActive(dialog)
    dialog.what.choose("blocks")
    QTest.keyClick(dialog.what, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    content = QGuiApplication.clipboard().mimeData()
    assert content.hasImage()
    assert content.data("image/svg+xml").startsWith(b"<?xml")
    dialog.what.choose("table")
    QTest.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().startswith("| Layer | Kind |")
    dialog.close()


def test_the_table_is_shown_as_it_is_written(open_studio: Open, tmp_path: Path) -> None:
    studio = open_studio(samples() / "iris.nns")
    network = studio.document.project.network
    dialog = ExportPictureDialog(Pictures(studio.window.canvas.scene, None, {}), Preferences())
    dialog.what.choose("table")
    table = dialog.preview.table
    shown = []
    for row in range(table.rowCount()):
        items = [table.item(row, column) for column in range(table.columnCount())]
        shown.append(tuple(item.text() for item in items if item is not None))
    assert shown == layer_table(network)
    assert dialog.write(tmp_path / "layers.md")
    assert (tmp_path / "layers.md").read_text(encoding="utf-8") == to_markdown(network)


def test_only_what_matters_can_be_chosen(open_studio: Open) -> None:
    dialog = _dialog(open_studio)
    dialog.show()
    dialog.what.choose("canvas")
    dialog.picture_format.choose("svg")
    assert not dialog.scale.isVisible()
    dialog.picture_format.choose("png")
    assert dialog.scale.isVisible()
    dialog.what.choose("table")
    assert dialog.table_format.isVisible()
    assert not any(field.isVisible() for field in (dialog.scale, dialog.picture_format, dialog.style_of))
    dialog.close()


def test_an_empty_canvas_cannot_be_exported(open_studio: Open) -> None:
    studio = open_studio(None)
    dialog = ExportPictureDialog(Pictures(studio.window.canvas.scene, None, {}), Preferences())
    assert "nothing to draw" in dialog.preview.words.text()
    assert not dialog.save_button.isEnabled()
    assert not dialog.copy_button.isEnabled()


def test_the_preview_shows_the_whole_picture_in_its_middle(open_studio: Open) -> None:
    dialog = _dialog(open_studio)
    dialog.what.choose("blocks")
    dialog.show()
    image = dialog.preview.sheet.grab().toImage()
    dark = [(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).value() < 90]
    xs, ys = [x for x, _ in dark], [y for _, y in dark]
    place = QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
    assert QRectF(image.rect()).adjusted(8, 8, -8, -8).contains(place)
    assert abs(place.center().x() - image.width() / 2) < 12
    dialog.close()
