#!/usr/bin/env python3
"""The one program of Assist: `python3 manage.py up` serves, `python3 manage.py verify` tests."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assist.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
