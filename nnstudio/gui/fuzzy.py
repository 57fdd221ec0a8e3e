"""Finds what a person means from the few letters they type."""

from __future__ import annotations

from collections.abc import Sequence

_START, _WORD, _RUN, _PLAIN = 10.0, 8.0, 5.0, 1.0
_LENGTH = 0.02


def score(wanted: str, text: str) -> float | None:
    """Return how well a text fits what was typed, or None where it does not.

    The letters must occur in their order. Those that begin the text or a word, or follow each other, count more;
    among equals the shorter text is better.

    Parameters
    ----------
    wanted, text : str
    """
    letters, place = wanted.lower().replace(" ", ""), text.lower()
    if not letters:
        return 0.0
    straight = place.find(wanted.strip().lower())
    if straight >= 0:
        begins = straight == 0 or not place[straight - 1].isalnum()
        return len(letters) * (_START if straight == 0 else _WORD if begins else _RUN) - _LENGTH * len(text)
    total, at, last = 0.0, 0, -2
    for letter in letters:
        found = place.find(letter, at)
        word = next((i for i in range(at, len(place)) if place[i] == letter and not place[i - 1 : i].isalnum()), -1)
        if found < 0:
            return None
        if found != last + 1 and word >= 0:
            found = word
        if found == last + 1:
            total += _RUN
        else:
            total += _WORD if found == 0 or not place[found - 1].isalnum() else _PLAIN
        at, last = found + 1, found
    return total - _LENGTH * len(text)


def best(wanted: str, texts: Sequence[tuple[str, ...]]) -> list[int]:
    """Return the places of the entries that fit, the best first; equals stay in their order.

    Parameters
    ----------
    wanted : str
    texts : sequence of tuple of str
        The names of each entry: its title first, which counts double, then by what else it may be found.
    """
    rated: list[tuple[float, int]] = []
    for index, names in enumerate(texts):
        scores = [
            found * (2 if place == 0 else 1)
            for place, name in enumerate(names)
            if (found := score(wanted, name)) is not None
        ]
        if scores:
            rated.append((-max(scores), index))
    return [index for _, index in sorted(rated)]
