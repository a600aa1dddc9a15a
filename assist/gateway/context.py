"""What does every page's template find besides what its view passes?"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from assist.gateway.words import words


def page(_request: HttpRequest) -> dict[str, Callable[[], dict[str, str]]]:
    """`words`: the sentences for the page's script. Made only by a template that asks for them;
    the Coordinator's page, which does not know this package, has them from here too."""
    return {"words": words}
