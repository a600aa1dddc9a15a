"""By which names can a language or a topic be chosen?"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from assist.accounts.languages import own_names
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
    known = own_names()
    known |= {tag: tag for tag in spoken if tag and tag not in known}
    return sorted(known.items(), key=lambda item: item[1].casefold())


def topics_by_name() -> list[tuple[str, object]]:
    """(topic, its name) of each."""
    return [(topic.value, name) for topic, name in TOPIC_NAMES.items()]
