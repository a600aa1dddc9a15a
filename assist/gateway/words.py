"""Which sentences do the pages' scripts say? One table, translated when a page is rendered.

The scripts ask for them by key (`frontend/js/ui/words.js`). `{name}` and the like are filled in by
the page. Those that count something stand in `counted`; those of trouble, and of the Coordinator's
page, have a module each.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from assist.gateway import counted
from assist.gateway.handing_words import HANDED, HANDING
from assist.gateway.monitor_words import MONITOR
from assist.gateway.practice_words import PRACTICE
from assist.gateway.reach_words import REACH
from assist.gateway.trouble_words import TROUBLE, Sentences

COMMON: Sentences = {
    "mute": _("Mute microphone"),
    "unmute": _("Unmute microphone"),
    "act.muted": _("Your microphone is muted."),
    "act.unmuted": _("Your microphone is on."),
    "act.microphone_stopped": _("Your microphone stopped. We try to start it again."),
    "act.microphone_back": _("Your microphone is back."),
    "act.microphone_gone": _(
        'Your microphone does not start. Press "Unmute microphone" to try again.'
    ),
    "typed.mine": _("You: {text}"),
    "typed.theirs": _("{name}: {text}"),
    "typed.unsent": _(
        "Not sent: the connection is not there yet. Your words are still in the box."
    ),
    "typing.theirs": _("{name} is typing: {text}"),
    "typing.live": _("They see each letter as you type."),
    "typing.line": _("They see your words when you send them."),
    "quick.yes": _("Yes"),
    "quick.no": _("No"),
    "quick.again": _("Again, please"),
    "quick.slower": _("Slower, please"),
    "answers.sent": _("Thank you for your answers."),
    "answers.failed": _("Your answers could not be sent. Please try again."),
    "report.sent": _("Thank you. The people who run this service will read your report."),
    "report.failed": _("Your report could not be sent. Please try again."),
    "sound.blocked": _('Your browser keeps the sound off. Press "Turn sound on".'),
    "link.lost": _("The connection to the service is lost. We keep trying."),
    "link.back": _("The connection to the service is back."),
    "link.none": _("There is no connection to the service just now. We keep trying."),
    "with": _("In a call"),
    "with.named": _("In a call with {name}"),
    "end.unsent": _("You are no longer seen or heard. The call ends when the connection is back."),
    "leg.mine.lost": _("Your connection is lost. We are reconnecting."),
    "leg.mine.back": _("Your connection is back."),
    "leg.theirs.lost": _("Their connection is lost. It may come back: please wait a moment."),
    "leg.theirs.back": _("Their connection is back."),
    "leg.theirs.named.lost": _(
        "{name}'s connection is lost. It may come back: please wait a moment."
    ),
    "leg.theirs.named.back": _("{name}'s connection is back."),
    "topic.reading": _("reading"),
    "topic.technology": _("technology"),
    "topic.cooking": _("cooking"),
    "topic.finding": _("finding something"),
    "topic.indoors": _("getting around indoors"),
    "push.hint": _("Your browser may ask whether we may notify you. Choose Allow."),
    "push.cannot": _(
        "This browser cannot ring when the page is closed. On an iPhone or iPad, first add this "
        "page to the Home Screen and open it from there."
    ),
    "push.on": _("This device rings also when this page is closed."),
    "push.off": _("This device rings only while this page is open."),
    "push.denied": _(
        "Your browser does not let us ring when this page is closed. Allow notifications for this "
        "page in the browser's settings, then try again."
    ),
    "push.failed": _("That did not work. Please try again in a moment."),
    "goodbye.signed_out": _("You are signed out. Open a new invitation to come back."),
    "goodbye.suspended": _("Your access has been ended by the people who run this service."),
    "goodbye.forgotten": _("Everything was deleted. Reload this page to begin anew."),
    "goodbye.service_stopped": _("The service is stopping."),
    "goodbye.restarting": _("The service is restarting. This page comes back by itself."),
}

REQUESTER: Sentences = {
    "a_volunteer": _("The volunteer"),
    "shortcut.press": _('Press "Call a volunteer" to call.'),
    "prepare": _("Your browser may ask for camera and microphone now. Please choose Allow."),
    "prepare.voice": _(
        "Your browser may ask for the microphone now. Please choose Allow. Your camera stays off."
    ),
    "prepare.tilt": _(
        "Your phone may ask whether this page may know how you hold it, then for camera and "
        "microphone. Please choose Allow."
    ),
    "lines.busy": _(
        "All lines are in use just now. You keep your place, and we go on when one is free."
    ),
    "asking": _("We are looking for a volunteer."),
    "nobody_free": _("Nobody is free just now. We ask the first volunteer who is. You can wait."),
    "nobody_free.circle": _(
        "Nobody in your circle can be reached just now. We ask the first of them who can."
    ),
    "keep_waiting": _("All right. We keep asking."),
    "asked_so_far.none": _("Nobody could be asked yet."),
    "may_choose.none": _("You can keep waiting, be called back or leave a question."),
    "parked": _("We will call you back as soon as a volunteer is free."),
    "parked.closed": _("We will call you back after we open. {text}"),
    "parked.question": _(
        "Your question is kept. The first volunteer who can help sees it, and you are called back."
    ),
    "call_back.page": _("To be called back, keep this page open: we will ring here."),
    "call_back.push": _("To be called back you may close this page: we will ring this device."),
    "parked.since": _("Waiting since {time}."),
    "ready": _("A volunteer is ready for you."),
    "not_started": _("The call was not started. We will call you back again."),
    "closed.until": _("Help is there again {when}: nobody is here just now."),
    "closed": _("{text} You can be called back or leave a question."),
    "waited.half": _("Half a minute so far. We are still asking: whoever is free next, too."),
    "also_in": _("Also ask in {language}"),
    "may_also": _("Somebody free speaks {language}. You can also ask in {language}."),
    "may_also.handed": _("You can also ask in {language}."),
    "may_also.only": _(
        "Nobody free speaks a language of yours, but somebody speaks {language}. You can also ask "
        "in {language}."
    ),
    "widened": _("Now we also ask in {language}."),
    "again": _("Call {name} again"),
    "again.hint": _(
        "{name} is asked first, alone, for 20 seconds. If they cannot come, we ask others."
    ),
    "meet_again": _("I would like to meet {name} again"),
    "thank.label": _("A thank-you to {name}"),
    "thank.sent": _("Your thank-you is on its way to {name}."),
    "thank.failed": _("Your thank-you could not be sent. Please try again."),
    "again.asking": _("We ask {name} first."),
    "again.rung": _("It rings at {name}'s place now."),
    "again.over": _("{name} has not answered yet. Now we ask others, too."),
    "again.others": _("{name} cannot come just now. We ask others."),
    "still_asking": _("Nobody could answer yet. We keep asking."),
    "answered": _("A volunteer answered. Connecting picture and sound."),
    "answered.named": _("{name} answered. Connecting picture and sound."),
    "connected": _("Connected to a volunteer."),
    "connected.named": _("Connected to {name}."),
    "put_back": _("The volunteer had to leave. You are first in line, and we ask others."),
    "put_back.named": _("{name} had to leave. You are first in line, and we ask others."),
    "title.waiting": _("Asking for help"),
    "title.parked": _("We will call you back"),
    "title.question": _("Your question is kept"),
    "title.ready": _("A volunteer is ready for you"),
    "title.call": _("In a call"),
    "title.after": _("The call is over"),
    "title.elsewhere": _("Open somewhere else"),
    "pause": _("Pause camera"),
    "resume": _("Resume camera"),
    "camera_on": _("Turn camera on"),
    "camera.off": _('Your camera is off. To show something, press "Turn camera on".'),
    "lens": _("Camera {at}"),
    "lens.named": _("Camera {at}: {name}"),
    "light_on": _("Turn light on"),
    "light_off": _("Turn light off"),
    "act.paused": _("Your camera is paused. Nobody sees anything."),
    "act.paused.light": _("Your camera is paused and your light is off. Nobody sees anything."),
    "act.resumed": _("Your camera is on again."),
    "act.camera_on": _("Your camera is on."),
    "act.light_on": _("Your light is on."),
    "act.light_off": _("Your light is off."),
    "act.light_failed": _("The light did not do that."),
    "act.front_camera": _("Now the camera on the screen's side: it shows you."),
    "act.rear_camera": _("Now camera {at} of {of}."),
    "act.other_camera": _("Now another camera."),
    "act.camera_stopped": _("Your camera stopped. We try to start it again."),
    "act.camera_back": _("Your camera is back."),
    "act.camera_gone": _('Your camera does not start. Press "Resume camera" to try again.'),
    "consent.light": _("The volunteer would like to turn your light on."),
    "consent.light.named": _("{name} would like to turn your light on."),
    "consent.zoom": _("The volunteer would like to use your camera's zoom in this call."),
    "consent.zoom.named": _("{name} would like to use your camera's zoom in this call."),
    "consent.lens": _("The volunteer would like to switch between your cameras in this call."),
    "consent.lens.named": _("{name} would like to switch between your cameras in this call."),
    "consent.photo": _("The volunteer would like to take a sharp photo."),
    "consent.photo.named": _("{name} would like to take a sharp photo."),
    "consent.refused": _("Refused. The volunteer is told."),
    "consent.unanswered": _("You did not answer, so it was refused."),
    "photo.taking": _("A sharp photo is being taken. Hold still."),
    "photo.sent": _("The sharp photo has arrived."),
    "photo.unsent": _("The sharp photo did not arrive."),
    "remote.light_on": _("The volunteer turned your light on."),
    "remote.light_off": _("The volunteer turned your light off."),
    "remote.zoom": _("The volunteer zoomed your camera: {times} times."),
    "remote.lens": _("The volunteer switched your camera: now camera {at} of {of}."),
    "hint.covered": _(
        "The camera sees nothing. Perhaps something is in front of it, or it is very dark."
    ),
    "hint.dark": _("It is dark. Turn your light on, or find more light."),
    "hint.close": _("The picture is very blurred. Perhaps you are too close: move back a little."),
    "hint.blurred": _("The picture is blurred. Hold still, or move back a little."),
    "hint.leans_left": _("The phone leans to the left. Turn it upright."),
    "hint.leans_right": _("The phone leans to the right. Turn it upright."),
    "ended.requester.unknown": _("The call is over."),
    "ended.requester.unknown.named": _("The call with {name} is over."),
    "ended.requester.cancelled": _("Cancelled. Nobody is asked any more."),
    "ended.requester.cancelled.named": _("Cancelled. Nobody is asked any more."),
    "ended.requester.requester_ended": _("You ended the call."),
    "ended.requester.requester_ended.named": _("You ended the call with {name}."),
    "ended.requester.volunteer_ended": _("The volunteer ended the call."),
    "ended.requester.volunteer_ended.named": _("{name} ended the call."),
    "ended.requester.requester_blocked": _(
        "The call is over. You will not meet this person again."
    ),
    "ended.requester.requester_blocked.named": _(
        "The call is over. You will not be connected with {name} again."
    ),
    "ended.requester.volunteer_blocked": _("The volunteer ended the call."),
    "ended.requester.volunteer_blocked.named": _("{name} ended the call."),
    "ended.requester.requester_lost": _("Your page was away for too long, so the call is over."),
    "ended.requester.requester_lost.named": _(
        "Your page was away for too long, so the call with {name} is over."
    ),
    "ended.requester.volunteer_lost": _("The volunteer's connection did not come back."),
    "ended.requester.volunteer_lost.named": _("{name}'s connection did not come back."),
    "ended.requester.could_not_connect": _(
        "Picture and sound could not be connected. Please call again, perhaps on another network."
    ),
    "ended.requester.could_not_connect.named": _(
        "Picture and sound could not be connected. Please call again, perhaps on another network."
    ),
    "ended.requester.suspended": _("The call was ended by the people who run this service."),
    "ended.requester.suspended.named": _("The call was ended by the people who run this service."),
    "ended.requester.service_stopped": _("The service is stopping. Please try again later."),
    "ended.requester.service_stopped.named": _("The service is stopping. Please try again later."),
    "ended.requester.expired": _("Nobody was free in time. You can ask again."),
    "ended.requester.expired.named": _("Nobody was free in time. You can ask again."),
}

VOLUNTEER: Sentences = {
    "the_person": _("They"),
    "start_taking": _("Start taking calls"),
    "stop_taking": _("Stop taking calls"),
    "presence.taking": _("You are taking calls. Keep this page open."),
    "presence.stopped": _("You are not taking calls."),
    "presence.push": _("You are taking calls. This device rings also when the page is closed."),
    "why.missed": _(
        "Three calls rang and passed, so we let you rest. That is quite all right. Press "
        '"Start taking calls" when you are there again.'
    ),
    "why.asleep": _(
        "You are not rung now: these are not your own hours. We ring again when they begin. You "
        'can change them in "My settings".'
    ),
    "why.snoozed": _("You are not rung now: you asked for quiet."),
    "why.gone": _("You are not rung now: no page of yours was open. This one is, in a moment."),
    "why.suspended": _("Your access has been ended by the people who run this service."),
    "mic.testing": _("Testing your microphone. Say a word."),
    "mic.heard": _("We hear your microphone."),
    "mic.silent": _(
        "Your microphone is on, but we heard nothing. Please check that it is not muted."
    ),
    "mic.asks_again": _("Your browser asks for the microphone again when it rings. Choose Allow."),
    "ring": _("Someone needs help."),
    "ring.named": _("{name} needs help."),
    "braille": _("They read braille: write short sentences, and give each one a moment."),
    "ring.languages": _("They speak {languages}."),
    "ring.since": _("They have waited {time}."),
    "ring.declined": _("All right, not now. Thank you for answering."),
    "ring.missed": _("The ring is over. That is quite all right."),
    "ring.topic": _("It is about: {topic}."),
    "ring.again": _("You have just helped them, and they would like to go on with you."),
    "ring.asked": _("Asked on {time}."),
    "ring.call_back": _("They asked earlier and will be rung when you accept."),
    "ring.question": _("They ask: {text}"),
    "ring.over": _(
        "That call is over: someone else was quicker, or the person no longer needs help. "
        "Thank you."
    ),
    "ring.quicker": _("Someone else was quicker. Thank you. You are next in line for a minute."),
    "ring.gone": _("The person no longer needs help. Thank you for being there."),
    "thanks": _("A thank-you: {text}"),
    "thanks.report": _("Report this thank-you"),
    "accepted": _("Thank you. Connecting picture and sound."),
    "accepted.call_back": _("Thank you. We are ringing them: please wait a moment."),
    "confirmed": _("They are there. Connecting picture and sound."),
    "unmet": _("The call did not begin. Thank you for being there."),
    "connected.volunteer": _("Connected. Say hello and your name."),
    "connected.volunteer.named": _("Connected to {name}. Say hello and your name."),
    "connected.volunteer.braille": _(
        "Connected. They read braille: write hello and your name, in short sentences."
    ),
    "connected.volunteer.braille.named": _(
        "Connected to {name}. They read braille: write hello and your name, in short sentences."
    ),
    "title.ring": _("Someone needs help"),
    "title.volunteer.call": _("In a call"),
    "title.volunteer.after": _("The call is over"),
    "title.volunteer.elsewhere": _("Open somewhere else"),
    "title.volunteer.taking": _("Taking calls"),
    "title.volunteer.away": _("Not taking calls"),
    "their_light_on": _("Turn their light on"),
    "their_light_off": _("Turn their light off"),
    "asked.light": _("They are asked whether you may turn their light on."),
    "asked.zoom": _("They are asked whether you may use their zoom. Yours works meanwhile."),
    "asked.lens": _("They are asked whether you may switch their camera."),
    "asked.photo": _("They are asked whether you may take a sharp photo."),
    "denied.refused": _("They would rather not."),
    "denied.unanswered": _("They did not answer, so nothing was done."),
    "denied.never": _("They have chosen not to allow that."),
    "denied.busy": _("One moment: something else is being asked or done just now."),
    "denied.paused": _("They have no camera on just now, so nothing was done."),
    "denied.failed": _("Their phone could not do that."),
    "asked_first": _("You can ask them for {what}. They say yes or no."),
    "waiting_for": _("Waiting for their word: {what}."),
    "never": _("They do not allow: {what}."),
    "what.light": _("their light"),
    "what.zoom": _("their zoom"),
    "what.lens": _("their other cameras"),
    "what.photo": _("a sharp photo"),
    "what.hand": _("meeting somebody else"),
    "sign.mine": _("Your connection is lost. This is the last picture."),
    "sign.theirs": _("Their connection is lost. This is the last picture."),
    "sign.paused": _("Their camera is paused. This is an earlier picture."),
    "strain.good": _("The connection is good."),
    "strain.mine": _("Your connection is weak. Nearer to your router it gets better."),
    "strain.theirs": _("Their connection is weak. A sharp photo comes clear all the same."),
    "strain.between": _("The connection is weak. A sharp photo comes clear all the same."),
    "strain.better": _("The connection is good again."),
    "photo.asked": _("Taking a sharp photo."),
    "photo.here": _("The sharp photo is here. You can zoom in on it."),
    "photo.failed": _("The sharp photo did not arrive. You can try again."),
    "show_photo": _("Show sharp photo"),
    "show_live": _("Show live picture"),
    "tips.show": _("Show hints"),
    "tips.away": _("Put hints away"),
    "freeze": _("Freeze picture"),
    "unfreeze": _("Unfreeze picture"),
    "picture.coming": _("The picture is on its way."),
    "picture.paused": _("They have no camera on just now."),
    "picture.frozen": _("The picture is frozen. Their camera goes on."),
    "picture.live": _("The picture is live again."),
    "picture.zoom": _("{times} times"),
    "picture.moved.left": _("Moved to the left."),
    "picture.moved.right": _("Moved to the right."),
    "picture.moved.up": _("Moved up."),
    "picture.moved.down": _("Moved down."),
    "picture.edge": _("This is the edge of the picture."),
    "picture.turned.0": _("The picture is upright, as it came."),
    "picture.turned.1": _("The picture is turned to the right."),
    "picture.turned.2": _("The picture is upside down."),
    "picture.turned.3": _("The picture is turned to the left."),
    "picture.reset": _("The picture is as it came."),
    "theirs.light_on": _("Their light is on."),
    "theirs.light_off": _("Their light is off."),
    "theirs.paused": _("They paused their camera."),
    "theirs.resumed": _("Their camera is on again."),
    "theirs.muted": _("They muted their microphone."),
    "theirs.unmuted": _("Their microphone is on again."),
    "ended.volunteer.unknown": _("The call is over. Thank you."),
    "ended.volunteer.put_back": _("You left the call. The person is first in line again."),
    "ended.volunteer.requester_ended": _("The person ended the call. Thank you."),
    "ended.volunteer.volunteer_ended": _("You ended the call. Thank you."),
    "ended.volunteer.requester_blocked": _("The person ended the call."),
    "ended.volunteer.volunteer_blocked": _(
        "The call is over. You will not be connected with this person again."
    ),
    "ended.volunteer.requester_lost": _("The person's connection did not come back."),
    "ended.volunteer.volunteer_lost": _("Your page was away for too long, so the call is over."),
    "ended.volunteer.could_not_connect": _("Picture and sound could not be connected."),
    "ended.volunteer.suspended": _("The call was ended by the people who run this service."),
    "ended.volunteer.service_stopped": _("The service is stopping."),
    "ended.volunteer.cancelled": _("The person no longer needs help. Thank you."),
    "ended.volunteer.expired": _("The call is over. Thank you."),
}


# What a page does not say would only make it heavier.
OF: Mapping[str, tuple[Sentences, ...]] = {
    "requester": (COMMON, TROUBLE, REQUESTER, HANDED),
    "volunteer": (COMMON, TROUBLE, VOLUNTEER, PRACTICE, REACH, HANDING),
    "all": (COMMON, TROUBLE, REQUESTER, HANDED, VOLUNTEER, PRACTICE, REACH, HANDING, MONITOR),
}


def words(of: str = "all") -> dict[str, str]:
    """Every sentence of that page by its key, in the language that is active now."""
    tables = OF[of]
    plain = {key: str(sentence) for table in tables for key, sentence in table.items()}
    own = {} if of == "requester" else counted.free()
    return plain | counted.sentences() | own
