"""Does `manage.py words` find every sentence, and keep what has been translated?"""

from __future__ import annotations

import gettext
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from assist.management import catalogues

MODULE = """
from django.utils.translation import ngettext
from django.utils.translation import gettext_lazy as _
title = _("A long sentence "
          "in two parts.")
def many(n):
    return ngettext("{n} call", "{n} calls", n)
"""
TEMPLATE = """{% load i18n %}<main>
    <h1 title="{% translate 'Hint' %}">{% translate "Title" context "a heading" %}</h1>
  {% if name %}<p>{% blocktranslate with who=name %}Hello, {{ who }}{% endblocktranslate %}</p>
      {% endif %}Not to be translated: {{ _ }}
</main>"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house of one module and one template."""
    (tmp_path / "words.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "page.html").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "SOURCES", ((tmp_path, ("*.py", "*.html")),))
    return tmp_path


def write(
    language: str, *translations: tuple[str | tuple[str, str], str | tuple[str, ...]]
) -> None:
    path = catalogues.file_of(language, ".po")
    path.parent.mkdir(parents=True)
    book = catalogues.Catalogue(locale=language, fuzzy=False)
    for sentence, translation in translations:
        book.add(sentence, translation)
    path.write_bytes(catalogues.po_of(book))


def known(book: Catalog) -> dict[str, object]:
    """Sentence -> translation; of a counted one the singular."""
    return {m.id if isinstance(m.id, str) else m.id[0]: m.string for m in book if m.id}


@pytest.mark.usefixtures("house")
def test_every_sentence_of_a_module_and_a_template_is_found() -> None:
    found = {(message.id, message.context) for message in catalogues.sentences() if message.id}
    assert found == {
        ("A long sentence in two parts.", None),
        (("{n} call", "{n} calls"), None),
        ("Hint", None),
        ("Title", "a heading"),
        ("Hello, %(who)s", None),
    }


@pytest.mark.usefixtures("house")
def test_a_new_language_begins_empty_and_with_its_own_plural_forms() -> None:
    book = catalogues.merged("pl", catalogues.sentences())
    assert len(catalogues.untranslated(book)) == 5
    assert book.num_plurals == 3
    assert b"nplurals=3" in catalogues.po_of(book)


@pytest.mark.usefixtures("house")
def test_what_is_translated_stays_and_what_nobody_says_any_more_goes() -> None:
    write(
        "da", ("Hint", "Vink"), (("{n} call", "{n} calls"), ("{n} opkald",) * 2), ("Old", "Gammel")
    )
    book = catalogues.merged("da", catalogues.sentences())
    assert known(book)["Hint"] == "Vink"
    assert known(book)["{n} call"] == ("{n} opkald", "{n} opkald")
    assert "Old" not in known(book)


@pytest.mark.usefixtures("house")
def test_a_sentence_that_begins_to_count_is_translated_anew() -> None:
    write("da", ("{n} call", "{n} opkald"))
    book = catalogues.merged("da", catalogues.sentences())
    assert known(book)["{n} call"] == ("", "")


@pytest.mark.usefixtures("house")
def test_writing_twice_changes_nothing() -> None:
    write("da", ("Hint", "Vink"))
    once = catalogues.po_of(catalogues.merged("da", catalogues.sentences()))
    catalogues.file_of("da", ".po").write_bytes(once)
    assert catalogues.po_of(catalogues.merged("da", catalogues.sentences())) == once


@pytest.mark.usefixtures("house")
def test_what_is_not_translated_is_read_in_english() -> None:
    write("da", ("Hint", "Vink"))
    compiled = catalogues.mo_of(catalogues.merged("da", catalogues.sentences()))
    danish = gettext.GNUTranslations(BytesIO(compiled))
    assert danish.gettext("Hint") == "Vink"
    assert danish.ngettext("{n} call", "{n} calls", 1) == "{n} call"
    assert danish.ngettext("{n} call", "{n} calls", 2) == "{n} calls"
