"""Which socket is where?"""

from __future__ import annotations

from django.urls import path, re_path

from assist.gateway.consumers import RequesterConsumer, VolunteerConsumer
from assist.gateway.origin import OriginGate, nowhere
from assist.gateway.practice import PracticeConsumer

__all__ = ["OriginGate", "elsewhere", "websocket_urlpatterns"]

websocket_urlpatterns = [
    path("ws/requester/", RequesterConsumer.as_asgi()),
    path("ws/volunteer/", VolunteerConsumer.as_asgi()),
    path("ws/practice/", PracticeConsumer.as_asgi()),
]
elsewhere = [re_path(r"", nowhere)]  # type: ignore[arg-type]  # typed for views alone
