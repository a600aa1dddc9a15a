"""Which page is where? Every address belongs to the package that answers it."""

from django.urls import include, path

urlpatterns = [
    path("", include("assist.gateway.urls")),
    path("", include("assist.monitor.urls")),
]
handler400 = "assist.gateway.errors.bad_request"
handler403 = "assist.gateway.errors.forbidden"
handler404 = "assist.gateway.errors.not_found"
handler500 = "assist.gateway.errors.broken"
