"""Where are the programs that the tests need and that no wheel brings?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
COMPILER = "cc"
TURN_SERVER = "turnserver"  # what coturn calls its program
# What a screen reader needs beside itself, and which of Debian's packages brings it.
DESK = {
    "orca": "orca",
    "speech-dispatcher": "speech-dispatcher",
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "dbus-daemon": "dbus-daemon",
    "dbus-send": "dbus-bin",
}
SYSTEMD = Path("/run/systemd/system")
OLDEST_NODE = 20
WHERE = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


class Missing(Exception):
    """Something that the tests need is not here; its text says how to install it."""


def chromium(say: Callable[[str], None]) -> str:
    """The path of a Chromium: the one named or on PATH, else one installed by the means at hand."""
    path = named_browser() or browser_on_path()
    if path:
        say(f"Chromium: {path}")
        return path
    if can_use_apt():
        say("Chromium: none found; installing Debian's package.")
        if install_debian("chromium") and (path := browser_on_path()):
            return path
    say("Chromium: none found; installing Playwright's own.")
    if path := install_playwright_chromium():
        return path
    raise Missing(
        "The browser tests need Chromium: install it (on Debian: apt install chromium), or name"
        " it with CHROMIUM=/path/to/chromium."
    )


def named_browser() -> str:
    path = os.environ.get("CHROMIUM", "")
    if path and not os.access(path, os.X_OK):
        raise Missing(f"CHROMIUM names {path}, which cannot be run.")
    return path


def browser_on_path() -> str:
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")


def can_use_apt() -> bool:
    return os.geteuid() == 0 and bool(shutil.which("apt-get"))


def install_debian(package: str) -> bool:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", package]
    if subprocess.run(install, env=environ, stdout=subprocess.DEVNULL).returncode == 0:
        return True
    subprocess.run(["apt-get", "update", "-q"], env=environ, stdout=subprocess.DEVNULL)
    return subprocess.run(install, env=environ, stdout=subprocess.DEVNULL).returncode == 0


def install_playwright_chromium() -> str:
    install = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(install, stdout=subprocess.DEVNULL).returncode:
        return ""
    found = subprocess.run([sys.executable, "-c", WHERE], capture_output=True, text=True)
    path = found.stdout.strip()
    return path if found.returncode == 0 and Path(path).is_file() else ""


def coturn(say: Callable[[str], None]) -> str:
    """The path of coturn's server: the one on PATH, else one installed from Debian."""
    if not shutil.which(TURN_SERVER) and can_use_apt():
        say("coturn: none found; installing Debian's package.")
        keep_asleep("coturn")
        install_debian("coturn")
    if path := shutil.which(TURN_SERVER):
        say(f"coturn: {path}")
        return path
    raise Missing("The tests of TURN need coturn: install it (on Debian: apt install coturn).")


def compiler(say: Callable[[str], None]) -> str:
    """The path of a C compiler, with which the load programs make their generator."""
    if not shutil.which(COMPILER) and can_use_apt():
        say("C compiler: none found; installing Debian's package.")
        install_debian("build-essential")
    if path := shutil.which(COMPILER):
        say(f"C compiler: {path}")
        return path
    raise Missing(
        "The tests of the load programs need a C compiler: install one (on Debian: apt install"
        " build-essential)."
    )


def screen_reader(say: Callable[[str], None]) -> None:
    """Orca and what it stands on: those on PATH, else installed from Debian."""
    for program, package in DESK.items():
        if not shutil.which(program) and can_use_apt():
            say(f"{program}: none found; installing Debian's package.")
            install_debian(package)
    missing = [package for program, package in DESK.items() if not shutil.which(program)]
    if missing:
        raise Missing(
            "The test with a screen reader needs Orca and a desk for it: install them (on Debian:"
            f" apt install {' '.join(missing)})."
        )
    say("Screen reader: Orca, with speech-dispatcher on a virtual display.")


def keep_asleep(service: str) -> None:
    """A package that brings a service would start it for the whole world; tests start their own."""
    if SYSTEMD.is_dir():
        subprocess.run(["systemctl", "mask", service], stdout=subprocess.DEVNULL)


def node() -> str:
    """The path of a Node that is new enough to run the pages' tests."""
    path = shutil.which("node")
    if path and shutil.which("npm"):
        said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
        if int(said.strip().lstrip("v").split(".")[0] or 0) >= OLDEST_NODE:
            return path
    raise Missing(
        f"The pages' tests need Node {OLDEST_NODE} or newer with npm: install it (on Debian:"
        " apt install nodejs npm). Assist itself runs without it."
    )
