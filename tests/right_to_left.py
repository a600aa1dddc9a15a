"""What if a language is read from right to left? Settings of a house that offers such a one, too.

Nobody can read it: each letter is another one of the Hebrew alphabet. `make_catalogue` writes what
these settings expect in the house's state folder.
"""

from __future__ import annotations

import re
from pathlib import Path

from assist.management import catalogues
from assist.settings import *  # noqa: F403 - the same house in everything else
from assist.settings import ASSIST_STATE, LANGUAGES, LOCALE_PATHS

TAG, NAME = "he", "עברית"
LANGUAGES = [*LANGUAGES, (TAG, NAME)]
LOCALE_PATHS = [*LOCALE_PATHS, ASSIST_STATE / "locale"]

# What stays as it is: places to fill, elements, and the letters of Django's date filter.
KEPT = re.compile(r"(%\(\w+\)[srd]|%%|\{\w+\}|<[^>]*>)")
DATES = "letters of Django's date filter"
ALEF = 0x05D0
LETTERS = {ord("a") + n: ALEF + n for n in range(26)} | {ord("A") + n: ALEF + n for n in range(26)}


def turned(sentence: str) -> str:
    """The sentence as this language says it: as long, and with the same places to fill."""
    parts = KEPT.split(sentence)
    return "".join(part if at % 2 else part.translate(LETTERS) for at, part in enumerate(parts))


def make_catalogue(folder: Path) -> None:
    """A complete one, where Django looks for it."""
    book = catalogues.Catalogue(locale=TAG, fuzzy=False)
    for message in catalogues.sentences():
        if isinstance(message.id, str) and message.id:
            kept = message.id if message.context == DATES else turned(message.id)
            tag = TAG if message.id == "en" else kept
            book.add(message.id, tag, context=message.context)
        elif message.id:
            book.add(message.id, tuple(map(turned, message.id)), context=message.context)
    place = folder / TAG / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.mo").write_bytes(catalogues.mo_of(book))
