"""What must matching know of a person? Copied here by `accounts`, so that nothing waits for SQL."""

from assist.lib.ids import new_id
from assist.live.scripts import Runner


class Roster:
    """Languages, suspensions and blocks."""

    runner: Runner

    async def enlist(self, volunteer: str, languages: list[str]) -> None:
        """This person may be asked, in these languages."""
        await self.runner.run("enlist", volunteer=volunteer, languages=" ".join(languages))

    async def block(self, one: str, other: str) -> None:
        """Never connect these two, in either direction."""
        await self.runner.run("block", one=one, other=other)

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
