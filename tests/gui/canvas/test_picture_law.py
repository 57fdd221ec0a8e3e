"""The picture on the canvas is the document after any sequence of edits, undos included."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.project import Document
from tests.gui.canvas.painted import check_picture
from tests.project.test_laws import DRAWING, RICH, edit_of


@pytest.mark.usefixtures("qapp")
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_picture_is_the_document_after_any_edits(data: st.DataObject) -> None:
    document = Document(RICH)
    canvas = Canvas(document, document.apply)
    for make in data.draw(st.lists(st.sampled_from(DRAWING), min_size=3, max_size=7)):
        document.apply(data.draw(edit_of(make, document.project)))
        check_picture(canvas, document.project)
    while document.undo_title is not None:
        document.undo()
    check_picture(canvas, RICH)
    canvas.deleteLater()
