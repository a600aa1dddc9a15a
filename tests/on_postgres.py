"""How do tests written for SQLite run on PostgreSQL? `python -m tests.on_postgres COMMAND ...`"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.databases import NoPostgres, describe_postgres, postgres_server


def main(command: list[str]) -> int:
    """The command's exit code; 1 with a hint where there is no PostgreSQL."""
    try:
        print(describe_postgres(), flush=True)
        with postgres_server() as url:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode
    except NoPostgres as missing:
        print(missing, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
