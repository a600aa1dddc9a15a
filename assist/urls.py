"""Which page is where? Every address belongs to the package that answers it."""

from django.urls import include, path

urlpatterns = [
    path("", include("assist.gateway.urls")),
    path("", include("assist.monitor.urls")),
]
