"""What does the voice in a practice say? The words of its clips, as they are shown beside them.

The clips stand in `frontend/sounds`, one for each language; `manage.py voices` makes them from
here. What is heard and what is read are the same words, so these are no catalogue's sentences.
"""

from __future__ import annotations

from django.templatetags.static import static

ASKS = {
    "en": "Hello! Could you read me the date on this milk carton, please?",
    "da": "Hej! Vil du læse datoen på den her mælkekarton for mig?",
    "fi": "Hei! Voisitko lukea minulle päiväyksen tästä maitotölkistä?",
    "nb": "Hei! Kan du lese datoen på denne melkekartongen for meg?",
    "pl": "Dzień dobry! Czy możesz mi przeczytać datę na tym kartonie mleka?",
}


def clip_of(language: str) -> str:
    """The name of the file, under `frontend`."""
    return f"sounds/practice-{language}.webm"


def played(language: str) -> dict[str, str]:
    """What the page that practises needs: its script, the voice, and what that says."""
    spoken = language if language in ASKS else "en"
    script = static("js/pages/volunteer_late.js")
    return {"script": script, "voice": static(clip_of(spoken)), "says": ASKS[spoken]}
