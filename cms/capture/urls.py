"""Addresses of capture, under /captura/."""

from django.urls import path, re_path

from cms.capture import views

app_name = "capture"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
urlpatterns = [
    path("", views.candidacies, name="candidacies"),
    path("aviso/", views.notice, name="notice"),
    path("<int:candidacy_id>/", views.start, name="start"),
    path("<int:candidacy_id>/revisar/", views.review, name="review"),
    path("<int:candidacy_id>/acuse/", views.receipt, name="receipt"),
    re_path(
        rf"^(?P<candidacy_id>[0-9]{{1,18}})/fotografia/(?P<name>{_UUID}(?:-s)?\.jpg)$",
        views.photograph,
        name="photograph",
    ),
    path("<int:candidacy_id>/<slug:key>/", views.section, name="section"),
    path("<int:candidacy_id>/<slug:key>/guardar/", views.autosave, name="autosave"),
]
