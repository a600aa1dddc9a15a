"""Is everything said in each language, completely, and in its own right forms?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from django.utils import translation

from assist.gateway import counted
from assist.lib.env import ROOT
from assist.management import catalogues
from assist.management.catalogues import Catalogue, strings_of
from tests.unit.test_frontend_templates import PLAIN, rendered

LANGUAGES = catalogues.languages()
PLACES = re.compile(r"%\(\w+\)[srd]|\{\w+\}")
ENDINGS = ".?:!"
# How each language quotes a name that stands somewhere on the page.
QUOTES = {"da": ("”", "”"), "fi": ("”", "”"), "nb": ("«", "»"), "pl": ("„", "”")}
# What is rightly the same as in English, and why.
SAME = {
    "Android": "a product's name",
    "{name}: {text}": "nothing to translate",
    "%(name)s, %(day)s": "nothing to translate",
    "%(percent)s %%": "nothing to translate",
    "Link": "the Danish word too",
    "Send": "the Danish and Norwegian word too",
    "Computer": "the Danish word too",
}
COUNTED_TO = 200
SPOKEN_ATTRIBUTES = {"aria-label", "alt", "title", "placeholder"}
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
TEMPLATES = sorted((ROOT / "frontend" / "templates").glob("*.html"))
AT_ONCE = {"gettext", "ngettext", "pgettext", "npgettext"}


@cache
def said() -> Catalog:
    return catalogues.sentences()


@cache
def book(language: str) -> Catalogue:
    return catalogues.merged(language, said())


def messages(language: str) -> list[Message]:
    """Those that are translated."""
    return [message for message in book(language) if message.id and all(strings_of(message))]


def english(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def translated(language: str, sentence: str) -> str:
    """Empty for what is no sentence of ours."""
    found = book(language).get(sentence)
    return strings_of(found)[0] if found else ""


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_there_is_something_to_translate() -> None:
    assert len(said()) > 500
    assert {"da", "fi", "nb", "pl"} <= set(LANGUAGES)


def test_every_sentence_is_translated(language: str) -> None:
    left = [message.id for message in catalogues.untranslated(book(language))]
    assert left == []


def test_the_files_are_what_manage_py_words_writes(language: str) -> None:
    """Otherwise pages would say what was said before, or a translation would be for nobody."""
    for suffix, content in ((".po", catalogues.po_of), (".mo", catalogues.mo_of)):
        path = catalogues.file_of(language, suffix)
        assert path.read_bytes() == content(book(language)), "run: python3 manage.py words"


def test_no_translation_is_only_a_guess(language: str) -> None:
    assert [message.id for message in messages(language) if message.fuzzy] == []


def test_every_place_to_fill_is_kept(language: str) -> None:
    for message in messages(language):
        places = [set(PLACES.findall(sentence)) for sentence in english(message)]
        for string in strings_of(message):
            assert set(PLACES.findall(string)) in places, string


def test_a_percent_sign_fills_nothing(language: str) -> None:
    """Django would fail on the page, and only in this language."""
    for message in messages(language):
        if "%(" in english(message)[0]:
            for string in strings_of(message):
                assert re.sub(r"%\(\w+\)[srd]|%%", "", string).count("%") == 0, string


def test_nothing_is_left_in_english(language: str) -> None:
    same = {message.id for message in messages(language) if message.id in strings_of(message)}
    assert same - set(SAME) == set()


def test_a_sentence_ends_as_the_english_one_does(language: str) -> None:
    def ending(sentence: str) -> str:
        return sentence[-1] if sentence[-1] in ENDINGS else ""

    for message in messages(language):
        for string in strings_of(message):
            assert string == string.strip()
            assert ending(string) == ending(english(message)[0]), string


def test_who_is_told_to_press_something_hears_its_very_name(language: str) -> None:
    opening, closing = QUOTES[language]
    for message in messages(language):
        names = re.findall(r'"([^"]+)"', english(message)[0])
        said = re.findall(f"{opening}([^{closing}]+){closing}", strings_of(message)[0])
        ours = {translated(language, name) for name in names} - {""}
        assert ours <= set(said), message.id
        assert len(said) == len(names), message.id


def test_quotation_marks_are_the_language_s_own(language: str) -> None:
    assert [s for message in messages(language) for s in strings_of(message) if '"' in s] == []


def names_learnt_by_heart() -> dict[str, set[str]]:
    """Page and state -> the English names that docs/accessible-names.md lists for them."""
    found: dict[str, set[str]] = {}
    page = ""
    for line in (ROOT / "docs" / "accessible-names.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            page = line
        elif cells := re.fullmatch(r"\| (.+?) \| (\w+) \| (.+?) \|", line):
            found.setdefault(f"{page} {cells[2]}", set()).add(cells[3].replace("NAME", "%(name)s"))
    return found


def test_two_names_of_a_page_stay_two(language: str) -> None:
    """Whoever says a name aloud must not reach another button."""
    for page, names in names_learnt_by_heart().items():
        here = {name: translated(language, name) for name in names}
        known = {name: string for name, string in here.items() if string}
        assert len(set(known.values())) == len(known), page


def test_a_counted_sentence_has_the_form_of_its_number(language: str) -> None:
    """The scripts choose a form by Unicode's category; each number must get the form of its own."""
    category_of = Locale.parse(language).plural_form
    for message in messages(language):
        if isinstance(message.id, str):
            continue
        one, more = english(message)
        with translation.override(language):
            for number in range(COUNTED_TO):
                like = counted.CATEGORIES[category_of(number)]
                form = translation.ngettext(one, more, number)
                assert form == translation.ngettext(one, more, like)


def test_the_pages_say_which_language_they_are_in(language: str) -> None:
    tag = book(language).get("en", "the language tag of these translations")
    assert tag is not None
    assert tag.string == language


class Heard(HTMLParser):
    """Everything on a page that is read or spoken, piece by piece."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pieces |= {value or "" for name, value in attrs if name in SPOKEN_ATTRIBUTES}

    def handle_data(self, data: str) -> None:
        self.pieces.add(" ".join(data.split()))


@pytest.mark.parametrize("name", ["requester", "volunteer", "monitor", *PLAIN])
def test_no_page_says_in_english_what_its_language_can_say(name: str, language: str) -> None:
    ours = {message.id for message in messages(language)} - set(SAME)
    with translation.override(language):
        heard = Heard(rendered(name, **PLAIN.get(name, {}))).pieces
    assert heard & ours == set()
    assert len(heard) > 10


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_what_an_attribute_says_is_translated(path: Path) -> None:
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"))
    said = {value for name, value in ATTRIBUTE.findall(text) if name in SPOKEN_ATTRIBUTES}
    assert said <= {"", "UTC"}


def test_nothing_is_translated_before_it_is_known_for_whom() -> None:
    """What a module says while it is loaded stays in English for everybody."""
    hasty = [
        f"{path.name}:{call.lineno}"
        for path in catalogues.sources()
        if path.suffix == ".py"
        for call in said_while_loading(path)
    ]
    assert hasty == []


def said_while_loading(path: Path) -> Iterator[ast.Call]:
    """Calls of gettext and its like that stand in no function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in AT_ONCE
    }
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node
        waiting += ast.iter_child_nodes(node)
