"""What do the pages say, and how is it said in each language? Babel reads and writes; no gettext.

The English sentence in the code is the key. A catalogue is a `.po` file that people write and a
`.mo` file beside it that Django reads; both are kept, so that nothing has to be compiled where
Assist runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from assist.lib.env import ROOT

SOURCES = (
    (ROOT / "assist", ("*.py", "*.html", "*.txt")),
    (ROOT / "frontend" / "templates", ("*.html", "*.txt")),
)
LOCKS = ROOT / "assist" / "requirements"
# Which arguments are sentences: the first, a singular and a plural, or one behind its context.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
LINE_WIDTH = 100


class Catalogue(Catalog):
    """One language's sentences, with the headers that say something: no dates, no program."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def languages() -> list[str]:
    """Those with a catalogue: all that are offered but English, in which the code is written."""
    return [tag for tag, _name in settings.LANGUAGES if tag != settings.LANGUAGE_CODE]


def file_of(language: str, suffix: str) -> Path:
    """`suffix`: `.po` or `.mo`."""
    return ROOT / "frontend" / "locale" / language / "LC_MESSAGES" / f"django{suffix}"


def sentences() -> Catalog:
    """Everything in our code and templates that is to be translated, without translations."""
    found = Catalog(fuzzy=False)
    for path in sources():
        where = [(str(path.relative_to(ROOT)), 0)]
        for _line, message, _comments, context in extract("python", python_of(path), KEYWORDS):
            found.add(message, locations=where, context=context)
    return found


def sources() -> Iterator[Path]:
    for folder, patterns in SOURCES:
        found = {path for pattern in patterns for path in folder.rglob(pattern)}
        yield from sorted(path for path in found if not path.is_relative_to(LOCKS))


def python_of(path: Path) -> BytesIO:
    """A module as it is; of a template only its calls of gettext, each at the start of a line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        calls = templatize(text, origin=str(path))
        text = "\n".join(line.lstrip() for line in calls.splitlines())
    return BytesIO(text.encode())


def written(language: str) -> Catalog:
    """The catalogue as somebody wrote it; an empty one before anybody did."""
    path = file_of(language, ".po")
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merged(language: str, said: Catalog) -> Catalogue:
    """What is said now with the translations that there are; what nobody says any more is gone."""
    known = written(language)
    header = f"# Assist in {language}. Before you translate, read docs/languages.md."
    book = Catalogue(locale=language, header_comment=header, fuzzy=False)
    for message in said:
        if message.id:
            add(book, message, known.get(message.id, message.context))
    return book


def add(book: Catalogue, message: Message, known: Message | None) -> None:
    """`message` as the code says it now, translated as in `known`, which may be another's."""
    kept = known if known and known.pluralizable == message.pluralizable else message
    added = book.add(
        message.id,
        kept.string or "",
        locations=message.locations,
        flags=kept.flags,
        user_comments=kept.user_comments,
        context=message.context,
    )
    if "%(" not in str(message.id):  # a per cent sign before a word is no place to fill
        added.flags.discard("python-format")


def po_of(book: Catalogue) -> bytes:
    file = BytesIO()
    write_po(file, book, width=LINE_WIDTH, include_lineno=False)
    return file.getvalue()


def mo_of(book: Catalogue) -> bytes:
    """What is not translated yet is left out, or stands in English."""
    file = BytesIO()
    write_mo(file, book)
    return file.getvalue()


def untranslated(book: Catalog) -> list[Message]:
    return [message for message in book if message.id and not all(strings_of(message))]


def strings_of(message: Message) -> list[str]:
    """Each plural form, or the one sentence."""
    return [message.string] if isinstance(message.string, str) else list(message.string or "")
