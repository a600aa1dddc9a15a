"""Who is never connected with whom again?"""

from __future__ import annotations

from django.db.models import Q

from assist.accounts.models import Block


def block(a: str, b: str) -> None:
    """Part these two for good; saying it twice is saying it once. Ids are 32 hex digits."""
    one, other = sorted((a, b))
    Block.objects.bulk_create([Block(one=one, other=other)], ignore_conflicts=True)


def blocks_of(person: str) -> list[tuple[str, str]]:
    """Every blocked pair that names this person."""
    return list(Block.objects.filter(Q(one=person) | Q(other=person)).values_list("one", "other"))
