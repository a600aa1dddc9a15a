"""What does the Volunteer's page say while they practise? `words` puts it beside the rest."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assist.gateway.trouble_words import Sentences

PRACTICE: Sentences = {
    "title.volunteer.practice": _("Practice call"),
    "practice.unloaded": _("The practice could not be loaded. Please try again."),
    "practice.ringing": _("It rings in a moment."),
    "practice.ring": _("This is your practice. Nobody waits for you."),
    "practice.unanswered": _("The practice is over. Try again when you like."),
    "practice.ready": _("That was the whole call. You are ready."),
    "practice.says": _('They say: "{text}"'),
    "practice.reply": _("Thank you! That helps me a lot."),
    "practice.milk": _("Milk"),
    "practice.date": _("Best before {date}"),
    "practice.all": _('You have tried everything. Press "End call" when you like.'),
    "practice.heard": _("Good. So you hear a ring, and the person too."),
    "practice.unheard": _(
        "Turn up the volume of this device. Look whether headphones are connected, and whether it"
        " is set to silent. Then play it again."
    ),
    "practice.sounded": _("It was played. Did you hear it?"),
    "try.done": _("Done: {what}"),
    "try.speak": _("Say a few words"),
    "try.light": _("Turn their light on"),
    "try.zoom": _("Zoom in on the date"),
    "try.freeze": _("Freeze the picture"),
    "try.photo": _("Take a sharp photo"),
    "try.typed": _("Send a typed word"),
}
