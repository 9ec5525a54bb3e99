"""Interface texts go through here; until there are catalogues they are the English as written."""

from gettext import NullTranslations

from flask import Flask

_translations = NullTranslations()


def _(text: str) -> str:
    """The text in the reader's language."""
    return _translations.gettext(text)


def ngettext(one: str, many: str, number: int) -> str:
    """The same where a number decides: "%(num)s marker" or "%(num)s markers"; the number is not put in yet."""
    return _translations.ngettext(one, many, number)


def add_language(app: Flask) -> None:
    """Give templates `_("...")`."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_translations(_translations, newstyle=True)  # type: ignore[attr-defined]
