"""Bring every language's catalogue up to date with what the pages say."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """`manage.py words`: run it after a sentence or a translation has changed."""

    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Write each `.po` and `.mo`, and say what is still to be translated."""
        try:
            from assist.management import catalogues
        except ImportError as missing:
            sentence = "Babel is missing. Run once: python3 manage.py verify"
            raise CommandError(sentence, returncode=2) from missing
        said = catalogues.sentences()
        for language in catalogues.languages():
            book = catalogues.merged(language, said)
            for suffix, content in ((".po", catalogues.po_of), (".mo", catalogues.mo_of)):
                path = catalogues.file_of(language, suffix)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content(book))
            left = catalogues.untranslated(book)
            self.stdout.write(f"{language}: {len(book) - len(left)} translated, {len(left)} to do")
