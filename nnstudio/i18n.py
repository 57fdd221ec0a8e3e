"""The person's language.

Components and errors hold English; a view translates at the moment of showing, so that the language can change
without a restart. Catalogues are gettext files; a sentence that has no translation is shown in English.
"""

import gettext
from collections.abc import Mapping
from pathlib import Path
from typing import Self

_DOMAIN = "nnstudio"
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use_language(language: str, catalogues: Path) -> None:
    """Translate into this language from now on.

    Parameters
    ----------
    language : str
        A code such as ``"en"`` or ``"zh_CN"``; one without a catalogue means English.
    catalogues : Path
        The folder that holds ``<language>/LC_MESSAGES/nnstudio.mo``.
    """
    global _catalogue
    _catalogue = gettext.translation(_DOMAIN, localedir=catalogues, languages=[language], fallback=True)


class Phrase(str):
    """English words with places for values, which `tr` translates as one sentence.

    Parameters
    ----------
    template : str
        Such as ``"Set {count} units"``; this is what a catalogue holds.
    **values
        What stands at the places; a value that is a phrase is translated too, names that people gave are not.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Return the words in English."""
        made = super().__new__(cls, template.format(**values) if values else template)
        made.template, made.values = template, values
        return made


def tr(text: str) -> str:
    """Return the sentence in the person's language."""
    if not text:
        return ""  # a catalogue has something else under no words
    if not isinstance(text, Phrase) or not text.values:
        return _catalogue.gettext(text)
    values = {name: tr(value) if isinstance(value, Phrase) else value for name, value in text.values.items()}
    return _catalogue.gettext(text.template).format(**values)
