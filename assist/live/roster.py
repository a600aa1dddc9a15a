"""What must matching know of a person? Copied here by `accounts`, so that nothing waits for SQL."""

from typing import NamedTuple

from assist.lib.ids import new_id
from assist.live.scripts import Runner


class Entry(NamedTuple):
    """One Volunteer as SQL knows them; nothing here names them.

    `awake`: (from, until) in ms for the next two days, () means always. `public`: may be asked by
    anybody, not only by the circles they belong to. `push`: a subscription lives.
    `wrap_ms`: so long nothing rings after a Call. `taking`: wanted calls when history last heard of
    them.
    """

    languages: list[str]
    topics: tuple[str, ...] = ()
    public: bool = True
    push: bool = False
    awake: tuple[tuple[int, int], ...] = ()
    snooze_ms: int = 0
    ring_ms: int = 20_000
    wrap_ms: int = 30_000
    taking: bool = False

    def told(self) -> dict[str, str | int]:
        """The arguments of `enlist` after the Volunteer, by name and in its order."""
        return {
            "languages": " ".join(self.languages),
            "topics": " ".join(self.topics),
            "public": int(self.public),
            "push": int(self.push),
            "awake": " ".join(f"{start}:{end}" for start, end in self.awake),
            "snooze_ms": self.snooze_ms,
            "ring_ms": self.ring_ms,
            "wrap_ms": self.wrap_ms,
            "taking": int(self.taking),
        }


class Roster:
    """Languages, hours, ties, suspensions, blocks, and whose Call it was."""

    runner: Runner

    async def enlist(self, volunteer: str, entry: Entry | list[str]) -> None:
        """This person may be asked. Languages alone stand for an entry without wishes."""
        if isinstance(entry, list):
            entry = Entry(entry)
        await self.runner.run("enlist", volunteer=volunteer, **entry.told())

    async def tie(self, kind: str, requester: str, volunteer: str, holds: bool = True) -> None:
        """`kind` "circle": of this Requester's circle; "met": both would like to meet again."""
        await self.runner.run(
            "befriend", tie=kind, requester=requester, volunteer=volunteer, holds=int(holds)
        )

    async def block(self, one: str, other: str) -> None:
        """Never connect these two, in either direction; if one rings for the other, it ends."""
        await self.runner.run("block", one=one, other=other)

    async def recall(self, call: str, help_request: str, requester: str, volunteer: str) -> None:
        """Whose Call this was, as SQL knows it: for an hour, where Redis does not know."""
        await self.runner.run(
            "recall",
            call=call,
            help_request=help_request,
            requester=requester,
            volunteer=volunteer,
        )

    async def suspend(self, volunteer: str) -> None:
        """End a person's access now: no ring, no call, and their sockets are told."""
        await self.runner.run("suspend", volunteer=volunteer, suspended=1)
        await self.runner.run("away", volunteer=volunteer)
        found = await self.runner.run("volunteer_snapshot", volunteer=volunteer, fresh_run=new_id())
        if found["state"] == "in_call":
            await self.runner.run("finish", help_request=found["help_request"], reason="suspended")

    async def reinstate(self, volunteer: str) -> None:
        """The person may take calls again."""
        await self.runner.run("suspend", volunteer=volunteer, suspended=0)
