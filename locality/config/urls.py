"""Which edge answers which path."""

from django.urls import include, path

urlpatterns = [path("", include("locality.web.urls"))]

handler404 = "locality.web.refusals.not_found"
handler500 = "locality.web.refusals.error"
