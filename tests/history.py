"""What do the Events say has happened? Folded one by one, they must tell what Redis holds."""

from dataclasses import dataclass, field

from assist.live import Event
from tests.truth import Truth

# Which Events leave the HelpRequest in which state, where they do not say it themselves.
_HELP_AFTER = {
    "help.asked": "waiting",
    "practice.begun": "ringing",
    "help.parked": "parked",
    "help.confirmed": "connecting",
    "call.connected": "in_call",
    "help.ended": "ended",
}
NOT_ENGAGED = ("away", "available", "wrapping_up")


@dataclass
class OfferStory:
    """One Offer as the Events tell it."""

    help_request: str
    volunteer: str
    made_ms: int
    outcomes: list[str] = field(default_factory=list)


@dataclass
class History:
    """The fold over all Events of one Redis, from its first."""

    seq: dict[str, int] = field(default_factory=dict)
    help_state: dict[str, str] = field(default_factory=dict)
    since_ms: dict[str, int] = field(default_factory=dict)
    volunteer_state: dict[str, str] = field(default_factory=dict)
    volunteer_of: dict[str, str] = field(default_factory=dict)
    offers: dict[str, OfferStory] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    parted: set[tuple[str, str]] = field(default_factory=set)  # what SQL is told to keep for good
    events: int = 0
    newest: str = ""

    def fold(self, event: Event, before: Truth) -> None:
        """`before`: what was true before the step in which this Event fell."""
        self.events += 1
        self.newest = event.type
        for person, number in event.seqs.items():
            if number != self.seq.get(person, 0) + 1:
                self._says(event, f"number {number} after {self.seq.get(person, 0)}")
            self.seq[person] = number
        if event.fields.get("help_request"):
            self._fold_help(event)
        if event.type in ("offers.made", "practice.begun"):
            self._fold_made(event, before)
        self._fold_outcomes(event)
        self._fold_volunteer(event)
        self._fold_parted(event)

    def _says(self, event: Event, what: str) -> None:
        self.wrong.append(f"{event.type} {event.id}: {what}")

    def _fold_help(self, event: Event) -> None:
        help_request = event.fields["help_request"]
        known = self.help_state.get(help_request)
        if event.type in ("help.asked", "practice.begun"):
            if known is not None:
                self._says(event, f"asked when already {known}")
            self.since_ms[help_request] = int(event.fields["since_ms"])
        elif known is None or known == "ended":
            self._says(event, f"about a HelpRequest that is {known}")
        after = _HELP_AFTER.get(event.type) or event.fields.get("state")
        if after and event.type != "leg.changed":
            self.help_state[help_request] = after

    def _fold_made(self, event: Event, before: Truth) -> None:
        help_request, requester = event.fields["help_request"], event.fields["requester"]
        for item in event.fields["offers"].split():
            offer, volunteer, *_ = item.split(":")
            # Whoever practises has asked for it, and need not take calls yet.
            may = ("available",) if event.type == "offers.made" else NOT_ENGAGED
            if self.volunteer_state.get(volunteer, "away") not in may:
                self._says(event, f"rings one who is {self.volunteer_state.get(volunteer)}")
            if volunteer in before.of("blocks").get(requester, ()):
                self._says(event, "rings across a block")
            if before.of("roster").get(volunteer, {}).get("suspended") == "1":
                self._says(event, "rings a suspended Volunteer")
            self._told(event, volunteer)
            self.volunteer_state[volunteer] = "ringing"
            made_ms = int(event.fields["made_ms"])
            self.offers[offer] = OfferStory(help_request, volunteer, made_ms)

    def _fold_outcomes(self, event: Event) -> None:
        fields = event.fields
        if event.type == "offer.ended":
            self._ended(event, fields["offer"], fields["outcome"], fields["volunteer_state"])
        if event.type == "offer.accepted":
            self._ended(event, fields["offer"], "accepted", "in_call")
        for item in fields.get("withdrawn", "").split():
            offer, _, state, _, why, *_ = item.split(":")
            self._ended(event, offer, f"withdrawn {why}", state)

    def _ended(self, event: Event, offer: str, outcome: str, volunteer_state: str) -> None:
        story = self.offers[offer]
        story.outcomes.append(outcome)
        if len(story.outcomes) > 1:
            self._says(event, f"one Offer ended as {story.outcomes}")
        self._told(event, story.volunteer)
        self.volunteer_state[story.volunteer] = volunteer_state

    def _told(self, event: Event, person: str) -> None:
        if person not in event.seqs:
            self._says(event, f"{person} is not told")

    def _fold_volunteer(self, event: Event) -> None:
        fields = event.fields
        if event.type == "volunteer.changed":
            self._told(event, fields["volunteer"])
            self.volunteer_state[fields["volunteer"]] = fields["state"]
        if event.type == "offer.accepted":
            if self.volunteer_of.get(fields["help_request"]):
                self._says(event, "a second Volunteer for one HelpRequest")
            self.volunteer_of[fields["help_request"]] = fields["volunteer"]
        if event.type in ("call.put_back", "help.ended"):
            had = self.volunteer_of.pop(fields["help_request"], "")
            if had != fields["volunteer"]:
                self._says(event, f"parts {fields['volunteer']}, the Call was {had}'s")
            if had:
                self._told(event, had)
                self.volunteer_state[had] = fields["volunteer_state"]
            self._told(event, fields["requester"])

    def _fold_parted(self, event: Event) -> None:
        """A block is said in three ways: as an end, of a Call before, and after all was over."""
        fields = event.fields
        others = {fields.get("parted", "")} if event.type == "help.ended" else set()
        blocked = fields.get("reason", "").endswith("_blocked") or bool(fields.get("parted_reason"))
        if blocked:
            others.add(fields["volunteer"])
        self.parted |= {(fields["requester"], other) for other in others if other}
