"""Does the page see when a camera sees badly? Real photographs, spoilt in known ways.

They are those that scikit-image's wheel carries, made into what a canvas would give the page.
"""

from __future__ import annotations

import json
import struct
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageFilter

from assist.lib.env import ROOT
from assist.management.tools import node

PHOTOGRAPHS = Path(skimage.data.__file__).parent
# Things, print and faces, as one might show them; each is sharp and bright enough.
DETAILED = (
    *("astronaut.png", "brick.png", "camera.png", "chelsea.png", "coffee.png", "coins.png"),
    *("grass.png", "gravel.png", "ihc.png", "motorcycle_left.png", "page.png"),
)
PALE = ("moon.png", "retina.jpg", "text.png")
# With large forms, of which something is left however near they come.
LARGE = ("astronaut.png", "camera.png", "chelsea.png", "coffee.png", "ihc.png")
NOISES = (0.0, 3.0)  # of a camera, in steps of 255
EXPOSURES = (0.75, 1.0, 1.2)
LONGER_SIDE, CENTRE = 160, (320, 240)
JUDGE_S = 60

Spoil = Callable[[Image.Image], Image.Image]
Judge = Callable[[Iterable[Image.Image]], list[str | None]]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """What the page's own script says of these frames, one by one."""

    def judge(frames: Iterable[Image.Image]) -> list[str | None]:
        file = tmp_path / "frames"
        file.write_bytes(b"".join(packed(frame) for frame in frames))
        command = [node(), str(ROOT / "tests" / "js" / "judged.js"), str(file)]
        said = subprocess.run(command, capture_output=True, check=True, timeout=JUDGE_S)
        found: list[str | None] = json.loads(said.stdout)
        return found

    return judge


def packed(frame: Image.Image) -> bytes:
    """The whole of it small, and its centre at half size."""
    scale = LONGER_SIDE / max(frame.size)
    whole = (round(frame.width * scale), round(frame.height * scale))
    width, height = min(CENTRE[0], frame.width), min(CENTRE[1], frame.height)
    left, top = (frame.width - width) // 2, (frame.height - height) // 2
    centre = frame.crop((left, top, left + width, top + height))
    return b"".join(
        struct.pack("<II", *size)
        + picture.resize(size, Image.Resampling.BILINEAR).convert("RGBA").tobytes()
        for picture, size in ((frame, whole), (centre, (width // 2, height // 2)))
    )


def photograph(name: str) -> Image.Image:
    return Image.open(PHOTOGRAPHS / name).convert("RGB")


def noisy(frame: Image.Image, noise: float = 1.5) -> Image.Image:
    grain = np.random.default_rng(1).normal(0, noise, (frame.height, frame.width, 3))
    return Image.fromarray((np.asarray(frame) + grain).clip(0, 255).astype(np.uint8))


def exposed(share: float) -> Spoil:
    return lambda frame: Image.eval(frame, lambda value: int(min(255, value * share)))


def blurred(sigma: float) -> Spoil:
    return lambda frame: frame.filter(ImageFilter.GaussianBlur(sigma))


def test_a_good_picture_is_left_in_peace(judge: Judge) -> None:
    shown = [
        (name, exposure, noise)
        for name in DETAILED + PALE
        for exposure in EXPOSURES
        for noise in NOISES
    ]
    frames = (noisy(exposed(exposure)(photograph(name)), noise) for name, exposure, noise in shown)
    found = judge(frames)
    assert len(found) == len(shown) == 84
    assert [alarm for alarm in zip(shown, found, strict=True) if alarm[1]] == []


def test_a_wall_and_a_white_sheet_are_nobody_s_fault(
    judge: Judge,
) -> None:
    away = np.hypot(*np.mgrid[-1:1:240j, -1:1:320j])
    for light in (110, 180, 250):
        vignette = (light * (1 - 0.2 * away[..., None] ** 2) * [1.0, 0.97, 0.9]).clip(0, 255)
        assert judge([noisy(Image.fromarray(vignette.astype(np.uint8)))]) == [None]


@pytest.mark.parametrize(
    ("spoil", "names", "hint"),
    [
        (exposed(0.2), DETAILED, "dark"),
        (exposed(0.05), DETAILED + PALE, "covered"),
        (blurred(4), DETAILED, "blurred"),
        (blurred(6), DETAILED, "blurred"),
        (blurred(25), LARGE, "close"),
    ],
)
def test_a_spoilt_picture_is_told_by_its_trouble(
    judge: Judge, spoil: Spoil, names: tuple[str, ...], hint: str
) -> None:
    found = judge(noisy(spoil(photograph(name))) for name in names)
    assert dict(zip(names, found, strict=True)) == dict.fromkeys(names, hint)


def test_a_camera_that_moved_while_it_looked_is_told_so(
    judge: Judge,
) -> None:
    assert judge([photograph("clock_motion.png")]) == ["blurred"]


def test_dusk_is_no_trouble_until_it_is_night(judge: Judge) -> None:
    evening = [exposed(share)(photograph("rocket.jpg")) for share in (1.0, 0.75, 0.2)]
    assert judge(evening) == [None, "dark", "covered"]


def test_a_finger_that_glows_red_is_told_from_a_night(
    judge: Judge,
) -> None:
    away = np.hypot(*np.mgrid[-0.5:1.5:240j, -1:1:320j])[..., None]
    glow = ((1.3 - 0.5 * away) * [150.0, 40.0, 30.0]).clip(0, 255).astype(np.uint8)
    assert judge([noisy(Image.fromarray(glow))]) == ["covered"]
    assert judge([photograph("hubble_deep_field.jpg")]) == ["dark"]
