"""Which languages does somebody speak? Primary subtags, best first.

What a device says of its person is taken as it comes: nobody is refused help for how their phone is
set. What people say of themselves or of others must be a language, or nobody would ever ask in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

MOST_LANGUAGES = 8
_TAG = re.compile(r"([a-z]{2,3})(-[a-z0-9]{1,8})*")
# One spoken language behind several tags; whoever says any of them is understood.
_SAME = {"no": "nb", "nn": "nb", "sme": "se"}
# ISO 639-1. Three letters are taken as they come: they name some 7,000 languages.
_TWO_LETTERS = frozenset(
    re.findall(
        r"\w\w",
        """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia
    id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo
    lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl
    ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk
    tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """,
    )
)
# What is written for a language where one has its country, or an old code, in mind.
_MEANT = {
    "at": "de",
    "cz": "cs",
    "dk": "da",
    "gb": "en",
    "gr": "el",
    "ir": "fa",
    "iw": "he",
    "jp": "ja",
    "se": "sv",
    "ua": "uk",
    "us": "en",
    "vn": "vi",
}


class BadLanguage(ValueError):
    """A tag that names no language, or too many of them; its text is one sentence."""

    field = "language"


def tidy_languages(tags: Iterable[str]) -> list[str]:
    """`["da-DK", "EN", "da"]` becomes `["da", "en"]`. Raises `BadLanguage`."""
    tidy = list(dict.fromkeys(_primary(tag) for tag in tags))
    if len(tidy) > MOST_LANGUAGES:
        raise BadLanguage(_("At most %(most)s languages, please.") % {"most": MOST_LANGUAGES})
    return tidy


def known_languages(tags: Iterable[str]) -> list[str]:
    """The same of what can be languages alone. Raises `BadLanguage`, with the likely one."""
    tidy = tidy_languages(tags)
    for tag in tidy:
        if len(tag) == 2 and tag not in _TWO_LETTERS:
            raise _no_language(tag)
    return tidy


def typed_languages(tags: Iterable[str]) -> list[str]:
    """The same of what somebody typed who knows no list: with "se" they mean Swedish, though it is
    Northern Sami, which can be typed as "sme". Raises `BadLanguage`."""
    tags = list(tags)
    for tag in tags:
        if _subtag(tag) in _MEANT:
            raise _no_language(tag)
    return known_languages(tags)


def own_names() -> dict[str, str]:
    """What each language that we know is called in itself, by its tag."""
    names = {tag: info["name_local"] for tag, info in LANG_INFO.items() if "name_local" in info}
    # Chinese stands there by its scripts alone, and is spoken all the same.
    return {_primary(tag): name for tag, name in names.items() if "-" not in tag} | {"zh": "中文"}


def _primary(tag: str) -> str:
    return _SAME.get(_subtag(tag), _subtag(tag))


def _subtag(tag: str) -> str:
    found = _TAG.fullmatch(tag.strip().replace("_", "-").lower())
    if found is None:
        raise _no_language(tag)
    return found[1]


def _no_language(tag: str) -> BadLanguage:
    said = tag.strip().lower()
    likely = _MEANT.get(re.split("[-_]", said)[0]) or _by_name().get(said)
    if likely is None:
        return BadLanguage(_("%(tag)r is no language; write for instance: en da.") % {"tag": tag})
    sentence = _("%(tag)r is no language here; for %(name)s write %(likely)s.")
    return BadLanguage(sentence % {"tag": tag, "likely": likely, "name": _named(likely)})


def _by_name() -> dict[str, str]:
    """Tags by what languages are called in English and in themselves, in small letters."""
    known = {
        tag: info for tag, info in LANG_INFO.items() if "name_local" in info and "-" not in tag
    }
    return {
        info[name].lower(): _SAME.get(tag, tag)
        for tag, info in known.items()
        for name in ("name", "name_local")
    }


def _named(tag: str) -> str:
    """As people call it who read this page."""
    return str(get_language_info(tag)["name_translated"]) if tag in LANG_INFO else tag
