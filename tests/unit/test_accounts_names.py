"""Which names and languages are one and the same, and which are none?"""

import pytest
from django.utils import translation

from assist.accounts.languages import (
    BadLanguage,
    known_languages,
    own_names,
    tidy_languages,
    typed_languages,
)
from assist.accounts.models import BadName, name_key, tidy_name


def test_a_name_is_shown_without_stray_blanks() -> None:
    assert tidy_name("  Noor \t al  Amin ") == "Noor al Amin"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Åse", "åSE"), ("Łukasz", "łukasz"), ("\uff2eoor", "noor"), ("Ali\u200creza", "alireza")],
)
def test_names_that_differ_in_case_or_width_are_one(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_different_names_stay_different() -> None:
    assert name_key("Ase") != name_key("Åse")


def test_a_name_keeps_the_joiners_that_its_script_needs() -> None:
    assert tidy_name("Ali\u200creza") == "Ali\u200creza"


def test_a_name_that_unfolds_to_more_than_can_be_kept_is_refused() -> None:
    with pytest.raises(BadName, match="too long"):
        name_key("\ufdfa" * 60)


@pytest.mark.parametrize(
    "name", ["", "\u200d", "   ", "a" * 61, "No\x00or", "No\u202eor", "Noor\x1b[2J"]
)
def test_nobody_is_called_by_nothing_or_by_signs_that_do_not_print(name: str) -> None:
    with pytest.raises(BadName, match="printable"):
        tidy_name(name)


def test_languages_are_primary_subtags_in_their_order() -> None:
    assert tidy_languages(["da-DK", "EN", "da", "zh_Hant_TW"]) == ["da", "en", "zh"]


def test_the_norwegian_tags_are_one_language() -> None:
    assert tidy_languages(["no", "nn", "nb-NO"]) == ["nb"]


@pytest.mark.parametrize("tag", ["", "english", "e", "e1", "en us", "../en", "*"])
def test_what_is_no_language_tag_is_refused(tag: str) -> None:
    with pytest.raises(BadLanguage):
        tidy_languages([tag])


def test_nobody_speaks_more_than_eight_languages_here() -> None:
    with pytest.raises(BadLanguage, match="At most 8"):
        tidy_languages(["en", "da", "fi", "nb", "pl", "sv", "de", "fr", "es"])


@pytest.mark.parametrize("tag", ["dk", "xx", "cz", "dk-DK"])
def test_a_country_is_no_language_and_a_device_may_say_what_it_likes(tag: str) -> None:
    for read in (known_languages, typed_languages):
        with pytest.raises(BadLanguage, match="is no language"):
            read(["en", tag])
    assert tidy_languages(["en", tag]) == ["en", tag[:2]]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("dk", "'dk' is no language here; for Danish write da."),
        ("SE", "'SE' is no language here; for Swedish write sv."),
        ("se_SE", "for Swedish write sv."),
        ("dansk", "for Danish write da."),
        ("English", "for English write en."),
        ("Norsk", "for Norwegian Bokmal write nb."),
    ],
)
def test_who_types_a_country_or_a_name_is_told_the_language(typed: str, sentence: str) -> None:
    with pytest.raises(BadLanguage) as refused:
        typed_languages([typed])
    assert sentence in str(refused.value)


def test_languages_that_few_speak_are_languages_too() -> None:
    assert typed_languages(["so", "fo", "prs", "no", "sme"]) == ["so", "fo", "prs", "nb", "se"]
    assert known_languages(["se"]) == ["se"], "it is kept so, and comes back from a form"


def test_it_is_named_as_the_page_names_it() -> None:
    with translation.override("nb"), pytest.raises(BadLanguage, match="Dansk"):
        typed_languages(["dk"])


def test_whoever_speaks_chinese_can_choose_it() -> None:
    assert own_names()["zh"] == "中文"
    assert known_languages(["zh-Hans"]) == ["zh"]
