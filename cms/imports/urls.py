"""Addresses of the files that are sent, below the admin's."""

from django.urls import path

from cms.imports import upload_views as views

app_name = "uploads"
urlpatterns = [
    path("", views.UploadListView.as_view(), name="index"),
    path("resultados/", views.UploadListView.as_view(results_only=True), name="results"),
    path("nueva/", views.NewUploadView.as_view(), name="new"),
    path("plantilla.xlsx", views.TemplateView.as_view(), name="template"),
    path("<int:upload_id>/", views.DetailView.as_view(), name="detail"),
    path("<int:upload_id>/avance/", views.ProgressView.as_view(), name="progress"),
    path("<int:upload_id>/aplicar/", views.ApplyView.as_view(), name="apply"),
    path("<int:upload_id>/revisar/", views.ReviewAgainView.as_view(), name="review"),
    path("<int:upload_id>/informe.csv", views.ReportView.as_view(), {"ending": "csv"}, name="csv"),
    path(
        "<int:upload_id>/informe.xlsx", views.ReportView.as_view(), {"ending": "xlsx"}, name="xlsx"
    ),
]
