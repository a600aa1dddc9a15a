"""What do some Events say of history, taken together and not yet written?

Hundreds of Events become a handful of statements: SQLite has one writer, and who signs in or rates
a call must not stand behind a ledger that catches up.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from assist.accounts import questions
from assist.accounts.access import set_takes_calls
from assist.accounts.blocks import block
from assist.records.models import Call, HelpRequest, Offer

# In this order: an Offer and a Call refer to their HelpRequest.
TABLES: tuple[type[Model], ...] = (HelpRequest, Offer, Call)

Facts = dict[str, Any]


@dataclass(slots=True)
class Row:
    """`facts` are set also in a row that is there; `met` only fills one that is not.

    It holds what a new row cannot be without until the Event comes that knows better.
    """

    met: Facts = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)

    def add(self, met: Facts, facts: Facts) -> None:
        self.met = {**met, **self.met}
        self.facts.update(facts)


class Draft:
    """Rows by table and id, the people that are parted, and what else is to be known of people."""

    def __init__(self) -> None:
        self.rows: dict[type[Model], defaultdict[str, Row]] = {
            table: defaultdict(Row) for table in TABLES
        }
        self.parted: set[tuple[str, str]] = set()
        self.taking: dict[str, bool] = {}
        self.taken: set[str] = set()

    def put(self, table: type[Model], name: str, met: Facts, facts: Facts) -> None:
        """State facts of one row; later ones win."""
        self.rows[table][name].add(met, facts)

    def part(self, one: str, other: str) -> None:
        """These two are never connected again."""
        self.parted.add((one, other))

    def takes_calls(self, volunteer: str, taking: bool) -> None:
        """Whether this Volunteer wants calls, as they said last."""
        self.taking[volunteer] = taking

    def take_question(self, help_request: str) -> None:
        """Nobody needs to read the question that was left with it any more."""
        self.taken.add(help_request)

    def write(self) -> None:
        """Insert or update; call it in a transaction. Raises database errors."""
        for table in TABLES:
            for names, rows in self._alike(table).items():
                write_alike(table, names, rows)
        for one, other in self.parted:
            block(one, other)
        for taking in (True, False):
            set_takes_calls((who for who, is_ in self.taking.items() if is_ == taking), taking)
        if self.taken:
            questions.forget(self.taken)

    def _alike(self, table: type[Model]) -> dict[frozenset[str], list[Model]]:
        """The rows of one table by the names of their facts: each lot is one statement."""
        alike: defaultdict[frozenset[str], list[Model]] = defaultdict(list)
        for name, row in self.rows[table].items():
            alike[frozenset(row.facts)].append(table(id=name, **{**row.met, **row.facts}))
        return alike


def write_alike(table: type[Model], names: frozenset[str], rows: list[Model]) -> None:
    """Insert these rows, or set the named columns alone in those that are there."""
    if names:
        table._default_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=sorted(names)
        )
    else:
        table._default_manager.bulk_create(rows, ignore_conflicts=True)
