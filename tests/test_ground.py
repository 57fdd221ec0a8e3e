"""The ground: language and places."""

import struct
from collections.abc import Mapping
from pathlib import Path

from nnstudio import i18n, paths


def write_catalogue(folder: Path, translated: Mapping[str, str]) -> None:
    """Write a German gettext catalogue."""
    texts = [("", "Content-Type: text/plain; charset=UTF-8\n"), *sorted(translated.items())]
    keys, values = [a.encode() for a, _ in texts], [b.encode() for _, b in texts]
    start = 28 + 16 * len(texts)
    key_table, value_table, blob = b"", b"", b""
    for table, words in ((0, keys), (1, values)):
        for word in words:
            entry = struct.pack("<II", len(word), start + len(blob))
            key_table, value_table = (key_table + entry, value_table) if not table else (key_table, value_table + entry)
            blob += word + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(texts), 28, 28 + 8 * len(texts), 0, 0)
    place = folder / "de" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "nnstudio.mo").write_bytes(head + key_table + value_table + blob)


def test_a_sentence_is_shown_in_the_chosen_language_and_in_english_without_a_catalogue(tmp_path: Path) -> None:
    write_catalogue(tmp_path, {"Train": "Trainieren"})
    try:
        i18n.use_language("de", tmp_path)
        assert i18n.tr("Train") == "Trainieren"
        assert i18n.tr("Pause") == "Pause"
        assert i18n.tr("") == ""
    finally:
        i18n.use_language("en", tmp_path)
    assert i18n.tr("Train") == "Train"


def test_a_phrase_is_translated_as_one_sentence_and_names_in_it_are_not(tmp_path: Path) -> None:
    words = {"Group {layers} as '{name}'": "'{name}' aus {layers} machen", "{count} layers": "{count} Schichten"}
    write_catalogue(tmp_path, {**words, "Train": "Trainieren"})
    phrase = i18n.Phrase("Group {layers} as '{name}'", layers=i18n.Phrase("{count} layers", count=3), name="Train")
    assert phrase == "Group 3 layers as 'Train'"
    try:
        i18n.use_language("de", tmp_path)
        assert i18n.tr(phrase) == "'Train' aus 3 Schichten machen"
    finally:
        i18n.use_language("en", tmp_path)
    assert i18n.tr(phrase) == phrase
    assert i18n.tr(i18n.Phrase("{braces}")) == "{braces}"


def test_samples_and_resources_are_found() -> None:
    assert (paths.samples() / "iris.csv").is_file()
    assert (paths.resources() / "themes" / "studio.qss").is_file()
