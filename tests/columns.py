"""How does a test look at every column of somebody's? A row of each model, with a value in each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple

from django.db.models import Model

SERIAL = "BigAutoField"
moments = (datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in count())
# Why a column is not told, or stays: model and column -> the reason.
Why = dict[tuple[type[Model], str], str]


def each(kind: type[Model], reason: str, *columns: str) -> Why:
    return {(kind, column): reason for column in columns}


class Row(NamedTuple):
    """One row of somebody's, with a value of its own in each column."""

    kind: type[Model]
    values: dict[str, Any]

    def left(self) -> Iterator[tuple[str, bool]]:
        """Of each column, whether it is as it was."""
        pk = self.values[self.kind._meta.pk.name]
        kept = self.kind._default_manager.filter(pk=pk).values().first()
        for name, attribute, value in self.columns():
            yield name, kept is not None and kept[attribute] == value

    def columns(self) -> Iterator[tuple[str, str, Any]]:
        """Name, attribute and value of each; a serial number is nobody's."""
        for field in self.kind._meta.concrete_fields:
            if field.get_internal_type() != SERIAL:
                yield field.name, field.attname, self.values[field.attname]


def moment() -> datetime:
    return next(moments)


def put(kind: type[Model], **values: Any) -> Row:
    made = kind(**values)
    made.save(force_insert=True)
    dates = {name: at for name, at in values.items() if isinstance(at, datetime)}
    kind._default_manager.filter(pk=made.pk).update(**dates)  # those that set themselves
    return row(kind._default_manager.get(pk=made.pk))


def row(made: Model) -> Row:
    [values] = type(made)._default_manager.filter(pk=made.pk).values()
    return Row(type(made), values)


def pairs(told: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Each name in it with the whole of what it says, however deep."""
    yield name, plain(told)
    if isinstance(told, dict):
        for key, inner in told.items():
            yield from pairs(inner, key)
    if isinstance(told, list):
        for inner in told:
            yield from pairs(inner, name)


def plain(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def wrongly_told(rows: Iterable[Row], told: object, untold: Why) -> list[str]:
    """Columns that are told and should not be, or the other way round."""
    said = set(pairs(told))
    return [
        f"{one.kind.__name__}.{name}"
        for one in rows
        for name, _attribute, value in one.columns()
        if ((name, plain(value)) in said) is ((one.kind, name) in untold)
    ]


def wrongly_kept(rows: Iterable[Row], stays: Why) -> list[str]:
    """Columns that are as they were and should not be, or the other way round."""
    return [
        f"{one.kind.__name__}.{name}"
        for one in rows
        for name, is_there in one.left()
        if is_there is not ((one.kind, name) in stays)
    ]
