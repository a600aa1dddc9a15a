"""What does a page say when something does not work?"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentences = Mapping[str, str | Promise]

TROUBLE: Sentences = {
    "trouble.malformed": _("Something went wrong. Please reload this page."),
    "trouble.too_large": _("That was too much at once. Please reload this page."),
    "trouble.out_of_turn": _("That is not possible just now."),
    "trouble.unknown_id": _("That call is over. You can call again."),
    "trouble.too_often": _("You have called very often. Please wait ten minutes and try again."),
    "trouble.code_needed": _("This service asks for a code before the first call."),
    "trouble.too_late": _("That call is over. You can call again."),
    "trouble.bad_description": _("Picture and sound could not be set up. Please reload this page."),
    "trouble.no_relay": _("Picture and sound cannot be connected just now. Please try again soon."),
    "trouble.busy": _("The service is full just now. Please try again in a minute."),
    "trouble.signed_out": _("You are signed out. Open a new invitation to come back."),
    "trouble.suspended": _("Your access has been ended by the people who run this service."),
    "trouble.promise_needed": _("Please read what every volunteer promises, and promise it first."),
    "trouble.closed": _("This service is closed just now."),
    "trouble.circle_empty": _(
        "Nobody is in your circle yet, so there is nobody to ask. Invite someone, or choose "
        '"Anyone".'
    ),
    "trouble.try_again": _("That took too long. Please try again."),
    "trouble.devices.refused": _(
        "The browser may not use your camera or microphone. Allow them in the browser's settings "
        "for this page, then call again."
    ),
    "trouble.devices.none": _(
        "This device has no camera and no microphone. Please call from another one."
    ),
    "trouble.devices.in_use": _(
        "Another program uses your camera and microphone. Close it, then call again."
    ),
    "trouble.devices.insecure": _(
        "The browser gives no camera to this address. Open the address that begins with https."
    ),
    "trouble.devices.failed": _("The camera and microphone did not start. Please call again."),
    "trouble.camera.refused": _(
        "Without a camera: the browser may not use it. The volunteer hears you. To be seen, allow "
        "the camera for this page and call again."
    ),
    "trouble.camera.none": _("This device has no camera. The volunteer hears you."),
    "trouble.camera.in_use": _("Another program uses your camera. The volunteer hears you."),
    "trouble.camera.insecure": _("The browser gives no camera to this address."),
    "trouble.camera.failed": _("Your camera did not start. The volunteer hears you."),
    "trouble.microphone.refused": _(
        "Without a microphone: the browser may not use it. You can type. To be heard, allow it for "
        "this page."
    ),
    "trouble.microphone.none": _("This device has no microphone. You can type."),
    "trouble.microphone.in_use": _("Another program uses your microphone. You can type."),
    "trouble.microphone.insecure": _("The browser gives no microphone to this address."),
    "trouble.microphone.failed": _("Your microphone did not start. You can type."),
    "trouble.mic.refused": _(
        "The browser may not use your microphone. Allow it for this page, then start again."
    ),
    "trouble.mic.none": _("No microphone was found. Connect one, then start again."),
    "trouble.mic.in_use": _("Another program uses your microphone. Close it, then start again."),
    "trouble.mic.insecure": _(
        "The browser gives no microphone to this address. Open the one that begins with https."
    ),
    "trouble.mic.failed": _("Your microphone did not start. Please try again."),
}
