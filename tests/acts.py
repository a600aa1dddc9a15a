"""How does each row of the table become an act in a `Situation`?"""

from collections.abc import Awaitable, Callable

from assist.live import Entry
from assist.live.keys import key
from assist.live.table import Who
from tests.situations import RELAY, Situation

Act = Callable[[Situation], Awaitable[str]]
LATER_SECONDS = 2_000


async def ask(s: Situation) -> str:
    return (await s.live.ask(s.help_request, s.alice, ["en"])).is_


async def offer(s: Situation) -> str:
    wave = int((await s.look()).helps.get(s.help_request, {}).get("wave", 0))
    return await s.live.offer(s.help_request, wave, [s.noor])


async def practice(s: Situation) -> str:
    await s.live.relay_announce(RELAY, "127.0.0.1", 1, 0.1, 0)
    return (await s.live.practise(s.help_request, s.alice, s.noor, ["en"])).is_


async def accept(s: Situation) -> str:
    return (await s.live.accept(s.offer, s.noor)).is_


async def leg(s: Situation) -> str:
    number = await s.seat(s.alice)
    await s.look()
    return await s.live.leg(s.help_request, s.alice, number, "up", RELAY)


async def seat(s: Situation) -> str:
    await s.live.relay_announce(RELAY, "127.0.0.1", 1, 0.1, 0)
    return (await s.live.seat(s.help_request, s.alice)).is_


async def enlist(s: Situation) -> str:
    """Their wishes change: a snooze begins if they are free, otherwise it ends."""
    is_free = (await s.look()).state("volunteer", s.noor, "") == "available"
    await s.snoozes(s.clock() + 600_000 if is_free else 0)
    return "ok"


async def block(s: Situation) -> str:
    """SQL's word of two who are parted already, as it comes with each rebuild of the roster."""
    for one, other in ((s.alice, s.noor), (s.noor, s.alice)):
        await s.live.redis.sadd(key("blocks", one), other)
    await s.look()
    await s.live.block(s.alice, s.noor)
    return "ok"


def at_its_time(act: Act) -> Act:
    """What a worker does: long after the deadline, whichever it is. Noor's page lives."""

    async def late(s: Situation) -> str:
        s.clock.forward(LATER_SECONDS)
        await s.live.beat([("volunteer", s.noor, False)])
        return await act(s)

    return late


def unheard_of(act: Act) -> Act:
    """What a worker does when no page was heard of for long."""

    async def late(s: Situation) -> str:
        s.clock.forward(LATER_SECONDS)
        return await act(s)

    return late


async def rouse(s: Situation) -> str:
    """Whoever is free has hours that are over by then."""
    if (await s.look()).state("volunteer", s.noor, "") == "available":
        hours = (s.clock() - 1_000, s.clock() + 1_000)
        await s.enlists(Entry([], awake=(hours,)))
    return await at_its_time(lambda s: s.live.rouse(s.noor))(s)


ACTS: dict[tuple[str, Who], Act] = {
    ("ask", Who.REQUESTER): ask,
    ("offer", Who.WORKER): offer,
    ("practice", Who.VOLUNTEER): practice,
    ("shown", Who.VOLUNTEER): lambda s: s.live.shown(s.offer, s.noor),
    ("accept", Who.VOLUNTEER): accept,
    ("decline", Who.VOLUNTEER): lambda s: s.live.decline(s.offer, s.noor),
    ("miss", Who.WORKER): at_its_time(lambda s: s.live.miss(s.offer)),
    ("available", Who.VOLUNTEER): lambda s: s.live.available(s.noor),
    ("away", Who.VOLUNTEER): lambda s: s.live.away(s.noor),
    ("enlist", Who.HOUSE): enlist,
    ("block", Who.HOUSE): block,
    ("rouse", Who.WORKER): rouse,
    ("wrapped", Who.WORKER): at_its_time(lambda s: s.live.wrapped(s.noor)),
    ("leg", Who.RELAY): leg,
    ("seat", Who.REQUESTER): seat,
    ("unconnected", Who.WORKER): at_its_time(lambda s: s.live.unconnected(s.help_request)),
    ("end", Who.REQUESTER): lambda s: s.live.end(s.help_request, s.alice),
    ("end", Who.VOLUNTEER): lambda s: s.live.end(s.help_request, s.noor),
    ("hand_over", Who.VOLUNTEER): lambda s: s.live.hand_over(s.help_request, s.noor, "da"),
    ("finish", Who.HOUSE): lambda s: s.live.finish(s.help_request, "service_stopped"),
    ("lapse requester", Who.WORKER): at_its_time(lambda s: s.live.lapse("requester", s.alice)),
    ("lapse volunteer", Who.WORKER): unheard_of(lambda s: s.live.lapse("volunteer", s.noor)),
    ("expire", Who.WORKER): at_its_time(lambda s: s.live.expire(s.help_request)),
    ("park", Who.REQUESTER): lambda s: s.live.park(s.help_request, s.alice, s.clock() + 60_000),
    ("widen", Who.REQUESTER): lambda s: s.live.widen(s.help_request, s.alice, "fi"),
    ("confirm", Who.REQUESTER): lambda s: s.live.confirm(s.help_request, s.alice),
}
