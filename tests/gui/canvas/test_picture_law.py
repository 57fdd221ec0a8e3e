"""The picture on the canvas is the document after any sequence of edits, undos included."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from nnstudio.engine import shape_in_words
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.pictures.canvas_picture import CanvasPicture
from nnstudio.gui.pictures.drawing import write_picture
from nnstudio.gui.theme import LIGHT
from nnstudio.project import Document, Project
from tests.gui.canvas.test_drawing import texts_of
from tests.project.test_laws import DRAWING, RICH, edit_of

MARGIN = 24
CAPTION = 60
ROOM = 100


def says(words: str, name: str) -> bool:
    """Return whether painted words are a name, whose middle may be left out where there is no room."""
    first, cut, last = words.partition("…")
    return words == name or (bool(cut) and name.startswith(first) and name.endswith(last))


def check_cards(canvas: Canvas, project: Project, texts: list[tuple[str, float, float]]) -> None:
    """Compare each layer that is not folded away with its card and the words above it, by text and place."""
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
        name = node.name.strip()
        above = [
            words
            for words, x, y in texts
            if abs(x - place[0]) < card.caption.width() / 2 and card.rect.top() - CAPTION < y < card.rect.top()
        ]
        assert not name or any(says(words, name) for words in above), (name, above)


def check_wires(canvas: Canvas, project: Project, words: set[str]) -> None:
    """Compare each wire with its ends and its label."""
    geometry, shapes = canvas.scene.geometry, project.network.shapes()
    seen = {edge for edge in project.network.edges if geometry.key_of(edge[0]) != geometry.key_of(edge[1])}
    assert set(geometry.wires.edges) == seen
    for source, target in seen:
        assert shape_in_words(shapes[source]) in words
        points = geometry.wires[source, target]
        assert tuple(points[0]) == geometry.cards[geometry.key_of(source)].output_port.toTuple()
        assert tuple(points[-1]) == geometry.cards[geometry.key_of(target)].input_port.toTuple()


def check(canvas: Canvas, project: Project) -> None:
    picture = CanvasPicture(canvas.scene, None, LIGHT)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "canvas.svg"
        write_picture(picture, path)
        corner = picture.bounds.topLeft() - QPointF(MARGIN, MARGIN)
        texts = [(words, x + corner.x(), y + corner.y()) for words, x, y in texts_of(path)]
    words = {text for text, _, _ in texts}
    check_cards(canvas, project, texts)
    check_wires(canvas, project, words)
    geometry = canvas.scene.geometry
    assert set(canvas.scene.problems) == {geometry.key_of(one.node) for one in project.problems() if one.node}
    painted = " ".join(words)
    for note in project.notes:
        # Words that have no room on a note are broken; one that is smaller than a hand can make it shows none.
        if note.size[0] >= ROOM and note.size[1] >= ROOM:
            assert all(word in painted for word in (note.text or "Empty note").split())
    assert {block.title.strip() for block in project.blocks if block.members} - {""} <= words


@pytest.mark.usefixtures("qapp")
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_picture_is_the_document_after_any_edits(data: st.DataObject) -> None:
    document = Document(RICH)
    canvas = Canvas(document, document.apply)
    for make in data.draw(st.lists(st.sampled_from(DRAWING), min_size=3, max_size=7)):
        document.apply(data.draw(edit_of(make, document.project)))
        check(canvas, document.project)
    while document.undo_title is not None:
        document.undo()
    check(canvas, RICH)
    canvas.deleteLater()
