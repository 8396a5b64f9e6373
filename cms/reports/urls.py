"""Addresses of the progress, below the admin's."""

from django.urls import path

from cms.reports import preview, term_views, views

app_name = "reports"
urlpatterns = [
    path("", views.ProgressView.as_view(), name="progress"),
    path("descargar/", views.DownloadView.as_view(), name="download"),
    path("plazos/", term_views.TermsView.as_view(), name="terms"),
    path("plazos/descargar/", term_views.TermsDownloadView.as_view(), name="terms_download"),
    path("vista-previa/", preview.PreviewView.as_view(), name="preview"),
    path("vista-previa/<slug:slug>/", preview.BallotPreviewView.as_view(), name="preview_ballot"),
]
