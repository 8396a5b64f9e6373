"""Addresses of rehearsals, below the admin's."""

from django.urls import path

from cms.demo import rehearsal_views as views

app_name = "rehearsals"
urlpatterns = [
    path("<int:process_id>/nuevo/", views.NewRehearsalView.as_view(), name="new"),
    path("<int:process_id>/", views.RehearsalView.as_view(), name="detail"),
    path("<int:process_id>/avance/", views.ProgressView.as_view(), name="progress"),
    path("<int:process_id>/quitar/", views.RemoveRehearsalView.as_view(), name="remove"),
]
