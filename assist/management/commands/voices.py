"""Have the sentences of a practice said, and kept as `frontend/sounds/practice-LANGUAGE.webm`."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import av
from django.core.management.base import BaseCommand, CommandError

from assist.gateway.practice_voice import ASKS, clip_of
from assist.lib.env import ROOT

VOICES = {"en": "en-gb"}  # a language's own name elsewhere
WORDS_A_MINUTE = "140"
PITCH = "45"
BITS_S = 20_000
SAMPLES_S = 48_000
SAY_S = 30


class Command(BaseCommand):
    """`manage.py voices`, once a sentence has changed. Needs espeak-ng, a free synthesiser."""

    help = __doc__
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own name and type

    def handle(self, *args: Any, **options: Any) -> None:
        program = shutil.which("espeak-ng")
        if program is None:
            raise CommandError("No espeak-ng here: install it (on Debian: apt install espeak-ng).")
        for language, sentence in ASKS.items():
            clip = ROOT / "frontend" / clip_of(language)
            with tempfile.TemporaryDirectory(prefix="assist-voices-") as folder:
                spoken = Path(folder) / "spoken.wav"
                say(program, VOICES.get(language, language), sentence, spoken)
                encode(spoken, clip)
            self.stdout.write(f"Said: {clip.name}, {clip.stat().st_size} bytes")


def say(program: str, voice: str, sentence: str, file: Path) -> None:
    command = [program, "-v", voice, "-s", WORDS_A_MINUTE, "-p", PITCH, "-w", str(file), sentence]
    subprocess.run(command, check=True, capture_output=True, timeout=SAY_S)


def encode(spoken: Path, clip: Path) -> None:
    """Opus in WebM: the one that most browsers can decode by themselves."""
    with av.open(str(spoken)) as source, av.open(str(clip), "w", format="webm") as kept:
        stream = kept.add_stream("libopus", rate=SAMPLES_S, layout="mono")
        stream.bit_rate = BITS_S
        resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLES_S, frame_size=960)
        for frame in source.decode(audio=0):
            for part in resampler.resample(frame):
                kept.mux(stream.encode(part))
        kept.mux(stream.encode(None))
