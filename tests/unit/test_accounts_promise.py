"""Does whoever gave the promise know which words it had?"""

from __future__ import annotations

import hashlib
import re

from assist.accounts.promise import WORDING
from assist.lib.env import ROOT

TEMPLATE = ROOT / "frontend" / "templates" / "_promise.html"
# Of each wording that was ever promised. Commas may be mended; what means something else is new.
WORDS = {1: "e4e72d48ea489d15"}


def test_other_words_are_another_promise() -> None:
    sentences = re.findall(r'translate "([^"]+)"', TEMPLATE.read_text(encoding="utf-8"))
    assert len(sentences) == 3
    assert hashlib.sha256("\n".join(sentences).encode()).hexdigest()[:16] == WORDS[WORDING]
