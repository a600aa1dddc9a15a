"""Who takes part in a load run? Synthetic people, the same for the same seed.

Every figure here is an assumption, chosen near what was published about such services: most of the
reachable have the app closed, few speak rare languages, and a page that is open is answered far
more often, and sooner, than a push.
"""

from __future__ import annotations

import random
from typing import NamedTuple

LANGUAGES = (("en", 0.50), ("pl", 0.18), ("da", 0.14), ("fi", 0.10), ("no", 0.08))
RARE = "so"  # spoken by one Volunteer in fifty, wanted by one Requester in twenty
SECOND_LANGUAGE = 0.3
# How keen people are differs much from one to the next: a Beta distribution for each reach.
KEEN = {"page": (2.5, 2.5), "push": (1.0, 6.0)}
# Half of those who answer have done so after so many seconds.
HALF_ANSWER_S = {"page": 4.0, "push": 11.0}
SPREAD = 0.6  # sigma of the logarithm
DECLINES = {"page": 0.10, "push": 0.03}


class Answer(NamedTuple):
    """What one ring leads to, if it rings for long enough: "accept", "decline" or "nothing"."""

    outcome: str
    after_s: float


class Person(NamedTuple):
    """One Volunteer: what the roster knows, and how they are."""

    id: str
    languages: tuple[str, ...]
    reach: str
    keen: float  # the probability that they accept a ring
    half_s: float

    def answers(self, chance: random.Random) -> Answer:
        """What they do about one ring."""
        after_s = 0.8 + chance.lognormvariate(0.0, SPREAD) * self.half_s
        luck = chance.random()
        if luck < self.keen:
            return Answer("accept", after_s)
        if luck < self.keen + DECLINES[self.reach]:
            return Answer("decline", after_s)
        return Answer("nothing", 0.0)


def language(chance: random.Random) -> str:
    """One, by how common it is."""
    luck = chance.random()
    for name, share in LANGUAGES:
        luck -= share
        if luck < 0:
            return name
    return LANGUAGES[0][0]


def crowd(count: int, pages: float, seed: int) -> list[Person]:
    """So many Volunteers, of whom this share has a page open. At least one of each kind."""
    chance = random.Random(seed)
    with_page = max(1, round(count * pages))
    rare = max(1, count // 50)
    people = []
    for i in range(count):
        reach = "page" if i < with_page else "push"
        spoken = {language(chance)}
        if chance.random() < SECOND_LANGUAGE:
            spoken.add(language(chance))
        people.append(
            Person(
                id=f"{chance.getrandbits(128):032x}",
                languages=tuple(sorted(spoken)),
                reach=reach,
                keen=chance.betavariate(*KEEN[reach]),
                half_s=HALF_ANSWER_S[reach] * chance.lognormvariate(0.0, 0.3),
            )
        )
    for i in chance.sample(range(count), rare):
        people[i] = people[i]._replace(languages=tuple(sorted({*people[i].languages, RARE})))
    return people
