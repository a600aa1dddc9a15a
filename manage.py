#!/usr/bin/env python3
"""The one program of Assist: `python3 manage.py up` serves, `python3 manage.py verify` tests.

Everything up to `execute_from_command_line` runs on the standard library alone, before anything is
installed, and the first lines also on a Python that is too old.
"""

from __future__ import annotations

import os
import sys

from assist.lib import bootstrap


def main(argv: list[str]) -> int:
    bootstrap.find_python(argv)
    from assist.lib.env import Env, EnvError

    try:
        argv = bootstrap.take_state(argv)
        Env(os.environ)
        bootstrap.enter_environment(argv)
        from assist.management.inhabited import check_inhabited

        check_inhabited(argv, os.environ)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assist.settings")
        from django.core.management import execute_from_command_line

        execute_from_command_line(argv)
    except (EnvError, bootstrap.BootstrapError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130  # what shells say for Ctrl-C
    return 0


def as_long_as_somebody_reads(argv: list[str]) -> int:
    """`manage.py invite ... | head -2` ends quietly, when whoever read has read enough."""
    try:
        try:
            return main(argv)
        finally:
            sys.stdout.flush()  # when Python ends it could only complain
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141  # what shells say for a program that a closed pipe ended


if __name__ == "__main__":
    sys.exit(as_long_as_somebody_reads(sys.argv))
