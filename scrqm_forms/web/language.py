"""Interface texts go through here; until there are catalogues they are the English as written."""

from gettext import NullTranslations

from flask import Flask

_translations = NullTranslations()


def _(text: str) -> str:
    """The text in the reader's language."""
    return _translations.gettext(text)


def add_language(app: Flask) -> None:
    """Give templates `_("...")`."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_translations(_translations, newstyle=True)  # type: ignore[attr-defined]
