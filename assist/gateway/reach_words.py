"""Which sentences tell a Volunteer whether they are rung, and how this device can be?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assist.gateway.trouble_words import Sentences

REACH: Sentences = {
    "standing.link": _(
        "Nothing rings here just now: there is no connection to the service. We keep trying."
    ),
    "standing.suspended": _("Your access has been ended by the people who run this service."),
    "standing.stopped": _(
        'Nothing rings: you are not taking calls. Press "Start taking calls" to change that.'
    ),
    "standing.missed": _(
        "Nothing rings: three calls rang and passed, so we let you rest. Press "
        '"Start taking calls" when you are there again.'
    ),
    "standing.gone": _(
        "Nothing rings: no page of yours was open for a while. Press "
        '"Start taking calls" when you are there again.'
    ),
    "standing.pause": _("Nothing rings just now: this is your pause after a call."),
    "standing.snoozed": _("Nothing rings: you asked for quiet."),
    "standing.snoozed.until": _("Nothing rings until {until}: you asked for quiet."),
    "standing.asleep": _("Nothing rings: these are not your own hours."),
    "standing.asleep.until": _("Nothing rings until {until}: these are not your own hours."),
    "standing.closed": _("The service is closed until {until}: hardly anything rings before that."),
    "standing.full": _("All lines are in use just now. It rings again as soon as one is free."),
    "standing.microphone.refused": _(
        "This page would ring, but your browser does not give it your microphone: nobody would "
        "hear you. Allow it in the browser's settings for this page."
    ),
    "standing.microphone.none": _(
        "This page would ring, but this device has no microphone: nobody would hear you. "
        "Connect one."
    ),
    "standing.page": _("When someone needs help, this page rings."),
    "standing.page.here": _(
        "When someone needs help, this page rings. When it is closed, this device rings."
    ),
    "standing.page.other": _(
        "When someone needs help, this page rings. When it is closed, another device of yours "
        "rings."
    ),
    "standing.page.only": _(
        "When someone needs help, this page rings. When it is closed, nothing rings."
    ),
    "standing.push.here": _("When someone needs help, this device rings by a notification."),
    "standing.push.other": _("When someone needs help, another device of yours rings."),
    "snooze.set": _("Until {until} it is quiet."),
    "snooze.over": _("You are awake: your phone may ring again."),
    "snooze.failed": _("That did not work. Please try again in a moment."),
    "push.is.on": _("This device rings also when this page is closed."),
    "push.is.off": _("Your browser may ask whether we may notify you. Choose Allow."),
    "push.is.home_screen": _(
        "Not possible from here: an iPhone or iPad rings only for a page on its Home Screen. "
        "Add this page there, and open it from there."
    ),
    "push.is.insecure": _(
        "Not possible here: the browser needs a secure address, one that begins with https."
    ),
    "push.is.cannot": _(
        "Not possible here: this browser cannot ring when the page is closed. Another browser, "
        "or a window that is not private, may."
    ),
    "push.blocked.chrome": _(
        "Your browser blocks it. Press the sign before the page's address, then Permissions, and "
        "allow Notifications."
    ),
    "push.blocked.samsung": _(
        "Your browser blocks it. Open its menu, then Settings, Sites and downloads, "
        "Notifications, and allow them for this page."
    ),
    "push.blocked.firefox": _(
        "Your browser blocks it. Press the lock before the page's address, and take away "
        '"Blocked" beside Send notifications.'
    ),
    "push.blocked.safari": _(
        "Your browser blocks it. In the menu Safari choose Settings, Websites, Notifications, and "
        "allow this page."
    ),
    "push.blocked.iphone": _(
        "Your device blocks it. Open its Settings, then Notifications, then Assist, and allow "
        "notifications."
    ),
    "push.test.asked": _("A test ring is on its way."),
    "push.test.here": _(
        "The test ring has arrived on this device. If you neither saw nor heard it, look whether "
        "the device is set to quiet."
    ),
    "push.test.elsewhere": _("The test ring has arrived on another device of yours."),
    "push.test.taken": _(
        "The test ring was sent, but no device has shown it yet. Is the device switched on, and "
        "does it have a network?"
    ),
    "push.test.failed": _(
        "The test ring could not be sent. Untick the box above, tick it again, and try once more."
    ),
    "push.test.none": _("No device of yours rings when this page is closed."),
    "push.test.too_often": _("That was too often in a short time. Please wait a few minutes."),
    "push.test.house": _("That did not work. Please try again in a moment."),
}
