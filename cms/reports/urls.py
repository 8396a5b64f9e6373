"""Addresses of the progress, below the admin's."""

from django.urls import path

from cms.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.ProgressView.as_view(), name="progress"),
    path("descargar/", views.DownloadView.as_view(), name="download"),
]
