"""How does what is true look to one person? Truths in ids become Snapshots with names. Pure."""

from __future__ import annotations

from assist.gateway.narrate import NameOf
from assist.live.snapshot import HelpTruth, RequesterTruth, VolunteerTruth
from assist.protocol.messages import (
    RequesterSnapshot,
    VolunteerSnapshot,
)
from assist.protocol.states import HelpState
from assist.protocol.views import CallQuality, CallView, HelpView, OfferView


def people_in(truth: RequesterTruth) -> set[str]:
    """Whose names the Requester's Snapshot needs."""
    return {truth.help.call.volunteer} if truth.help and truth.help.call else set()


def requester_in(truth: VolunteerTruth) -> set[str]:
    """Whose name the Volunteer's Snapshot needs: nobody's, if the Requester gave none."""
    return {truth.help.requester} if truth.help and truth.help.named else set()


def requester_snapshot(truth: RequesterTruth, name_of: NameOf) -> RequesterSnapshot:
    return RequesterSnapshot(
        seq=truth.seq,
        now_ms=truth.now_ms,
        run=truth.run,
        help_request=help_view(truth.help, name_of) if truth.help else None,
        quality=requesters_quality(truth.help),
    )


def question_in(truth: VolunteerTruth) -> str | None:
    """The HelpRequest whose question the ring in the Volunteer's Snapshot should show."""
    return truth.help.id if truth.offer and truth.help and truth.help.question else None


def volunteer_snapshot(
    truth: VolunteerTruth, name_of: NameOf, question: str | None = None
) -> VolunteerSnapshot:
    """`question`: the words of `question_in`, if they are known."""
    in_call = truth.help is not None and truth.offer is None
    return VolunteerSnapshot(
        seq=truth.seq,
        now_ms=truth.now_ms,
        run=truth.run,
        state=truth.state,
        taking=truth.taking,
        reach=truth.reach,
        why=truth.why,
        next_ms=truth.next_ms,
        offer=offer_view(truth, name_of, question),
        help_request=truth.help.id if truth.help and in_call else None,
        call=volunteers_call(truth.help, name_of) if truth.help and in_call else None,
        quality=volunteers_quality(truth.help) if in_call else None,
    )


def help_view(truth: HelpTruth, name_of: NameOf) -> HelpView:
    return HelpView(
        id=truth.id,
        state=truth.state,
        since_ms=truth.since_ms,
        asked=truth.asked,
        reachable=truth.reachable,
        among=truth.among,
        topic=truth.topic,
        languages=truth.languages,
        question=truth.question,
        first_until_ms=truth.first_until_ms,
        handed=truth.handed,
        call=requesters_call(truth, name_of),
    )


def requesters_call(truth: HelpTruth, name_of: NameOf) -> CallView | None:
    if truth.call is None:
        return None
    return CallView(
        id=truth.call.id,
        state=truth.state,
        peer=name_of(truth.call.volunteer),
        braille=False,
        handed=truth.handed is not None,
        practice=truth.practice,
        since_ms=truth.call.accepted_ms,
        mine=truth.requester_leg,
        theirs=truth.volunteer_leg,
    )


def volunteers_call(truth: HelpTruth, name_of: NameOf) -> CallView | None:
    """The Requester has a name here if they gave one."""
    if truth.call is None:
        return None
    return CallView(
        id=truth.call.id,
        state=truth.state,
        peer=requesters_name(truth, name_of),
        braille=truth.braille,
        handed=truth.handed is not None,
        practice=truth.practice,
        since_ms=truth.call.accepted_ms,
        mine=truth.volunteer_leg,
        theirs=truth.requester_leg,
    )


def requesters_name(truth: HelpTruth, name_of: NameOf) -> str | None:
    return name_of(truth.requester) if truth.named else None


def requesters_quality(truth: HelpTruth | None) -> CallQuality | None:
    if truth is None or truth.call is None:
        return None
    return CallQuality(mine=truth.requester_quality, theirs=truth.volunteer_quality)


def volunteers_quality(truth: HelpTruth | None) -> CallQuality | None:
    if truth is None or truth.call is None:
        return None
    return CallQuality(mine=truth.volunteer_quality, theirs=truth.requester_quality)


def offer_view(truth: VolunteerTruth, name_of: NameOf, question: str | None) -> OfferView | None:
    if truth.offer is None or truth.help is None:
        return None
    return OfferView(
        id=truth.offer.id,
        help_request=truth.help.id,
        name=requesters_name(truth.help, name_of),
        braille=truth.help.braille,
        practice=truth.help.practice,
        languages=truth.offer.languages,
        topic=truth.help.topic,
        call_back=truth.help.state == HelpState.PARKED,
        again=truth.offer.again,
        handed=truth.help.handed is not None,
        question=question,
        since_ms=truth.help.since_ms,
        deadline_ms=truth.offer.deadline_ms,
        shown=truth.offer.shown,
    )
