"""Which of our pages is at which address?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from assist.gateway import (
    account_views,
    answers,
    circle_views,
    given_views,
    home_screen,
    joining_views,
    mine_views,
    own_views,
    passkey_views,
    push_views,
    settings_views,
    sign_in_views,
    standing_views,
    thanks,
    trial_views,
    views,
    way_back_views,
)


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Looking at an invite and using it are two things at one address."""
    return (views.sign_in if request.method == "POST" else views.invite)(request, token)


urlpatterns = [
    path("", views.requester),
    path("hours/", views.opening),
    path("volunteer/", views.volunteer),
    path("invite/<str:token>/", invitation),
    path("join/", views.join),
    path("mine/", mine_views.mine),
    path("mine/everything/", mine_views.download),
    path("mine/kept/", account_views.kept),
    path("mine/account/", account_views.account),
    path("mine/account/code/", account_views.code),
    path("mine/account/leave/", account_views.leave),
    path("mine/account/left/", account_views.left),
    path("mine/account/passkey/add/ask/", passkey_views.ask, {"act": "add"}),
    path("mine/account/passkey/open/ask/", passkey_views.ask, {"act": "open"}),
    path("mine/account/passkey/add/", passkey_views.take, {"act": "add"}),
    path("mine/account/passkey/open/", passkey_views.take, {"act": "open"}),
    path("mine/account/passkey/remove/", passkey_views.take, {"act": "remove"}),
    path("mine/forget/", mine_views.forget),
    path("mine/forgotten/", mine_views.forgotten),
    path("circle/", circle_views.mine),
    path("circle/state/", circle_views.state),
    path("circle/join/", circle_views.join),
    path("circle/join/<str:token>/", circle_views.join),
    path("circle/joined/", circle_views.joined),
    path("circle/joined/state/", circle_views.joined_state),
    path("volunteer/settings/", settings_views.mine),
    path("volunteer/mine/", own_views.mine),
    path("volunteer/mine/sign-out/", own_views.sign_out),
    path("volunteer/mine/everything/", own_views.download),
    path("volunteer/mine/forget/", own_views.forget),
    path("volunteer/forgotten/", own_views.forgotten),
    path("volunteer/promise/", joining_views.promised),
    path("volunteer/given/", given_views.given),
    path("volunteer/phones/", trial_views.phones),
    path("volunteer/standing/", standing_views.standing),
    path("volunteer/sign-in/", sign_in_views.send_code),
    path("volunteer/code/", sign_in_views.code),
    path("volunteer/way-back/", way_back_views.mine),
    path("volunteer/way-back/address/", way_back_views.address),
    path("volunteer/way-back/address/remove/", way_back_views.remove_address),
    path("volunteer/passkey/open/ask/", sign_in_views.ask),
    path("volunteer/passkey/open/", sign_in_views.by_passkey),
    path("volunteer/passkey/add/ask/", way_back_views.ask),
    path("volunteer/passkey/add/", way_back_views.add),
    path("volunteer/passkey/remove/", way_back_views.remove),
    path("sign-out/", views.sign_out),
    path("about/", views.about),
    path("language/", require_POST(set_language)),
    path("home-screen/", home_screen.explained),
    path("offline/", home_screen.offline),
    path("manifest.webmanifest", home_screen.manifest, {"role": "requester"}),
    path("volunteer/manifest.webmanifest", home_screen.manifest, {"role": "volunteer"}),
    path("rating/", answers.rating),
    path("report/", answers.problem),
    path("thanks/", thanks.at),
    path("thanks/seen/", thanks.seen),
    path("push/key/", push_views.key),
    path("push/subscribe/", push_views.subscribe),
    path("push/unsubscribe/", push_views.unsubscribe),
    path("push/decline/", push_views.decline),
    path("push/devices/", trial_views.devices),
    path("push/test/", trial_views.begin),
    path("push/test/<str:test>/", trial_views.result),
    path("push/arrived/", trial_views.arrived),
    path("sw.js", push_views.worker),
    path("favicon.ico", views.favicon),
]
