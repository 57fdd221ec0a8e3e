"""The table of layers tells what each layer is, gets and gives."""

import csv
import io

from nnstudio.engine import Network
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.dropout import Dropout
from nnstudio.project.layer_table import HEADINGS, layer_table, settings_of, to_csv, to_markdown


def _network(name: str = "first") -> Network:
    return Network.model_validate(
        {
            "nodes": [
                {"id": "input", "layer": {"type": "input", "shape": [4]}},
                {"id": "a", "title": name, "layer": {"type": "dense", "units": 5, "activation": "tanh"}},
                {"id": "b", "layer": {"type": "dense", "units": 5, "use_bias": False}},
                {"id": "sum", "layer": {"type": "add"}},
                {"id": "output", "layer": {"type": "output"}},
            ],
            "edges": [["input", "a"], ["input", "b"], ["a", "sum"], ["b", "sum"], ["sum", "output"]],
        }
    )


def _row(network: Network, name: str) -> dict[str, str]:
    return dict(zip(HEADINGS, next(row for row in layer_table(network) if row[0] == name), strict=True))


def test_every_layer_says_what_it_is_and_gets_and_gives() -> None:
    first = _row(_network(), "first")
    assert (first["Kind"], first["From"], first["Output"], first["Parameters"]) == ("Dense", "input", "5", "25")
    assert _row(_network(), "sum")["From"] == "first, b"


def test_only_settings_that_were_changed_are_told() -> None:
    assert _row(_network(), "first")["Settings"] == "units 5, activation tanh"
    assert "off" in _row(_network(), "b")["Settings"]
    assert _row(_network(), "sum")["Settings"] == ""


def test_the_total_is_the_sum_of_all_parameters() -> None:
    assert layer_table(_network())[-1] == ("Total", "", "", "", "", "45")


def test_what_cannot_be_known_is_a_question_mark_and_the_total_says_so() -> None:
    network = Network.model_validate({"nodes": [{"id": "lost", "layer": {"type": "dense"}}]})
    lost = _row(network, "lost")
    assert (lost["Output"], lost["Parameters"]) == ("?", "?")
    assert layer_table(network)[-1][-1] == "at least 0"


def test_markdown_keeps_its_columns_whatever_a_layer_is_called() -> None:
    lines = to_markdown(_network("a | b\nc")).splitlines()
    assert len(lines) == 2 + 5 + 1
    assert lines[3].startswith("| a \\| b c | Dense |")
    assert {line.replace("\\|", "").count("|") for line in lines} == {len(HEADINGS) + 1}


def test_csv_reads_back_as_it_was_written() -> None:
    network = _network('a, "b"')
    assert list(csv.reader(io.StringIO(to_csv(network)))) == [list(HEADINGS), *map(list, layer_table(network))]


def test_the_number_of_units_and_the_rate_are_told_even_where_a_new_layer_has_the_same() -> None:
    assert settings_of(Dense()) == f"units {Dense().units}"
    assert settings_of(Dropout()) == f"rate {Dropout().rate:g}"
