"""What is said where a Volunteer hands over: to the person, and to both Volunteers?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assist.gateway.trouble_words import Sentences

HANDED: Sentences = {
    "consent.hand.language": _(
        "The volunteer would like to hand you over to somebody who speaks {language}."
    ),
    "consent.hand.language.named": _(
        "{name} would like to hand you over to somebody who speaks {language}."
    ),
    "consent.hand.topic": _(
        "The volunteer would like to hand you over to somebody who knows more about this: {topic}."
    ),
    "consent.hand.topic.named": _(
        "{name} would like to hand you over to somebody who knows more about this: {topic}."
    ),
    "handed.must_go": _(
        "The volunteer has to go and hands you over. You are first in line, and we ask others."
    ),
    "handed.must_go.named": _(
        "{name} has to go and hands you over. You are first in line, and we ask others."
    ),
    "handed.language": _(
        "You are handed over. You are first in line, and we look for somebody who speaks "
        "{language}."
    ),
    "handed.language.named": _(
        "{name} hands you over. You are first in line, and we look for somebody who speaks "
        "{language}."
    ),
    "handed.topic": _(
        "You are handed over. You are first in line, and we look for somebody who knows more about "
        "this: {topic}."
    ),
    "handed.topic.named": _(
        "{name} hands you over. You are first in line, and we look for somebody who knows more "
        "about this: {topic}."
    ),
    "about.last": _("The volunteer who helped last"),
    "about.last.named": _("{name}, who helped last"),
    "about.before": _("A volunteer before that"),
    "about.before.named": _("{name}, before that"),
    "handed.note": _("Their note to the next volunteer: {text}"),
}

HANDING: Sentences = {
    "ring.handed": _("Another volunteer has helped them so far, and hands them over."),
    # That somebody handed over, the house knows; what they wrote, only the person's own page.
    "note.theirs": _("Their phone says that the volunteer before you wrote: {text}"),
    "handing.unheard": _(
        "They cannot be asked: the connection is lost just now. If you must go, you can hand over."
    ),
    "handing.note_lost": _("Your note could not be passed on."),
    "free.none": _("Nobody else is free just now: they will wait, first in line."),
    "free.unspoken": _(
        "Nobody who speaks {language} is free just now: they will wait, first in line."
    ),
    # After a hand-over a topic only says who is asked first.
    "free.unfit": _("Nobody who takes calls about this is free just now. We would ask others."),
    "free.many": _("Many others are free just now."),
    "asked.hand": _("They are asked whether they would like that."),
    "ended.volunteer.handed_over": _(
        "Handed over. The person is first in line for somebody else. Thank you."
    ),
}
