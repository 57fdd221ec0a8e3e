"""Whether what is painted of a drawing is what the document says, compared by text and by place."""

import re
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from PySide6.QtCore import QPointF

from nnstudio.engine import shape_in_words
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.canvas.card import CAPTION_HEIGHT, FOOTER_HEIGHT
from nnstudio.gui.look.theme import LIGHT
from nnstudio.gui.pictures.canvas_picture import CanvasPicture
from nnstudio.gui.pictures.drawing import MARGIN, write_picture
from nnstudio.project import Project

LETTERS = 16
"""So far above or below its place a line of words may begin."""

LABEL = 90
"""Half of the widest label of a wire."""

ROOM = 100

Text = tuple[str, float, float]
"""Words, and where their line begins in the scene."""


def check_picture(canvas: Canvas, project: Project) -> None:
    """Compare every node, wire, label, badge, note and block with the document."""
    texts = _texts(canvas)
    _check_cards(canvas, project, texts)
    _check_wires(canvas, project, texts)
    geometry, words = canvas.scene.geometry, {text for text, _, _ in texts}
    assert set(canvas.scene.problems) == {geometry.key_of(one.node) for one in project.problems() if one.node}
    painted = " ".join(words)
    for note in project.notes:
        # Words that have no room on a note are broken; one that is smaller than a hand can make it shows none.
        if note.size[0] >= ROOM and note.size[1] >= ROOM:
            assert all(word in painted for word in (note.text or "Empty note").split())
    assert {block.title.strip() for block in project.blocks if block.members} - {""} <= words


def _texts(canvas: Canvas) -> list[Text]:
    picture = CanvasPicture(canvas.scene, None, LIGHT)
    corner = picture.bounds.topLeft() - QPointF(MARGIN, MARGIN)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "canvas.svg"
        write_picture(picture, path)
        root = ElementTree.parse(path).getroot()
    found = []
    for group in root.iter("{http://www.w3.org/2000/svg}g"):
        matrix = re.search(r"matrix\(([^)]*)\)", group.get("transform", ""))
        shift = [float(part) for part in matrix.group(1).split(",")] if matrix else [1.0, 0, 0, 1.0, 0, 0]
        for text in group.iter("{http://www.w3.org/2000/svg}text"):
            x, y = (float(text.get(axis, 0)) for axis in ("x", "y"))
            place = shift[0] * x + shift[4] + corner.x(), shift[3] * y + shift[5] + corner.y()
            found.append(("".join(text.itertext()).strip(), *place))
    return found


def _check_cards(canvas: Canvas, project: Project, texts: list[Text]) -> None:
    """Compare each layer that is not folded away with its card and the words above and below it."""
    geometry = canvas.scene.geometry
    folded = {id for block in project.blocks if block.collapsed for id in block.members}
    assert {key for key in geometry.cards if not key.startswith("block:")} == {
        node.id for node in project.network.nodes if node.id not in folded
    }
    for node in project.network.nodes:
        if node.id in folded:
            continue
        card, place = geometry.cards[node.id], project.positions.get(node.id, (0.0, 0.0))
        assert card.rect.center() == QPointF(*place)
        beside = [text for text in texts if abs(text[1] - place[0]) < card.caption.width() / 2]
        top, bottom = card.rect.top(), card.rect.bottom()
        above = [words for words, _, y in beside if top - CAPTION_HEIGHT - LETTERS < y < top]
        below = [words for words, _, y in beside if bottom < y < bottom + FOOTER_HEIGHT + LETTERS]
        name, count = node.name.strip(), project.network.parameter_count(node.id)
        assert not name or any(_says(words, name) for words in above), (name, above)
        assert not count or any(words.startswith(f"{count:,} parameters") for words in below), (name, below)


def _says(words: str, name: str) -> bool:
    """Return whether painted words are a name, whose middle may be left out where there is no room."""
    first, cut, last = words.partition("…")
    return words == name or (bool(cut) and name.startswith(first) and name.endswith(last))


def _check_wires(canvas: Canvas, project: Project, texts: list[Text]) -> None:
    """Compare each wire with its ends and its label."""
    geometry, shapes = canvas.scene.geometry, project.network.shapes()
    seen = {edge for edge in project.network.edges if geometry.key_of(edge[0]) != geometry.key_of(edge[1])}
    assert set(geometry.wires.edges) == seen
    for edge in seen:
        source, target = edge
        points = geometry.wires[edge]
        assert tuple(points[0]) == geometry.cards[geometry.key_of(source)].output_port.toTuple()
        assert tuple(points[-1]) == geometry.cards[geometry.key_of(target)].input_port.toTuple()
        words, (label,) = shape_in_words(shapes[source]), geometry.pills([geometry.wires.number(edge)])
        x, y = label.centre.toTuple()
        here = [text for text in texts if x - LABEL < text[1] < x and abs(text[2] - y) < LETTERS]
        assert words in {text for text, _, _ in here}, (edge, words, here)
