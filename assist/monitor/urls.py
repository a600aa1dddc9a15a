"""Which of the monitor's pages is at which address?"""

from __future__ import annotations

from django.urls import path

from assist.monitor import health, views

urlpatterns = [
    path("monitor/", views.monitor),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
]
