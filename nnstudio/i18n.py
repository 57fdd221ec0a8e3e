"""The person's language.

Components and errors hold English; a view translates at the moment of showing, so that the language can change
without a restart. Catalogues are gettext files; a sentence that has no translation is shown in English.
"""

import gettext
from pathlib import Path

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


def tr(text: str) -> str:
    """Return the sentence in the person's language."""
    return _catalogue.gettext(text)
