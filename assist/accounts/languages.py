"""Which languages does somebody speak? Primary subtags, best first."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _

MOST_LANGUAGES = 8
_TAG = re.compile(r"([a-z]{2,3})(-[a-z0-9]{1,8})*")
# One spoken language behind three tags; whoever says any of them is understood.
_SAME = {"no": "nb", "nn": "nb"}


class BadLanguage(ValueError):
    """A tag that names no language, or too many of them; its text is one sentence."""

    field = "language"


def tidy_languages(tags: Iterable[str]) -> list[str]:
    """`["da-DK", "EN", "da"]` becomes `["da", "en"]`. Raises `BadLanguage`."""
    tidy = list(dict.fromkeys(_primary(tag) for tag in tags))
    if len(tidy) > MOST_LANGUAGES:
        raise BadLanguage(_("At most %(most)s languages, please.") % {"most": MOST_LANGUAGES})
    return tidy


def own_names() -> dict[str, str]:
    """What each language that we know is called in itself, by its tag."""
    names = {tag: info["name_local"] for tag, info in LANG_INFO.items() if "name_local" in info}
    return {_primary(tag): name for tag, name in names.items() if "-" not in tag}


def _primary(tag: str) -> str:
    found = _TAG.fullmatch(tag.strip().replace("_", "-").lower())
    if found is None:
        sentence = _("%(tag)r is no language; write for instance: en da.")
        raise BadLanguage(sentence % {"tag": tag})
    return _SAME.get(found[1], found[1])
