"""The palette: search, favourites, what was used last, and a person's own blocks."""

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from nnstudio.components import members
from nnstudio.engine.layers.dense import Dense
from nnstudio.gui.block_library import BlockLibrary
from nnstudio.gui.drawing.canvas_search import layer_entries
from nnstudio.gui.fuzzy import best, score
from nnstudio.gui.panels.palette import Palette, tooltip
from nnstudio.gui.preferences import USED_COUNT, Preferences
from nnstudio.paths import resources


def _palette(qtbot: QtBot, folder: Path) -> Palette:
    QSettings().clear()
    palette = Palette(Preferences(), BlockLibrary(folder))
    qtbot.addWidget(palette)
    return palette


def _headings(palette: Palette) -> list[str]:
    items = (palette.list.item(row) for row in range(palette.list.count()))
    return [item.text() for item in items if not item.flags() & Qt.ItemFlag.ItemIsEnabled]


def test_every_layer_is_there_with_an_icon_of_its_own_and_its_formula(qtbot: QtBot, tmp_path: Path) -> None:
    palette = _palette(qtbot, tmp_path)
    keys = {member.key for member in members("layers")}
    assert set(palette.keys()) == keys
    for key in keys:
        assert (resources() / "icons" / "layers" / f"{key}.svg").is_file(), key
    assert "z = x W + b" in tooltip(Dense)


def test_layers_stand_by_their_titles_within_their_families_wherever_they_are_listed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    palette = _palette(qtbot, tmp_path)
    assert palette.keys()[:4] == ("input", "output", "activation", "dense")
    assert _headings(palette)[:2] == ["Ends", "Basic"]
    titles = [palette.list.item(row).text() for row in range(palette.list.count())]
    places = [titles.index(heading) for heading in _headings(palette)]
    for start, end in pairwise([*places, len(titles)]):
        family = titles[start + 1 : end]
        assert family == sorted(family, key=str.casefold)
    assert tuple(entry.key for entry in layer_entries()) == palette.keys()


def test_the_search_finds_by_letters_and_by_other_names(qtbot: QtBot, tmp_path: Path) -> None:
    palette = _palette(qtbot, tmp_path)
    for typed, key in (("bn", "batch_normalization"), ("fc", "dense"), ("mxpl2", "max_pooling2d"), ("resid", "add")):
        palette.search.setText(typed)
        assert key in palette.keys()[:3], (typed, palette.keys())
    with qtbot.waitSignal(palette.component_activated) as told:
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert told.args == ["add"]
    palette.search.setText("zzz")
    assert not palette.keys()


def test_favourites_and_what_was_used_last_come_first(qtbot: QtBot, tmp_path: Path) -> None:
    palette = _palette(qtbot, tmp_path)
    before = palette.keys()
    for key in ("lstm", "gru", "add", "flatten", "reshape"):
        palette.remember(key)
    assert palette.keys() == before  # nothing moves away under the hand that adds several
    qtbot.keyClicks(palette.search, "x")
    qtbot.keyClick(palette.search, Qt.Key.Key_Backspace)
    assert _headings(palette)[0] == "Used last"
    assert palette.keys()[:USED_COUNT] == ("reshape", "flatten", "add", "gru")
    item = palette.list.item(1 + palette.keys().index("add"))
    action = next(action for action in palette.menu_of(item).actions() if "favourites" in action.text())
    action.trigger()
    assert _headings(palette)[:2] == ["Favourites", "Used last"]
    assert palette.keys()[0] == "add"
    assert Preferences().favourites == ("add",)


def test_a_block_of_ones_own_is_kept_whatever_its_name(qtbot: QtBot, tmp_path: Path) -> None:
    blocks = BlockLibrary(tmp_path / "blocks")
    blocks.save("../../residual", "first")
    blocks.save("Residual?", "second")
    blocks.save("Residual?", "third")
    (tmp_path / "blocks" / "broken.block.json").write_text("{")
    assert tuple(blocks.texts()) == ("../../residual", "Residual?")
    assert blocks.texts()["Residual?"] == "third"
    assert not list(tmp_path.glob("*.json"))
    palette = _palette(qtbot, tmp_path / "blocks")
    assert _headings(palette)[-1] == "My blocks"
    item = palette.list.item(palette.list.count() - 1)
    with qtbot.waitSignal(palette.block_activated) as told:
        palette.list.itemActivated.emit(item)
    assert told.args == ["third"]
    palette.menu_of(item).actions()[-1].trigger()
    assert tuple(blocks.texts()) == ("../../residual",)


def test_the_search_finds_a_persons_own_blocks_too(qtbot: QtBot, tmp_path: Path) -> None:
    BlockLibrary(tmp_path).save("My twins", "two layers")
    palette = _palette(qtbot, tmp_path)
    palette.search.setText("twins")
    assert palette.keys() == ("block:My twins",)
    assert _headings(palette) == ["My blocks"]
    with qtbot.waitSignal(palette.block_activated) as told:
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert told.args == ["two layers"]


def test_letters_that_begin_words_count_more() -> None:
    assert score("dns", "Dense") is not None
    assert score("dense", "Dropout") is None
    better, worse = score("mp", "Max pooling"), score("mp", "Simple")
    assert better is not None
    assert worse is not None
    assert better > worse
    assert best("add", [("Padding",), ("Add",)]) == [1, 0]
