"""How does a name keep its letters in order on a page that is written the other way?"""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString


def isolated(text: str) -> SafeString:
    """For a sentence that is shown as HTML: what stands beside the name does not turn it round.

    Not for the words of a button, which lays out what is in it as parts: blanks would be lost.
    """
    return format_html("<bdi>{}</bdi>", text)
