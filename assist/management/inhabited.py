"""Does a house live in this state folder? Asked before a typed command makes anything in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assist.lib.database import database
from assist.lib.env import DATABASE_SCHEMES, Env, EnvError

# They speak about people whom a house knows already; `up` and its parts may begin a new one.
OF_A_HOUSE = ("invite", "suspend", "reports")


def check_inhabited(argv: list[str], environ: Mapping[str, str]) -> None:
    """Raises EnvError for a command that needs a house, where there is none.

    The settings would make a secret, and SQLite an empty file, in a folder that was misspelt.
    """
    if argv[1:2] and argv[1] in OF_A_HOUSE and not {"-h", "--help"} & set(argv):
        env = Env(environ)
        state = env.folder("ASSIST_STATE")
        known = database(env.url("DATABASE_URL", DATABASE_SCHEMES), state)
        if known["ENGINE"].endswith("sqlite3") and not Path(known["NAME"]).is_file():
            raise EnvError(f"No house lives in {state}; `manage.py up` makes one.")
