"""Which of the monitor's pages is at which address?"""

from __future__ import annotations

from django.urls import path

from assist.monitor import health, joining_views, views

urlpatterns = [
    path("monitor/", views.monitor),
    path("monitor/joining/", joining_views.waiting),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
]
