"""What does the Coordinator's page say? `words` puts it together with the rest."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assist.gateway.trouble_words import Sentences

MONITOR: Sentences = {
    "monitor.live": _("Live."),
    "monitor.counts": _(
        "Waiting: {waiting}. Calls: {calls}. Volunteers free: {available}. Relays: {relays}."
    ),
    "state.waiting": _("Waiting"),
    "state.ringing": _("Ringing"),
    "state.connecting": _("Connecting"),
    "state.in_call": _("In a call"),
    "state.parked": _("For later"),
    "state.confirming": _("Calling back"),
    "state.ended": _("Ended"),
    "state.away": _("Away"),
    "state.available": _("Free"),
    "state.wrapping_up": _("Wrapping up"),
    "state.practising": _("In a practice call"),
    "line.measured": _("{line}, {ms} ms, {lost} % lost"),
    "picture.size": _("{width} by {height}, {frames} a second"),
    "picture.none": _("None"),
    "line.new": _("Not yet"),
    "line.connecting": _("Connecting"),
    "line.up": _("Connected"),
    "line.lost": _("Lost"),
    "line.closed": _("Closed"),
}
