"""By which names can a language or a topic be chosen?"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy

from assist.accounts.languages import tidy_languages
from assist.protocol.states import Topic

TOPIC_NAMES = {
    Topic.READING: gettext_lazy("Reading"),
    Topic.TECHNOLOGY: gettext_lazy("Technology"),
    Topic.COOKING: gettext_lazy("Cooking"),
    Topic.FINDING: gettext_lazy("Finding something"),
    Topic.INDOORS: gettext_lazy("Getting around indoors"),
}


def languages_by_name(spoken: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(tag, its own name) of what can be chosen, and of what somebody speaks besides."""
    names = {tag: info["name_local"] for tag, info in LANG_INFO.items() if "name_local" in info}
    known = {tidy_languages([tag])[0]: name for tag, name in names.items() if "-" not in tag}
    known |= {tag: tag for tag in spoken if tag and tag not in known}
    return sorted(known.items(), key=lambda item: item[1].casefold())


def topics_by_name() -> list[tuple[str, object]]:
    """(topic, its name) of each."""
    return [(topic.value, name) for topic, name in TOPIC_NAMES.items()]
