"""Addresses of the desk, below the admin's."""

from django.urls import path

from cms.moderation import queue, views

app_name = "moderation"
urlpatterns = [
    path("", queue.QueueView.as_view(), name="queue"),
    path("resultados/", queue.QueueView.as_view(results_only=True), name="queue_results"),
    path("siguiente/", views.NextView.as_view(), name="next"),
    path("<int:submission_id>/", views.ReviewView.as_view(), name="review"),
    path("<int:submission_id>/aprobar/", views.ApproveView.as_view(), name="approve"),
    path("<int:submission_id>/devolver/", views.ReturnView.as_view(), name="return"),
    path("fotografia/<uuid:photograph_id>.jpg", views.PhotographView.as_view(), name="photograph"),
]
