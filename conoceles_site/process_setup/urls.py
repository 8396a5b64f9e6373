"""Addresses of setting a process up, below the admin's."""

from django.urls import path

from conoceles_site.process_setup import term_views, views

app_name = "setup"
urlpatterns = [
    path("<int:process_id>/preparar/", views.SetupView.as_view(), name="steps"),
    path("<int:process_id>/vigente/", views.CurrentView.as_view(), name="current"),
    path("<int:process_id>/plazos/", term_views.TermRulesView.as_view(), name="terms"),
    path("<int:process_id>/plazos/contar/", term_views.RecountView.as_view(), name="recount"),
]
