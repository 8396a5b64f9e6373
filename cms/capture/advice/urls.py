"""Addresses of the advice, below the admin's."""

from django.urls import path

from cms.capture.advice import desk

app_name = "advice"
urlpatterns = [
    path("", desk.AdviceListView.as_view(), name="index"),
    path("resultados/", desk.AdviceListView.as_view(results_only=True), name="results"),
    path("<int:request_id>/", desk.ConversationView.as_view(), name="conversation"),
    path("<int:request_id>/cerrar/", desk.CloseView.as_view(), name="close"),
]
