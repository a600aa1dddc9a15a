"""Which changes of the live state are there? One typed function for each script, no more.

Every call may be repeated: ids are made by the caller, and a script that finds its work done
answers so. A lost reply is therefore asked again, never guessed.
"""

from typing import NamedTuple

from assist.lib.ids import new_id
from assist.live.scripts import Runner
from assist.protocol.states import Among


class Asked(NamedTuple):
    """What became of an ask: "ok", "known" (this or another is open), "ended" or "full"."""

    is_: str
    help_request: str
    since_ms: int


class Accepted(NamedTuple):
    """What became of an accept: "ok", "quicker", "too_late" or "gone"."""

    is_: str
    help_request: str | None
    call: str | None


class Seat(NamedTuple):
    """Where a person may open a Leg: "ok", or "gone", "not_yours", "no_relay" and nothing else."""

    is_: str
    relay: str | None
    role: str | None
    number: int


class Transitions:
    """The life of HelpRequests, Offers, Calls and Volunteers."""

    runner: Runner

    async def _is(self, name: str, **args: str | int) -> str:
        return str((await self.runner.run(name, **args))["is"])

    async def ask(
        self,
        help_request: str,
        requester: str,
        languages: list[str],
        since_ms: int | None = None,
        among: str = Among.CIRCLE_FIRST,
        topic: str | None = None,
        again: str | None = None,
        named: bool = False,
        braille: bool = False,
    ) -> Asked:
        """Ask for help; `since_ms` only from a receipt: it keeps the place of the first ask.

        `again`: a Call of theirs that ended a moment ago; its Volunteer is asked first, alone.
        `named`: SQL knows what to call them. `braille`: they read what the Volunteer types.
        """
        found = await self.runner.run(
            "ask",
            help_request=help_request,
            requester=requester,
            languages=" ".join(languages),
            since_ms="" if since_ms is None else since_ms,
            among=among,
            topic=topic or "",
            again=again or "",
            named=int(named),
            braille=int(braille),
        )
        return Asked(
            found["is"], found.get("help_request", help_request), int(found.get("since_ms", 0))
        )

    async def practise(
        self, help_request: str, requester: str, volunteer: str, languages: list[str]
    ) -> Asked:
        """Ring this Volunteer alone, for a Requester whom their own page plays.

        "ok", "known" (one goes on), "engaged" (they ring, or are in a Call), "no_relay" (what room
        is left is for those who need help), or "unknown", "suspended", "ended", "full".
        """
        found = await self.runner.run(
            "practice",
            help_request=help_request,
            requester=requester,
            volunteer=volunteer,
            offer_id=new_id(),
            languages=" ".join(languages),
        )
        return Asked(found["is"], found.get("help_request", help_request), 0)

    async def cancel(self, help_request: str, requester: str) -> str:
        """The Requester wants no help any more, whatever happened meanwhile: an end."""
        return await self.end(help_request, requester)

    async def end(self, help_request: str, person: str, block: bool = False, call: str = "") -> str:
        """Either side hangs up. `block`: never again with the other one, from this instant on.

        `call`: in which Call they pressed it. Nobody whom they met after it is blocked, and what
        a Volunteer ended before ends no later one. Without it, the Call of now is meant.
        """
        return await self._is(
            "end", help_request=help_request, person=person, blocks=int(block), call=call
        )

    async def hand_over(
        self, help_request: str, volunteer: str, language: str = "", topic: str = ""
    ) -> str:
        """Somebody else is looked for, who speaks this or knows of that; the person is in front.

        "out_of_turn" for two who have not met yet.
        """
        return await self._is(
            "hand_over",
            help_request=help_request,
            volunteer=volunteer,
            language=language,
            topic=topic,
        )

    async def finish(self, help_request: str, reason: str) -> str:
        """The house ends it: it stops, or a person's access ended."""
        return await self._is("finish", help_request=help_request, reason=reason)

    async def offer(self, help_request: str, wave: int, volunteers: list[str]) -> str:
        """One Wave, if `wave` Waves were made so far; each Volunteer is checked again."""
        offers = " ".join(f"{new_id()}:{volunteer}" for volunteer in volunteers)
        return await self._is("offer", help_request=help_request, wave=wave, offers=offers)

    async def shown(self, offer: str, volunteer: str) -> str:
        """The ring is on the Volunteer's screen."""
        return await self._is("shown", offer_id=offer, volunteer=volunteer)

    async def accept(self, offer: str, volunteer: str) -> Accepted:
        """The first to come gets the Call; the winner may ask again."""
        found = await self.runner.run("accept", offer_id=offer, volunteer=volunteer, call=new_id())
        return Accepted(found["is"], found.get("help_request"), found.get("call"))

    async def decline(self, offer: str, volunteer: str) -> str:
        """Not now."""
        return await self._is("decline", offer_id=offer, volunteer=volunteer)

    async def available(self, volunteer: str) -> str:
        """The Volunteer takes calls."""
        return await self._is("available", volunteer=volunteer)

    async def away(self, volunteer: str) -> str:
        """The Volunteer takes no more calls."""
        return await self._is("away", volunteer=volunteer)

    async def park(
        self, help_request: str, requester: str, deadline_ms: int, question: bool = False
    ) -> str:
        """Call back later: it waits without a page, until its own deadline.

        `question`: there is one in SQL, which whoever is asked may read.
        """
        return await self._is(
            "park",
            help_request=help_request,
            requester=requester,
            deadline_ms=deadline_ms,
            question=int(question),
        )

    async def widen(self, help_request: str, requester: str, language: str) -> str:
        """One more language is asked for; "out_of_turn" when there are as many as may be."""
        return await self._is(
            "widen", help_request=help_request, requester=requester, language=language
        )

    async def confirm(self, help_request: str, requester: str) -> str:
        """The Requester who was called back is there."""
        return await self._is("confirm", help_request=help_request, requester=requester)

    async def seat(self, help_request: str, person: str) -> Seat:
        """A fresh number for this person's Leg, and the relay that holds it."""
        found = await self.runner.run("seat", help_request=help_request, person=person)
        return Seat(found["is"], found.get("relay"), found.get("role"), found.get("number", 0))

    async def leg(self, help_request: str, person: str, number: int, state: str, relay: str) -> str:
        """The relay says how a Leg stands; when both are up, the Call is connected."""
        return await self._is(
            "leg",
            help_request=help_request,
            person=person,
            number=number,
            state=state,
            relay=relay,
        )

    # What the worker does when a deadline has passed; each checks it again inside the script.

    async def miss(self, offer: str) -> str:
        """Nobody touched the dialog in time."""
        return await self._is("miss", offer_id=offer)

    async def wave_over(self, help_request: str) -> str:
        """A Wave rang long enough: more may be asked."""
        return await self._is("wave_over", help_request=help_request)

    async def wrapped(self, volunteer: str) -> str:
        """The moment for the two questions is over."""
        return await self._is("wrapped", volunteer=volunteer)

    async def unconnected(self, help_request: str) -> str:
        """Accepted, but picture and sound did not come in time."""
        return await self._is("unconnected", help_request=help_request)

    async def lapse(self, role: str, person: str) -> str:
        """A page was not heard of for too long."""
        return await self._is("lapse", role=role, person=person)

    async def rouse(self, volunteer: str) -> str:
        """A Volunteer's own hours or snooze began or ended."""
        return await self._is("rouse", volunteer=volunteer)

    async def unfavour(self, volunteer: str) -> str:
        """The minute of being next in line is over."""
        return await self._is("unfavour", volunteer=volunteer)

    async def expire(self, help_request: str) -> str:
        """A parked HelpRequest was not taken in time."""
        return await self._is("expire", help_request=help_request)
