"""The ground: language and places."""

import struct
from pathlib import Path

from nnstudio import i18n, paths


def _write_catalogue(folder: Path, original: str, translated: str) -> None:
    """Write a gettext catalogue of one sentence."""
    texts = [("", "Content-Type: text/plain; charset=UTF-8\n"), (original, translated)]
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
    _write_catalogue(tmp_path, "Train", "Trainieren")
    try:
        i18n.use_language("de", tmp_path)
        assert i18n.tr("Train") == "Trainieren"
        assert i18n.tr("Pause") == "Pause"
    finally:
        i18n.use_language("en", tmp_path)
    assert i18n.tr("Train") == "Train"


def test_samples_and_resources_are_found() -> None:
    assert (paths.samples() / "iris.csv").is_file()
    assert (paths.resources() / "themes" / "studio.qss").is_file()
