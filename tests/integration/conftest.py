"""What do the tests with a database share? A SQLite as the house has it: in a file."""

import pytest
from django.db import connections


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """In memory, threads share one cache: locks that would be waited for are errors at once."""
    settings = connections["default"].settings_dict
    if settings["ENGINE"].endswith("sqlite3"):
        settings["TEST"]["NAME"] = str(tmp_path_factory.mktemp("sql") / "assist.sqlite3")
